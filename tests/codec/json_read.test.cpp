// SPDX-License-Identifier: MIT
#include <trainlog/codec/json_read.hpp>
#include <trainlog/codec/json_write.hpp>

#include <trainlog/record.hpp>

#include "catch.hpp"
#include "codec/records.hpp"
#include "record/wide.hpp"

using namespace trainlog;
using namespace text_test;

namespace {

struct Node {
  int id = 0;
  std::vector<Node> children;
  TRAINLOG_RECORD(Node, id, children)
};

struct Evolved {
  double loss = 0.5;
  int epoch = 7;
  std::vector<int> list = {1, 2};
  std::map<std::string, int> map = {{"old", 1}};
  std::optional<Point> point = Point{1, 2.0F};
  Point nested{3, 4.0F};
  TRAINLOG_RECORD(Evolved, loss, epoch, list, map, point, nested)
};
TRAINLOG_META(Evolved, loss, rename("train/loss"), aka("loss"), aka("cost"))
TRAINLOG_META(Evolved, epoch, aka("point"))

struct Renamed {
  double loss = 0.5;
  Point point{3, 4.0F};
  std::map<std::string, int> map = {{"a", 1}};
  TRAINLOG_RECORD(Renamed, loss, point, map)
};
TRAINLOG_META(Renamed, loss, aka("old"), aka("older"))
TRAINLOG_META(Renamed, point, aka("p"))
TRAINLOG_META(Renamed, map, aka("m"))

struct special_error : validation_error {
  using validation_error::validation_error;
};

struct Special {
  int a = 0;
  void validate() const { throw special_error("special"); }
  TRAINLOG_RECORD(Special, a)
};

struct Strict {
  double a = 1;
  double b = 2;
  double hidden = 3;
  TRAINLOG_RECORD(Strict, a, b, hidden)
};
TRAINLOG_META(Strict, a, required())
TRAINLOG_META(Strict, hidden, serialize(false))

struct Checked {
  double rate = 1;
  double doubled = 0;
  void post_init() { doubled = 2 * rate; }
  TRAINLOG_RECORD(Checked, rate, doubled)
};
TRAINLOG_META(Checked, rate, ge(0))
TRAINLOG_META(Checked, doubled, serialize(false))

struct Judged {
  double rate = -1;
  TRAINLOG_RECORD(Judged, rate)
};
TRAINLOG_META(Judged, rate, required(), ge(0))

struct CheckedList {
  std::vector<Checked> list;
  TRAINLOG_RECORD(CheckedList, list)
};

struct Refusing {
  int a = 0;
  void validate() const {
    if (a != 0) throw std::domain_error("refused");
  }
  TRAINLOG_RECORD(Refusing, a)
};

struct Run {
  Entry best{0, 0};
  std::vector<Entry> entries;
  std::map<std::string, std::vector<Entry>> more;
  TRAINLOG_RECORD(Run, best, entries, more)
};
TRAINLOG_META(Run, entries, required())

struct Wide {
  double WIDE_512(WIDE_ZERO);
  WIDE_RECORD(Wide, WIDE_512(WIDE_NAME))
};

struct Times {
  std::chrono::nanoseconds ns{};
  std::chrono::hours h{};
  std::chrono::duration<float, std::milli> ms{};
  std::chrono::time_point<wall_clock, std::chrono::nanoseconds> at{};
  std::chrono::steady_clock::time_point steady{};
  std::chrono::time_point<wall_clock, float_seconds> real{};
  TRAINLOG_RECORD(Times, ns, h, ms, at, steady, real)
};

/// The error of reading `text` as a T.
template <class T>
decode_error error_of(std::string_view text, decode_options options = {}) {
  try {
    static_cast<void>(from_json<T>(text, options));
  } catch (decode_error const& problem) {
    return problem;
  }
  FAIL("no error in " << text);
  throw 0;
}

struct expected_error {
  std::string_view text;
  std::string_view path;
  std::size_t line;
  std::size_t column;
  std::string_view expected;
  std::string_view found;
};

template <class T>
void check_errors(std::initializer_list<expected_error> table, decode_options options = {}) {
  for (auto const& row : table) {
    CAPTURE(row.text);
    auto const problem = error_of<T>(row.text, options);
    CHECK(problem.path() == row.path);
    CHECK(problem.line() == row.line);
    CHECK(problem.column() == row.column);
    CHECK(problem.expected() == row.expected);
    CHECK(problem.found() == row.found);
    auto const lines = row.text.substr(0, problem.offset());
    CHECK(std::count(lines.begin(), lines.end(), '\n') + 1 ==
          static_cast<std::ptrdiff_t>(row.line));
  }
}

template <class T>
T numbers_with(std::string const& name, std::string const& value, T Numbers::* field) {
  return from_json<Numbers>("{\"" + name + "\":" + value + "}").*field;
}

}  // namespace

TEST_CASE("json_read: random records come back identical, under every policy") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    auto const record = filler(seed).make<Everything>();
    for (auto const policy : {nonfinite_as::null, nonfinite_as::string, nonfinite_as::literal}) {
      auto const text = to_json(record, {policy});
      CAPTURE(seed, text);
      REQUIRE(identical(from_json<Everything>(text), record));
    }
  }
}

