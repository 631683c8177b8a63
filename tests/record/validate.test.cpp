// SPDX-License-Identifier: MIT
#include "trainlog/record/validate.hpp"

#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "catch.hpp"
#include "trainlog/record/declare.hpp"
#include "trainlog/record/make.hpp"
#include "trainlog/record/namedtuple.hpp"

namespace validate_test {

struct Log {
  double loss = 0;
  double accuracy = 0;
  int epoch = 1;
  std::uint8_t code = 1;
  std::optional<double> maybe;
  std::vector<float> curve;
  std::array<std::int64_t, 2> pair{1, 1};
  std::string note;
  TRAINLOG_RECORD(Log, loss, accuracy, epoch, code, maybe, curve, pair, note)
};
TRAINLOG_META(Log, loss, finite())
TRAINLOG_META(Log, accuracy, ge(0), le(1))
TRAINLOG_META(Log, epoch, ge(1))
TRAINLOG_META(Log, code, le(200))
TRAINLOG_META(Log, maybe, ge(0), finite())
TRAINLOG_META(Log, curve, finite(), le(10))
TRAINLOG_META(Log, pair, ge(1))

struct Own {
  int low = 0;
  int high = 1;
  constexpr void validate() const {
    if (high < low) throw trainlog::validation_error("high < low");
  }
  TRAINLOG_RECORD(Own, low, high)
};
TRAINLOG_META(Own, low, ge(-5))

struct Wide {
  std::int64_t most = 0;
  std::uint64_t half = 0;
  TRAINLOG_RECORD(Wide, most, half)
};
TRAINLOG_META(Wide, most, ge(-2.5), le(9007199254740992.0))
TRAINLOG_META(Wide, half, le(2.5))

struct Named {
  int validate = 1;
  int post_init = 2;
  TRAINLOG_RECORD(Named, validate, post_init)
};

TRAINLOG_NAMEDTUPLE(Entry, (double, loss))
TRAINLOG_META(Entry, loss, ge(0))

using duration_of_floats = std::chrono::duration<float>;
struct Floats {
  float low = 1;
  float high = 0;
  duration_of_floats time{};
  float large = 0;
  TRAINLOG_RECORD(Floats, low, high, time, large)
};
TRAINLOG_META(Floats, low, ge(0.7))
TRAINLOG_META(Floats, high, le(0.7))
TRAINLOG_META(Floats, time, le(0.7))
TRAINLOG_META(Floats, large, le(1e300))

struct Unbounded {
  double x = 0;
  TRAINLOG_RECORD(Unbounded, x)
};
static_assert((trainlog::validate(Unbounded{}), true));
static_assert(!trainlog::detail::any_bounds<Unbounded>());

struct Held {
  std::map<std::string, double> scores;
  std::chrono::milliseconds wait{};
  std::optional<std::chrono::duration<double>> limit;
  TRAINLOG_RECORD(Held, scores, wait, limit)
};
TRAINLOG_META(Held, scores, ge(0), finite())
TRAINLOG_META(Held, wait, le(1.5))
TRAINLOG_META(Held, limit, finite())

struct Outer {
  Entry one{0.0};
  std::optional<Entry> maybe;
  std::vector<Entry> some;
  std::array<Entry, 2> two{Entry{0.0}, Entry{0.0}};
  std::map<std::string, Entry> named;
  TRAINLOG_RECORD(Outer, one, maybe, some, two, named)
};

struct Outermost {
  Outer outer;
  Own own;
  TRAINLOG_RECORD(Outermost, outer, own)
};

struct Node {
  int id = 0;
  std::vector<Node> children;
  TRAINLOG_RECORD(Node, id, children)
};
TRAINLOG_META(Node, id, ge(0))

// A bound needs a number: validating these is a compile error.
template <class Field>
struct Bounded {
  Field field{};
  TRAINLOG_RECORD(Bounded, field)
  TRAINLOG_META(Bounded, field, finite())
};
template <class Field>
constexpr bool may_be_bounded = trainlog::detail::bounds_have_numbers<Bounded<Field>>(
    trainlog::detail::field_types<Bounded<Field>>{});
static_assert(may_be_bounded<std::map<std::string, std::vector<float>>>);
static_assert(may_be_bounded<std::chrono::seconds>);
static_assert(!may_be_bounded<std::string> && !may_be_bounded<bool>);
static_assert(!may_be_bounded<std::vector<bool>> && !may_be_bounded<Unbounded>);
static_assert(!may_be_bounded<std::chrono::system_clock::time_point>);

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double inf = std::numeric_limits<double>::infinity();

template <class T>
std::string issues_of(T const& record) {
  try {
    trainlog::validate(record);
    return "none";
  } catch (trainlog::validation_error const& error) {
    return error.what();
  }
}

}  // namespace validate_test

