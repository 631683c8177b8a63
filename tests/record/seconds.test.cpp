// SPDX-License-Identifier: MIT
// Durations as text: what is written reads back the same, at the ends of the types too.
#include "trainlog/record/seconds.hpp"

#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <ratio>
#include <string>
#include <utility>

#include "catch.hpp"

namespace {

using namespace std::chrono;
using std::chrono::duration;
using trainlog::detail::append_seconds;
using trainlog::detail::parse_seconds;
using trainlog::detail::to_seconds;

template <class T>
std::string text_of(T value) {
  std::string text;
  append_seconds(text, value);
  return text;
}

template <class T>
std::optional<T> parsed(std::string_view text) {
  T result{};
  if (parse_seconds(text, result)) return result;
  return std::nullopt;
}

template <class T>
bool survives(T value) {
  return parsed<T>(text_of(value)) == value;
}

TEST_CASE("durations are decimal seconds") {
  CHECK(text_of(milliseconds{1500}) == "1.5");
  CHECK(text_of(seconds{2}) == "2.0");
  CHECK(text_of(seconds{0}) == "0.0");
  CHECK(text_of(hours{-2}) == "-7200.0");
  CHECK(text_of(nanoseconds{-1}) == "-0.000000001");
  CHECK(text_of(nanoseconds::min()) == "-9223372036.854775808");
  CHECK(text_of(nanoseconds::max()) == "9223372036.854775807");
  CHECK(text_of(duration<std::uint64_t>::max()) == "18446744073709551615.0");
  CHECK(text_of(duration<std::int8_t, std::deci>{-128}) == "-12.8");
  CHECK(text_of(duration<double>{0.1}) == "0.1");
  CHECK(text_of(duration<float, std::milli>{0.1F}) == "1e-4");
}

TEST_CASE("durations read back the same") {
  for (std::int64_t const count :
       {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, std::int64_t{999'999'999},
        std::int64_t{1'000'000'000}, INT64_MIN, INT64_MIN + 1, INT64_MAX}) {
    CHECK(survives(nanoseconds{count}));
    CHECK(survives(microseconds{count}));
    CHECK(survives(milliseconds{count}));
    CHECK(survives(seconds{count}));
  }
  CHECK(survives(minutes{INT64_MAX / 60}));
  CHECK(survives(hours{INT64_MIN / 3600}));
  CHECK(survives(duration<std::uint64_t, std::nano>::max()));
  CHECK(survives(duration<std::int8_t>::min()));
  CHECK(survives(duration<std::int64_t, std::femto>::min()));
  for (double const x : {0.1, -1e300, 5e-324, 1.7976931348623157e308, 1.0 / 3, -0.0}) {
    CHECK(survives(duration<double>{x}));
    CHECK(survives(duration<double, std::milli>{x}));
    CHECK(survives(duration<float, std::micro>{static_cast<float>(1 / (x + 7))}));
  }
}

TEST_CASE("a duration that the type cannot hold is refused") {
  CHECK(parsed<milliseconds>("1e3") == milliseconds{1'000'000});
  CHECK(parsed<milliseconds>("1") == milliseconds{1000});
  CHECK(parsed<milliseconds>("0.0010") == milliseconds{1});
  CHECK(parsed<milliseconds>("0e999") == milliseconds{0});
  CHECK(parsed<nanoseconds>("9223372036.854775807") == nanoseconds::max());
  CHECK(parsed<minutes>("120.0") == minutes{2});
  for (auto const* text :
       {"0.0001", "1e-4", "", "-", "x", "1x", "1e", "1e+", "1e99999999999", "1e30", "1.2.3", "1.",
        ".5", "+1", "1e1.5", "9223372036854775.808", "99999999999999999999", "\"1\""}) {
    CHECK_FALSE(parsed<milliseconds>(text));
  }
  CHECK_FALSE(parsed<nanoseconds>("9223372036.854775808"));
  CHECK_FALSE(parsed<nanoseconds>("-9223372036.854775809"));
  CHECK_FALSE(parsed<minutes>("61"));
  CHECK_FALSE(parsed<seconds>("20000000000000000001"));
  CHECK_FALSE((parsed<duration<std::uint32_t>>("-1")));
  CHECK_FALSE((parsed<duration<std::int8_t>>("128")));
}

TEST_CASE(
    "long periods are exact to the ends of their type, also where seconds have over 64 bits") {
  using years = duration<std::int64_t, std::ratio<31556952>>;
  using ages = duration<std::int64_t, std::exa>;
  CHECK(text_of(minutes{INT64_MAX}) == "553402322211286548420.0");
  CHECK(text_of(duration<std::int64_t, std::ratio<3600>>{INT64_MIN}) ==
        "-33204139332677192908800.0");
  CHECK(text_of(ages{INT64_MAX}) == "9223372036854775807000000000000000000.0");
  for (std::int64_t const count :
       {INT64_MAX, INT64_MAX - 1, INT64_MIN, INT64_MIN + 1, INT64_MAX / 10 * 10, INT64_MAX / 59}) {
    CHECK(survives(duration<std::int64_t, std::ratio<60>>{count}));
    CHECK(survives(duration<std::int64_t, std::ratio<3600>>{count}));
    CHECK(survives(years{count}));
    CHECK(survives(ages{count}));
  }
  CHECK(survives(duration<std::uint64_t, std::ratio<60>>::max()));
  CHECK(parsed<years>("31556952e1") == years{10});
  CHECK_FALSE(parsed<years>("31556952e19"));
  CHECK_FALSE(parsed<years>("31556953"));
  CHECK_FALSE(parsed<years>("315569520.5"));
  using minutes_64 = duration<std::int64_t, std::ratio<60>>;
  CHECK_FALSE(parsed<minutes_64>("553402322211286548480"));
  CHECK_FALSE(parsed<minutes_64>("553402322211286548421"));
}

TEST_CASE("floating-point durations take any number of digits, and round once") {
  using double_seconds = duration<double>;
  using double_millis = duration<double, std::milli>;
  CHECK(parsed<double_seconds>("0.12345678901234567890123") == double_seconds{0.12345678901234568});
  CHECK(parsed<double_seconds>("12345678901234567890123.5e-20") ==
        double_seconds{123.45678901234568});
  CHECK(parsed<double_millis>("0.00012345678901234567890123") ==
        double_millis{0.12345678901234568});
  CHECK(parsed<double_millis>("-12345678901234567890123e-25") ==
        double_millis{-1.2345678901234568});
  // Half way between two floats, and just above.
  CHECK(parsed<double_millis>("9007199254740.9930000000000") == double_millis{9007199254740992.0});
  CHECK(parsed<double_millis>("9007199254740.9930000000001") == double_millis{9007199254740994.0});
  for (auto const* tiny : {"1e-400", "-1e-400", "123456789012345678901234567890e-500"}) {
    CHECK(parsed<double_seconds>(tiny) == double_seconds{0});
    CHECK(parsed<double_millis>(tiny) == double_millis{0});
  }
  CHECK(std::signbit(parsed<double_seconds>("-1e-400")->count()));
  CHECK(parsed<double_seconds>("0." + std::string(997, '3') + "3") == double_seconds{1.0 / 3});
  CHECK(parsed<double_seconds>("0." + std::string(5000, '3')) == double_seconds{1.0 / 3});
  CHECK(parsed<double_millis>("-" + std::string(5000, '3') + "." + std::string(5000, '3') +
                              "e-5003") == double_millis{-1.0 / 3});
  CHECK_FALSE(parsed<double_seconds>(std::string(5000, '3')));
  CHECK(parsed<duration<float>>("1e-60") == duration<float>{0});
  for (auto const* huge : {"1e309", "-1e309", "123456789012345678901234567890e400", "1e99999999999",
                           "inf", "nan", "12345678901234567890123x", "1234567890123456789012.e",
                           "12345678901234567890123.", ".12345678901234567890123"}) {
    CHECK_FALSE(parsed<double_seconds>(huge));
    CHECK_FALSE(parsed<double_millis>(huge));
  }
}

TEST_CASE("a digit behind thousands of others decides between two doubles") {
  std::string const middle = "0." + std::string(3000, '0') + "9007199254740993";
  std::string const zeros(5000, '0');
  CHECK(parsed<duration<double>>(middle + zeros + "e3016") == duration<double>{9007199254740992.0});
  CHECK(parsed<duration<double>>(middle + zeros + "1e3016") ==
        duration<double>{9007199254740994.0});
  CHECK(parsed<duration<double>>("9007199254740993" + zeros + "1e-5001") ==
        duration<double>{9007199254740994.0});
  CHECK(parsed<duration<float>>("-16777217" + zeros + "1.0e-5001") ==
        duration<float>{-16777218.0F});
}

TEST_CASE("seconds as a double are rounded once") {
  CHECK(to_seconds(milliseconds{1500}) == 1.5);
  CHECK(to_seconds(nanoseconds{100'000'000}) == 0.1);
  CHECK(to_seconds(nanoseconds::max()) == 9223372036.854775807);
  CHECK(to_seconds(duration<float, std::milli>{1.0F}) == 0.001);
  CHECK(to_seconds(duration<std::int64_t, std::ratio<60>>::max()) == 553402322211286548420.0);
  CHECK(to_seconds(steady_clock::time_point{seconds{3}}) == 3);
  CHECK(to_seconds(duration<double>{-std::numeric_limits<double>::infinity()}) < -1e308);
}

TEST_CASE("an exponent counts against any number of zeros") {
  std::string const zeros(99'999, '0');
  CHECK_FALSE(parsed<seconds>("0." + zeros + "1e1000000"));
  CHECK(parsed<seconds>("0." + zeros + "1e100000") == seconds{1});
  CHECK(parsed<duration<double>>("0." + zeros + "1e100000") == duration<double>{1});
  CHECK_FALSE(parsed<seconds>("1" + zeros + "e-1000000"));
  CHECK(parsed<seconds>("1" + zeros + "e-99999") == seconds{1});
  CHECK_FALSE(parsed<seconds>("1e99999999999999999999999"));
  CHECK(parsed<seconds>("0e-99999999999999999999999") == seconds{0});
}

}  // namespace