TEST_CASE("json_read: vectors of records, JSON Lines, named tuples, frozen records") {
  std::vector<Point> const points = {{1, {}}, {not_a_number, 2.0F}};
  auto const same = [&](std::vector<Point> const& other) {
    return other.size() == 2 && identical(points[0], other[0]) && identical(points[1], other[1]);
  };
  CHECK(same(from_json<std::vector<Point>>(to_json(points))));
  CHECK(same(from_jsonl<Point>(to_jsonl(points))));
  CHECK(from_json<std::vector<Point>>("[]").empty());
  CHECK(from_json<Entry>(R"({"loss":2,"epoch":1})") == Entry(1, 2, 0.001));
  CHECK(from_json<frozen<Point>>(R"({"x":2})")->x == 2);
  CHECK(
      from_json<Node>(R"({"id":1,"children":[{"id":2,"children":[]},{"id":3}]})").children[1].id ==
      3);
}

TEST_CASE("json_read: numbers are exact or refused") {
  CHECK(numbers_with("u8", "255", &Numbers::u8) == 255);
  CHECK(numbers_with("u8", "3.0", &Numbers::u8) == 3);
  CHECK(numbers_with("i32", "1e3", &Numbers::i32) == 1000);
  CHECK(numbers_with("i8", "-1.28e2", &Numbers::i8) == -128);
  CHECK(numbers_with("i64", "-9223372036854775808", &Numbers::i64) ==
        std::numeric_limits<std::int64_t>::min());
  CHECK(numbers_with("u64", "18446744073709551615", &Numbers::u64) == ~std::uint64_t{0});
  CHECK(numbers_with("u64", "18446744073709551615.0", &Numbers::u64) == ~std::uint64_t{0});
  CHECK(numbers_with("i8", "100.000", &Numbers::i8) == 100);
  CHECK(numbers_with("i8", "-0.0", &Numbers::i8) == 0);
  CHECK(numbers_with("i64", "9007199254740993", &Numbers::i64) == 9007199254740993);
  CHECK(numbers_with("f64", "3", &Numbers::f64) == 3.0);
  CHECK(numbers_with("f64", "18446744073709551616", &Numbers::f64) == 18446744073709551616.0);
  CHECK(std::signbit(numbers_with("f64", "-0", &Numbers::f64)));
  CHECK(std::signbit(numbers_with("f64", "-0.0", &Numbers::f64)));
  check_errors<Numbers>({
      {R"({"u8":300})", "$.u8", 1, 7, "uint8", "300"},
      {R"({"u8":-1})", "$.u8", 1, 7, "uint8", "-1"},
      {R"({"i32":1.9})", "$.i32", 1, 8, "int32", "1.9"},
      {R"({"i64":18446744073709551615})", "$.i64", 1, 8, "int64", "18446744073709551615"},
      {R"({"i64":9223372036854775808})", "$.i64", 1, 8, "int64", "9223372036854775808"},
      {R"({"u64":18446744073709551616})", "$.u64", 1, 8, "uint64", "18446744073709551616"},
      {R"({"u64":1e20})", "$.u64", 1, 8, "uint64", "1e20"},
      {R"({"i8":1e-1})", "$.i8", 1, 7, "int8", "1e-1"},
      {R"({"i8":NaN})", "$.i8", 1, 7, "int8", "nan"},
      {R"({"i8":null})", "$.i8", 1, 7, "int8", "null: only a std::optional reads it"},
      {R"({"i8":"1"})", "$.i8", 1, 7, "int8", "\"1\""},
      {R"({"i8":true})", "$.i8", 1, 7, "int8", "true"},
      {R"({"flag":1})", "$.flag", 1, 9, "bool", "1"},
      {R"({"flag":"true"})", "$.flag", 1, 9, "bool", "\"true\""},
      {R"({"f32":1e39})", "$.f32", 1, 8, "float32", "1e39"},
      {R"({"f64":1e400})", "$.f64", 1, 8, "float64", "1e400"},
      {R"({"f64":-1e400})", "$.f64", 1, 8, "float64", "-1e400"},
      {R"({"f64":"1.5"})", "$.f64", 1, 8, "float64", "\"1.5\""},
      {R"({"f64":[]})", "$.f64", 1, 8, "float64", "an array"},
      {R"({"f64":{}})", "$.f64", 1, 8, "float64", "an object"},
  });
}

TEST_CASE("json_read: floats are rounded once, to their own type") {
  // Just above the middle of two floats, but the double nearest to it is the middle itself.
  auto const tricky = "1.00000005960464477540";
  CHECK(numbers_with("f32", tricky, &Numbers::f32) == 1.00000012F);
  CHECK(static_cast<float>(numbers_with("f64", tricky, &Numbers::f64)) == 1.0F);
  CHECK(numbers_with("f32", "1e-50", &Numbers::f32) == 0.0F);
  CHECK(numbers_with("f64", "1e-400", &Numbers::f64) == 0.0);
  CHECK(std::signbit(numbers_with("f64", "-1e-400", &Numbers::f64)));
  CHECK(numbers_with("f64", "5e-324", &Numbers::f64) == 5e-324);
  auto const zeros = std::string(400, '0');
  CHECK(numbers_with("f64", "1" + zeros + "e-400", &Numbers::f64) == 1.0);
  CHECK(numbers_with("f64", "0." + zeros + "1e401", &Numbers::f64) == 1.0);
  CHECK(numbers_with("f64", "0." + zeros + "1", &Numbers::f64) == 0.0);
  error_of<Numbers>("{\"f64\":1" + zeros + "e-5}");
  error_of<Numbers>("{\"f64\":0." + zeros + "1e+900}");
  error_of<Numbers>("{\"f64\":1" + zeros + "}");
}

