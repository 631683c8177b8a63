// SPDX-License-Identifier: MIT
// Durations as decimal numbers of seconds, without loss.
#ifndef TRAINLOG_RECORD_SECONDS_HPP
#define TRAINLOG_RECORD_SECONDS_HPP

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "trainlog/detail/append_number.hpp"
#include "trainlog/detail/float_class.hpp"
#include "trainlog/detail/multiply.hpp"
#include "trainlog/detail/parse_float.hpp"
#include "trainlog/detail/shortest_decimal.hpp"
#include "trainlog/record/traits.hpp"

namespace trainlog::detail {

/// The k of 10^k; -1 for any other number.
constexpr int exponent_of_ten(std::intmax_t value) noexcept {
  int k = 0;
  for (; value % 10 == 0; value /= 10) ++k;
  return value == 1 ? k : -1;
}

/// A tick of the duration is `seconds` whole seconds, or 10^-digits seconds.
template <duration T>
struct tick {
  static constexpr int digits = exponent_of_ten(T::period::den);
  static constexpr std::intmax_t seconds = T::period::num;
  static_assert(digits == 0 || (digits > 0 && digits <= 18 && seconds == 1),
                "trainlog: a duration's period is whole seconds or 10^-n seconds");
  static_assert(seconds <= 1'000'000'000'000'000'000,
                "trainlog: a duration's period is at most 10^18 seconds");
  static_assert(integer<typename T::rep> || seconds == 1,
                "trainlog: a floating-point duration counts seconds or 10^-n seconds");
};

/// The decimal number (mantissa * Divisor + rest) * 10^exponent, for the Divisor of parse_decimal.
/// Its last digit is not zero, unless it is zero.
struct decimal_number {
  bool good = false;  ///< false if the text is no number
  bool exact = true;  ///< false if the mantissa has over 64 bits; the digits behind are left out
  bool negative = false;
  std::uint64_t mantissa = 0;
  std::uint64_t rest = 0;
  std::int64_t exponent = 0;
};

/// Multiplies by ten and adds the digit; false if that has over 64 bits.
template <std::uint64_t Divisor>
constexpr bool append_digit(decimal_number& number, std::uint64_t digit) noexcept {
  constexpr std::uint64_t limit = std::numeric_limits<std::uint64_t>::max();
  digit += number.rest * 10;
  std::uint64_t const low = digit / Divisor;
  if (number.mantissa > limit / 10 || number.mantissa * 10 > limit - low) return false;
  number.mantissa = number.mantissa * 10 + low;
  number.rest = digit % Divisor;
  return true;
}

/// Appends digits to the number. Zeros at the end are kept in the exponent.
template <std::uint64_t Divisor>
constexpr bool append_digits(decimal_number& number, std::string_view digits) noexcept {
  for (char const c : digits) {
    if (c < '0' || c > '9') return false;
    ++number.exponent;
    while (c != '0' && number.exponent > 0 && number.exact) {
      auto const digit = static_cast<std::uint64_t>(number.exponent == 1 ? c - '0' : 0);
      number.exact = append_digit<Divisor>(number, digit);
      if (number.exact) --number.exponent;
    }
  }
  return !digits.empty();
}

/// Reads "5", "+5" or "-5"; what is beyond any count of digits stays beyond.
constexpr bool parse_exponent(std::string_view text, std::int64_t& exponent) noexcept {
  constexpr std::int64_t far_beyond = 100'000'000'000'000'000;
  bool const negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  for (char const c : text) {
    if (c < '0' || c > '9') return false;
    if (exponent < far_beyond) exponent = exponent * 10 + (c - '0');
  }
  if (negative) exponent = -exponent;
  return !text.empty();
}

/// Reads a JSON number.
template <std::uint64_t Divisor = 1>
constexpr decimal_number parse_decimal(std::string_view text) noexcept {
  decimal_number result;
  result.negative = text.starts_with('-');
  if (result.negative) text.remove_prefix(1);
  std::size_t const e = text.find_first_of("eE");
  std::string_view const significand = text.substr(0, e);
  std::size_t const point = significand.find('.');
  result.good = append_digits<Divisor>(result, significand.substr(0, point));
  if (point != std::string_view::npos) {
    std::string_view const fraction = significand.substr(point + 1);
    result.good = result.good && append_digits<Divisor>(result, fraction);
    result.exponent -= static_cast<std::int64_t>(fraction.size());
  }
  std::int64_t exponent = 0;
  if (e != std::string_view::npos && !parse_exponent(text.substr(e + 1), exponent)) return {};
  result.exponent += exponent;
  return result;
}

/// The number divided by its Divisor; false if that is not whole or has over 64 bits.
template <std::uint64_t Divisor = 1>
constexpr bool whole_number(decimal_number number, std::uint64_t& result) noexcept {
  bool const zero = number.mantissa == 0 && number.rest == 0;
  if (!number.good || !number.exact || (number.exponent < 0 && !zero)) return false;
  for (; number.exponent > 0 && !zero; --number.exponent) {
    if (!append_digit<Divisor>(number, 0)) return false;
  }
  result = number.mantissa;
  return number.rest == 0;
}

template <integer T>
constexpr bool with_sign(std::uint64_t magnitude, bool negative, T& result) noexcept {
  result = static_cast<T>(negative ? 0 - magnitude : magnitude);
  bool const below_zero = is_negative(result);
  auto const back = static_cast<std::uint64_t>(as_number(result));
  return (magnitude == 0 || below_zero == negative) && (below_zero ? 0 - back : back) == magnitude;
}

template <integer T>
constexpr std::uint64_t magnitude_of(T value) noexcept {
  auto const bits = static_cast<std::uint64_t>(as_number(value));
  return is_negative(value) ? 0 - bits : bits;
}

/// Appends a count of 10^-digits seconds as decimal seconds: 1500 ms is "1.5", 2 s is "2.0".
inline void append_decimal_seconds(std::string& out, bool negative, std::uint64_t count,
                                   int digits) {
  std::uint64_t unit = 1;
  for (int i = 0; i < digits; ++i) unit *= 10;
  if (negative) out += '-';
  append_integer(out, count / unit);
  std::uint64_t fraction = count % unit;
  while (digits > 1 && fraction % 10 == 0) fraction /= 10, --digits;
  append_padded(out += '.', fraction, digits > 0 ? digits : 1);
}

/// Appends the decimal digits of a * b.
inline void append_product(std::string& out, std::uint64_t a, std::uint64_t b) {
  constexpr std::uint64_t half = 0xffffffffU;
  product const all = multiply(a, b);
  std::uint64_t parts[] = {all.high >> 32, all.high & half, all.low >> 32, all.low & half};
  char text[39];
  std::size_t begin = sizeof text;
  std::uint64_t left = 0;
  do {
    std::uint64_t rest = left = 0;
    for (auto& part : parts) {
      part |= rest << 32;
      rest = part % 10;
      left |= part /= 10;
    }
    text[--begin] = static_cast<char>('0' + rest);
  } while (left != 0);
  out.append(text + begin, sizeof text - begin);
}

/// True unless the time is a floating-point NaN or infinity.
template <class T>
constexpr bool is_finite_time(T value) noexcept {
  if constexpr (time_point<T>) {
    return detail::is_finite_time(value.time_since_epoch());
  } else if constexpr (floating<typename T::rep>) {
    return is_finite(value.count());
  } else {
    return true;
  }
}

/// Appends so many ticks, each of `seconds` whole seconds or of 10^-digits seconds, as a JSON
/// number of seconds, exactly. A floating-point count must be finite, and counts seconds or 10^-n
/// seconds.
template <class Count>
void append_ticks(std::string& out, Count ticks, std::uint64_t seconds, int digits) {
  if constexpr (floating<Count>) {
    if (digits == 0) return append_json_number(out, ticks);
    decimal const number = shortest(ticks);
    if (number.negative) out += '-';
    append_integer(out, number.digits);
    append_integer(out += 'e', number.exponent - digits);
  } else {
    auto const count = magnitude_of(ticks);
    bool const negative = is_negative(ticks);
    if (count <= std::numeric_limits<std::uint64_t>::max() / seconds)
      return append_decimal_seconds(out, negative, count * seconds, digits);
    if (negative) out += '-';  // longer than 500 billion years
    append_product(out, count, seconds);
    out += ".0";
  }
}

/// Appends the duration as a JSON number of seconds, exactly.
/// A floating-point duration must be finite.
template <duration T>
void append_seconds(std::string& out, T value) {
  append_ticks(out, value.count(), std::uint64_t{tick<T>::seconds}, tick<T>::digits);
}

/// So many ticks, as of append_ticks, in seconds, rounded once. NaN and infinities stay.
template <class Count>
double ticks_to_seconds(Count ticks, std::uint64_t seconds, int digits) {
  if constexpr (floating<Count>) {
    if (!is_finite(ticks)) return static_cast<double>(ticks);
  }
  std::string text;
  append_ticks(text, ticks, seconds, digits);
  double result = 0;
  static_cast<void>(parse_float_text(text, result));  // it is finite
  return result;
}

/// The duration, or the time since the clock's epoch, in seconds, rounded once.
template <class T>
double to_seconds(T value) {
  if constexpr (time_point<T>) {
    return detail::to_seconds(value.time_since_epoch());
  } else {
    return ticks_to_seconds(value.count(), std::uint64_t{tick<T>::seconds}, tick<T>::digits);
  }
}

/// No double lies so near to the middle between two that more digits decide which is nearer, but
/// for whether one of those behind is not zero.
inline constexpr std::size_t most_digits = 800;

/// Appends the digits of a JSON number without its exponent, and makes that the exponent of the
/// last one; for what is behind most_digits, a 1.
inline char* write_digits(char* end, std::string_view significand,
                          std::int64_t& exponent) noexcept {
  std::size_t kept = 0;
  bool in_fraction = false;
  bool more = false;
  for (char const c : significand) {
    in_fraction = in_fraction || c == '.';
    if (c == '.' || c == '-') continue;
    bool const keep = kept < most_digits && (kept > 0 || c != '0');
    more = more || (!keep && c != '0');
    if (in_fraction) --exponent;
    if (!keep && kept > 0) ++exponent;
    if (keep) *end++ = c, ++kept;
  }
  if (more) *end++ = '1', --exponent;
  return end;
}

/// Appends the digits and the sign of a number to a buffer, and reduces its exponent to what stands
/// behind them. `text` is what parse_decimal made the number of.
inline char* write_significand(char* end, std::string_view text, decimal_number& number) noexcept {
  if (number.negative) *end++ = '-';
  if (number.exact) return write_integer(end, number.mantissa);
  auto const significand = text.substr(0, text.find_first_of("eE"));
  number.exponent = 0;
  if (significand.size() < text.size())
    parse_exponent(text.substr(significand.size() + 1), number.exponent);
  return detail::write_digits(end, significand, number.exponent);
}

/// Reads a floating-point count of 10^-digits seconds. Moves the point in the text, so that the
/// value is rounded once; what is too small for any other is zero. False if it is too large.
template <floating T>
bool parse_float_count(std::string_view text, int digits, T& count) noexcept {
  char buffer[most_digits + 2 * max_number_text];
  auto number = parse_decimal(text);
  if (!number.good) return false;
  bool const small = number.exponent + digits < 0;  // or within the range of every type
  char* end = write_significand(buffer, text, number);
  *end++ = 'e';
  end = write_integer(end, number.exponent + digits);
  std::string_view const moved(buffer, static_cast<std::size_t>(end - buffer));
  auto const problem = parse_float_text(moved, count);
  if (problem == std::errc{}) return true;
  count = number.negative ? -T{0} : T{0};
  return problem == std::errc::result_out_of_range && small;
}

/// Reads what append_seconds wrote, or any number of seconds that an integer type can hold exactly;
/// a floating-point one rounds it.
template <duration T>
bool parse_seconds(std::string_view text, T& result) noexcept {
  using rep = typename T::rep;
  rep count{};
  if constexpr (floating<rep>) {
    if (!parse_float_count(text, tick<T>::digits, count)) return false;
  } else {
    constexpr auto seconds = static_cast<std::uint64_t>(tick<T>::seconds);
    auto number = parse_decimal<seconds>(text);
    number.exponent += tick<T>::digits;
    std::uint64_t magnitude = 0;
    if (!whole_number<seconds>(number, magnitude) ||
        !with_sign(magnitude, number.negative, count)) {
      return false;
    }
  }
  result = T(count);
  return true;
}

}  // namespace trainlog::detail

#endif
