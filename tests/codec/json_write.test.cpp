// SPDX-License-Identifier: MIT
#include <trainlog/codec/json_write.hpp>

#include <list>
#include <span>

#include <trainlog/record.hpp>

#include "catch.hpp"
#include "codec/records.hpp"

using namespace trainlog;
using namespace text_test;

namespace {

struct Renamed {
  double loss = 0.5;
  int hidden = 1;
  std::string note = "n";
  TRAINLOG_RECORD(Renamed, loss, hidden, note)
};
TRAINLOG_META(Renamed, loss, rename("train/\"loss\" \\ über"))
TRAINLOG_META(Renamed, hidden, serialize(false))

struct Hidden {
  int hidden = 1;
  TRAINLOG_RECORD(Hidden, hidden)
};
TRAINLOG_META(Hidden, hidden, serialize(false))

struct Long {
  int a_name_that_is_longer_than_one_copy_of_thirty_two_chars = 1;
  int b = 2;
  TRAINLOG_RECORD(Long, a_name_that_is_longer_than_one_copy_of_thirty_two_chars, b)
};

struct Sick {
  double loss = not_a_number;
  std::vector<std::vector<float>> grads = {{1, 2}, {0, static_cast<float>(-infinity)}};
  std::map<std::string, double> per_class = {{"a\"b", infinity}, {"dog", 1}};
  std::optional<double> maybe = not_a_number;
  std::optional<double> nothing;
  std::array<double, 2> pair = {infinity, 0};
  float_seconds wall{not_a_number};
  Point point{infinity, {}};
  TRAINLOG_RECORD(Sick, loss, grads, per_class, maybe, nothing, pair, wall, point)
};

struct Outer {
  Point inner{not_a_number, {}};
  std::vector<Point> list = {{not_a_number, {}}, {1, {}}};
  TRAINLOG_RECORD(Outer, inner, list)
};

}  // namespace

namespace {

template <int Depth>
struct arrays {
  using type = std::array<typename arrays<Depth - 1>::type, 1>;
};
template <>
struct arrays<0> {
  using type = std::string;
};

}  // namespace

TEST_CASE("json_write: a record of all scalars, in declaration order, on one line") {
  CHECK(to_json(Numbers{true, -128, -32768, -2147483647 - 1,
                        std::numeric_limits<std::int64_t>::min(), 255, 65535, 4294967295U,
                        std::numeric_limits<std::uint64_t>::max(), 0.1F, 0.1}) ==
        R"({"flag":true,"i8":-128,"i16":-32768,"i32":-2147483648,"i64":-9223372036854775808,)"
        R"("u8":255,"u16":65535,"u32":4294967295,"u64":18446744073709551615,"f32":0.1,"f64":0.1})");
}

TEST_CASE("json_write: floats always have a point or an exponent") {
  CHECK(to_json(Point{3, 2.0F}) == R"({"x":3.0,"y":2.0})");
  CHECK(to_json(Point{1e22, 1e-10F}) == R"({"x":1e+22,"y":1e-10})");
  CHECK(to_json(Point{-0.0, {}}) == R"({"x":-0.0,"y":null})");
  CHECK(to_json(Point{1.7976931348623157e308, 3.4028235e38F}) ==
        R"({"x":1.7976931348623157e+308,"y":3.4028235e+38})");
  CHECK(to_json(Point{-2.2250738585072014e-308, -1e-45F}) ==
        R"({"x":-2.2250738585072014e-308,"y":-1e-45})");
}