TEST_CASE("json_read: NaN and infinities in all their spellings") {
  for (auto const text : {"null", "NaN", "\"NaN\"", "\"nan\""}) {
    CHECK(std::isnan(numbers_with("f64", text, &Numbers::f64)));
    CHECK(std::isnan(numbers_with("f32", text, &Numbers::f32)));
  }
  for (auto const text : {"Infinity", "\"Infinity\"", "\"inf\""})
    CHECK(numbers_with("f64", text, &Numbers::f64) == infinity);
  for (auto const text : {"-Infinity", "\"-Infinity\"", "\"-inf\""})
    CHECK(numbers_with("f32", text, &Numbers::f32) == -infinity);
  check_errors<Numbers>({{R"({"f64":"Inf"})", "$.f64", 1, 8, "float64", "\"Inf\""},
                         {R"({"f64":-NaN})", "$.f64", 1, 8, "a value", "'-NaN'"}});
}

TEST_CASE("json_read: the side key may stand anywhere, and must name nulls") {
  auto const before =
      from_json<Point>(R"({"_nonfinite":{"y":"nan","x":"-inf"},"x":null,"y":null})");
  CHECK(before.x == -infinity);
  CHECK(std::isnan(before.y.value()));
  CHECK_FALSE(from_json<Point>(R"({"x":null,"y":null})").y.has_value());
  CHECK(std::isnan(from_json<Point>(R"({"x":null})").x));
  CHECK(from_json<Evolved>(R"({"cost":null,"_nonfinite":{"cost":"inf"}})").loss == infinity);
  CHECK(from_json<Point>(R"({"x":1,"z":null,"_nonfinite":{"z":"inf"}})").x == 1);
  check_errors<Point>({
      {R"({"x":1,"_nonfinite":{"x":"inf"}})", "$._nonfinite.x", 1, 26, "the place of a null",
       "inf"},
      {R"({"_nonfinite":{"x":"inf"}})", "$._nonfinite.x", 1, 20, "the place of a null", "inf"},
      {R"({"_nonfinite":{"x":{"0":"inf"}},"x":null})", "$._nonfinite.x", 1, 20, "nan, inf or -inf",
       "an object"},
      {R"({"_nonfinite":{"x":"infinite"}})", "$._nonfinite.x", 1, 20, "nan, inf or -inf",
       "\"infinite\""},
      {R"({"_nonfinite":{"x":1}})", "$._nonfinite.x", 1, 20, "nan, inf or -inf", "1"},
      {R"({"x":1,"_nonfinite":{"x":inf}})", "$._nonfinite", 1, 26, "a value", "'inf'"},
      {R"({"_nonfinite":1})", "$._nonfinite", 1, 15, "an object", "1"},
      {R"({"_nonfinite":[1]})", "$._nonfinite", 1, 15, "an object", "an array"},
      {R"({"_nonfinite":{},"_nonfinite":{}})", "$._nonfinite", 1, 18, "each field once",
       "the field again"},
  });
  check_errors<Everything>({
      {R"({"curve":[null],"_nonfinite":{"curve":{"1":"nan"}}})", "$._nonfinite.curve[\"1\"]", 1, 44,
       "the place of a null", "nan"},
      {R"({"points":[{"x":1}],"_nonfinite":{"points":{"0":{"x":"nan"}}}})", "$._nonfinite.points",
       1, 44, "nan, inf or -inf", "an object"},
      {R"({"curve":[null],"_nonfinite":{"curve":"nan"}})", "$._nonfinite.curve", 1, 39,
       "the place of a null", "nan"},
      {R"({"grid":[[null]],"_nonfinite":{"grid":{"0":{"0":{"0":"nan"}}}}})",
       R"($._nonfinite.grid["0"]["0"])", 1, 49, "nan, inf or -inf", "an object"},
      {R"({"grid":[[null]],"_nonfinite":{"grid":{"0":{"0":"nan"},"1":1}}})",
       R"($._nonfinite.grid["1"])", 1, 60, "nan, inf or -inf", "1"},
      {R"({"text":"","_nonfinite":{"text":"nan"}})", "$._nonfinite.text", 1, 33,
       "the place of a null", "nan"},
  });
  check_errors<Point>(
      {{R"({"_nonfinite":{"z":"inf"}})", "$._nonfinite.z", 1, 20, "the place of a null", "inf"}},
      {unknown_fields::error, missing_fields::use_default});
}

