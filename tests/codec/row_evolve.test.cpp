// SPDX-License-Identifier: MIT
#include <trainlog/binary.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "catch.hpp"
#include "codec/one_field.hpp"
#include "record/wide.hpp"

using tlog_test::failure;
using tlog_test::place;
using tlog_test::reread;
using tlog_test::Row;
using trainlog::decode_error;
using trainlog::from_binary;
using trainlog::to_binary;

namespace {

template <class From, class To>
bool is_exact() {
  using from = std::numeric_limits<From>;
  for (From const value : {from::lowest(), from::max(), From{0}, From{1}, from::min()}) {
    if (reread<To>(value) != static_cast<To>(value)) return false;
    if (static_cast<From>(reread<To>(value)) != value) return false;
  }
  return true;
}

template <class From, class... To>
void check_exact() {
  CHECK((is_exact<From, To>() && ...));
}

enum class Old : std::uint8_t { train, test, both = 200 };
TRAINLOG_ENUM(Old, train, test, both)
enum class New : std::int32_t { test = -1, both, train = 7, extra = 9 };
TRAINLOG_ENUM(New, test, both, train, extra)
enum class Less : std::int8_t { train };
TRAINLOG_ENUM(Less, train)

struct InnerOld {
  float x = 0;
  int gone = 0;
  TRAINLOG_RECORD(InnerOld, x, gone)
};
struct InnerNew {
  std::string added = "default";
  double y = 0;
  TRAINLOG_RECORD(InnerNew, added, y)
};
TRAINLOG_META(InnerNew, y, aka("x"))

}  // namespace

TEST_CASE("row_evolve: integers widen exactly, at their ends too") {
  check_exact<std::int8_t, std::int16_t, std::int32_t, std::int64_t, float, double>();
  check_exact<std::int16_t, std::int32_t, std::int64_t, float, double>();
  check_exact<std::int32_t, std::int64_t, double>();
  check_exact<std::uint8_t, std::int16_t, std::uint16_t, std::int32_t, std::uint32_t, std::int64_t,
              std::uint64_t, float, double>();
  check_exact<std::uint16_t, std::int32_t, std::uint32_t, std::int64_t, std::uint64_t, float,
              double>();
  check_exact<std::uint32_t, std::int64_t, std::uint64_t, double>();
  check_exact<float, double>();
}

TEST_CASE("row_evolve: optional, containers and clocks widen with what they hold") {
  CHECK(reread<std::optional<double>>(1.5F) == 1.5);
  CHECK(reread<std::optional<std::optional<double>>>(1.5F) == 1.5);
  CHECK(reread<std::optional<double>>(std::optional<float>()) == std::nullopt);
  CHECK(reread<std::optional<double>>(std::optional<float>(0.5F)) == 0.5);
  using shorts = std::vector<std::int16_t>;
  CHECK(reread<std::vector<std::int64_t>>(shorts{-1, 2}) == std::vector<std::int64_t>{-1, 2});
  CHECK(reread<std::optional<std::vector<double>>>(shorts{-1}) == std::vector<double>{-1});
  CHECK(reread<std::array<double, 2>>(std::array<float, 2>{1, 2}) == std::array<double, 2>{1, 2});
  std::map<std::string, std::int8_t> const map{{"a", 1}, {"b", -1}};
  CHECK(reread<std::map<std::string, int>>(map) == std::map<std::string, int>{{"a", 1}, {"b", -1}});
  using seconds32 = std::chrono::duration<std::int32_t>;
  CHECK(reread<std::chrono::duration<double>>(seconds32(-5)).count() == -5);
  CHECK(reread<std::chrono::sys_seconds>(std::chrono::sys_time<seconds32>(seconds32(9))) ==
        std::chrono::sys_seconds(std::chrono::seconds(9)));
}

TEST_CASE("row_evolve: enumerators are matched by name, whatever their numbers") {
  CHECK(reread<New>(Old::train) == New::train);
  CHECK(reread<New>(Old::test) == New::test);
  CHECK(reread<New>(Old::both) == New::both);
  CHECK(reread<Old>(New::train) == Old::train);
  CHECK(reread<std::vector<New>>(std::vector<Old>{Old::both, Old::train}) ==
        std::vector<New>{New::both, New::train});
  auto const error = failure<Row<Old>>(to_binary(Row<New>{New::extra}));
  CHECK(place(error) == "$.x: one of train, test, both, found 'extra'");
}

TEST_CASE("row_evolve: a value without a name keeps its number, if there is room for it") {
  CHECK(static_cast<int>(reread<New>(Old{77})) == 77);
  CHECK(static_cast<int>(reread<Old>(New{77})) == 77);
  CHECK_THROWS_AS(reread<Old>(New{300}), decode_error);
  CHECK_THROWS_AS(reread<Old>(New{-9}), decode_error);
  CHECK(static_cast<int>(reread<Old>(Old{99})) == 99);
  CHECK(static_cast<int>(reread<Less>(Old{99})) == 99);
  CHECK_THROWS_AS(reread<Less>(Old{128}), decode_error);
}

TEST_CASE("row_evolve: nested records evolve, and what is new takes its default") {
  auto const check = [](InnerNew const& back) {
    CHECK(back.added == "default");
    CHECK(back.y == 2.5);
  };
  InnerOld const old{2.5F, 3};
  check(reread<InnerNew>(old));
  check(reread<std::vector<InnerNew>>(std::vector{old, old})[1]);
  check(*reread<std::optional<InnerNew>>(old));
  check(reread<std::array<InnerNew, 1>>(std::array{old})[0]);
  check(reread<std::map<std::string, InnerNew>>(std::map<std::string, InnerOld>{{"k", old}})["k"]);
}

namespace {

struct Wide {
  int WIDE_512(WIDE_ZERO);
  WIDE_RECORD(Wide, WIDE_512(WIDE_NAME))
};
WIDE_NAMEDTUPLE(WideDouble, (std::string, before, "new"), WIDE_600(WIDE_DOUBLE))

}  // namespace

TEST_CASE("row_evolve: records of hundreds of fields come back, and evolve") {
  Wide wide;
  int next = 0;
  trainlog::for_each_field(wide, [&](std::string_view, int& field) { field = ++next; });
  CHECK(from_binary<Wide>(to_binary(wide)) == wide);
  auto const evolved = from_binary<WideDouble>(to_binary(wide));
  CHECK(evolved.before() == "new");
  CHECK(evolved.f000() == 1);
  CHECK(evolved.f511() == 512);
  CHECK(evolved.f512() == 0);
}
