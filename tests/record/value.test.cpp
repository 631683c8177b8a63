// SPDX-License-Identifier: MIT
#include "trainlog/record/value.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

#include "catch.hpp"

namespace {

using trainlog::dict;
using trainlog::value;
using trainlog::value_list;

constexpr double two_53 = 9007199254740992.0;
constexpr double two_63 = 9223372036854775808.0;
constexpr double two_64 = 18446744073709551616.0;
constexpr auto int64_max = std::numeric_limits<std::int64_t>::max();
constexpr auto int64_min = std::numeric_limits<std::int64_t>::min();
constexpr auto uint64_max = std::numeric_limits<std::uint64_t>::max();
constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

template <class T>
constexpr bool holds(value const& v) {
  return std::holds_alternative<T>(v.data());
}

static_assert(std::is_convertible_v<int, value> && std::is_convertible_v<char const*, value>);
static_assert(std::is_convertible_v<std::string_view, value>);
static_assert(!std::is_constructible_v<value, int*> && !std::is_constructible_v<value, void*>);
static_assert(!std::is_constructible_v<value, long double>, "would be rounded in silence");
static_assert(!std::is_constructible_v<value, char>, "may be meant as text or as a number");
static_assert(std::is_convertible_v<std::nullptr_t, value>);
template <class T>
constexpr bool can_be_asked_for = requires(value const& v) { v.as<T>(); };
static_assert(can_be_asked_for<int> && can_be_asked_for<std::string> && can_be_asked_for<dict>);
static_assert(!can_be_asked_for<long double> && !can_be_asked_for<char const*>);
static_assert(std::is_nothrow_move_constructible_v<value> && sizeof(dict) == sizeof(value_list));

TEST_CASE("a value keeps what it was made of") {
  CHECK(value().is_null());
  value null = nullptr;
  CHECK(null.is_null());
  CHECK(null == nullptr);
  null = 1;
  null = nullptr;
  CHECK(null.is_null());
  CHECK(holds<bool>(true));
  CHECK(holds<std::int64_t>(std::int8_t{1}));
  CHECK(holds<std::monostate>(nullptr));
  CHECK(holds<std::uint64_t>(std::uint8_t{1}));
  CHECK(holds<float>(1.0F));
  CHECK(holds<double>(1.0));
  CHECK(holds<std::string>("x"));
  CHECK(holds<std::string>(std::string("x")));
  CHECK(holds<std::string>(std::string_view("x")));
  CHECK(holds<value_list>(value_list{1, "a"}));
  CHECK(holds<dict>(dict{{"a", 1}}));
  value original = "x";
  value const copy = original;
  CHECK(copy == original);
}

TEST_CASE("numbers are equal by what they count") {
  CHECK(value(1) == value(1U));
  CHECK(value(1) == value(1.0));
  CHECK(value(1) == value(1.0F));
  CHECK(value(0.5) == value(0.5F));
  CHECK(value(-0.0) == value(0));
  CHECK(value(0.1) != value(0.1F));
  CHECK(value(1) != value(1.5));
  CHECK(value(-1) != value(-1.5));
  CHECK(value(-1) != value(uint64_max));
  CHECK(value(not_a_number) != value(not_a_number));
  CHECK(value(not_a_number) != value(0));
  CHECK(value(inf) != value(int64_max));
  CHECK(value(true) != value(1));
}

TEST_CASE("numbers are compared exactly at the edges of their types") {
  auto const two_53_int = std::int64_t{1} << 53;
  CHECK(value(two_53_int) == value(two_53));
  CHECK(value(two_53_int + 1) != value(two_53));
  CHECK(value(two_53) != value(two_53_int + 1));
  CHECK(value(int64_max) != value(two_63));
  CHECK(value(int64_max - 1023) != value(two_63));
  CHECK(value(int64_max - 1023) == value(two_63 - 1024));
  CHECK(value(int64_min) == value(-two_63));
  CHECK(value(int64_min) != value(-two_63 - 2048));
  CHECK(value(std::uint64_t{1} << 63) == value(two_63));
  CHECK(value(uint64_max) != value(two_64));
  CHECK(value(uint64_max - 2047) == value(two_64 - 2048));
  CHECK(value(static_cast<float>(two_63)) == value(std::uint64_t{1} << 63));
}

TEST_CASE("kinds that differ are not equal") {
  value const all[] = {{}, true, 1, 2.5, "1", value_list{1}, dict{{"1", 1}}};
  for (auto const& a : all) {
    for (auto const& b : all) CHECK((a == b) == (&a == &b));
  }
  CHECK(value("x") == "x");
  CHECK("x" == value(std::string("x")));
  CHECK(value(value_list{1, 2}) == value_list{1.0, 2U});
}

TEST_CASE("as converts to every number type that has the value") {
  CHECK(value(255).as<std::uint8_t>() == 255);
  CHECK(value(255.0).as<std::uint8_t>() == 255);
  CHECK(value(-128.0F).as<std::int8_t>() == -128);
  CHECK(value(3).as<double>() == 3.0);
  CHECK(value(0.1).as<float>() == 0.1F);
  CHECK(value(-two_63).as<std::int64_t>() == int64_min);
  CHECK(value(two_64 - 2048).as<std::uint64_t>() == uint64_max - 2047);
  CHECK(static_cast<int>(value(7U)) == 7);
  CHECK(static_cast<std::string>(value("x")) == "x");
  CHECK(value(true).as<bool>());

  CHECK_THROWS_AS(value(256).as<std::uint8_t>(), trainlog::error);
  CHECK_THROWS_AS(value(-1).as<std::uint8_t>(), trainlog::error);
  CHECK_THROWS_AS(value(1.5).as<int>(), trainlog::error);
  CHECK_THROWS_AS(value(not_a_number).as<int>(), trainlog::error);
  CHECK_THROWS_AS(value(inf).as<std::uint64_t>(), trainlog::error);
  CHECK_THROWS_AS(value(two_63).as<std::int64_t>(), trainlog::error);
  CHECK_THROWS_AS(value(two_64).as<std::uint64_t>(), trainlog::error);
  CHECK_THROWS_AS(value(uint64_max).as<std::int64_t>(), trainlog::error);
  constexpr double largest = std::numeric_limits<float>::max();
  CHECK(value(16777217).as<float>() == 16777216.0F);
  CHECK(value(uint64_max).as<float>() == static_cast<float>(two_64));
  CHECK(value(3.4028235e38).as<float>() == largest);
  CHECK(value(-inf).as<float>() == -inf);
  CHECK(std::isnan(value(not_a_number).as<float>()));
  CHECK(value(1e300).as<double>() == 1e300);
  CHECK_THROWS_WITH(value(1e300).as<float>(),
                    "trainlog: the value does not fit into the type asked for");
  CHECK_THROWS_AS(value(-3.4028236e38).as<float>(), trainlog::error);

  CHECK_THROWS_WITH(value("1").as<int>(), "trainlog: the value is not a number");
  CHECK_THROWS_WITH(value(true).as<double>(), "trainlog: the value is not a number");
  CHECK_THROWS_WITH(value(1).as<std::string>(), "trainlog: the value is not a string");
  CHECK_THROWS_WITH(value(1).as<bool>(), "trainlog: the value is not a bool");
  CHECK_THROWS_WITH(value(1).as<value_list>(), "trainlog: the value is not a list");
  CHECK_THROWS_WITH(value().as<dict>(), "trainlog: the value is not a dict");
}

TEST_CASE("members and elements are reached by name and index") {
  value const nested = dict{{"a", value_list{1, dict{{"b", 2}}}}};
  CHECK(nested["a"][1]["b"] == 2);
  CHECK_THROWS_AS(nested["b"], trainlog::error);
  CHECK_THROWS_AS(nested["a"][2], trainlog::error);
  CHECK_THROWS_AS(nested[0], trainlog::error);
}

}  // namespace