TEST_CASE("json_read: a side key that contradicts itself or the fields is refused") {
  auto const both = [](std::string_view field) {
    return from_json<Point>(R"({"x":)" + std::string(field) + R"(,"_nonfinite":{"x":"inf"}})").x;
  };
  CHECK(both("null") == infinity);
  CHECK(both("Infinity") == infinity);
  CHECK(both("\"inf\"") == infinity);
  check_errors<Point>({
      {R"({"_nonfinite":{"x":"nan"},"x":"Infinity"})", "$._nonfinite.x", 1, 20,
       "the place of a null", "nan"},
      {R"({"x":1,"y":"-inf","_nonfinite":{"y":"inf"}})", "$._nonfinite.y", 1, 37,
       "the place of a null", "inf"},
      {R"({"x":null,"_nonfinite":{"x":"nan","x":"inf"}})", "$._nonfinite.x", 1, 39,
       "each field once", "the field again"},
      {R"({"y":null,"_nonfinite":{"y":"inf","y":"inf"}})", "$._nonfinite.y", 1, 39,
       "each field once", "the field again"},
      {R"({"y":null,"_nonfinite":{"y":"inf","y":"nan"}})", "$._nonfinite.y", 1, 39,
       "the place of a null", "nan"},
  });
  check_errors<Everything>({
      {R"({"curve":[1,"inf"],"_nonfinite":{"curve":{"1":"-inf"}}})", "$._nonfinite.curve[\"1\"]", 1,
       47, "the place of a null", "-inf"},
      {R"({"scores":{"a":null},"_nonfinite":{"scores":{"a":"inf","a":"inf"}}})",
       "$._nonfinite.scores", 1, 60, "each field once", "the field again"},
      {R"({"grid":[[null]],"_nonfinite":{"grid":{"0":{"0":"nan"}},"grid":{"0":{"0":"inf"}}}})",
       "$._nonfinite.grid", 1, 74, "each field once", "the field again"},
  });
}

TEST_CASE("json_read: numbers of one field may be nulls with marks and words") {
  auto const curve =
      from_json<Everything>(R"({"curve":["NaN",null,"inf"],"_nonfinite":{"curve":{"1":"-inf"}}})")
          .curve;
  CHECK(std::isnan(curve[0]));
  CHECK(curve[1] == -infinity);
  CHECK(curve[2] == infinity);
  CHECK(from_json<Renamed>(R"({"old":"inf","loss":null,"_nonfinite":{"loss":"-inf"}})").loss ==
        -infinity);
  // NaN is what a null is read as, and counts as one.
  CHECK(from_json<Point>(R"({"x":NaN,"_nonfinite":{"x":"inf"}})").x == infinity);
}

TEST_CASE("json_read: the side key gives no value to a field that is not there") {
  check_errors<Point>({
      {R"({"_nonfinite":{"y":"inf"}})", "$._nonfinite.y", 1, 20, "the place of a null", "inf"},
      {R"({"x":1,"_nonfinite":{"y":"nan"}})", "$._nonfinite.y", 1, 26, "the place of a null",
       "nan"},
  });
  CHECK(from_json<Point>(R"({"_nonfinite":{"y":"inf"},"y":null})").y == infinity);
}

TEST_CASE("json_read: of a side key only what may be a mark is kept") {
  std::string keys = "{\"\":{}";
  for (int i = 0; i < 1000; ++i) keys += ",\"\":{}";
  CHECK(error_of<Point>("{\"_nonfinite\":{\"x\":" + keys + "}}}").path() == "$._nonfinite.x");
  CHECK(from_json<Point>("{\"x\":1,\"_nonfinite\":" + keys + "}}").x == 1);
  auto const empty = R"({"grid":[[null]],"_nonfinite":{"grid":{"0":{},"0":{"0":"inf"}}}})";
  CHECK(from_json<Everything>(empty).grid[0][0] == infinity);
  // As unknown fields, and in them everything that is JSON.
  CHECK(from_json<Point>(R"({"x":1,"_nonfinite":{"z":[{"x":1}],"q":5}})").x == 1);
  check_errors<Point>({{R"({"_nonfinite":{"z":{"0":1}}})", "$._nonfinite.z", 1, 20,
                        "nan, inf or -inf", "an object"}},
                      {unknown_fields::error, missing_fields::use_default});

  detail::nonfinite_marks marks;
  marks.open();
  marks.key("grid", &detail::text_type_of<std::vector<std::vector<float>>>);
  for (int i = 0; i < 2; ++i) {
    CHECK(marks.open());
    marks.key("0");
  }
  for (int i = 0; i < 3; ++i) marks.close();
  CHECK(marks.size() == 0);
}

TEST_CASE("json_read: a fault in an unknown field is not told of the field before it") {
  check_errors<Point>({
      {R"({"x":1,"zzz":tru})", "$", 1, 14, "a value", "'tru'"},
      {R"({"x":1,"zzz":[1 2]})", "$", 1, 17, "a comma or ']'", "'2'"},
      {R"({"x":1,"_nonfinite":{} "y":2})", "$", 1, 24, "a comma or '}'", "'\"'"},
  });
}

TEST_CASE("json_read: the longest durations are exact, floating-point ones take any digits") {
  for (auto const hours : {std::chrono::hours::max(), std::chrono::hours::min()}) {
    CHECK(from_json<Times>(to_json(Times{.h = hours})).h == hours);
  }
  CHECK(from_json<Times>(R"({"ms":0.0012345678901234567890123})").ms.count() == 1.23456789F);
  CHECK(from_json<Times>(R"({"ms":1e-400})").ms.count() == 0);
}

