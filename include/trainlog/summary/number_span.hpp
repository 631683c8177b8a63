// SPDX-License-Identifier: MIT
// The numbers that ops take: of which types, and in which containers.
#ifndef TRAINLOG_SUMMARY_NUMBER_SPAN_HPP
#define TRAINLOG_SUMMARY_NUMBER_SPAN_HPP

#include <concepts>
#include <cstddef>
#include <iterator>
#include <type_traits>
#include <utility>

namespace trainlog::detail {

/// A number that a tensor may be made of: bool, any integer, float, double.
template <class T>
concept tensor_number =
    (std::integral<T> && sizeof(T) <= 8) || std::same_as<T, float> || std::same_as<T, double>;

template <class T>
using number_of_span = std::remove_cvref_t<decltype(*std::data(std::declval<T const&>()))>;

/// Contiguous numbers: a vector, array, span or C array.
template <class T>
concept number_span = requires(T const& numbers) {
  { std::size(numbers) } -> std::convertible_to<std::size_t>;
  requires tensor_number<number_of_span<T>>;
};

/// The same of floats or doubles.
template <class T>
concept float_span = number_span<T> && std::floating_point<number_of_span<T>>;

/// A C array of numbers, of any dimensions.
template <class T>
concept number_array =
    std::is_array_v<T> && tensor_number<std::remove_cv_t<std::remove_all_extents_t<T>>>;

}  // namespace trainlog::detail

#endif
