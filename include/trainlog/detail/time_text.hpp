// SPDX-License-Identifier: MIT
// Instants as RFC 3339 text in UTC, without <chrono>: the proleptic Gregorian calendar in integers.
#ifndef TRAINLOG_DETAIL_TIME_TEXT_HPP
#define TRAINLOG_DETAIL_TIME_TEXT_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "trainlog/detail/append_number.hpp"

namespace trainlog::detail {

struct civil_date {
  std::int64_t year;
  unsigned month;  // 1 to 12
  unsigned day;    // 1 to 31
};

// Years are counted from March, so that the leap day is a year's last, and in eras of 400 years,
// which all have 146,097 days. Day 0 of era 0 is 0000-03-01; 1970-01-01 is day 719,468.
inline constexpr std::int64_t days_per_era = 146097;
inline constexpr std::int64_t unix_epoch_day = 719468;

constexpr civil_date date_of_day(std::int64_t days_since_1970) noexcept {
  std::int64_t const day = days_since_1970 + unix_epoch_day;
  std::int64_t const era = (day >= 0 ? day : day - (days_per_era - 1)) / days_per_era;
  auto const of_era = static_cast<unsigned>(day - era * days_per_era);
  unsigned const year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  unsigned const of_year = of_era - (365 * year + year / 4 - year / 100);
  unsigned const month_from_march = (5 * of_year + 2) / 153;
  unsigned const month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  return {static_cast<std::int64_t>(year) + era * 400 + (month <= 2 ? 1 : 0), month,
          of_year - (153 * month_from_march + 2) / 5 + 1};
}

constexpr std::int64_t day_of_date(civil_date date) noexcept {
  std::int64_t const year = date.month <= 2 ? date.year - 1 : date.year;
  std::int64_t const era = (year >= 0 ? year : year - 399) / 400;
  std::int64_t const of_era = year - era * 400;
  std::int64_t const month_from_march = date.month > 2 ? date.month - 3 : date.month + 9;
  std::int64_t const of_year =
      (153 * month_from_march + 2) / 5 + static_cast<std::int64_t>(date.day) - 1;
  return era * days_per_era + of_era * 365 + of_era / 4 - of_era / 100 + of_year - unix_epoch_day;
}

constexpr unsigned days_in_month(std::int64_t year, unsigned month) noexcept {
  if (month == 2) return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/// An instant: whole seconds since 1970-01-01T00:00:00Z and 0 to 999,999,999 nanoseconds on top.
struct instant {
  std::int64_t seconds = 0;
  std::uint32_t nanoseconds = 0;
};

/// True if the instant is in the years 0 to 9999, which RFC 3339 can write.
constexpr bool has_rfc3339(instant time) noexcept {
  return time.seconds >= -62167219200 && time.seconds < 253402300800;
}

/// Appends "2026-11-23T20:05:00.250Z" with `digits` (0 to 9) digits after the point.
/// Precondition: has_rfc3339(time).
inline void append_rfc3339(std::string& out, instant time, int digits) {
  std::int64_t days = time.seconds / 86400;
  std::int64_t second = time.seconds % 86400;
  if (second < 0) --days, second += 86400;
  civil_date const date = date_of_day(days);
  append_padded(out, static_cast<std::uint64_t>(date.year), 4);
  append_padded(out += '-', date.month, 2);
  append_padded(out += '-', date.day, 2);
  append_padded(out += 'T', static_cast<std::uint64_t>(second / 3600), 2);
  append_padded(out += ':', static_cast<std::uint64_t>(second / 60 % 60), 2);
  append_padded(out += ':', static_cast<std::uint64_t>(second % 60), 2);
  if (digits > 0) {
    std::uint64_t fraction = time.nanoseconds;
    for (int i = 9; i > digits; --i) fraction /= 10;
    append_padded(out += '.', fraction, digits);
  }
  out += 'Z';
}

/// Reads fixed-width numbers and separators from the front of a text.
struct time_scanner {
  std::string_view rest;
  bool good = true;

  constexpr unsigned number(std::size_t width) noexcept {
    unsigned value = 0;
    for (std::size_t i = 0; i < width; ++i) {
      if (i >= rest.size() || rest[i] < '0' || rest[i] > '9') return good = false, 0U;
      value = value * 10 + static_cast<unsigned>(rest[i] - '0');
    }
    rest.remove_prefix(width);
    return value;
  }
  constexpr bool accept(std::string_view any_of) noexcept {
    if (rest.empty() || any_of.find(rest.front()) == std::string_view::npos) return false;
    rest.remove_prefix(1);
    return true;
  }
  constexpr void expect(std::string_view any_of) noexcept { good = accept(any_of) && good; }

  /// Digits after the point; more than nine are an error unless they are zeros.
  constexpr std::uint32_t nanoseconds() noexcept {
    std::uint32_t value = 0;
    std::size_t count = 0;
    for (; !rest.empty() && rest.front() >= '0' && rest.front() <= '9'; ++count) {
      auto const digit = static_cast<std::uint32_t>(rest.front() - '0');
      if (count < 9) value = value * 10 + digit;
      else if (digit != 0) good = false;
      rest.remove_prefix(1);
    }
    if (count == 0) good = false;
    for (; count < 9; ++count) value *= 10;
    return value;
  }
  /// Seconds east of UTC: "Z" or "+01:00".
  constexpr std::int64_t zone() noexcept {
    if (accept("Zz")) return 0;
    std::int64_t const sign = !rest.empty() && rest.front() == '-' ? -1 : 1;
    expect("+-");
    unsigned const hours = number(2);
    expect(":");
    unsigned const minutes = number(2);
    if (hours > 23 || minutes > 59) good = false;
    return sign *
           (static_cast<std::int64_t>(hours) * 3600 + static_cast<std::int64_t>(minutes) * 60);
  }
};

/// Reads an RFC 3339 time; false if the text is anything else.
constexpr bool parse_rfc3339(std::string_view text, instant& time) noexcept {
  time_scanner scan{text};
  civil_date date{};
  date.year = static_cast<std::int64_t>(scan.number(4));
  scan.expect("-");
  date.month = scan.number(2);
  scan.expect("-");
  date.day = scan.number(2);
  scan.expect("Tt ");
  unsigned const hour = scan.number(2);
  scan.expect(":");
  unsigned const minute = scan.number(2);
  scan.expect(":");
  unsigned const second = scan.number(2);
  std::uint32_t const nanoseconds = scan.accept(".") ? scan.nanoseconds() : 0;
  std::int64_t const zone = scan.zone();
  bool const valid = scan.good && scan.rest.empty() && date.month >= 1 && date.month <= 12 &&
                     date.day >= 1 && date.day <= days_in_month(date.year, date.month) &&
                     hour < 24 && minute < 60 && second < 60;
  if (!valid) return false;
  std::int64_t const of_day = (std::int64_t{hour} * 60 + minute) * 60 + second;
  time = {day_of_date(date) * 86400 + of_day - zone, nanoseconds};
  return true;
}

}  // namespace trainlog::detail

#endif