TEST_CASE("json_read: text, enumerations, arrays, maps") {
  auto const all = from_json<Everything>(
      R"({"text":"\u0041\ud83e\udd9c\/\b\f\n\r\t\"\\","phase":"eval","rgb":[1,2,3]})");
  CHECK(all.text == "A\U0001F99C/\b\f\n\r\t\"\\");
  CHECK(all.phase == Phase::eval);
  CHECK(from_json<Everything>(R"({"phase":-4})").phase == static_cast<Phase>(-4));
  check_errors<Everything>({
      {R"({"phase":"test"})", "$.phase", 1, 10, "one of train, eval", "\"test\""},
      {R"({"phase":128})", "$.phase", 1, 10, "one of train, eval", "128"},
      {R"({"text":1})", "$.text", 1, 9, "string", "1"},
      {R"({"text":null})", "$.text", 1, 9, "string", "null: only a std::optional reads it"},
      {R"({"rgb":[1,2]})", "$.rgb", 1, 8, "array of 3 uint8", "only 2"},
      {R"({"rgb":[1,2,3, 4]})", "$.rgb", 1, 16, "array of 3 uint8", "more elements"},
      {R"({"curve":1})", "$.curve", 1, 10, "list of float64", "1"},
      {R"({"curve":{}})", "$.curve", 1, 10, "list of float64", "an object"},
      {R"({"curve":null})", "$.curve", 1, 10, "list of float64",
       "null: only a std::optional reads it"},
      {R"({"flags":[true,0]})", "$.flags[1]", 1, 16, "bool", "0"},
      {R"({"grid":[[],[1,"x"]]})", "$.grid[1][1]", 1, 16, "float32", "\"x\""},
      {R"({"holes":[null,false]})", "$.holes[1]", 1, 16, "float64 or null", "false"},
      {R"({"scores":[]})", "$.scores", 1, 11, "map of float64", "an array"},
      {R"({"scores":{"a b":1,"c":true}})", "$.scores.c", 1, 24, "float64", "true"},
      {R"({"scores":{"a b":true}})", R"($.scores["a b"])", 1, 18, "float64", "true"},
      {R"({"scores":{"a":1,"a":1}})", "$.scores.a", 1, 18, "each key once", "the key again"},
      {R"({"paths":{"k":[{"x":[]}]}})", "$.paths.k[0].x", 1, 21, "float64", "an array"},
      {R"({"point":[]})", "$.point", 1, 10, "Point or null", "an array"},
      {R"({"point":1})", "$.point", 1, 10, "Point or null", "1"},
      {R"({"numbers":{"u8":256}})", "$.numbers.u8", 1, 18, "uint8", "256"},
      {R"({"pause":1.0005})", "$.pause", 1, 10, "duration (seconds, exact in milliseconds)",
       "1.0005"},
      {R"({"pause":"1"})", "$.pause", 1, 10, "duration (seconds, exact in milliseconds)", "\"1\""},
      {R"({"pause":null})", "$.pause", 1, 10, "duration (seconds, exact in milliseconds)",
       "null: only a std::optional reads it"},
      {R"({"at":"2023-02-29T00:00:00Z"})", "$.at", 1, 7,
       "time (with a zone, as 2024-01-31T12:00:00.000Z, exact in milliseconds)",
       "\"2023-02-29T00:00:00Z\""},
      {"{\n  \"points\": [\n    {\"x\": 1},\n\t{\"x\": \"y\"}\n  ]\n}", "$.points[1].x", 4, 8,
       "float64", "\"y\""},
  });
}

TEST_CASE("json_read: times") {
  using namespace std::chrono_literals;
  auto const times = from_json<Times>(
      R"({"ns":-1.000000001,"h":7200,"ms":0.5,"at":"2023-11-14T22:13:20.25+01:00","steady":2,)"
      R"("real":null})");
  CHECK(times.ns == -1000000001ns);
  CHECK(times.h == 2h);
  CHECK(times.ms.count() == 500.0F);
  CHECK(times.at.time_since_epoch() == 1699996400250ms);
  CHECK(times.steady.time_since_epoch() == 2s);
  CHECK(std::isnan(times.real.time_since_epoch().count()));
  CHECK(identical(from_json<Times>(to_json(times)), times));
  check_errors<Times>(
      {{R"({"h":1})", "$.h", 1, 6, "duration (seconds, exact in the unit of the field)", "1"},
       {R"({"ns":1e10})", "$.ns", 1, 7, "duration (seconds, exact in nanoseconds)", "1e10"},
       {R"({"ns":Infinity})", "$.ns", 1, 7, "duration (seconds, exact in nanoseconds)", "inf"},
       {R"({"ms":1e60})", "$.ms", 1, 7, "duration (seconds)", "1e60"}});
}

TEST_CASE("json_read: fields by their names in files, in any order, and by earlier names") {
  CHECK(from_json<Evolved>(R"({"epoch":1,"train/loss":2})").loss == 2);
  CHECK(from_json<Evolved>(R"({"cost":3})").loss == 3);
  CHECK(from_json<Evolved>(R"({"point":null,"loss":4})").loss == 4);
  CHECK(from_json<Evolved>(R"({"point":null})").epoch == 7);
  check_errors<Evolved>({
      {R"({"loss":1,"loss":1})", "$[\"train/loss\"]", 1, 11, "each field once", "the field again"},
      {R"({"train/loss":1,"loss":1,"train/loss":1})", "$[\"train/loss\"]", 1, 26, "each field once",
       "the field again"},
      {R"({"epoch":1,"epoch":1})", "$.epoch", 1, 12, "each field once", "the field again"},
      {R"({"loss":true})", "$[\"train/loss\"]", 1, 9, "float64", "true"},
  });
}

TEST_CASE("json_read: missing fields keep their defaults, given ones replace them") {
  auto const untouched = from_json<Evolved>("{}");
  CHECK(equal(untouched, Evolved{}));
  auto const replaced =
      from_json<Evolved>(R"({"list":[5],"map":{"new":2},"point":{},"nested":{"x":9}})");
  CHECK(replaced.list == std::vector{5});
  CHECK(replaced.map == std::map<std::string, int>{{"new", 2}});
  CHECK(replaced.point == Point{});
  CHECK(replaced.nested == Point{9, 4.0F});
}

