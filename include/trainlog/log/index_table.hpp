// SPDX-License-Identifier: MIT
// Finds the place of a value among those seen before it: dictionaries of streams are made with it.
#ifndef TRAINLOG_LOG_INDEX_TABLE_HPP
#define TRAINLOG_LOG_INDEX_TABLE_HPP

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "trainlog/detail/endian.hpp"
#include "trainlog/detail/wire.hpp"

namespace trainlog::detail {

inline constexpr std::size_t max_dictionary = 65536;

/// The bytes of an index into a dictionary of `size` values.
constexpr std::size_t index_width(std::size_t size) noexcept { return size <= 256 ? 1 : 2; }

inline std::uint64_t hash_of(std::uint64_t value) noexcept {
  return (value ^ (value >> 32)) * 0x9E3779B97F4A7C15U;
}
inline std::uint64_t hash_of(std::string_view text) noexcept {
  return std::hash<std::string_view>{}(text) * 0x9E3779B97F4A7C15U;
}

/// Numbers values in the order in which they come first. No more than `limit` different ones.
template <class Value>
class index_table {
 public:
  explicit index_table(std::size_t limit)
      : limit_(std::min(limit, max_dictionary)),
        shift_(63U - static_cast<unsigned>(std::bit_width(limit_))),
        slots_(std::size_t{1} << (64U - shift_), 0) {}

  /// The place of the value, or none if it is new and there are as many as there may be.
  std::size_t find(Value const& value) {
    std::size_t at = static_cast<std::size_t>(hash_of(value) >> shift_);
    while (slots_[at] != 0 && values_[slots_[at] - 1] != value) at = (at + 1) % slots_.size();
    if (slots_[at] != 0) return slots_[at] - 1;
    if (values_.size() == limit_) return none;
    values_.push_back(value);
    slots_[at] = static_cast<std::uint32_t>(values_.size());
    return values_.size() - 1;
  }

  std::vector<Value> const& values() const noexcept { return values_; }

  static constexpr std::size_t none = static_cast<std::size_t>(-1);

 private:
  std::size_t limit_;
  unsigned shift_;
  std::vector<std::uint32_t> slots_;  // places, counted from 1
  std::vector<Value> values_;
};

/// The places of values, each as a number of 2 bytes, narrowed to 1 where that is enough.
class index_list {
 public:
  void add(std::size_t index) { indices_.push_back(static_cast<std::uint16_t>(index)); }

  /// The indices, `width` bytes each.
  std::string plain(std::size_t width) const {
    std::string bytes(indices_.size() * width, '\0');
    char* at = bytes.data();
    for (auto const index : indices_) {
      at = width == 1 ? put_le(at, static_cast<std::uint8_t>(index)) : put_le(at, index);
    }
    return bytes;
  }

 private:
  std::vector<std::uint16_t> indices_;
};

/// Reads the place at `i` of indices of `width` bytes.
inline std::size_t index_at(std::string_view indices, std::size_t width, std::size_t i) noexcept {
  char const* const at = indices.data() + i * width;
  return width == 1 ? get_le<std::uint8_t>(at) : get_le<std::uint16_t>(at);
}

/// True if all indices are below `size`.
inline bool are_below(std::string_view indices, std::size_t width, std::size_t size) noexcept {
  std::size_t greatest = 0;
  for (std::size_t i = 0; i < indices.size() / width; ++i) {
    greatest = std::max(greatest, index_at(indices, width, i));
  }
  return indices.empty() || greatest < size;
}

}  // namespace trainlog::detail

#endif
