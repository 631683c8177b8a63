// SPDX-License-Identifier: MIT
// Numbers appended to a string.
#ifndef TRAINLOG_DETAIL_APPEND_NUMBER_HPP
#define TRAINLOG_DETAIL_APPEND_NUMBER_HPP

#include <concepts>
#include <string>

#include "trainlog/detail/number_text.hpp"

namespace trainlog::detail {

template <std::integral T>
void append_integer(std::string& out, T value) {
  char text[max_number_text];
  out.append(text, write_integer(text, value));
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
