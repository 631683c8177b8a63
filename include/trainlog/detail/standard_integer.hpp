// SPDX-License-Identifier: MIT
// Integers of any type that are meant as numbers, which bools and characters are not.
#ifndef TRAINLOG_DETAIL_STANDARD_INTEGER_HPP
#define TRAINLOG_DETAIL_STANDARD_INTEGER_HPP

#include <concepts>
#include <cstdint>
#include <limits>
#include <utility>

namespace trainlog::detail {

/// A signed or unsigned integer type, other than bool and those of characters.
template <class T>
concept standard_integer =
    std::integral<T> && sizeof(T) <= sizeof(std::int64_t) && !std::same_as<T, bool> &&
    !std::same_as<T, char> && !std::same_as<T, wchar_t> && !std::same_as<T, char8_t> &&
    !std::same_as<T, char16_t> && !std::same_as<T, char32_t>;

/// As an int64; those beyond are its largest value.
constexpr std::int64_t clamp_to_int64(standard_integer auto value) noexcept {
  return std::in_range<std::int64_t>(value) ? static_cast<std::int64_t>(value)
                                            : std::numeric_limits<std::int64_t>::max();
}

}  // namespace trainlog::detail

#endif
