// SPDX-License-Identifier: MIT
#include "trainlog/record/make.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <list>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

#include "catch.hpp"
#include "trainlog/record/frozen.hpp"
#include "trainlog/record/namedtuple.hpp"

namespace make_test {

struct Log {
  int epoch = 0;
  double loss = 0.5;
  std::uint8_t code = 1;
  std::optional<std::int8_t> small;
  std::string name = "none";
  bool done = false;
  float rate = 0;
  std::vector<double> curve;
  TRAINLOG_RECORD(Log, epoch, loss, code, small, name, done, rate, curve)
};

TRAINLOG_NAMEDTUPLE(Entry, (int, epoch), (double, loss), (double, rate, 0.001))

struct Mixed {
  std::string name;
  bool done = false;
  std::optional<std::int8_t> small;
  TRAINLOG_RECORD(Mixed, name, done, small)
};

struct Point {
  int x = 1;
  int y = 2;
  TRAINLOG_RECORD(Point, x, y)
};

class Square {
  int side_ = 1;
  int area_ = 0;

  constexpr void post_init() { area_ = side_ * side_; }
  constexpr void validate() const {
    if (side_ < 0) throw trainlog::validation_error("a square's side is negative");
  }
  TRAINLOG_RECORD(Square, side_, area_)
};

struct Public {
  int a = 1;
  int b = 0;
  void post_init() { b = 2 * a; }
  TRAINLOG_RECORD(Public, a, b)
};

using namespace trainlog::literals;
using trainlog::make;
using trainlog::replace;

static_assert(make<Point>("y"_field = 5) == Point{1, 5});
static_assert(replace(Point{3, 4}, "x"_field = 7u, "y"_field = std::int64_t{8}) == Point{7, 8});
static_assert(make<Entry>("loss"_field = 2, "epoch"_field = 1) == Entry{1, 2.0});
static_assert(trainlog::astuple(make<Square>("side_"_field = 4)) == std::tuple{4, 16});
static_assert(trainlog::make_from_tuple<Point>(std::tuple{4L, 5U}) == Point{4, 5});
static_assert(trainlog::make_from_range<Point>(std::array{6, 7}) == Point{6, 7});

// A const record type names the same record.
static_assert(std::is_same_v<decltype(trainlog::make<Log const>()), Log>);

}  // namespace make_test

