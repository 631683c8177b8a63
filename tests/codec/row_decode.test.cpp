// SPDX-License-Identifier: MIT
#include <trainlog/binary.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "catch.hpp"
#include "codec/records.hpp"
#include "codec/tlog_parts.hpp"
#include "record/wide.hpp"

using tlog_test::bytes;
using tlog_test::le;
using tlog_test::str;
using tlog_test::varint;
using trainlog::decode_error;
using trainlog::from_binary;
using trainlog::identical;
using trainlog::to_binary;

namespace {

template <class Field>
struct Row {
  Field x{};
  TRAINLOG_RECORD(Row, x)
};

/// The value, written in a field of one type and read in a field of another.
template <class To, class From>
To reread(From const& value) {
  return from_binary<Row<To>>(to_binary(Row<From>{value})).x;
}

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

template <class T>
decode_error failure(std::string const& file) {
  try {
    from_binary<T>(file);
  } catch (decode_error const& error) {
    return error;
  }
  FAIL("no error");
  throw;
}

std::string place(decode_error const& error) {
  return error.path() + ": " + error.expected() + ", found " + error.found();
}

enum class Old : std::uint8_t { train, test, both = 200 };
TRAINLOG_ENUM(Old, train, test, both)
enum class New : std::int32_t { test = -1, both, train = 7, extra = 9 };
TRAINLOG_ENUM(New, test, both, train, extra)
enum class Less : std::int8_t { train };
TRAINLOG_ENUM(Less, train)
enum Loose { loose_a = 1, loose_b = 4 };  // holds 0 to 7
TRAINLOG_ENUM(Loose, loose_a, loose_b)
enum LooseSigned { below = -3, above = 1 };  // holds -4 to 3
TRAINLOG_ENUM(LooseSigned, below, above)
enum class Switch : bool { off, on };
TRAINLOG_ENUM(Switch, off, on)

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

struct Checked {
  std::int32_t n = 0;
  std::int32_t twice = 0;
  void post_init() { twice = 2 * n; }
  void validate() const {
    if (n < 0) throw trainlog::validation_error("negative");
  }
  TRAINLOG_RECORD(Checked, n, twice)
};
TRAINLOG_META(Checked, twice, serialize(false))

struct Most {
  std::int32_t first = 0;
  text_test::Everything skipped;
  std::array<double, 0> none{};
  std::int32_t last = 0;
  TRAINLOG_RECORD(Most, first, skipped, none, last)
};
struct Few {
  std::int32_t last = 0;
  std::int32_t first = 0;
  TRAINLOG_RECORD(Few, last, first)
};
struct Narrow {
  std::int16_t n = -1;
  TRAINLOG_RECORD(Narrow, n)
};
struct Other {
  TRAINLOG_RECORD(Other)
};

}  // namespace

