// SPDX-License-Identifier: MIT
// An ordered dictionary: values by name, in the order of insertion.
#ifndef TRAINLOG_RECORD_DICT_HPP
#define TRAINLOG_RECORD_DICT_HPP

#include <cstddef>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trainlog/record/error.hpp"

namespace trainlog {

/// Values by name, in the order of insertion, as Python's dict. Looking up takes linear time:
/// dictionaries of records are as short as records. trainlog::dict is a basic_dict<value>.
template <class Value>
class basic_dict {
 public:
  using entry = std::pair<std::string, Value>;
  using iterator = typename std::vector<entry>::iterator;
  using const_iterator = typename std::vector<entry>::const_iterator;

  basic_dict() = default;
  basic_dict(std::initializer_list<entry> entries) : basic_dict(from_entries(entries)) {}

  /// The entries in their order; of equal names, the last value at the first one's place. Finds
  /// names in logarithmic time, so that many entries from anywhere are read quickly.
  static basic_dict from_entries(std::vector<entry> entries) {
    basic_dict result;
    std::map<std::string_view, std::size_t> places;
    for (auto& [name, held] : entries) {
      auto const [found, is_new] = places.try_emplace(name, result.size());
      if (is_new) result.append(name, std::move(held));
      else result.entries_[found->second].second = std::move(held);
    }
    return result;
  }

  std::size_t size() const noexcept { return entries_.size(); }
  bool empty() const noexcept { return entries_.empty(); }
  const_iterator begin() const noexcept { return entries_.begin(); }
  const_iterator end() const noexcept { return entries_.end(); }
  iterator begin() noexcept { return entries_.begin(); }
  iterator end() noexcept { return entries_.end(); }

  /// The value of that name; null if there is none.
  Value const* find(std::string_view name) const noexcept {
    for (auto const& [key, held] : entries_) {
      if (key == name) return &held;
    }
    return nullptr;
  }
  bool contains(std::string_view name) const noexcept { return find(name) != nullptr; }

  /// The value of that name. Throws trainlog::error if there is none.
  Value const& at(std::string_view name) const {
    if (auto const* held = find(name)) return *held;
    throw error("trainlog: no entry named '" + std::string(name) + "'");
  }
  Value const& operator[](std::string_view name) const { return at(name); }

  /// The value of that name, added at the end as a Value{} if there is none.
  Value& operator[](std::string_view name) {
    for (auto& [key, held] : entries_) {
      if (key == name) return held;
    }
    return append(std::string(name), Value{});
  }

  /// Adds an entry at the end, in constant time. There must be none of that name: it is not looked
  /// for.
  Value& append(std::string name, Value held) {
    return entries_.emplace_back(std::move(name), std::move(held)).second;
  }

  /// Equal names and values in the same order.
  friend bool operator==(basic_dict const& a, basic_dict const& b) {
    return a.entries_ == b.entries_;
  }

 private:
  std::vector<entry> entries_;
};

}  // namespace trainlog

#endif
