// SPDX-License-Identifier: MIT
// Durations and time points as text, without loss: decimal seconds, and RFC 3339 for UTC clocks.
#ifndef TRAINLOG_RECORD_TIME_HPP
#define TRAINLOG_RECORD_TIME_HPP

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>

#include "trainlog/detail/append_number.hpp"
#include "trainlog/detail/time_text.hpp"
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
  static_assert(integer<typename T::rep> || seconds == 1,
                "trainlog: a floating-point duration counts seconds or 10^-n seconds");
};

/// A decimal number mantissa * 10^exponent, without loss; `good` is false if it has over 19 digits.
struct decimal_number {
  bool good = false;
  bool negative = false;
  std::uint64_t mantissa = 0;
  int exponent = 0;
};

/// Reads a JSON number.
constexpr decimal_number parse_decimal(std::string_view text) noexcept {
  decimal_number result;
  std::size_t i = 0;
  if (i < text.size() && text[i] == '-') result.negative = true, ++i;
  bool after_point = false;
  std::size_t digits = 0;
  for (; i < text.size() && text[i] != 'e' && text[i] != 'E'; ++i) {
    if (text[i] == '.') {
      after_point = true;
      continue;
    }
    if (text[i] < '0' || text[i] > '9') return {};
    auto const digit = static_cast<std::uint64_t>(text[i] - '0');
    if (result.mantissa > (std::numeric_limits<std::uint64_t>::max() - digit) / 10) return {};
    result.mantissa = result.mantissa * 10 + digit;
    result.exponent -= after_point ? 1 : 0;
    ++digits;
  }
  int exponent = 0;
  if (i < text.size()) {
    bool const negative = i + 1 < text.size() && text[i + 1] == '-';
    i += i + 1 < text.size() && (text[i + 1] == '-' || text[i + 1] == '+') ? 2U : 1U;
    if (i == text.size()) return {};
    for (; i < text.size(); ++i) {
      if (text[i] < '0' || text[i] > '9' || exponent > 9999) return {};
      exponent = exponent * 10 + (text[i] - '0');
    }
    if (negative) exponent = -exponent;
  }
  result.exponent += exponent;
  result.good = digits > 0;
  return result;
}

/// The whole number mantissa * 10^exponent / divisor; false if it is not whole or has over 64 bits.
constexpr bool whole_number(decimal_number number, std::uint64_t divisor,
                            std::uint64_t& result) noexcept {
  result = number.mantissa;
  if (!number.good) return false;
  for (; number.exponent < 0 && result != 0; ++number.exponent) {
    if (result % 10 != 0) return false;
    result /= 10;
  }
  for (; number.exponent > 0 && result != 0; --number.exponent) {
    if (result > std::numeric_limits<std::uint64_t>::max() / 10) return false;
    result *= 10;
  }
  if (result % divisor != 0) return false;
  result /= divisor;
  return true;
}

template <integer T>
constexpr bool with_sign(std::uint64_t magnitude, bool negative, T& result) noexcept {
  result = static_cast<T>(negative ? 0 - magnitude : magnitude);
  bool const below_zero = is_negative(result);
  auto const back = static_cast<std::uint64_t>(result);
  return (magnitude == 0 || below_zero == negative) && (below_zero ? 0 - back : back) == magnitude;
}

