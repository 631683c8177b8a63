// SPDX-License-Identifier: MIT
// Numbers appended to a string.
#ifndef TRAINLOG_DETAIL_APPEND_NUMBER_HPP
#define TRAINLOG_DETAIL_APPEND_NUMBER_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>

#include "trainlog/detail/number_text.hpp"

namespace trainlog::detail {

template <std::integral T>
void append_integer(std::string& out, T value) {
  char text[max_number_text];
  out.append(text, write_integer(text, value));
}

/// Appends the last `width` (at most 20) decimal digits, with zeros in front.
inline void append_padded(std::string& out, std::uint64_t value, int width) {
  char digits[20];
  for (int i = width; i-- > 0; value /= 10) digits[i] = static_cast<char>('0' + value % 10);
  out.append(digits, static_cast<std::size_t>(width));
}

/// Appends a finite number with a point or an exponent, as JSON has it.
template <std::floating_point T>
void append_json_number(std::string& out, T value) {
  char text[max_number_text];
  out.append(text, write_json_float(text, value));
}

/// Appends any number as Python's repr does.
template <std::floating_point T>
void append_repr_number(std::string& out, T value) {
  char text[max_number_text];
  out.append(text, write_repr_float(text, value));
}

}  // namespace trainlog::detail

#endif
