// SPDX-License-Identifier: MIT
#include <trainlog/binary.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "codec/records.hpp"
#include "codec/tlog_parts.hpp"

using namespace trainlog::detail;
using namespace std::string_literals;
using namespace std::string_view_literals;
using tlog_test::bytes;
using tlog_test::le;

namespace row_encode_test {

enum class Phase : std::int16_t { train, eval = -2 };
TRAINLOG_ENUM(Phase, train, eval)
enum class Switch : bool { off, on };
TRAINLOG_ENUM(Switch, off, on)

struct Pair {
  std::int16_t a = 1;
  std::int16_t b = 2;
  TRAINLOG_RECORD(Pair, a, b)
};
struct Padded {
  std::int64_t a = 1;
  std::int32_t b = 2;
  TRAINLOG_RECORD(Padded, a, b)
};
/// A default that may throw, as any initialiser of a member may.
inline bool default_throws = false;
inline int some_default() {
  if (default_throws) throw std::runtime_error("no default");
  return 1;
}
struct Throwing {
  int a = some_default();
  int b = 2;
  TRAINLOG_RECORD(Throwing, a, b)
};
struct Nested {
  Pair pair;
  std::array<Pair, 2> pairs{};
  float x = 0;
  TRAINLOG_RECORD(Nested, pair, pairs, x)
};
struct Backwards {
  std::int16_t a;
  std::int16_t b;
};
TRAINLOG_DESCRIBE(Backwards, b, a)
struct Checked {
  std::int32_t a = 0;
  void validate() const {}
  TRAINLOG_RECORD(Checked, a)
};
struct Bounded {
  std::int32_t a = 0;
  TRAINLOG_RECORD(Bounded, a)
};
TRAINLOG_META(Bounded, a, ge(0))
struct HoldsChecked {
  Checked checked;
  TRAINLOG_RECORD(HoldsChecked, checked)
};
struct Hidden {
  std::int32_t a = 1;
  std::int32_t b = 2;
  TRAINLOG_RECORD(Hidden, a, b)
};
TRAINLOG_META(Hidden, b, serialize(false))
struct AllHidden {
  std::int32_t a = 1;
  TRAINLOG_RECORD(AllHidden, a)
};
TRAINLOG_META(AllHidden, a, serialize(false))
struct Empty {
  TRAINLOG_RECORD(Empty)
};
struct Flags {
  bool a = false;
  bool b = true;
  TRAINLOG_RECORD(Flags, a, b)
};
struct Text {
  std::string text;
  TRAINLOG_RECORD(Text, text)
};
TRAINLOG_NAMEDTUPLE(Entry, (std::int32_t, step), (float, loss))

template <class T>
std::string put(T const& value) {
  std::string out(wire_size(value) + 1, '!');
  char* const end = put_value(out.data(), value);
  REQUIRE(end == out.data() + out.size() - 1);
  CHECK(out.back() == '!');
  out.pop_back();
  return out;
}

template <class T>
std::string put_rows(std::vector<T> const& rows) {
  std::string out;
  append_rows(out, std::span<T const>(rows));
  return out;
}

}  // namespace row_encode_test

using namespace row_encode_test;

TEST_CASE("row_encode: values are stored as the format says") {
  CHECK(put(true) == "\1");
  CHECK(put(std::int8_t{-1}) == "\xff");
  CHECK(put(std::int16_t{-2}) == "\xfe\xff");
  CHECK(put(std::uint32_t{0x01020304}) == "\4\3\2\1");
  CHECK(put(std::uint64_t{1} << 63U) == le(std::uint64_t{1} << 63U, 8));
  CHECK(put(1.0F) == bytes({0, 0, 0x80, 0x3f}));
  CHECK(put(-0.0) == le(std::uint64_t{1} << 63U, 8));
  CHECK(put("a\0b"s) == "\3a\0b"sv);
  CHECK(put(std::string(200, 'x')) == "\xc8\x01" + std::string(200, 'x'));
  CHECK(put(Phase::eval) == "\xfe\xff");
  CHECK(put(Switch::on) == "\1");
  CHECK(put(std::optional<std::int8_t>()) == "\0"sv);
  CHECK(put(std::optional<std::int8_t>(7)) == "\1\7");
  CHECK(put(std::optional<std::optional<bool>>(std::optional<bool>())) == "\1\0"sv);
  CHECK(put(std::vector<std::int16_t>{1, 2}) == "\2\1\0\2\0"sv);
  CHECK(put(std::vector<bool>{true, false}) == "\2\1\0"sv);
  CHECK(put(std::vector<std::string>{"", "a"}) == "\2\0\1a"sv);
  CHECK(put(std::array<std::int8_t, 2>{1, 2}) == "\1\2");
  CHECK(put(std::array<std::string, 2>{"a", ""}) == "\1a\0"sv);
  CHECK(put(std::map<std::string, std::int8_t>{{"b", 2}, {"", 0}, {"\xff", 3}}) ==
        "\3\0\0\1b\2\1\xff\3"sv);
  CHECK(put(std::chrono::milliseconds(-1)) == le(~std::uint64_t{0}, 8));
  CHECK(put(std::chrono::sys_time<std::chrono::duration<std::int32_t>>{}) == le(0, 4));
  CHECK(put(Nested{}) == bytes({1, 0, 2, 0, 1, 0, 2, 0, 1, 0, 2, 0, 0, 0, 0, 0}));
}

