// SPDX-License-Identifier: MIT
// Arrays of numbers of any type, looked at as doubles, a block at a time.
#ifndef TRAINLOG_SUMMARY_NUMBER_BLOCKS_HPP
#define TRAINLOG_SUMMARY_NUMBER_BLOCKS_HPP

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <iterator>
#include <limits>
#include <span>
#include <type_traits>
#include <utility>

#include "trainlog/detail/float_class.hpp"
#include "trainlog/summary/number_span.hpp"

namespace trainlog::detail {

template <number_span Numbers>
std::span<number_of_span<Numbers> const> flatten(Numbers const& numbers) noexcept {
  return {std::data(numbers), static_cast<std::size_t>(std::size(numbers))};
}
template <number_array Array>
  requires(std::rank_v<Array> >= 2)
auto flatten(Array const& array) noexcept {
  using number = std::remove_cv_t<std::remove_all_extents_t<Array>>;
  return std::span<number const>(reinterpret_cast<number const*>(&array),
                                 sizeof(Array) / sizeof(number));
}

/// Some of the numbers: those that are finite.
struct number_block {
  static constexpr std::size_t capacity = 256;

  std::array<double, capacity> numbers;
  std::size_t size = 0;

  /// Calls visit(number, index) for each. The loop over a whole block has a length that is known,
  /// so that compilers make vectors of it.
  template <class Visit>
  void for_each(Visit visit) const {
    if (size == capacity) {
      for (std::size_t i = 0; i < capacity; ++i) visit(numbers[i], i);
    } else {
      for (std::size_t i = 0; i < size; ++i) visit(numbers[i], i);
    }
  }
};

/// True if none is NaN or infinite.
template <tensor_number T>
bool is_all_finite(std::span<T const, number_block::capacity> numbers) noexcept {
  if constexpr (std::floating_point<T>) {
    using bits = decltype(magnitude_bits(T{}));
    constexpr bits lowest_exponent = bits{1} << (std::numeric_limits<T>::digits - 1);
    bits carried = 0;  // the highest bit of it, from exponents of ones only
    for (T const x : numbers) carried |= magnitude_bits(x) + lowest_exponent;
    return carried >> (8 * sizeof(T) - 1) == 0;
  }
  return true;
}

/// Makes a block of what is finite in `from`, of which there are no more than fit.
template <tensor_number T>
void fill_block(number_block& block, std::span<T const> from) noexcept {
  if (from.size() == number_block::capacity) {
    auto const all = from.template first<number_block::capacity>();
    if (is_all_finite(all)) {
      block.size = all.size();
      for (std::size_t i = 0; i < all.size(); ++i) block.numbers[i] = static_cast<double>(all[i]);
      return;
    }
  }
  block.size = 0;
  for (T const x : from) {
    auto const number = static_cast<double>(x);
    block.numbers[block.size] = number;
    block.size += is_finite(number) ? 1U : 0U;
  }
}

/// Calls visit(block) for all that is finite. Returns how many numbers are not.
template <tensor_number T, class Visit>
std::size_t for_each_block(std::span<T const> numbers, Visit visit) {
  number_block block;
  std::size_t finite = 0;
  for (auto rest = numbers; !rest.empty();) {
    auto const part = rest.first(std::min(rest.size(), number_block::capacity));
    fill_block(block, part);
    visit(std::as_const(block));
    finite += block.size;
    rest = rest.subspan(part.size());
  }
  return numbers.size() - finite;
}

/// The smallest and the largest of finite numbers.
struct value_range {
  // Of none. Not infinities, which compilers may take for impossible.
  double min = std::numeric_limits<double>::max();
  double max = std::numeric_limits<double>::lowest();

  bool is_empty() const noexcept { return !(min <= max); }
  bool contains(value_range const& other) const noexcept {
    return min <= other.min && other.max <= max;
  }

  void add(double number) noexcept {
    min = number < min ? number : min;
    max = number > max ? number : max;
  }
  void add(value_range const& other) noexcept {
    min = other.min < min ? other.min : min;
    max = other.max > max ? other.max : max;
  }
  void add(number_block const& block) noexcept {
    constexpr std::size_t lanes = 8;
    std::array<double, lanes> low;
    std::array<double, lanes> high;
    low.fill(min);
    high.fill(max);
    block.for_each([&](double x, std::size_t i) {
      auto& lowest = low[i % lanes];
      auto& highest = high[i % lanes];
      lowest = x < lowest ? x : lowest;
      highest = x > highest ? x : highest;
    });
    min = *std::min_element(low.begin(), low.end());
    max = *std::max_element(high.begin(), high.end());
  }
};

}  // namespace trainlog::detail

#endif
