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
#include <utility>
#include <vector>

#include "trainlog/codec/text_type.hpp"

namespace trainlog::detail {

/// A side key may stand before the fields it is about, so its entries are stored, and taken when
/// the record ends. Only entries are stored that a record of the type may have. A stack: an inner
/// record's entries are taken before the outer one's.
class nonfinite_marks {
 public:
  /// How much is stored.
  std::size_t size() const noexcept { return entries_.size(); }
  /// How many of the side key's objects are open: its own, and those in it.
  std::size_t depth() const noexcept { return types_.size(); }

  /// Begins the side key's own object, or that of the last key; false if its type has none.
  bool open() {
    if (depth() != 0) {
      if (type_ == nullptr || type_->element == nullptr) return false;
      entries_.push_back({kind::open, 0, 0, std::move(name_)});
    }
    types_.push_back(type_);
    return true;
  }

  /// A key of the side key's own object: a field of that type. Null if there is no such field.
  void key(std::string_view name, text_type const* field) {
    name_ = name;
    type_ = field;
    while (type_ != nullptr && type_->shape == text_shape::optional) type_ = type_->element;
    if (type_ != nullptr && type_->mark == nullptr) type_ = nullptr;
  }
  /// A key of an inner object.
  void key(std::string_view name) { key(name, types_.back()->element); }

  /// The value of the last key; false if its type is no number.
  bool add(double value, std::size_t offset) {
    if (type_ == nullptr || type_->element != nullptr) return false;
    entries_.push_back({kind::value, value, offset, std::move(name_)});
    return true;
  }

  /// True if the side key's own object is still open. An empty object leaves nothing.
  bool close() {
    types_.pop_back();
    if (depth() == 0) return false;
    if (entries_.back().what == kind::open) entries_.pop_back();
    else entries_.push_back({kind::close, 0, 0, {}});
    return true;
  }

  /// The keys down to the last one, of the side key that began behind the first `from` entries.
  std::vector<std::string_view> path(std::size_t from) const {
    std::vector<std::string_view> keys;
    for (std::size_t i = from; i < entries_.size(); ++i) {
      if (entries_[i].what == kind::open) keys.push_back(entries_[i].name);
      if (entries_[i].what == kind::close) keys.pop_back();
    }
    if (depth() != 0) keys.push_back(name_);
    return keys;
  }

  /// Calls apply(path, value, offset, number) for the values behind the first `from` entries, until
  /// it returns false, and forgets them; it sets `number` to the address of what it marked, if
  /// anything. Then calls repeated(field, offset) if a number was marked twice. Returns what the
  /// last call did.
  template <class Apply, class Repeated>
  bool take(std::size_t from, Apply apply, Repeated repeated) {
    bool good = true;
    std::vector<std::string_view> path;
    std::vector<marked> numbers;
    for (std::size_t i = from; i < entries_.size() && good; ++i) {
      auto const& each = entries_[i];
      if (each.what != kind::close) path.push_back(each.name);
      if (each.what == kind::value) {
        marked number{nullptr, each.offset, path[0]};
        good = apply(mark_path(path), each.value, each.offset, number.address);
        if (number.address != nullptr) numbers.push_back(number);
      }
      if (each.what != kind::open) path.pop_back();
    }
    if (auto const* const twice = find_repeated(numbers); good && twice != nullptr)
      good = repeated(twice->field, twice->offset);
    entries_.resize(from);
    return good;
  }

 private:
  enum class kind : unsigned char { open, value, close };
  struct entry {
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

  std::vector<entry> entries_;
  std::vector<text_type const*> types_;  ///< of the open objects; the first says nothing
  text_type const* type_ = nullptr;      ///< of the last key's value, without optionals,
  std::string name_;                     ///< and that key
};

}  // namespace trainlog::detail

#endif