TEST_CASE("json_read: all missing fields are named in one error, at the object they are not in") {
  check_errors<Entry>({{"{}", "$", 1, 1, "the fields 'epoch', 'loss'", "an object without them"},
                       {R"({"loss":1})", "$", 1, 1, "the field 'epoch'", "an object without it"}});
  check_errors<std::vector<Entry>>({{"[{\"epoch\":1,\"loss\":1},\n {\"epoch\":1}]", "$[1]", 2, 2,
                                     "the field 'loss'", "an object without it"}});
  check_errors<Strict>({{R"({"b":1})", "$", 1, 1, "the field 'a'", "an object without it"}});
  decode_options const options{unknown_fields::ignore, missing_fields::error};
  check_errors<Strict>({{"{}", "$", 1, 1, "the fields 'a', 'b'", "an object without them"}},
                       options);
  CHECK(from_json<Strict>(R"({"a":1,"b":1})", options).hidden == 3);
  CHECK(from_json<Strict>(R"({"a":5})").b == 2);
}

TEST_CASE("json_read: the missing fields of all objects are in one error") {
  check_errors<Run>({
      {R"({"best":{},"entries":[{"epoch":1,"loss":1},{"loss":1}]})", "$.best", 1, 9,
       "the fields 'epoch', 'loss'", "an object without them; also no 'epoch' at $.entries[1]"},
      {R"({"more":{"a b":[{"epoch":1}]}})", R"($.more["a b"][0])", 1, 17, "the field 'loss'",
       "an object without it; also no 'entries' at $"},
      {R"({"entries":[{},{"loss":"x"}]})", "$.entries[1].loss", 1, 24, "float64", "\"x\""},
      {R"({"entries":[{}]} x)", "$.entries[0]", 1, 13, "the fields 'epoch', 'loss'",
       "an object without them"},
  });
  check_errors<std::vector<Entry>>(
      {{"[{\"epoch\":1},\n{\"epoch\":1}]", "$[0]", 1, 2, "the field 'loss'",
        "an object without it; also no 'loss' at $[1]"}});
  std::string many = "[{\"loss\":1}";
  for (int i = 0; i < 1000; ++i) many += ",{\"loss\":1}";
  auto const found = error_of<std::vector<Entry>>(many + "]").found();
  CHECK(found.ends_with("; also no 'epoch' at $[9]; and 991 more"));
}

TEST_CASE("json_read: a record that lacks fields is not judged by its rules") {
  CHECK(error_of<Judged>("{}").expected() == "the field 'rate'");
}

TEST_CASE("json_read: unknown fields are passed over at any depth, or an error") {
  auto const text = R"({"z":{"a":[1,{"b":null}],"x":{}},"x":1,"zz":[[]],"zzz":1e999,"y":2})";
  CHECK(from_json<Point>(text) == Point{1, 2.0F});
  decode_options const strict{unknown_fields::error, missing_fields::use_default};
  check_errors<Point>({{text, "$.z", 1, 2, "a field of Point", "an unknown field"}}, strict);
  check_errors<Everything>({{R"({"points":[{"x":1,"a b":1}]})", R"($.points[0]["a b"])", 1, 19,
                             "a field of Point", "an unknown field"}},
                           strict);
  check_errors<Strict>(
      {{R"({"a":1,"hidden":1})", "$.hidden", 1, 8, "a field of Strict", "an unknown field"}},
      strict);
  CHECK(from_json<Strict>(R"({"a":1,"hidden":1})").hidden == 3);
}

TEST_CASE("json_read: post_init and validation follow, inner records first") {
  CHECK(from_json<Checked>(R"({"rate":4})").doubled == 8);
  CHECK(from_json<CheckedList>(R"({"list":[{"rate":4}]})").list[0].doubled == 8);
  CHECK_THROWS_AS(from_json<CheckedList>(R"({"list":[{"rate":-1}]})"), validation_error);
  CHECK_THROWS_WITH(
      from_json<CheckedList>("{\"list\":[{\"rate\":4},\n{\"rate\":-1}]}"),
      "trainlog: invalid Checked: rate = -1.0 is less than 0.0 at $.list[1] (line 2, column 1)");
  CHECK_THROWS_AS(from_json<Refusing>(R"({"a":1})"), std::domain_error);
}