namespace {

using namespace make_test;
using Catch::Matchers::Contains;

TEST_CASE("make takes fields by name, in any order, and defaults for the others") {
  Log const log = make<Log>("name"_field = "x", "loss"_field = 0.25F, "epoch"_field = 3);
  CHECK(log.epoch == 3);
  CHECK(log.loss == 0.25);
  CHECK(log.name == "x");
  CHECK(log.code == 1);
  CHECK(make<Log>() == Log{});
}

TEST_CASE("make moves what is moved in, and copies the rest") {
  std::vector<double> curve{1, 2, 3};
  auto const* data = curve.data();
  CHECK(make<Log>("curve"_field = curve).curve == curve);
  CHECK(make<Log>("curve"_field = std::move(curve)).curve.data() == data);
}

TEST_CASE("replace leaves the original as it was") {
  Entry const entry{1, 0.5};
  CHECK(replace(entry, "loss"_field = 0.4) == Entry{1, 0.4});
  CHECK(replace(entry) == entry);
  CHECK(entry.loss() == 0.5);
  Log log;
  CHECK(replace(log, "done"_field = true).done);
  CHECK_FALSE(log.done);
}

TEST_CASE("numbers must fit") {
  CHECK(make<Log>("code"_field = 255).code == 255);
  CHECK_THROWS_WITH(make<Log>("code"_field = 256),
                    "trainlog: invalid Log: code = 256 does not fit into uint8");
  CHECK_THROWS_WITH(make<Log>("code"_field = -1), Contains("code = -1 does not fit into uint8"));
  CHECK_THROWS_WITH(make<Log>("small"_field = 300), Contains("small = 300 does not fit into int8"));
  CHECK_THROWS_WITH(replace(Point{}, "x"_field = 1, "y"_field = 1LL << 31),
                    "trainlog: invalid Point: y = 2147483648 does not fit into int32");
  CHECK_THROWS_WITH((trainlog::make_from_tuple<Point>(std::tuple{1, 1LL << 31})),
                    Contains("invalid Point: y = 2147483648 does not"));
  CHECK_THROWS_WITH(trainlog::make_from_range<Point>(std::array{1LL, 1LL << 31}),
                    Contains("invalid Point: y = 2147483648 does not"));
  CHECK_THROWS_WITH(make<trainlog::frozen<Public>>("b"_field = 1LL << 31),
                    Contains("invalid Public: b = 2147483648 does not"));
  CHECK_THROWS_AS(make<Log>("epoch"_field = 1LL << 31), trainlog::validation_error);
  CHECK_THROWS_AS(make<Log>("epoch"_field = ~std::uint64_t{0}), trainlog::validation_error);
  CHECK(make<Log>("epoch"_field = true).epoch == 1);
  CHECK(make<Log>("rate"_field = 1).rate == 1.0F);
}

TEST_CASE("an optional field takes a value, nothing, or a number that fits") {
  CHECK(make<Log>("small"_field = -128).small == std::int8_t{-128});
  CHECK(replace(make<Log>("small"_field = 1), "small"_field = std::nullopt).small == std::nullopt);
  CHECK_THROWS_AS(make<Log>("small"_field = 128), trainlog::validation_error);
}

TEST_CASE("post_init and validate run, public or private") {
  CHECK(make<Public>("a"_field = 4).b == 8);
  CHECK(replace(Public{}, "a"_field = 5).b == 10);
  CHECK_THROWS_WITH(make<Square>("side_"_field = -1), "a square's side is negative");
  CHECK_THROWS_AS(replace(Square{}, "side_"_field = -1), trainlog::validation_error);
  CHECK_THROWS_AS((trainlog::make_from_tuple<Square>(std::tuple{-1, 1})),
                  trainlog::validation_error);
  CHECK_THROWS_AS((trainlog::make_from_range<Square>(std::array{-1, 1})),
                  trainlog::validation_error);
}

TEST_CASE("frozen records are made and replaced as well") {
  auto const shared = make<trainlog::frozen<Public>>("a"_field = 3);
  CHECK(shared->b == 6);
  CHECK(replace(shared, "a"_field = 1)->b == 2);
}

TEST_CASE("a tuple or a range has one value a field") {
  CHECK(trainlog::make_from_tuple<Entry>(std::tuple{1, 2, 3.5F}) == Entry{1, 2.0, 3.5});
  CHECK(trainlog::make_from_tuple<Entry>(trainlog::astuple(Entry{1, 2.0})) == Entry{1, 2.0});
  CHECK(trainlog::make_from_range<Entry>(std::vector<int>{1, 2, 3}) == Entry{1, 2.0, 3.0});
  CHECK(trainlog::make_from_range<Point>(std::list<long>{1, 2}) == Point{1, 2});
  CHECK_THROWS_WITH(trainlog::make_from_range<Point>(std::vector<int>{1}),
                    "trainlog: Point has 2 fields, the range has 1 values");
  CHECK_THROWS_WITH(trainlog::make_from_range<Point>(std::vector<int>{1, 2, 3}),
                    Contains("the range has more values"));
}

TEST_CASE("a const record type is made like the record itself") {
  CHECK(make<Log const>("epoch"_field = 3).epoch == 3);
  CHECK(trainlog::make_from_tuple<Entry const>(std::tuple{1, 2, 3.5F}) == Entry{1, 2.0, 3.5});
  CHECK(trainlog::make_from_range<Entry const>(std::vector<int>{1, 2, 3}) == Entry{1, 2.0, 3.0});
}

TEST_CASE("an integer for a floating-point field is rounded to it") {
  CHECK(make<Log>("loss"_field = (std::int64_t{1} << 53) + 1).loss == 9007199254740992.0);
}

TEST_CASE("a finite number that a floating-point field cannot hold as finite is an error") {
  CHECK(make<Log>("rate"_field = 0.1).rate == 0.1F);
  CHECK(make<Log>("rate"_field = 1e-300).rate == 0.0F);
  CHECK(make<Log>("rate"_field = 3.4028235e38).rate == std::numeric_limits<float>::max());
  CHECK(make<Log>("rate"_field = -HUGE_VAL).rate == -HUGE_VALF);
  CHECK(make<Log>("loss"_field = HUGE_VALL).loss == HUGE_VAL);
  CHECK(make<Log>("loss"_field = 0.5L).loss == 0.5);
  CHECK_THROWS_WITH(make<Log>("rate"_field = 1e300),
                    "trainlog: invalid Log: rate = 1e+300 does not fit into float32");
  CHECK_THROWS_AS(replace(Log{}, "rate"_field = -3.4028236e38), trainlog::validation_error);
  CHECK_THROWS_WITH(make<Log>("rate"_field = trainlog::value(1e300)),
                    "trainlog: invalid Log: rate = 1e+300 does not fit into float32");
  if constexpr (std::numeric_limits<long double>::max_exponent > 1024) {
    CHECK_THROWS_WITH(make<Log>("loss"_field = std::numeric_limits<long double>::max()),
                      "trainlog: invalid Log: loss = a long double does not fit into float64");
  }
}

TEST_CASE("a named value may be kept in a variable, and used twice") {
  auto const name = "name"_field = std::string(100, 'x');
  CHECK(make<Log>(name).name == std::string(100, 'x'));
  CHECK(make<Log>(name).name == std::string(100, 'x'));
  auto curve = "curve"_field = std::vector<double>{1, 2, 3};
  CHECK(make<Log>(curve).curve.size() == 3);
  CHECK(make<Log>(std::move(curve)).curve.size() == 3);
  std::string text = "a";
  auto const by_reference = "name"_field = text;
  text = "b";
  CHECK(make<Log>(by_reference).name == "b");
}

TEST_CASE("a range of values without types gives numbers, bools, texts and optionals") {
  using trainlog::value;
  using values = std::vector<value>;
  CHECK(trainlog::make_from_range<Entry>(values{1, 2, 3.5F}) == Entry{1, 2.0, 3.5});
  CHECK(trainlog::make_from_range<Mixed>(values{"a", true, nullptr}) == Mixed{"a", true, {}});
  CHECK(trainlog::make_from_range<Mixed>(values{"a", false, 3}) == Mixed{"a", false, 3});
  CHECK(make<Mixed>("name"_field = value("b")).name == "b");
  CHECK_THROWS_WITH(trainlog::make_from_range<Mixed>(values{"a", 1, {}}),
                    "trainlog: invalid Mixed: done = 1 does not fit into bool");
  CHECK_THROWS_WITH(trainlog::make_from_range<Mixed>(values{"a", true, 1.5}),
                    "trainlog: invalid Mixed: small = 1.5 does not fit into int8");
}

}  // namespace
