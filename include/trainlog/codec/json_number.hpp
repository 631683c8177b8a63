// SPDX-License-Identifier: MIT
// JSON's grammar of numbers (RFC 8259, section 6), and their conversion to floats.
#ifndef TRAINLOG_CODEC_JSON_NUMBER_HPP
#define TRAINLOG_CODEC_JSON_NUMBER_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <system_error>

#include "trainlog/detail/parse_float.hpp"
#include "trainlog/record/traits.hpp"

namespace trainlog::detail {

/// The number at the beginning of a text.
struct number_token {
  std::size_t size = 0;         ///< in chars; 0 if there is no number
  std::size_t whole = 0;        ///< size of what stands before the point, without the sign
  std::size_t point = 0;        ///< where the point stands; 0 if there is none
  std::size_t exponent = 0;     ///< where the exponent's sign or first digit stands; 0 if none
  std::uint64_t magnitude = 0;  ///< of the whole part, modulo 2^64

  /// True if it is an integer whose size fits into 64 bits for sure.
  constexpr bool is_short_integer() const noexcept {
    return point == 0 && exponent == 0 && whole <= 19;
  }
};

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

constexpr std::size_t skip_digits(std::string_view text, std::size_t at) noexcept {
  while (at < text.size() && is_digit(text[at])) ++at;
  return at;
}

constexpr number_token scan_number(std::string_view text) noexcept {
  number_token number;
  std::size_t at = !text.empty() && text[0] == '-' ? 1 : 0;
  std::size_t const begin = at;
  for (; at < text.size() && is_digit(text[at]); ++at)
    number.magnitude = number.magnitude * 10 + static_cast<std::uint64_t>(text[at] - '0');
  number.whole = at - begin;
  if (number.whole == 0 || (number.whole > 1 && text[begin] == '0')) return {};
  if (at < text.size() && text[at] == '.') {
    number.point = at;
    at = skip_digits(text, at + 1);
    if (at == number.point + 1) return {};
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    number.exponent = at + 1;
    ++at;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    std::size_t const digits = at;
    at = skip_digits(text, at);
    if (at == digits) return {};
  }
  number.size = at;
  return number;
}

/// The exponent of a number in JSON's grammar; no text has as many digits as what it is limited to.
constexpr std::int64_t exponent_of(std::string_view text, number_token const& number) noexcept {
  if (number.exponent == 0) return 0;
  constexpr std::int64_t most = 100'000'000'000'000'000;
  bool const negative = text[number.exponent] == '-';
  std::int64_t exponent = 0;
  for (char const c : text.substr(number.exponent)) {
    if (is_digit(c)) exponent = std::min(exponent * 10 + (c - '0'), most);
  }
  return negative ? -exponent : exponent;
}

/// True if a number in JSON's grammar, which must not be zero, is between -1 and 1.
constexpr bool is_below_one(std::string_view text) noexcept {
  auto const number = scan_number(text);
  auto first_digit = static_cast<std::int64_t>(number.whole);
  if (text[text[0] == '-' ? 1 : 0] == '0') {
    first_digit = 0;
    for (std::size_t i = number.point + 1; number.point != 0 && i < text.size() && text[i] == '0';
         ++i)
      --first_digit;
  }
  return first_digit + exponent_of(text, number) <= 0;
}

/// The float nearest to a number in JSON's grammar, rounded once. False if there is none that is
/// finite; what is too small for any other is zero.
template <floating Float>
bool parse_float(std::string_view text, Float& result) noexcept {
  auto const problem = parse_float_text(text, result);
  if (problem == std::errc{}) [[likely]]
    return true;
  result = text[0] == '-' ? -Float{0} : Float{0};
  return problem == std::errc::result_out_of_range && is_below_one(text);
}

}  // namespace trainlog::detail

#endif