TEST_CASE("json_read: text that is not one JSON value") {
  check_errors<Point>({
      {"", "$", 1, 1, "a value", "the end of the text"},
      {"  \n ", "$", 2, 2, "a value", "the end of the text"},
      {"{", "$", 1, 2, "a key in quotes", "the end of the text"},
      {"{\"x\"", "$.x", 1, 5, "a colon", "the end of the text"},
      {"{\"x\":", "$.x", 1, 6, "a value", "the end of the text"},
      {"{\"x\":1", "$.x", 1, 7, "a comma or '}'", "the end of the text"},
      {"{\"x\":1,", "$.x", 1, 8, "a key in quotes", "the end of the text"},
      {"{\"x\":1,}", "$.x", 1, 8, "a key in quotes", "'}'"},
      {"{x:1}", "$", 1, 2, "a key in quotes", "'x'"},
      {"{\"x\":nul}", "$.x", 1, 6, "a value", "'nul'"},
      {"{\"x\":01}", "$.x", 1, 6, "a value", "'01'"},
      {"{\"x\":+1}", "$.x", 1, 6, "a value", "'+1'"},
      {"{\"x\":.5}", "$.x", 1, 6, "a value", "'.5'"},
      {"{\"x\":5.}", "$.x", 1, 6, "a value", "'5.'"},
      {"{\"x\":1e}", "$.x", 1, 6, "a value", "'1e'"},
      {"{\"x\":-}", "$.x", 1, 6, "a value", "'-'"},
      {"{\"x\":1 2}", "$.x", 1, 8, "a comma or '}'", "'2'"},
      {"{\"x\":\"a\n\"}", "$.x", 1, 8, "text in UTF-8, or a closing quote", "the byte 0x0a"},
      {"{\"x\":\"\xff\"}", "$.x", 1, 7, "text in UTF-8, or a closing quote", "the byte 0xff"},
      {"{\"x\":\"\\x\"}", "$.x", 1, 8, "an escape", "'x'"},
      {"{\"x\":\"\\ud800\"}", "$.x", 1, 13, "the second half of a surrogate pair", "'\"'"},
      {"{\"x\":\"\\udc00\"}", "$.x", 1, 13, "the first half of a surrogate pair", "'\"'"},
      {"{\"x\":\"\\u12g4\"}", "$.x", 1, 11, "four hexadecimal digits", "'g4'"},
      {"{} {}", "$", 1, 4, "the end of the text",
       "'{', as in JSON Lines, which from_jsonl reads, and load from a .jsonl file"},
      {"{}]", "$", 1, 3, "the end of the text", "']'"},
      {std::string_view("{}\0", 3), "$", 1, 3, "the end of the text", "the byte 0x00"},
      {"[]", "$", 1, 1, "Point", "an array: several records, which a std::vector reads"},
      {"null", "$", 1, 1, "Point", "null"},
  });
  check_errors<std::vector<Point>>({{"{}", "$", 1, 1, "list of Point",
                                     "an object: one record, or JSON Lines, which from_jsonl "
                                     "reads, and load from a .jsonl file"},
                                    {"[1]", "$[0]", 1, 2, "Point", "1"},
                                    {"[{},]", "$[0]", 1, 5, "a value", "']'"}});
}

TEST_CASE("json_read: a byte order mark and white space are passed over") {
  CHECK(from_json<Point>("\xEF\xBB\xBF {\r\n\t\"x\" : 1 } \n").x == 1);
  auto const problem = error_of<Point>("\xEF\xBB\xBF{\"x\":true}");
  CHECK(problem.offset() == 8);
  CHECK(from_jsonl<Point>("\xEF\xBB\xBF{\"x\":1}").size() == 1);
  CHECK_THROWS_WITH(from_jsonl<Point>("{\"x\":1}\n\xEF\xBB\xBF{\"x\":1}"),
                    "trainlog: expected a value, found the byte 0xef at $[1] (line 2, column 1)");
}

TEST_CASE("json_read: JSON Lines") {
  CHECK(from_jsonl<Point>("").empty());
  CHECK(from_jsonl<Point>("\n \r\n\t\n").empty());
  auto const rows = from_jsonl<Point>("{\"x\":1}\r\n\n{\"x\":2}\n{\"x\":3}");
  REQUIRE(rows.size() == 3);
  CHECK(rows[2].x == 3);
  auto const check = [](std::string_view text, std::string_view message) {
    CHECK_THROWS_WITH(from_jsonl<Point>(text), std::string(message));
  };
  check(
      "{\"x\":1}\n\n{\"x\":2}\n{\"x\":3",
      "trainlog: expected a comma or '}', found the end of the text at $[2].x (line 4, column 7)");
  check("{\"x\":1}\n{\"x\":[]}\n",
        "trainlog: expected float64, found an array at $[1].x (line 2, column 6)");
  check("{\"x\":1} {\"x\":2}\n",
        "trainlog: expected the end of the text, found '{' at $[0] (line 1, column 9)");
  check("[]\n",
        "trainlog: expected Point, found an array: JSON, which from_json reads, and load from a "
        ".json file at $[0] (line 1, column 1)");
}

TEST_CASE("json_read: of one record and several, the other reads are named") {
  CHECK_THROWS_WITH(from_json<Point>("[{\"x\":1}]"),
                    Catch::Contains("several records, which a std::vector reads"));
  CHECK_THROWS_WITH(from_jsonl<Point>("[{\"x\":1}]"), Catch::Contains("which from_json reads"));
  for (auto const* text : {"{\"x\":1}", "{\"x\":1}\n{\"x\":2}\n"})
    CHECK_THROWS_WITH(from_json<std::vector<Point>>(text),
                      Catch::Contains("which from_jsonl reads"));
  CHECK(error_of<Point>("{\"x\":[]}").found() == "an array");
}

TEST_CASE("json_read: names of any length are cut in messages") {
  std::string const name(59, 'a');
  auto const place = [&](std::string const& key) {
    return error_of<Everything>("{\"scores\":{\"" + key + "\":true}}").path();
  };
  CHECK(place(name + "a") == "$.scores." + name + "a");
  CHECK(place(name + "aa") == "$.scores[\"" + name + "a\"...]");
  CHECK(place(name + "\u00e9") == "$.scores[\"" + name + "\"...]");
  CHECK(place(std::string(1'000'000, '\x7f')).size() < 400);
  decode_options const strict{unknown_fields::error, missing_fields::use_default};
  CHECK(error_of<Point>("{\"" + name + name + "\":1}", strict).path().size() < 100);
}