namespace {

using namespace validate_test;

TEST_CASE("values within the bounds, and on them, are valid") {
  CHECK(issues_of(Log{}) == "none");
  Log log;
  log.accuracy = 1;
  log.code = 200;
  log.maybe = 0;
  log.curve = {10};
  CHECK(issues_of(log) == "none");
}

TEST_CASE("a float is compared with the bound as a float") {
  CHECK(issues_of(Floats{0.7F, 0.7F, duration_of_floats{0.7F}}) == "none");
  float const below = std::nextafter(0.7F, 0.0F);
  float const above = std::nextafter(0.7F, 1.0F);
  CHECK(issues_of(Floats{below, above, duration_of_floats{above}}) ==
        "trainlog: invalid Floats: low = 0.6999999 is less than 0.7; "
        "high = 0.70000005 is greater than 0.7; time = 0.70000005s is greater than 0.7");
  CHECK(issues_of(Floats{.large = std::numeric_limits<float>::max()}) == "none");
  CHECK(issues_of(Floats{.large = std::numeric_limits<float>::infinity()}) ==
        "trainlog: invalid Floats: large = inf is greater than 1e+300");
}

TEST_CASE("of very many issues the first are listed, and the others counted") {
  Log log;
  log.curve.assign(20, 11);
  std::string const twenty = issues_of(log);
  CHECK(twenty.ends_with("; curve = 11.0 is greater than 10.0"));
  log.curve.assign(100'000, 11);
  log.pair[0] = 0;
  CHECK(issues_of(log) == twenty + "; and 99981 more");
  Outer outer;
  outer.some.assign(25, Entry{-1.0});
  CHECK(issues_of(outer).ends_with("; and 5 more"));
}

TEST_CASE("all issues are listed") {
  Log log;
  log.loss = inf;
  log.accuracy = 1.5;
  log.epoch = 0;
  log.code = 201;
  log.maybe = -0.5;
  log.curve = {1, 11};
  log.pair = {0, 1};
  CHECK(issues_of(log) ==
        "trainlog: invalid Log: loss = inf is not finite; accuracy = 1.5 is greater than 1.0; "
        "epoch = 0 is less than 1.0; code = 201 is greater than 200.0; "
        "maybe = -0.5 is less than 0.0; curve = 11.0 is greater than 10.0; "
        "pair = 0 is less than 1.0");
}

TEST_CASE("NaN is invalid where values must be finite, and neither below nor above a bound") {
  Log log;
  log.accuracy = not_a_number;
  CHECK(issues_of(log) == "none");
  log.loss = not_a_number;
  log.maybe = -inf;
  CHECK(issues_of(log) ==
        "trainlog: invalid Log: loss = nan is not finite; maybe = -inf is not finite; "
        "maybe = -inf is less than 0.0");
}

TEST_CASE("the record's own validate comes after the bounds") {
  CHECK(issues_of(Own{2, 1}) == "high < low");
  CHECK(issues_of(Own{-6, -7}) == "trainlog: invalid Own: low = -6 is less than -5.0");
}

TEST_CASE("named tuples have bounds as well") {
  CHECK(issues_of(Entry{1.0}) == "none");
  CHECK(issues_of(Entry{-1.0}) == "trainlog: invalid Entry: loss = -1.0 is less than 0.0");
}

TEST_CASE("bounds hold for the values of a map, and for durations in seconds") {
  CHECK(issues_of(Held{{{"a", 0.0}}, std::chrono::milliseconds{1500}, {}}) == "none");
  Held held{{{"a", 1.0}, {"b", -1.0}, {"c", not_a_number}}, std::chrono::milliseconds{1501}, {}};
  held.limit.emplace(inf);
  CHECK(issues_of(held) ==
        "trainlog: invalid Held: scores = -1.0 is less than 0.0; scores = nan is not finite; "
        "wait = 1.501s is greater than 1.5; limit = infs is not finite");
}

TEST_CASE("records in fields are validated, and named by their path") {
  Outermost all;
  CHECK(issues_of(all) == "none");
  Entry const bad{-1.0};
  all.outer = Outer{bad, bad, {Entry{1.0}, bad}, {Entry{1.0}, bad}, {{"a", bad}}};
  CHECK(issues_of(all) ==
        "trainlog: invalid Outermost: outer.one.loss = -1.0 is less than 0.0; "
        "outer.maybe.loss = -1.0 is less than 0.0; outer.some.loss = -1.0 is less than 0.0; "
        "outer.two.loss = -1.0 is less than 0.0; outer.named.loss = -1.0 is less than 0.0");
  CHECK(issues_of(Outermost{Outer{}, Own{2, 1}}) == "high < low");
  CHECK(issues_of(Node{1, {Node{2, {Node{-3, {}}}}}}) ==
        "trainlog: invalid Node: children.children.id = -3 is less than 0.0");
}

TEST_CASE("integers are compared with bounds exactly") {
  constexpr auto two_53 = std::int64_t{1} << 53;
  CHECK(issues_of(Wide{two_53, 0}) == "none");
  CHECK(issues_of(Wide{two_53 + 1, 0}) ==
        "trainlog: invalid Wide: most = 9007199254740993 is greater than 9007199254740992.0");
  CHECK(issues_of(Wide{0, ~std::uint64_t{0}}) ==
        "trainlog: invalid Wide: half = 18446744073709551615 is greater than 2.5");
  CHECK(issues_of(Wide{0, 2}) == "none");
  CHECK(issues_of(Wide{0, 3}) == "trainlog: invalid Wide: half = 3 is greater than 2.5");
  CHECK(issues_of(Wide{-3, 2}) == "trainlog: invalid Wide: most = -3 is less than -2.5");
  CHECK(issues_of(Wide{-2, 2}) == "none");
  using trainlog::detail::order_bound;
  STATIC_REQUIRE(order_bound(std::numeric_limits<std::int64_t>::max(), 0x1p63) == -1);
  STATIC_REQUIRE(order_bound(std::numeric_limits<std::int64_t>::min(), -0x1p63) == 0);
  STATIC_REQUIRE(order_bound(std::uint8_t{0}, -0.5) == 1);
  STATIC_REQUIRE(order_bound(std::uint8_t{255}, 255.5) == -1);
  STATIC_REQUIRE(order_bound(1, inf) == -1);
  STATIC_REQUIRE(order_bound(1, -inf) == 1);
  STATIC_REQUIRE(order_bound(1, not_a_number) == 0);
}

TEST_CASE("members named validate and post_init that are no functions are fields like others") {
  CHECK(issues_of(Named{}) == "none");
  CHECK(trainlog::repr(trainlog::make<Named>()) == "Named(validate=1, post_init=2)");
}

}  // namespace