TEST_CASE("json_write: every kind of field") {
  Everything all;
  all.text = "a\"\n";
  all.phase = Phase::eval;
  all.maybe = 1;
  all.point = Point{1, 2.5F};
  all.curve = {1, 0.5};
  all.flags = {true, false};
  all.points = {{}};
  all.grid = {{}, {1}};
  all.holes = {{}, 2.0};
  all.rgb = {1, 2, 3};
  all.scores = {{"a\tb", 1}};
  all.paths = {{"", {{}}}};
  all.pause = millis(1500);
  all.wall = float_seconds(0.25);
  all.at = milli_time(millis(1'700'000'000'250));
  CHECK(to_json(all) ==
        R"({"numbers":{"flag":false,"i8":0,"i16":0,"i32":0,"i64":0,"u8":0,"u16":0,"u32":0,)"
        R"("u64":0,"f32":0.0,"f64":0.0},"text":"a\"\n","phase":"eval","maybe":1.0,"name":null,)"
        R"("point":{"x":1.0,"y":2.5},"curve":[1.0,0.5],"flags":[true,false],)"
        R"("points":[{"x":0.0,"y":null}],"grid":[[],[1.0]],"holes":[null,2.0],"rgb":[1,2,3],)"
        R"("ends":[{"x":0.0,"y":null},{"x":0.0,"y":null}],"scores":{"a\tb":1.0},)"
        R"("paths":{"":[{"x":0.0,"y":null}]},"pause":1.5,"wall":0.25,)"
        R"("at":"2023-11-14T22:13:20.250Z"})");
}

TEST_CASE("json_write: an enumerator without a name is its number") {
  Everything all;
  all.phase = static_cast<Phase>(-3);
  CHECK(to_json(all).find(R"("phase":-3,)") != std::string::npos);
}

TEST_CASE("json_write: names in files, and fields that are not in files") {
  CHECK(to_json(Renamed{}) == R"({"train/\"loss\" \\ über":0.5,"note":"n"})");
  CHECK(to_json(Hidden{}) == "{}");
  CHECK(to_json(Long{}) ==
        R"({"a_name_that_is_longer_than_one_copy_of_thirty_two_chars":1,"b":2})");
}

TEST_CASE("json_write: names in files are checked when the program is compiled") {
  STATIC_REQUIRE(detail::is_plain_name("train/lös"));
  STATIC_REQUIRE_FALSE(detail::is_plain_name("a\nb"));
  STATIC_REQUIRE_FALSE(detail::is_plain_name("\xff"));
}

TEST_CASE("json_write: text that is not UTF-8 gets replacement characters") {
  Everything all;
  all.text = "a\xff\xc3(b\xed\xa0\x80";
  all.scores = {{"\xfe", 1}};
  auto const text = to_json(all);
  CHECK(detail::is_valid_utf8(text));
  CHECK(text.find("\"text\":\"a\uFFFD\uFFFD(b\uFFFD\uFFFD\uFFFD\"") != std::string::npos);
  CHECK(text.find("\"\uFFFD\":1.0") != std::string::npos);
}

TEST_CASE("json_write: what is not finite is null, and named at the object's end") {
  CHECK(to_json(Sick{}) ==
        R"({"loss":null,"grads":[[1.0,2.0],[0.0,null]],"per_class":{"a\"b":null,"dog":1.0},)"
        R"("maybe":null,"nothing":null,"pair":[null,0.0],"wall":null,)"
        R"("point":{"x":null,"y":null,"_nonfinite":{"x":"inf"}},)"
        R"("_nonfinite":{"loss":"nan","grads":{"1":{"1":"-inf"}},"per_class":{"a\"b":"inf"},)"
        R"("maybe":"nan","pair":{"0":"inf"},"wall":"nan"}})");
}

TEST_CASE("json_write: nested records have a side key of their own, and the outer one has none") {
  CHECK(to_json(Outer{}) ==
        R"({"inner":{"x":null,"y":null,"_nonfinite":{"x":"nan"}},)"
        R"("list":[{"x":null,"y":null,"_nonfinite":{"x":"nan"}},{"x":1.0,"y":null}]})");
}