TEST_CASE("row_encode: what has no content is a zero byte") {
  CHECK(put(Empty{}) == "\0"sv);
  CHECK(put(AllHidden{}) == "\0"sv);
  CHECK(put(std::array<double, 0>{}) == "\0"sv);
  CHECK(put(std::array<std::string, 0>{}) == "\0"sv);
  CHECK(put(std::vector<Empty>(3)) == "\3\0\0\0"sv);
}

TEST_CASE("row_encode: fields with serialize(false) are left out") {
  CHECK(put(Hidden{}) == le(1, 4));
  CHECK(put_rows(std::vector<Hidden>(2)) == le(1, 4) + le(1, 4));
}

TEST_CASE("row_encode: wire_size is what put_value writes, for random values of all types") {
  text_test::filler random(1);
  for (int i = 0; i < 200; ++i) put(random.make<text_test::Everything>());
}

TEST_CASE("row_encode: only objects without gaps, choices and checks are copied whole") {
  STATIC_REQUIRE(is_plain<double>());
  STATIC_REQUIRE(is_plain<Pair>());
  STATIC_REQUIRE(is_plain<Nested>());
  STATIC_REQUIRE(is_plain<Entry>());
  STATIC_REQUIRE_FALSE(is_plain<bool>());
  STATIC_REQUIRE_FALSE(is_plain<Flags>());
  STATIC_REQUIRE_FALSE(is_plain<Phase>());
  STATIC_REQUIRE_FALSE(is_plain<Padded>());
  STATIC_REQUIRE_FALSE(is_plain<Checked>());
  STATIC_REQUIRE_FALSE(is_plain<Bounded>());
  STATIC_REQUIRE_FALSE(is_plain<HoldsChecked>());
  STATIC_REQUIRE_FALSE(is_plain<trainlog::frozen<Checked>>());
  STATIC_REQUIRE_FALSE(is_plain<Hidden>());
  STATIC_REQUIRE_FALSE(is_plain<Empty>());
  STATIC_REQUIRE_FALSE(is_plain<std::array<double, 0>>());
  STATIC_REQUIRE_FALSE(is_plain<std::string>());
  CHECK(is_stored_as_is<Nested>());
  CHECK(is_stored_as_is<Entry>());
  CHECK_FALSE(is_stored_as_is<Backwards>());
}

TEST_CASE("row_encode: rows that are copied whole have the bytes of those that are not") {
  CHECK(put_rows(std::vector<Pair>{{1, 2}, {3, 4}}) == bytes({1, 0, 2, 0, 3, 0, 4, 0}));
  CHECK(put_rows(std::vector<Backwards>{{1, 2}, {3, 4}}) == bytes({2, 0, 1, 0, 4, 0, 3, 0}));
  CHECK(put(std::vector<Pair>{{1, 2}}) == bytes({1, 1, 0, 2, 0}));
  CHECK(put(std::vector<Backwards>{{1, 2}}) == bytes({1, 2, 0, 1, 0}));
  CHECK(put_rows(std::vector<Padded>(3)).size() == 36);
  CHECK(put_rows(std::vector<Pair>()).empty());
}

TEST_CASE("row_encode: rows of any number and size follow each other") {
  std::vector<text_test::Point> points;
  std::string wanted;
  for (int i = 0; i < 2000; ++i) {
    points.push_back({static_cast<double>(i), {}});
    if (i % 3 == 0) points.back().y = 1.0F;
    wanted += put(points.back());
  }
  CHECK(put_rows(points) == wanted);
}

TEST_CASE("row_encode: no default is asked for where nothing may throw") {
  std::vector<row_encode_test::Throwing> const list(2);
  row_encode_test::default_throws = true;
  CHECK(put(list) == bytes({2, 1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0}));
  row_encode_test::default_throws = false;
}

TEST_CASE("row_encode: rows_within takes whole rows, and at least one") {
  std::vector<Text> const rows(10, Text{std::string(99, 'x')});  // 100 bytes each
  std::span<Text const> const view(rows);
  CHECK(rows_within(view, 1).size() == 1);
  CHECK(rows_within(view, 100).size() == 1);
  CHECK(rows_within(view, 101).size() == 2);
  CHECK(rows_within(view, 100000).size() == 10);
  CHECK(rows_within(view.first(0), 100).empty());
  std::vector<Pair> const pairs(10);
  CHECK(rows_within(std::span<Pair const>(pairs), 1).size() == 1);
  CHECK(rows_within(std::span<Pair const>(pairs), 11).size() == 2);
}