TEST_CASE("row_decode: integers widen exactly, at their ends too") {
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

TEST_CASE("row_decode: optional, containers and clocks widen with what they hold") {
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

TEST_CASE("row_decode: enumerators are matched by name, whatever their numbers") {
  CHECK(reread<New>(Old::train) == New::train);
  CHECK(reread<New>(Old::test) == New::test);
  CHECK(reread<New>(Old::both) == New::both);
  CHECK(reread<Old>(New::train) == Old::train);
  CHECK(reread<std::vector<New>>(std::vector<Old>{Old::both, Old::train}) ==
        std::vector<New>{New::both, New::train});
  auto const error = failure<Row<Old>>(to_binary(Row<New>{New::extra}));
  CHECK(place(error) == "$.x: an enumerator of Old, found 'extra'");
}

TEST_CASE("row_decode: a value without a name keeps its number, if there is room for it") {
  CHECK(static_cast<int>(reread<New>(Old{77})) == 77);
  CHECK(static_cast<int>(reread<Old>(New{77})) == 77);
  CHECK_THROWS_AS(reread<Old>(New{300}), decode_error);
  CHECK_THROWS_AS(reread<Old>(New{-9}), decode_error);
  CHECK(static_cast<int>(reread<Old>(Old{99})) == 99);
  CHECK(static_cast<int>(reread<Less>(Old{99})) == 99);
  CHECK_THROWS_AS(reread<Less>(Old{128}), decode_error);
}

TEST_CASE("row_decode: an enumeration never gets a value that it cannot hold") {
  auto const loose = [](int number, int first, int second) {
    std::string const type = bytes({13}) + str("E") + bytes({4}) + varint(2) + str("loose_a") +
                             le(static_cast<std::uint64_t>(first), 8) + str("loose_b") +
                             le(static_cast<std::uint64_t>(second), 8);
    auto const text = "enum<int32>{loose_a=" + std::to_string(first) +
                      ",loose_b=" + std::to_string(second) + "}";
    return tlog_test::one_field(type, text, le(static_cast<std::uint64_t>(number), 4));
  };
  CHECK(from_binary<Row<Loose>>(loose(7, 1, 4)).x == 7);
  CHECK(from_binary<Row<Loose>>(loose(2, 2, 3)).x == loose_a);
  CHECK_THROWS_AS(from_binary<Row<Loose>>(loose(8, 1, 4)), decode_error);
  CHECK_THROWS_AS(from_binary<Row<Loose>>(loose(-1, 1, 4)), decode_error);

  auto file = to_binary(Row<LooseSigned>{below});
  auto parts = tlog_test::parts_of(file);
  for (int number = -6; number < 6; ++number) {
    parts[1].payload.replace(16, 4, le(static_cast<std::uint64_t>(number), 4));
    if (number >= -4 && number <= 3) {
      CHECK(from_binary<Row<LooseSigned>>(tlog_test::file(parts)).x == number);
    } else {
      CHECK_THROWS_AS(from_binary<Row<LooseSigned>>(tlog_test::file(parts)), decode_error);
    }
  }
  parts = tlog_test::parts_of(to_binary(Row<Switch>{Switch::on}));
  CHECK(from_binary<Row<Switch>>(tlog_test::file(parts)).x == Switch::on);
  parts[1].payload[16] = 2;
  CHECK(place(failure<Row<Switch>>(tlog_test::file(parts))) == "$.x: a value of Switch, found 2");
}

TEST_CASE("row_decode: nested records evolve, and what is new takes its default") {
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

TEST_CASE("row_decode: fields that only the file has are skipped, of every type") {
  text_test::filler random(3);
  for (int i = 0; i < 100; ++i) {
    auto const few =
        from_binary<Few>(to_binary(Most{1 + i, random.make<text_test::Everything>(), {}, -i}));
    CHECK(few.first == 1 + i);
    CHECK(few.last == -i);
  }
}

namespace {

struct Wide {
  int WIDE_512(WIDE_ZERO);
  WIDE_RECORD(Wide, WIDE_512(WIDE_NAME))
};
WIDE_NAMEDTUPLE(WideDouble, (std::string, before, "new"), WIDE_600(WIDE_DOUBLE))

}  // namespace

TEST_CASE("row_decode: records of hundreds of fields come back, and evolve") {
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

TEST_CASE("row_decode: post_init and validate are applied to every record, nested ones too") {
  CHECK(from_binary<Checked>(to_binary(Checked{3, 0})).twice == 6);
  CHECK(reread<std::vector<Checked>>(std::vector<Checked>{{1, 0}, {2, 0}})[1].twice == 4);
  CHECK(from_binary<std::vector<Checked>>(to_binary(std::vector<Checked>{{4, 0}}))[0].twice == 8);
  CHECK(from_binary<Checked>(to_binary(Narrow{5})).twice == 10);
  CHECK_THROWS_AS(from_binary<Checked>(to_binary(Narrow{-5})), trainlog::validation_error);
  CHECK_THROWS_WITH(from_binary<Row<std::vector<Checked>>>(
                        to_binary(Row<std::vector<Checked>>{{{1, 0}, {-2, 0}}})),
                    Catch::Contains("negative at $.x[1] (byte "));
}

TEST_CASE("row_decode: flags, zero bytes and map keys have to be right") {
  using tlog_test::one_field;
  CHECK(place(failure<Row<bool>>(one_field(bytes({1}), "bool", bytes({2})))) ==
        "$.x: the byte 0 or 1, found 2");
  CHECK(place(failure<Row<std::optional<bool>>>(
            one_field(bytes({14, 1}), "optional<bool>", bytes({3, 1})))) ==
        "$.x: the byte 0 or 1, found 3");
  CHECK(place(failure<Row<std::vector<bool>>>(
            one_field(bytes({15, 1}), "list<bool>", bytes({2, 1, 255})))) ==
        "$.x[1]: the byte 0 or 1, found 255");
  CHECK(place(failure<Row<std::array<int, 0>>>(
            one_field(bytes({16, 0, 4}), "array<int32,0>", bytes({7})))) ==
        "$.x: the byte 0, found 7");
  using map = std::map<std::string, bool>;
  auto const maps = [](std::string const& rows) {
    return one_field(bytes({17, 1}), "map<bool>", rows);
  };
  CHECK(from_binary<Row<map>>(maps(bytes({2, 1, 'a', 1, 1, 'b', 0}))).x ==
        map{{"a", true}, {"b", false}});
  CHECK(place(failure<Row<map>>(maps(bytes({2, 1, 'b', 1, 1, 'a', 0})))) ==
        "$.x.a: keys in ascending order, found another");
  CHECK(place(failure<Row<map>>(maps(bytes({2, 2, 'b', ' ', 1, 2, 'b', ' ', 0})))) ==
        R"($.x["b "]: keys in ascending order, found another)");
  CHECK(place(failure<Row<map>>(maps(bytes({1, 1, 'b', 2})))) ==
        "$.x.b: the byte 0 or 1, found 2");
  // The same where the field is only skipped.
  CHECK(place(failure<Other>(maps(bytes({1, 1, 'b', 2})))) == "$.x: the byte 0 or 1, found 2");
}

TEST_CASE("row_decode: a failure names the place in the record and the byte in the file") {
  auto rows = std::vector<text_test::Everything>(3);
  rows[2].paths["a b"].resize(2);
  rows[2].paths["a b"][1].y = 1.0F;
  auto parts = tlog_test::parts_of(to_binary(rows));
  auto& payload = parts[1].payload;
  std::size_t const end = payload.size() - 3 * 8;       // before pause, wall and at
  payload[end - 5] = 2;                                 // the flag of y
  auto const error = failure<std::vector<text_test::Everything>>(tlog_test::file(parts));
  CHECK(place(error) == R"($[2].paths["a b"][1].y: the byte 0 or 1, found 2)");
  auto const begin = tlog_test::file({parts[0]}).size() + 48;
  CHECK(error.offset() == begin + end - 5);
}
