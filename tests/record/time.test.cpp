// SPDX-License-Identifier: MIT
// Times as text: what is written reads back the same, at the ends of the types too.
#include "trainlog/record/time.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "catch.hpp"

namespace {

using namespace std::chrono;
using std::chrono::duration;
using trainlog::detail::append_time_value;
using trainlog::detail::parse_time_value;

using sys_ms = std::chrono::time_point<system_clock, milliseconds>;
using sys_us = std::chrono::time_point<system_clock, microseconds>;
using sys_ns = std::chrono::time_point<system_clock, nanoseconds>;
using sys_h = std::chrono::time_point<system_clock, hours>;

template <class T>
std::string text_of(T value) {
  std::string text;
  append_time_value(text, value);
  return text;
}

template <class T>
std::optional<T> parsed(std::string_view text, bool quoted) {
  T result{};
  if (parse_time_value(text, quoted, result)) return result;
  return std::nullopt;
}

template <class T>
bool survives(T value) {
  std::string text;
  bool const quoted = append_time_value(text, value);
  return parsed<T>(text, quoted) == value;
}

template <class T>
bool survives_everywhere() {
  using rep = typename T::duration::rep;
  bool all = true;
  for (int i = 0; i < 2000; ++i) {
    all = all && survives(T(typename T::duration(static_cast<rep>(i - 1000))));
    all = all && survives(T(typename T::duration(std::numeric_limits<rep>::min() + i)));
    all = all && survives(T(typename T::duration(std::numeric_limits<rep>::max() - i)));
  }
  return all;
}

TEST_CASE("instants of the system clock are RFC 3339 text, to the digit of their type") {
  CHECK(text_of(sys_seconds{seconds{0}}) == "1970-01-01T00:00:00Z");
  CHECK(text_of(sys_ms{milliseconds{-1}}) == "1969-12-31T23:59:59.999Z");
  CHECK(text_of(sys_us{microseconds{1}}) == "1970-01-01T00:00:00.000001Z");
  CHECK(text_of(sys_h{hours{24}}) == "1970-01-02T00:00:00Z");
  CHECK(text_of(sys_days{year{2000} / 2 / 29}) == "2000-02-29T00:00:00Z");
  CHECK(text_of(sys_ns::min()) == "1677-09-21T00:12:43.145224192Z");
  CHECK(text_of(sys_ns::max()) == "2262-04-11T23:47:16.854775807Z");
  CHECK(text_of(sys_seconds{sys_days{year{0} / 1 / 1}}) == "0000-01-01T00:00:00Z");
  CHECK(text_of(sys_ms{sys_days{year{10000} / 1 / 1}} - milliseconds{1}) ==
        "9999-12-31T23:59:59.999Z");
}

TEST_CASE("instants beyond the years 0 to 9999, and of other clocks, are seconds") {
  CHECK(text_of(sys_seconds{sys_days{year{10000} / 1 / 1}}) == "253402300800.0");
  CHECK(text_of(sys_seconds{sys_days{year{0} / 1 / 1}} - seconds{1}) == "-62167219201.0");
  CHECK(text_of(steady_clock::time_point{milliseconds{-1500}}) == "-1.5");
}

TEST_CASE("instants read back the same") {
  CHECK(survives_everywhere<sys_ns>());
  CHECK(survives_everywhere<sys_us>());
  CHECK(survives_everywhere<sys_ms>());
  CHECK(survives_everywhere<sys_seconds>());
  CHECK(survives_everywhere<steady_clock::time_point>());
  for (int y = 0; y < 10000; y += 7) {
    CHECK(survives(sys_seconds{sys_days{year{y} / 2 / last}} + seconds{86399}));
  }
}

TEST_CASE("the forms of RFC 3339") {
  std::pair<char const*, std::int64_t> const good[] = {
      {"1970-01-01T00:00:01Z", 1'000'000'000},
      {"1970-01-01t00:00:01z", 1'000'000'000},
      {"1970-01-01 00:00:01Z", 1'000'000'000},
      {"1970-01-01T00:00:00.5Z", 500'000'000},
      {"1970-01-01T00:00:00.123456789Z", 123'456'789},
      {"1970-01-01T00:00:00.1234567890000Z", 123'456'789},
      {"1970-01-01T01:00:00+01:00", 0},
      {"1969-12-31T19:30:00-04:30", 0},
      {"1970-01-01T23:59:00+23:59", 0},
      {"2000-02-29T00:00:00Z", 951'782'400'000'000'000},
  };
  for (auto const& [text, count] : good) {
    CAPTURE(text);
    CHECK(parsed<sys_ns>(text, true) == sys_ns{nanoseconds{count}});
  }
  for (auto const* text : {"",
                           "1970-01-01",
                           "1970-01-01T00:00:00",
                           "1970-01-01T00:00Z",
                           "1970-1-01T00:00:00Z",
                           "1970-00-01T00:00:00Z",
                           "1970-13-01T00:00:00Z",
                           "1970-01-00T00:00:00Z",
                           "1970-04-31T00:00:00Z",
                           "1900-02-29T00:00:00Z",
                           "1970-01-01T24:00:00Z",
                           "1970-01-01T00:60:00Z",
                           "1970-01-01T00:00:60Z",
                           "1970-01-01T00:00:00.Z",
                           "1970-01-01T00:00:00.1234567891Z",
                           "1970-01-01T00:00:00+1:00",
                           "1970-01-01T00:00:00+0100",
                           "1970-01-01T00:00:00+24:00",
                           "1970-01-01T00:00:00ZZ",
                           " 1970-01-01T00:00:00Z",
                           "-970-01-01T00:00:00Z",
                           "1970-01-01T00:00:00,5Z",
                           "1970/01/01T00:00:00Z"}) {
    CAPTURE(text);
    CHECK_FALSE(parsed<sys_ns>(text, true));
  }
}

TEST_CASE("an instant that the type cannot hold is refused") {
  CHECK_FALSE(parsed<sys_ms>("1970-01-01T00:00:00.0001Z", true));
  CHECK_FALSE(parsed<sys_seconds>("1970-01-01T00:00:00.5Z", true));
  CHECK_FALSE(parsed<sys_h>("1970-01-01T00:30:00Z", true));
  CHECK_FALSE(parsed<sys_ns>("1677-09-21T00:12:43.145224191Z", true));
  CHECK_FALSE(parsed<sys_ns>("2262-04-11T23:47:16.854775808Z", true));
  CHECK_FALSE(parsed<sys_ns>("9999-12-31T23:59:59Z", true));
  CHECK_FALSE(parsed<sys_ns>("0000-01-01T00:00:00Z", true));
  CHECK(parsed<sys_seconds>("9999-12-31T23:59:59Z", true));
  CHECK(parsed<sys_ms>("1.5", false) == sys_ms{milliseconds{1500}});
  CHECK_FALSE(parsed<steady_clock::time_point>("1970-01-01T00:00:00Z", true));
}

TEST_CASE("an unsigned count beyond the signed ones is no date, but seconds") {
  using clock_time = std::chrono::time_point<system_clock, duration<std::uint64_t, std::nano>>;
  auto const last = clock_time{clock_time::duration{std::uint64_t{1} << 63}};
  CHECK(text_of(last) == "9223372036.854775808");
  CHECK(parsed<clock_time>("9223372036.854775808", false) == last);
  CHECK(text_of(last - clock_time::duration{1}) == "2262-04-11T23:47:16.854775807Z");
}

}  // namespace
