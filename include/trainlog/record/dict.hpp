// SPDX-License-Identifier: MIT
// An ordered dictionary: values by name, in the order of insertion.
#ifndef TRAINLOG_RECORD_DICT_HPP
#define TRAINLOG_RECORD_DICT_HPP

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trainlog/record/error.hpp"

namespace trainlog {
namespace detail {

/// Sorts in O(n log n) steps, by a heap. Here, as <algorithm> takes longer to compile than all the
/// rest of a dictionary.
template <class Less>
void heap_sort(std::vector<std::size_t>& all, Less less) {
  auto const sift_down = [&](std::size_t root, std::size_t end) {
    for (std::size_t child = 2 * root + 1; child < end; root = child, child = 2 * root + 1) {
      if (child + 1 < end && less(all[child], all[child + 1])) ++child;
      if (!less(all[root], all[child])) return;
      std::swap(all[root], all[child]);
    }
  };
  for (std::size_t root = all.size() / 2; root-- > 0;) sift_down(root, all.size());
  for (std::size_t end = all.size(); end-- > 1;) {
    std::swap(all[0], all[end]);
    sift_down(0, end);
  }
}

}  // namespace detail

/// Values by name, in the order of insertion. As Python's dict, but that == asks for the same order
/// too. Looking up takes linear time: dictionaries of records are as short as records.
/// trainlog::dict is a basic_dict<value>.
template <class Value>
class basic_dict {
 public:
  using entry = std::pair<std::string, Value>;
  using iterator = typename std::vector<entry>::iterator;
  using const_iterator = typename std::vector<entry>::const_iterator;

  basic_dict() = default;
  basic_dict(std::initializer_list<entry> entries) : basic_dict(from_entries(entries)) {}

  /// The entries in their order; of equal names, the last value at the first one's place. Takes
  /// O(n log n) time, so that many entries from anywhere are read quickly.
  [[nodiscard]] static basic_dict from_entries(std::vector<entry> entries) {
    std::vector<std::size_t> by_name(entries.size());
    for (std::size_t i = 0; i < by_name.size(); ++i) by_name[i] = i;
    detail::heap_sort(by_name, [&](std::size_t a, std::size_t b) {
      int const order = entries[a].first.compare(entries[b].first);
      return order != 0 ? order < 0 : a < b;
    });
    std::vector<bool> repeated(entries.size());
    for (std::size_t i = by_name.size(); i-- > 1;) {
      auto& [name, held] = entries[by_name[i - 1]];
      auto& [next_name, next_held] = entries[by_name[i]];
      repeated[by_name[i]] = name == next_name;
      if (name == next_name) held = std::move(next_held);
    }
    basic_dict result;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (!repeated[i]) result.entries_.push_back(std::move(entries[i]));
    }
    return result;
  }

  std::size_t size() const noexcept { return entries_.size(); }
  [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }
  const_iterator begin() const noexcept { return entries_.begin(); }
  const_iterator end() const noexcept { return entries_.end(); }
  iterator begin() noexcept { return entries_.begin(); }
  iterator end() noexcept { return entries_.end(); }

  /// The value of that name; null if there is none.
  [[nodiscard]] Value const* find(std::string_view name) const noexcept {
    for (auto const& [key, held] : entries_) {
      if (key == name) return &held;
    }
    return nullptr;
  }
  [[nodiscard]] bool contains(std::string_view name) const noexcept {
    return find(name) != nullptr;
  }

  /// The value of that name. Throws trainlog::error if there is none.
  [[nodiscard]] Value const& at(std::string_view name) const {
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
