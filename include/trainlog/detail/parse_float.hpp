// SPDX-License-Identifier: MIT
// The one place where text becomes a float: std::from_chars, or strtod where there is none for
// floats (libc++ before 20).
#ifndef TRAINLOG_DETAIL_PARSE_FLOAT_HPP
#define TRAINLOG_DETAIL_PARSE_FLOAT_HPP

#include <cerrno>
#include <charconv>  // brings std::errc, as <system_error> does at several times the cost
#include <clocale>
#include <concepts>
#include <cstdlib>
#include <string>
#include <string_view>

#include "trainlog/detail/float_class.hpp"

namespace trainlog::detail {

/// The same as parse_float_text, by strtod, which reads the point of the program's locale.
template <std::floating_point Float>
std::errc parse_by_strtod(std::string_view number, Float& result) {
  std::string text(number);
  if (auto const point = text.find('.'); point != std::string::npos) {
    text.replace(point, 1, std::localeconv()->decimal_point);  // NOLINT(concurrency-mt-unsafe)
  }
  char* end = nullptr;
  int const before = errno;
  errno = 0;
  Float read{};
  if constexpr (sizeof(Float) == sizeof(float)) read = std::strtof(text.c_str(), &end);
  else read = std::strtod(text.c_str(), &end);
  // Subnormal numbers are within the range, whatever errno says.
  bool const outside = errno == ERANGE && (magnitude_bits(read) == 0 || !is_finite(read));
  errno = before;
  if (end == text.c_str()) return std::errc::invalid_argument;
  if (outside) return std::errc::result_out_of_range;
  result = read;
  return {};
}

/// Sets `result` to the float nearest to a number in JSON's grammar. Returns
/// std::errc::result_out_of_range, and leaves it, if that is infinite, or zero but the number is
/// not.
template <std::floating_point Float>
std::errc parse_float_text(std::string_view number, Float& result) {
  char const* const begin = number.data();
  if constexpr (requires { std::from_chars(begin, begin, result); }) {
    return std::from_chars(begin, begin + number.size(), result).ec;
  } else {
    return parse_by_strtod(number, result);
  }
}

}  // namespace trainlog::detail

#endif