TEST_CASE("json_write: the other policies for what is not finite") {
  Point const point{-infinity, static_cast<float>(not_a_number)};
  CHECK(to_json(point, {nonfinite_as::string}) == R"({"x":"-Infinity","y":"NaN"})");
  CHECK(to_json(point, {nonfinite_as::literal}) == R"({"x":-Infinity,"y":NaN})");
  CHECK(to_json(Point{infinity, {}}, {nonfinite_as::string}) == R"({"x":"Infinity","y":null})");
  CHECK_THROWS_WITH(to_json(point, {nonfinite_as::error}),
                    "trainlog: -inf cannot be written as a JSON number");
  CHECK(to_json(Point{1, {}}, {nonfinite_as::error}) == R"({"x":1.0,"y":null})");
  CHECK(to_json(Sick{}, {nonfinite_as::string}).find("_nonfinite") == std::string::npos);
}

TEST_CASE("json_write: append_json leaves the text as it was if it throws") {
  std::string text = "before";
  std::vector<Point> const points = {{1, {}}, {not_a_number, {}}};
  CHECK_THROWS(append_json(text, points, {nonfinite_as::error}));
  CHECK(text == "before");
  append_json(text, points[0]);
  CHECK(text == R"(before{"x":1.0,"y":null})");
}

TEST_CASE("json_write: ranges of records") {
  std::vector<Point> const points = {{1, {}}, {2, {}}};
  auto const array = R"([{"x":1.0,"y":null},{"x":2.0,"y":null}])";
  CHECK(to_json(points) == array);
  CHECK(to_json(std::span(points)) == array);
  CHECK(to_json(std::list<Point>(points.begin(), points.end())) == array);
  CHECK(to_json(std::vector<Point>{}) == "[]");
  CHECK(to_jsonl(points) == "{\"x\":1.0,\"y\":null}\n{\"x\":2.0,\"y\":null}\n");
  CHECK(to_jsonl(std::vector<Point>{}).empty());
  CHECK(to_jsonl(std::array{Entry(1, 2)}) == "{\"epoch\":1,\"loss\":2.0,\"rate\":0.001}\n");
  CHECK(to_json(frozen<Point>(points[0])) == R"({"x":1.0,"y":null})");
}

TEST_CASE("json_write: arrays in arrays in arrays") {
  // In clang more than the slack; gcc takes memory beyond all measure for them.
#if defined(__clang__)
  constexpr int depth = 90;
#else
  constexpr int depth = 3;
#endif
  std::string text;
  detail::append_json_field(text, arrays<depth>::type{}, {});
  CHECK(text == std::string(depth, '[') + "\"\"" + std::string(depth, ']'));
}

TEST_CASE("json_write: long texts and lists grow the string as they need") {
  Everything all;
  all.text = std::string(10000, '\x01');
  all.curve.assign(10000, -1.2345678901234567e-300);
  all.points.assign(1000, Point{1, 1.0F});
  auto const text = to_json(all);
  CHECK(text.find(std::string("\\u0001\\u0001")) != std::string::npos);
  CHECK(text.size() > 60000 + 230000 + 17000);
  CHECK(text.back() == '}');
  CHECK(text.find('\0') == std::string::npos);
}

TEST_CASE("json_write: an enumeration of bools") {
  CHECK(to_json(Narrow{l1, Switch::on}) == R"({"loose":"l1","power":"on"})");
  CHECK(to_json(Narrow{l0, Switch::off}) == R"({"loose":"l0","power":0})");
}

TEST_CASE("json_write: keys that are not UTF-8 are written, unless two would be the same") {
  Everything record;
  record.scores = {{"a\xff", 1}, {"b\xff", 2}};
  CHECK(to_json(record).find(R"({"a�":1.0,"b�":2.0})") != std::string::npos);
  record.scores["a\xfe"] = 3;
  CHECK_THROWS_AS(to_json(record), error);
  record.scores = {{"\xff", 1}, {"\uFFFD", 2}};
  CHECK_THROWS_AS(to_json(record), error);
}
