// SPDX-License-Identifier: MIT
#include "trainlog/record/compare.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <compare>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "catch.hpp"
#include "record/whole.hpp"
#include "trainlog/record/frozen.hpp"
#include "trainlog/record/namedtuple.hpp"

namespace compare_test {

using namespace whole_test;

struct Float {
  double x = 0;
  TRAINLOG_RECORD(Float, x)
};

struct Floats {
  float one = 0;
  std::vector<double> list;
  std::optional<double> maybe;
  std::map<std::string, float> map;
  std::array<Float, 1> nested{};
  std::chrono::duration<double> took{};
  TRAINLOG_RECORD(Floats, one, list, maybe, map, nested, took)
};

template <class T>
using order_of = decltype(std::declval<T const&>() <=> std::declval<T const&>());
static_assert(std::is_same_v<order_of<Whole>, std::strong_ordering>);
static_assert(std::is_same_v<order_of<Float>, std::partial_ordering>);
static_assert(std::is_same_v<order_of<Floats>, std::partial_ordering>);
static_assert(std::is_same_v<order_of<trainlog::frozen<Whole>>, std::strong_ordering>);
static_assert(std::equality_comparable<Whole> && std::totally_ordered<Whole>);

template <class A, class B>
constexpr bool comparable = requires(A const& a, B const& b) { a == b; };
static_assert(!comparable<Whole, Float> && !comparable<Float, Floats>);

static_assert(Float{1} == Float{1} && Float{1} < Float{2} && Float{2} >= Float{2});
static_assert(trainlog::identical(Float{0.5}, Float{0.5}));
static_assert(!trainlog::identical(Float{0.0}, Float{-0.0}));

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

}  // namespace compare_test

namespace {

using namespace compare_test;
using trainlog::identical;

TEST_CASE("every field takes part in ==, <=> and identical") {
  Whole const zero;
  CHECK(zero == Whole{});
  CHECK((zero <=> Whole{}) == std::strong_ordering::equal);
  for (Whole const& other : greater_in_one_field()) {
    CHECK(zero != other);
    CHECK(zero < other);
    CHECK(other > zero);
    CHECK(other <= other);
    CHECK_FALSE(identical(zero, other));
    CHECK(identical(other, Whole(other)));
  }
}

TEST_CASE("the order is lexicographic, field by field and element by element") {
  auto all = greater_in_one_field();
  std::sort(all.begin(), all.end());
  CHECK(all.front().bits.size() == 1);
  CHECK(all.back().a == 1);
  Whole a;
  Whole b;
  a.list = {1, 2, 3};
  b.list = {1, 3};
  CHECK(a < b);
  b.list = {1, 2};
  CHECK(b < a);
  a = b = {};
  a.map = {{"a", 5}};
  b.map = {{"b", 0}};
  CHECK(a < b);
  b.map = {{"a", 4}};
  CHECK(b < a);
  b.map = {{"a", 5}, {"b", 0}};
  CHECK(a < b);
}

TEST_CASE("NaN is equal to nothing, and identical to itself") {
  Floats plain;
  for (int i = 0; i < 6; ++i) {
    Floats log;
    if (i == 0) log.one = static_cast<float>(not_a_number);
    if (i == 1) log.list = {not_a_number};
    if (i == 2) log.maybe = not_a_number;
    if (i == 3) log.map["a"] = static_cast<float>(not_a_number);
    if (i == 4) log.nested[0].x = not_a_number;
    if (i == 5) log.took = std::chrono::duration<double>(not_a_number);
    CHECK(log != log);
    CHECK((log <=> log) == std::partial_ordering::unordered);
    CHECK_FALSE(log < log);
    CHECK(identical(log, log));
    CHECK_FALSE(identical(log, plain));
  }
  CHECK_FALSE(identical(Float{not_a_number}, Float{-not_a_number}));
}

TEST_CASE("minus zero equals zero, and is not identical") {
  Float const plus{0.0};
  Float const minus{-0.0};
  CHECK(plus == minus);
  CHECK((plus <=> minus) == std::partial_ordering::equivalent);
  CHECK_FALSE(identical(plus, minus));
}

TEST_CASE("identical tells lengths, keys and emptiness apart") {
  Floats a;
  Floats b;
  a.list = {1, 2};
  b.list = {1};
  CHECK_FALSE(identical(a, b));
  a = b = {};
  a.map = {{"a", 1.0F}};
  b.map = {{"b", 1.0F}};
  CHECK_FALSE(identical(a, b));
  a = b = {};
  a.maybe = 0;
  CHECK_FALSE(identical(a, b));
  CHECK((a <=> b) == std::partial_ordering::greater);
}

}  // namespace
