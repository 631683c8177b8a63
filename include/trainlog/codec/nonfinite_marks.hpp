// SPDX-License-Identifier: MIT
// The entries of "_nonfinite" side keys, kept until their record is complete.
#ifndef TRAINLOG_CODEC_NONFINITE_MARKS_HPP
#define TRAINLOG_CODEC_NONFINITE_MARKS_HPP

#include <cstddef>
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

  /// Calls apply(path, value, offset) for the values behind the first `from` events, until it
  /// returns false, and forgets them. Returns false if apply did.
  template <class Apply>
  bool take(std::size_t from, Apply apply) {
    bool good = true;
    std::vector<std::string_view> path;
    for (std::size_t i = from; i < events_.size() && good; ++i) {
      auto const& each = events_[i];
      if (each.what == kind::open) path.emplace_back();
      else if (each.what == kind::close) path.pop_back();
      else if (each.what == kind::key) path.back() = each.name;
      else good = apply(mark_path(path), each.value, each.offset);
    }
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

  std::vector<stored> events_;
  std::size_t depth_ = 0;
};

}  // namespace trainlog::detail

#endif