template <integer T>
constexpr std::uint64_t magnitude_of(T value) noexcept {
  auto const bits = static_cast<std::uint64_t>(value);
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

/// Appends the duration as a JSON number of seconds, exactly.
/// A floating-point duration must be finite.
template <duration T>
void append_seconds(std::string& out, T value) {
  using rep = typename T::rep;
  if constexpr (floating<rep>) {
    decimal const number = shortest(value.count());
    if (number.negative) out += '-';
    append_integer(out, number.digits);
    append_integer(out += 'e', number.exponent - tick<T>::digits);
  } else {
    auto const count = magnitude_of(value.count());
    auto const seconds = static_cast<std::uint64_t>(tick<T>::seconds);
    bool const negative = is_negative(value.count());
    if (count <= std::numeric_limits<std::uint64_t>::max() / seconds) {
      append_decimal_seconds(out, negative, count * seconds, tick<T>::digits);
    } else {  // longer than 500 billion years, and rounded
      append_json_number(out, static_cast<double>(value.count()) * static_cast<double>(seconds));
    }
  }
}

/// Reads what append_seconds wrote, or any number of seconds that the type can hold exactly.
template <duration T>
bool parse_seconds(std::string_view text, T& result) noexcept {
  using rep = typename T::rep;
  decimal_number number = parse_decimal(text);
  if constexpr (floating<rep>) {
    // Move the point in the text, so that the value is rounded once.
    char buffer[64];
    if (!number.good) return false;
    char* end = buffer;
    if (number.negative) *end++ = '-';
    end = write_integer(end, number.mantissa);
    *end++ = 'e';
    end = write_integer(end, number.exponent + tick<T>::digits);
    rep count{};
    auto const [stop, problem] = std::from_chars(buffer, end, count);
    if (problem != std::errc{} || stop != end) return false;
    result = T(count);
    return true;
  } else {
    number.exponent += tick<T>::digits;
    std::uint64_t magnitude = 0;
    rep count{};
    if (!whole_number(number, static_cast<std::uint64_t>(tick<T>::seconds), magnitude) ||
        !with_sign(magnitude, number.negative, count)) {
      return false;
    }
    result = T(count);
    return true;
  }
}

/// A time point that is written as RFC 3339 text; the others are written as seconds.
template <class T>
concept dated =
    calendar_time<T> && integer<typename T::rep> && tick<typename T::duration>::digits <= 9;

template <dated T>
constexpr std::int64_t ticks_per_second() noexcept {
  return T::period::den;
}

template <dated T>
constexpr instant to_instant(T time) noexcept {
  auto const count = static_cast<std::int64_t>(time.time_since_epoch().count());
  std::int64_t const unit = ticks_per_second<T>();
  std::int64_t seconds = count / unit;
  std::int64_t rest = count % unit;
  if (rest < 0) --seconds, rest += unit;
  constexpr std::int64_t limit = std::numeric_limits<std::int64_t>::max() / T::period::num;
  if (seconds > limit || seconds < -limit) return {std::numeric_limits<std::int64_t>::max(), 0};
  return {seconds * T::period::num, static_cast<std::uint32_t>(rest * (1'000'000'000 / unit))};
}

/// False if the type cannot hold the instant exactly.
template <dated T>
constexpr bool from_instant(instant from, T& result) noexcept {
  std::int64_t const nanoseconds_per_tick = 1'000'000'000 / ticks_per_second<T>();
  if (from.nanoseconds % nanoseconds_per_tick != 0 || from.seconds % T::period::num != 0)
    return false;
  std::int64_t const unit = ticks_per_second<T>();
  std::int64_t const seconds = from.seconds / T::period::num;
  std::int64_t const rest = from.nanoseconds / nanoseconds_per_tick;
  constexpr std::int64_t limit = std::numeric_limits<std::int64_t>::max();
  if (seconds > (limit - rest) / unit || seconds < -limit / unit - 1) return false;
  // The last second before the smallest count overflows in between: go up from its end instead.
  std::int64_t const count =
      seconds < 0 ? (seconds + 1) * unit + (rest - unit) : seconds * unit + rest;
  if (!fits<typename T::rep>(count)) return false;
  result = T(typename T::duration(static_cast<typename T::rep>(count)));
  return true;
}

/// Appends the text form of a duration ("1.5") or time point ("2026-11-23T20:05:00.250Z").
/// Returns true if it is a quoted text in JSON rather than a number.
template <duration T>
bool append_time_value(std::string& out, T value) {
  append_seconds(out, value);
  return false;
}
template <time_point T>
bool append_time_value(std::string& out, T value) {
  if constexpr (dated<T>) {
    if (instant const time = to_instant(value); has_rfc3339(time)) {
      append_rfc3339(out, time, tick<typename T::duration>::digits);
      return true;
    }
  }
  append_seconds(out, value.time_since_epoch());
  return false;
}

/// Reads either form; `quoted` tells which it is. False if the type cannot hold it exactly.
template <duration T>
bool parse_time_value(std::string_view text, bool quoted, T& result) noexcept {
  return !quoted && parse_seconds(text, result);
}
template <time_point T>
bool parse_time_value(std::string_view text, bool quoted, T& result) noexcept {
  if constexpr (dated<T>) {
    if (quoted) {
      auto const time = parse_rfc3339(text);
      return time && from_instant(*time, result);
    }
  }
  typename T::duration since_epoch{};
  if (quoted || !parse_seconds(text, since_epoch)) return false;
  result = T(since_epoch);
  return true;
}

/// True unless the time is a floating-point NaN or infinity.
template <class T>
constexpr bool is_finite_time(T value) noexcept {
  if constexpr (time_point<T>) {
    return is_finite_time(value.time_since_epoch());
  } else if constexpr (floating<typename T::rep>) {
    return value.count() - value.count() == 0;
  } else {
    return true;
  }
}

}  // namespace trainlog::detail

#endif
