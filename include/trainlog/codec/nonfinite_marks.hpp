// SPDX-License-Identifier: MIT
// The entries of "_nonfinite" side keys, kept until their record is complete.
#ifndef TRAINLOG_CODEC_NONFINITE_MARKS_HPP
#define TRAINLOG_CODEC_NONFINITE_MARKS_HPP

#include <algorithm>
#include <cstddef>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "trainlog/codec/text_type.hpp"

namespace trainlog::detail {

/// A side key may stand before the fields it is about, so its events are stored, and replayed when
/// the record ends. A stack: an inner record's entries are taken before the outer one's.
class nonfinite_marks {
 public:
  /// How many events are stored.
  std::size_t size() const noexcept { return events_.size(); }
  /// True inside of the side key's object.
  bool is_open() const noexcept { return depth_ != 0; }

  /// False if the object would be deeper than that.
  bool open(std::size_t deepest) {
    if (depth_ == deepest) return false;
    ++depth_;
    events_.push_back({kind::open, 0, 0, {}});
    return true;
  }
  void key(std::string_view name) { events_.push_back({kind::key, 0, 0, std::string(name)}); }
  void add(double value, std::size_t offset) {
    events_.push_back({kind::value, value, offset, {}});
  }
  /// True if the side key's object is still open.
  bool close() {
    events_.push_back({kind::close, 0, 0, {}});
    return --depth_ != 0;
  }

  /// Calls apply(path, value, offset, number) for the values behind the first `from` events, until
  /// it returns false, and forgets them; it sets `number` to the address of what it marked, if
  /// anything. Then calls repeated(field, offset) if a number was marked twice. Returns what the
  /// last call did.
  template <class Apply, class Repeated>
  bool take(std::size_t from, Apply apply, Repeated repeated) {
    bool good = true;
    std::vector<std::string_view> path;
    std::vector<marked> numbers;
    for (std::size_t i = from; i < events_.size() && good; ++i) {
      auto const& each = events_[i];
      if (each.what == kind::open) path.emplace_back();
      else if (each.what == kind::close) path.pop_back();
      else if (each.what == kind::key) path.back() = each.name;
      else {
        marked number{nullptr, each.offset, path[0]};
        good = apply(mark_path(path), each.value, each.offset, number.address);
        if (number.address != nullptr) numbers.push_back(number);
      }
    }
    if (auto const* const twice = find_repeated(numbers); good && twice != nullptr)
      good = repeated(twice->field, twice->offset);
    events_.resize(from);
    return good;
  }

 private:
  enum class kind : unsigned char { open, key, value, close };
  struct stored {
    kind what = kind::open;
    double value = 0;
    std::size_t offset = 0;
    std::string name;
  };
  struct marked {
    void const* address = nullptr;
    std::size_t offset = 0;
    std::string_view field;
  };

  /// The second mark of a number; null if none has two.
  static marked const* find_repeated(std::vector<marked>& all) {
    std::sort(all.begin(), all.end(), [](auto const& a, auto const& b) {
      return a.address == b.address ? a.offset < b.offset : std::less<>()(a.address, b.address);
    });
    auto const twice = std::adjacent_find(all.begin(), all.end(), [](auto const& a, auto const& b) {
      return a.address == b.address;
    });
    return twice == all.end() ? nullptr : &*std::next(twice);
  }

  std::vector<stored> events_;
  std::size_t depth_ = 0;
};

}  // namespace trainlog::detail

#endif
