// SPDX-License-Identifier: MIT
// Times as text, without loss: instants of UTC clocks as RFC 3339, others and durations as seconds.
#ifndef TRAINLOG_RECORD_TIME_HPP
#define TRAINLOG_RECORD_TIME_HPP

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "trainlog/detail/time_text.hpp"
#include "trainlog/record/seconds.hpp"
#include "trainlog/record/traits.hpp"

namespace trainlog::detail {

/// A time point that is written as RFC 3339 text; the others are written as seconds.
template <class T>
concept dated =
    calendar_time<T> && integer<typename T::rep> && tick<typename T::duration>::digits <= 9;

template <dated T>
constexpr std::int64_t ticks_per_second() noexcept {
  return T::period::den;
}

/// The time as seconds and nanoseconds; one without an RFC 3339 form if they have over 64 bits.
template <dated T>
constexpr instant to_instant(T time) noexcept {
  constexpr instant beyond_dates{std::numeric_limits<std::int64_t>::max(), 0};
  if (!fits<std::int64_t>(time.time_since_epoch().count())) return beyond_dates;
  auto const count = static_cast<std::int64_t>(time.time_since_epoch().count());
  std::int64_t const unit = ticks_per_second<T>();
  std::int64_t seconds = count / unit;
  std::int64_t rest = count % unit;
  if (rest < 0) --seconds, rest += unit;
  constexpr std::int64_t limit = std::numeric_limits<std::int64_t>::max() / T::period::num;
  if (seconds > limit || seconds < -limit) return beyond_dates;
  return {seconds * T::period::num, static_cast<std::uint32_t>(rest * (1'000'000'000 / unit))};
}

/// seconds * unit + rest, for 0 <= rest < unit; false if it has over 64 bits.
constexpr bool count_ticks(std::int64_t seconds, std::int64_t rest, std::int64_t unit,
                           std::int64_t& count) noexcept {
  constexpr std::int64_t limit = std::numeric_limits<std::int64_t>::max();
  if (seconds >= 0) {
    if (seconds > (limit - rest) / unit) return false;
    count = seconds * unit + rest;
    return true;
  }
  // Down from the end of the second: its start may be below the smallest count.
  if (seconds + 1 < -(limit / unit)) return false;
  std::int64_t const end = (seconds + 1) * unit;
  if (end + limit < unit - rest - 1) return false;
  count = end - (unit - rest);
  return true;
}

/// False if the type cannot hold the instant exactly.
template <dated T>
constexpr bool from_instant(instant from, T& result) noexcept {
  std::int64_t const unit = ticks_per_second<T>();
  std::int64_t const nanoseconds_per_tick = 1'000'000'000 / unit;
  if (from.nanoseconds % nanoseconds_per_tick != 0) return false;
  if (from.seconds % T::period::num != 0) return false;
  std::int64_t count = 0;
  if (!count_ticks(from.seconds / T::period::num, from.nanoseconds / nanoseconds_per_tick, unit,
                   count) ||
      !fits<typename T::rep>(count)) {
    return false;
  }
  result = T(typename T::duration(static_cast<typename T::rep>(count)));
  return true;
}

/// Appends the text form of a duration ("1.5") or time point ("2026-11-23T20:05:00.250Z").
/// Returns true if it is a quoted text in JSON rather than a number.
template <duration T>
bool append_time_value(std::string& out, T value) {
  detail::append_seconds(out, value);
  return false;
}
template <time_point T>
bool append_time_value(std::string& out, T value) {
  if constexpr (dated<T>) {
    if (instant const time = detail::to_instant(value); has_rfc3339(time)) {
      append_rfc3339(out, time, tick<typename T::duration>::digits);
      return true;
    }
  }
  detail::append_seconds(out, value.time_since_epoch());
  return false;
}

/// Reads either form; `quoted` tells which it is. False if the type cannot hold it exactly.
template <duration T>
bool parse_time_value(std::string_view text, bool quoted, T& result) noexcept {
  return !quoted && detail::parse_seconds(text, result);
}
template <time_point T>
bool parse_time_value(std::string_view text, bool quoted, T& result) noexcept {
  if constexpr (dated<T>) {
    if (quoted) {
      instant time{};
      return parse_rfc3339(text, time) && detail::from_instant(time, result);
    }
  }
  typename T::duration since_epoch{};
  if (quoted || !detail::parse_seconds(text, since_epoch)) return false;
  result = T(since_epoch);
  return true;
}

}  // namespace trainlog::detail

#endif
