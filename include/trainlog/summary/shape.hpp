// SPDX-License-Identifier: MIT
// The shape of a block of data: how large it is in each direction.
#ifndef TRAINLOG_SUMMARY_SHAPE_HPP
#define TRAINLOG_SUMMARY_SHAPE_HPP

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "trainlog/detail/append_number.hpp"
#include "trainlog/detail/standard_integer.hpp"
#include "trainlog/summary/options.hpp"

namespace trainlog::summary {

/// A size of a shape: an integer of any type.
class shape_size {
 public:
  /// Throws summary_error beyond int64.
  template <detail::standard_integer Integer>
  constexpr shape_size(Integer size)  // NOLINT(google-explicit-constructor)
      : size_(static_cast<std::int64_t>(size)) {
    if (!std::in_range<std::int64_t>(size))
      throw summary_error("trainlog: a size of " + std::to_string(size) + " in a shape");
  }
  constexpr operator std::int64_t() const noexcept {  // NOLINT(google-explicit-constructor)
    return size_;
  }

 private:
  std::int64_t size_;
};

}  // namespace trainlog::summary

namespace trainlog::detail {

/// Several sizes: a vector, array or span of integers.
template <class T>
concept shape_sizes = requires(T const& sizes) {
  { *std::begin(sizes) } -> std::convertible_to<summary::shape_size>;
  { *std::end(sizes) } -> std::convertible_to<summary::shape_size>;
};

}  // namespace trainlog::detail

namespace trainlog::summary {

/// Up to 8 sizes, the last index running fastest in memory: {height, width, channels}. No size at
/// all is the shape of one number.
class shape {
 public:
  static constexpr std::size_t max_rank = 8;

  constexpr shape() noexcept = default;
  /// Integers of any types. Throws summary_error for a negative size, for more than 8, and if one,
  /// or all of them multiplied, is more than an int64.
  constexpr shape(std::initializer_list<shape_size> sizes) { assign(sizes); }
  /// The same of a vector, array or span of integers.
  template <detail::shape_sizes Sizes>
  constexpr explicit shape(Sizes const& sizes) {
    assign(sizes);
  }

  constexpr std::size_t rank() const noexcept { return rank_; }
  /// The i-th size; i < rank().
  constexpr std::int64_t operator[](std::size_t i) const noexcept { return sizes_[i]; }
  constexpr std::span<std::int64_t const> sizes() const noexcept { return {sizes_.data(), rank_}; }
  /// How many elements there are.
  constexpr std::int64_t count() const noexcept { return count_; }

  friend constexpr bool operator==(shape const&, shape const&) noexcept = default;

  /// "[28, 28, 1]"
  std::string text() const {
    std::string out = "[";
    for (std::size_t i = 0; i < rank_; ++i) {
      if (i != 0) out += ", ";
      detail::append_integer(out, sizes_[i]);
    }
    return out + "]";
  }

 private:
  template <class Sizes>
  constexpr void assign(Sizes const& sizes) {
    for (shape_size const size : sizes) {
      if (rank_ == max_rank) throw summary_error("trainlog: a shape of more than 8 sizes");
      sizes_[rank_++] = size;
    }
    for (std::int64_t const size : this->sizes()) {
      if (size < 0) throw summary_error("trainlog: a negative size in the shape " + text());
      if (size != 0 && count_ > std::numeric_limits<std::int64_t>::max() / size)
        throw summary_error("trainlog: too many elements in the shape " + text());
      count_ *= size;
    }
  }

  std::array<std::int64_t, max_rank> sizes_{};
  std::size_t rank_ = 0;
  std::int64_t count_ = 1;
};

}  // namespace trainlog::summary

namespace trainlog::detail {

/// The shape of a C array.
template <class Array>
constexpr summary::shape shape_of_array() {
  return []<std::size_t... I>(std::index_sequence<I...>) {
    return summary::shape{std::extent_v<Array, I>...};
  }(std::make_index_sequence<std::rank_v<Array>>{});
}

/// Throws summary_error unless there are as many elements as the shape says. What has no name yet
/// is called by its `op` alone.
inline void require_count(std::string_view op, std::string_view name, std::size_t elements,
                          summary::shape const& shape) {
  if (std::cmp_equal(elements, shape.count())) return;
  std::string const quoted = name.empty() ? "" : " '" + std::string(name) + "'";
  throw summary::summary_error("trainlog: " + std::string(op) + quoted + " has " +
                               std::to_string(elements) + " elements, but the shape " +
                               shape.text());
}

}  // namespace trainlog::detail

#endif