TEST_CASE("json_read: times say which texts they take") {
  CHECK_THROWS_WITH(from_json<Times>(R"({"at":"2024-01-31T12:00:00"})"),
                    "trainlog: expected time (with a zone, as 2024-01-31T12:00:00.000Z, exact in "
                    "nanoseconds), found \"2024-01-31T12:00:00\" at $.at (line 1, column 7)");
  CHECK(error_of<Times>(R"({"steady":"1"})").expected() == "time (a number of seconds)");
  CHECK(error_of<Times>(R"({"real":true})").expected() == "time (a number of seconds)");
}

TEST_CASE("json_read: hostile depth") {
  std::string const deep(100'000, '[');
  std::string closed;
  for (int i = 0; i < 50'000; ++i) closed += "{\"a\":[";
  for (int i = 0; i < 50'000; ++i) closed += "]}";
  CHECK(error_of<Point>(deep).found().starts_with("an array"));
  CHECK(error_of<Point>("{\"z\":" + deep).expected() == "a value");
  CHECK(from_json<Point>("{\"z\":" + closed + ",\"x\":1}").x == 1);
  CHECK(from_json<Point>("{\"_nonfinite\":" + closed + ",\"x\":1}").x == 1);
  std::string nodes;
  for (int i = 0; i < 100'000; ++i) nodes += "{\"children\":[";
  auto const problem = error_of<Node>(nodes);
  CHECK(problem.expected() == "less depth");
  CHECK(problem.offset() == 13U * 128);
  std::string marks = "{\"_nonfinite\":";
  for (int i = 0; i < 100'000; ++i) marks += "{\"x\":";
  CHECK(error_of<Point>(marks).found() == "an object");
}

TEST_CASE("json_read: 512 fields, in order and backwards") {
  Wide wide;
  int i = 0;
  for_each_field(wide, [&](std::string_view, double& field) { field = ++i / 3.0; });
  auto const text = to_json(wide);
  CHECK(identical(from_json<Wide>(text), wide));
  std::string backwards = "}";
  for_each_field(wide, [&](std::string_view name, double& field) {
    std::string entry = ",\"" + std::string(name) + "\":";
    detail::append_json_number(entry, field);
    backwards = entry + backwards;
  });
  backwards[0] = '{';
  CHECK(identical(from_json<Wide>(backwards), wide));
  CHECK(error_of<Wide>(R"({"f511":1,"f511":2})").path() == "$.f511");
}

TEST_CASE("json_read: of several names of a field the own one counts, then the first aka()") {
  for (auto const text :
       {R"({"old":1,"loss":2})", R"({"loss":2,"old":1})", R"({"loss":2,"old":"x","old":[1]})",
        R"({"older":1,"old":1,"loss":2})", R"({"older":1,"loss":2,"old":1,"older":3})",
        R"({"older":3,"old":2})", R"({"old":2,"older":{}})",
        R"({"loss":2,"old":null,"_nonfinite":{"old":"nan"}})"}) {
    CAPTURE(text);
    CHECK(from_json<Renamed>(text).loss == 2);
  }
  CHECK(from_json<Renamed>(R"({"old":null,"loss":null,"_nonfinite":{"loss":"inf","old":"nan"}})")
            .loss == infinity);
  CHECK(from_json<Renamed>(R"({"old":null,"_nonfinite":{"old":"-inf"}})").loss == -infinity);
  std::vector<Renamed> const rows =
      from_json<std::vector<Renamed>>(R"([{"old":1},{"old":2},{"loss":3}])");
  CHECK(rows[1].loss == 2);
}

TEST_CASE("json_read: the own name leaves nothing of what an aka() name brought") {
  auto const read =
      from_json<Renamed>(R"({"p":{"x":1,"y":9},"point":{"x":2},"m":{"b":1},"map":{}})");
  CHECK(read.point == Point{2, 4.0F});
  CHECK(read.map.empty());
  CHECK(from_json<Renamed>(R"({"p":{"x":1},"point":{"x":2},"m":{"b":1},"map":{"b":2}})").map ==
        std::map<std::string, int>{{"b", 2}});
}

TEST_CASE("json_read: a name that does not count is an unknown field") {
  check_errors<Renamed>(
      {{R"({"loss":1,"old":1})", "$.old", 1, 11, "a field of Renamed", "an unknown field"},
       {R"({"older":1,"loss":1})", "$.older", 1, 12, "a field of Renamed", "an unknown field"}},
      {unknown_fields::error, missing_fields::use_default});
}

TEST_CASE("json_read: an enumeration takes the numbers that it can hold") {
  CHECK(from_json<Narrow>(R"({"loose":1,"power":0})") == Narrow{l1, Switch::off});
  check_errors<Narrow>({{R"({"loose":100})", "$.loose", 1, 10, "one of l0, l1", "100"},
                        {R"({"loose":-1})", "$.loose", 1, 10, "one of l0, l1", "-1"},
                        {R"({"power":2})", "$.power", 1, 10, "one of on", "2"}});
}

TEST_CASE("json_read: what a record's own rules throw keeps its type") {
  CHECK_THROWS_AS(from_json<Special>("{}"), special_error);
}
