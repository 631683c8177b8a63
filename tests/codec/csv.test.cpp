// SPDX-License-Identifier: MIT
#include <trainlog/csv.hpp>

#include <memory>
#include <tuple>
#include <type_traits>
#include <typeinfo>

#include "catch.hpp"
#include "codec/records.hpp"

using namespace trainlog;
using namespace text_test;

namespace {

struct Row {
  std::int64_t step = 0;
  Point train;
  std::array<std::uint8_t, 2> rgb{};
  std::vector<double> curve;
  std::optional<std::string> note;
  std::string text;
  bool good = false;
  TRAINLOG_RECORD(Row, step, train, rgb, curve, note, text, good)
};
TRAINLOG_META(Row, train, aka("training"))
TRAINLOG_META(Row, good, rename("is \"good\", or not"))

TRAINLOG_NAMEDTUPLE(Strict, (Point, point), ((std::array<int, 2>), pair), (int, n, 3))

struct Clash {
  Point a;
  double b = 0;
  TRAINLOG_RECORD(Clash, a, b)
};
TRAINLOG_META(Clash, b, rename("a/x"))

enum class Word : std::uint8_t { False, True };
TRAINLOG_ENUM(Word, False, True)

struct Flags {
  bool flag = false;
  std::optional<bool> maybe;
  Word word = Word::False;
  TRAINLOG_RECORD(Flags, flag, maybe, word)
};

struct Marked {
  int x = 0;
  int y = 0;
  TRAINLOG_RECORD(Marked, x, y)
};
TRAINLOG_META(Marked, x, rename("\xEF\xBB\xBFx"))

struct Checked {
  double rate = 1;
  TRAINLOG_RECORD(Checked, rate)
};
TRAINLOG_META(Checked, rate, ge(0))

struct Outer {
  int n = 0;
  Checked inner;
  TRAINLOG_RECORD(Outer, n, inner)
};

struct Renamed {
  double loss = 0.5;
  int n = 0;
  TRAINLOG_RECORD(Renamed, loss, n)
};
TRAINLOG_META(Renamed, loss, aka("old"), aka("older"))

struct Aliased {
  Renamed inner;
  TRAINLOG_RECORD(Aliased, inner)
};
TRAINLOG_META(Aliased, inner, aka("i"))

struct Broad {
  std::array<float, 20'000> values{};
  TRAINLOG_RECORD(Broad, values)
};

struct special_error : validation_error {
  using validation_error::validation_error;
};

struct Special {
  int a = 0;
  void validate() const { throw special_error("special"); }
  TRAINLOG_RECORD(Special, a)
};

template <class T>
struct With {
  int n = 0;
  T v{};
  TRAINLOG_RECORD(With, n, v)
};

struct LoneFloat {
  double loss = 0;
  TRAINLOG_RECORD(LoneFloat, loss)
};

struct LoneText {
  std::optional<std::string> note;
  TRAINLOG_RECORD(LoneText, note)
};

struct Nothing {
  int hidden = 0;
  TRAINLOG_RECORD(Nothing, hidden)
};
TRAINLOG_META(Nothing, hidden, serialize(false))

struct Lone {
  std::optional<int> a;
  TRAINLOG_RECORD(Lone, a)
};

constexpr char const* row_header =
    "step,train/x,train/y,rgb/0,rgb/1,curve,note,text,\"is \"\"good\"\", or not\"\n";

template <class T>
void check_error(std::string_view text, std::string const& message, decode_options options = {}) {
  CAPTURE(text);
  CHECK_THROWS_WITH(from_csv<T>(text, options), message);
}

}  // namespace

TEST_CASE("csv: a header and a row a record, nested records and arrays of scalars lie flat") {
  Row row{1, {0.5, 2.0F}, {1, 2}, {1, not_a_number}, "a,b", "say \"hi\"\n", true};
  CHECK(to_csv(std::array{row, Row{}}) ==
        std::string(row_header) +
            "1,0.5,2.0,1,2,\"[1.0,\"\"NaN\"\"]\",\"a,b\",\"say \"\"hi\"\"\n\",true\n"
            "0,0.0,,0,0,\"[]\",,\"\",false\n");
  CHECK(to_csv(std::vector<Row>{}) == row_header);
  CHECK(to_csv(std::array{Point{-infinity, static_cast<float>(not_a_number)},
                          Point{infinity, {}}}) == "x,y\n-inf,NaN\ninf,\n");
}

TEST_CASE("csv: random records come back identical") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    std::vector<Everything> rows;
    filler random(seed);
    for (int i = 0; i < 4; ++i) rows.push_back(random.make<Everything>());
    auto const text = to_csv(rows);
    auto const back = from_csv<Everything>(text);
    CAPTURE(seed, text);
    REQUIRE(back.size() == rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) REQUIRE(identical(back[i], rows[i]));
  }
}

TEST_CASE("csv: columns by name, in any order, also by earlier names, unknown ones passed over") {
  auto const rows = from_csv<Row>("rgb/1,training/x,z,rgb/0,step\r\n2,0.5,?,1,7\r\n\r\n4,1,,3,8");
  REQUIRE(rows.size() == 2);
  CHECK(rows[0] == Row{7, {0.5, {}}, {1, 2}, {}, {}, {}, false});
  CHECK(rows[1].step == 8);
  CHECK(from_csv<Row>("\xEF\xBB\xBF\"step\"\n\"5\"\n")[0].step == 5);
  check_error<Row>(
      "step,z\n1,2\n",
      "trainlog: expected a field of Row, found an unknown field at $.z (line 1, column 6)",
      {unknown_fields::error, missing_fields::use_default});
  check_error<Row>("train/x,train/x\n1,2\n",
                   "trainlog: expected each column once, found the column again at $.train.x "
                   "(line 1, column 9)");
}

TEST_CASE("csv: cells") {
  auto const cell = [](std::string const& name, std::string const& text) {
    return from_csv<Row>(name + "\n" + text + "\n").at(0);
  };
  CHECK(cell("note", "\"\"").note == "");
  CHECK_FALSE(from_csv<Row>("note,step\n,1\n").at(0).note.has_value());
  CHECK(cell("note", "NaN").note == "NaN");
  CHECK(from_csv<Row>("text,step\n,1\n").at(0).text.empty());
  CHECK(cell("text", " 1.50 ").text == " 1.50 ");
  CHECK(cell("text", "\"a\rb\"").text == "a\rb");
  CHECK(cell("train/x", "5").train.x == 5);
  CHECK(std::isnan(cell("train/x", "NaN").train.x));
  CHECK(std::isnan(from_csv<Row>("train/x,step\n,1\n").at(0).train.x));
  CHECK(std::isnan(cell("train/x", "\"\"").train.x));
  CHECK(cell("train/x", "-inf").train.x == -infinity);
  CHECK(std::isnan(cell("train/y", "nan").train.y.value()));
  CHECK_FALSE(cell("train/y", "\"\"").train.y.has_value());
  CHECK(cell("step", "1e3").step == 1000);
  CHECK(cell("curve", "\"[1,NaN]\"").curve.size() == 2);
}

TEST_CASE("csv: errors with row, line and column") {
  check_error<Row>("",
                   "trainlog: expected a header row, found the end of the text at $ "
                   "(line 1, column 1)");
  check_error<Row>("step,rgb/0,rgb/1\n1,2,3\n\"\n\",300,1\n",
                   "trainlog: expected int64, found \"\\n\" at $[1].step (line 3, column 1)");
  check_error<Row>("step,rgb/0,rgb/1\n1,300,3\n",
                   "trainlog: expected uint8, found 300 at $[0].rgb[0] (line 2, column 3)");
  check_error<Row>("step,text\n1,a\n2\n",
                   "trainlog: expected as many cells as the header has, 2, found 1 at $[1] "
                   "(line 3, column 1)");
  check_error<Row>("step,text\n1,a,b\n",
                   "trainlog: expected as many cells as the header has, 2, found 3 at $[0] "
                   "(line 2, column 5)");
  check_error<Row>("train/x\n0.\n",
                   "trainlog: expected float64, found \"0.\" at $[0].train.x (line 2, column 1)");
  check_error<Row>("train/x\n1e400\n",
                   "trainlog: expected float64, found 1e400 at $[0].train.x (line 2, column 1)");
  check_error<Row>("step,text\n,a\n",
                   "trainlog: expected int64, found an empty cell: only a std::optional reads it "
                   "at $[0].step (line 2, column 1)");
  check_error<Row>("text\n\"a\n",
                   "trainlog: expected a closing quote, found the end of the text "
                   "at $ (line 3, column 1)");
  check_error<Row>("text\n\"a\"b\n",
                   "trainlog: expected a comma or the end of the line, found "
                   "something else at $ (line 2, column 4)");
  check_error<Row>("text\na\"b\n",
                   "trainlog: expected a quote only around a whole cell, found "
                   "something else at $ (line 2, column 2)");
  check_error<Row>("step,text\n1,\xff\n",
                   "trainlog: expected text in UTF-8, found something else "
                   "at $ (line 2, column 3)");
  check_error<Row>("step,curve\n1,\"[1,true]\"\n",
                   "trainlog: expected float64, found true at $[0].curve[1] (line 2, column 3)");
  check_error<Row>("step,curve\n1,[\n",
                   "trainlog: expected a value, found the end of the text at "
                   "$[0].curve (line 2, column 3)");
  CHECK_THROWS_WITH(to_csv(std::array{Clash{}}),
                    "trainlog: two CSV columns of a Clash are named 'a/x'");
}

TEST_CASE("csv: missing columns are named in one error") {
  check_error<Strict>("n\n1\n",
                      "trainlog: expected the columns 'point', 'pair', found a header "
                      "without them at $ (line 1, column 1)");
  check_error<Strict>("point/x,pair/1\n1,2\n",
                      "trainlog: expected the column 'pair/0', found a header without it at $ "
                      "(line 1, column 1)");
  CHECK(from_csv<Strict>("point/x,pair/1,pair/0\n1,2,3\n")[0] == Strict({1, {}}, {3, 2}, 3));
  check_error<Point>("x\n1\n",
                     "trainlog: expected the column 'y', found a header without it at $ "
                     "(line 1, column 1)",
                     {unknown_fields::ignore, missing_fields::error});
}

TEST_CASE("csv: validation, of inner records too") {
  CHECK_THROWS_WITH(from_csv<Outer>("n,inner/rate\n1,2\n2,-1\n"),
                    "trainlog: invalid Checked: rate = -1.0 is less than 0.0 at $[1] "
                    "(line 3, column 1)");
  CHECK(from_csv<Outer>("n\n1\n")[0].inner.rate == 1);
}

TEST_CASE("csv: blank lines are nothing, a row of one empty cell is written as an empty text") {
  std::vector<Lone> const rows = {{1}, {}, {3}, {}};
  CHECK(to_csv(rows) == "a\n1\n\"\"\n3\n\"\"\n");
  CHECK(from_csv<Lone>(to_csv(rows)) == rows);
  CHECK(from_csv<Lone>("\n\r\na\n1\n\n3\n\r\n\n") == std::vector<Lone>{{1}, {3}});
  CHECK(from_csv<LoneFloat>("loss\n0.5\n\n\"\"\nNaN\n\n").size() == 3);
  CHECK(from_csv<Point>("x,y\n\n1,2\n\r\n").size() == 1);
  CHECK(to_csv(std::array{LoneFloat{not_a_number}}) == "loss\nNaN\n");
  CHECK(to_csv(std::vector<Nothing>(2)) == "\"\"\n\"\"\n\"\"\n");
  CHECK(from_csv<Nothing>(to_csv(std::vector<Nothing>(2))).size() == 2);
}

TEST_CASE("csv: the only column can be a text without a value nowhere") {
  std::vector<LoneText> const rows = {{"a"}, {""}};
  CHECK(to_csv(rows) == "note\na\n\"\"\n");
  CHECK(from_csv<LoneText>(to_csv(rows)) == rows);
  CHECK_THROWS_WITH(to_csv(std::array{LoneText{}}),
                    "trainlog: CSV whose only column is the optional text 'note' cannot hold one "
                    "without a value");
}

TEST_CASE("csv: a carriage return ends no line by itself") {
  auto const expected = [](std::string_view text, std::size_t line, std::size_t column) {
    check_error<Point>(text,
                       "trainlog: expected lines that end with \\n or \\r\\n, and other \\r in "
                       "quotes, found something else at $ (line " +
                           std::to_string(line) + ", column " + std::to_string(column) + ")");
  };
  expected("x,y\r1,2\r3,4\r", 1, 4);
  expected("x\r1\r2", 1, 2);
  expected("x,y\n1,2\r", 2, 4);
  expected("x,y\n1,2\r\r\n", 2, 4);
  expected("x,y\r\n\r1,2\r\n", 2, 1);
  CHECK_THROWS_AS(from_csv<Point>("x,\"y\"\r1,2\r"), decode_error);
}

TEST_CASE("csv: a byte order mark at the beginning of a name belongs to it") {
  std::vector<Marked> const rows{{1, 2}};
  CHECK(to_csv(rows) == "\"\xEF\xBB\xBFx\",y\n1,2\n");
  CHECK(from_csv<Marked>(to_csv(rows))[0] == rows[0]);
}

TEST_CASE("csv: a field in another shape is an error, not an unknown column") {
  CHECK_THROWS_WITH(
      from_csv<With<std::vector<double>>>("n,v/" + std::string(1000, '0') + "\n1,2\n"),
      Catch::Contains("found the column 'v/" + std::string(58, '0') + "' at $.v"));
  check_error<With<std::vector<double>>>(
      "n,v/0,v/1\n1,2,3\n",
      "trainlog: expected list of float64 in the column 'v', found the column 'v/0' at $.v "
      "(line 1, column 3)");
  check_error<With<std::array<double, 2>>>(
      "n,v\n1,[2]\n",
      "trainlog: expected array of 2 float64 in the columns 'v/...', found the column 'v' at $.v "
      "(line 1, column 3)");
  check_error<With<std::array<double, 2>>>(
      "n,v/0,v/1,v/2\n1,2,3,4\n",
      "trainlog: expected array of 2 float64 in the columns 'v/...', found the column 'v/2' at $.v "
      "(line 1, column 11)");
  check_error<With<std::map<std::string, double>>>(
      "n,v/x,v/y\n1,2,3\n",
      "trainlog: expected map of float64 in the column 'v', found the column 'v/x' at $.v "
      "(line 1, column 3)");
  check_error<With<std::optional<Point>>>(
      "n,v/x,v/y\n1,2,3\n",
      "trainlog: expected Point or null in the column 'v', found the column 'v/x' at $.v "
      "(line 1, column 3)");
  check_error<With<double>>("n,v/x,v/y\n1,2,3\n",
                            "trainlog: expected float64 in the column 'v', found the column 'v/x' "
                            "at $.v (line 1, column 3)");
  check_error<With<double>>("n,v/0\n1,2\n",
                            "trainlog: expected float64 in the column 'v', found the column 'v/0' "
                            "at $.v (line 1, column 3)");
  check_error<With<Point>>("n,v\n1,2\n",
                           "trainlog: expected Point in the columns 'v/...', found the column 'v' "
                           "at $.v (line 1, column 3)",
                           {unknown_fields::error, missing_fields::use_default});
  check_error<With<Point>>("n,v/0,v/1\n1,2,3\n",
                           "trainlog: expected Point in the columns 'v/...', found the column "
                           "'v/0' at $.v (line 1, column 3)");
  check_error<With<std::array<double, 2>>>(
      "n,v/x,v/y\n1,2,3\n",
      "trainlog: expected array of 2 float64 in the columns 'v/...', found the column 'v/x' at $.v "
      "(line 1, column 3)");
  // Deeper, and by an earlier name.
  check_error<With<Point>>("n,v/x/0,v/y\n1,2,3\n",
                           "trainlog: expected float64 in the column 'v/x', found the column "
                           "'v/x/0' at $.v.x (line 1, column 3)");
  check_error<Row>("step,training\n1,2\n",
                   "trainlog: expected Point in the columns 'train/...', found the column "
                   "'training' at $.train (line 1, column 6)");
  check_error<Renamed>("n,old/a\n1,2\n",
                       "trainlog: expected float64 in the column 'loss', found the column 'old/a' "
                       "at $.loss (line 1, column 3)");
  check_error<Renamed>("loss/a,old\n1,2\n",
                       "trainlog: expected float64 in the column 'loss', found the column 'loss/a' "
                       "at $.loss (line 1, column 1)");
}

TEST_CASE("csv: what is written in every shape is read in the same or refused") {
  auto const reread = []<class To>(std::type_identity<To>, auto const& from) {
    return from_csv<With<To>>(to_csv(std::array{With{1, from}}));
  };
  using list = std::vector<double>;
  using pair = std::array<double, 2>;
  using map = std::map<std::string, double>;
  auto const all = std::tuple{1.5,
                              list{1, 2},
                              pair{1, 2},
                              std::array<double, 3>{},
                              map{{"x", 1}},
                              Point{1, {}},
                              std::optional<Point>{{1, {}}}};
  std::apply(
      [&](auto const&... from) {
        auto const check = [&]<class To>(To const& to) {
          auto const check_pair = [&]<class From>(From const& value) {
            CAPTURE(typeid(To).name(), typeid(From).name());
            bool const fine = std::is_same_v<To, From>;
            // Both are an object in JSON, and one cell.
            bool const cells = std::is_same_v<To, map> || std::is_same_v<To, std::optional<Point>>;
            bool const other =
                std::is_same_v<From, map> || std::is_same_v<From, std::optional<Point>>;
            if (fine) CHECK(reread(std::type_identity<To>(), value).at(0).v == to);
            else if (!cells || !other)
              CHECK_THROWS_AS(reread(std::type_identity<To>(), value), decode_error);
          };
          (check_pair(from), ...);
        };
        (check(from), ...);
      },
      all);
}

TEST_CASE("csv: columns behind the names of fields in their own shape stay unknown") {
  CHECK(from_csv<With<double>>("n,v,v/x,v/0\n1,2,3,4\n").at(0).v == 2);
  CHECK(from_csv<With<Point>>("n,v/x,v/z,v/z/0,v/0,v\n1,2,3,4,5,6\n").at(0).v.x == 2);
  CHECK(from_csv<With<Point>>("n,v/gone\n1,2\n").at(0).v == Point{});
  CHECK(from_csv<With<Point>>("n,vv/0,v0,/v,w/v/x\n1,2,3,4,5\n").at(0).n == 1);
  CHECK(from_csv<Renamed>("loss,old/a,older/0\n1,2,3\n").at(0).loss == 1);
  CHECK(from_csv<Aliased>("inner/older,i\n1,2\n").at(0).inner.loss == 1);
}

TEST_CASE("csv: of several names of a column the own one counts, then the first aka()") {
  for (auto const header : {"old,loss", "older,loss", "older,old"}) {
    CAPTURE(header);
    CHECK(from_csv<Renamed>(header + std::string("\nx,2\n"))[0].loss == 2);
  }
  CHECK(from_csv<Renamed>("loss,old,old\n2,x,x\n")[0].loss == 2);
  check_error<Renamed>("loss,old\n1,2\n",
                       "trainlog: expected a field of Renamed, found an unknown field at $.old "
                       "(line 1, column 6)",
                       {unknown_fields::error, missing_fields::use_default});
  CHECK_THROWS_AS(from_csv<Renamed>("old,old\n1,2\n"), decode_error);
}

TEST_CASE("csv: finding columns takes no time a column") {
  auto const rows = std::make_unique<std::vector<Broad>>(2);
  rows->at(1).values[19'999] = 1.5F;
  auto const begin = std::chrono::steady_clock::now();
  auto const back = from_csv<Broad>(to_csv(*rows));
  CHECK(back.at(1).values == rows->at(1).values);
  // Less than a second even in a debug build; several where it is quadratic.
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(3));
}

TEST_CASE("csv: an enumeration takes the numbers that it can hold") {
  std::vector<Narrow> const rows = {{l1, Switch::off}};
  CHECK(to_csv(rows) == "loose,power\nl1,0\n");
  CHECK(from_csv<Narrow>(to_csv(rows)) == rows);
  check_error<Narrow>("loose\n100\n",
                      "trainlog: expected one of l0, l1, found 100 at $[0].loose "
                      "(line 2, column 1)");
}

TEST_CASE("csv: what a record's own rules throw keeps its type") {
  CHECK_THROWS_AS(from_csv<Special>("a\n1\n"), special_error);
}

TEST_CASE("csv: a header of another file, or with another separator, is an error") {
  try {
    static_cast<void>(from_csv<Point>("x;y\n1;2\n"));
    FAIL("no error");
  } catch (decode_error const& problem) {
    CHECK(problem.expected() == "a header with columns of the record, such as 'x'");
    CHECK(problem.line() == 1);
    CHECK(problem.column() == 1);
  }
  CHECK_THROWS_AS(from_csv<Point>("X,Y\n1,2\n"), decode_error);
  CHECK(from_csv<Point>("other,x\n1,2\n").size() == 1);
}

TEST_CASE("csv: a text that is JSON is told so") {
  for (auto const* text : {"{\"x\":1}\n", "[{\"x\":1}]", "\xEF\xBB\xBF\n{\n  \"x\": 1\n}", "[]"}) {
    CHECK_THROWS_WITH(from_csv<Point>(text),
                      Catch::Contains("expected a header row, found JSON, which from_json and "
                                      "from_jsonl read"));
  }
  CHECK_THROWS_WITH(from_csv<Point>("{a},b\n1,2\n"), Catch::Contains("columns of the record"));
}

TEST_CASE("csv: bools also as pandas writes them") {
  auto const rows = from_csv<Flags>("flag,maybe,word\nTrue,False,True\nfalse,,False\n");
  CHECK(rows == std::vector<Flags>{{true, false, Word::True}, {false, {}, Word::False}});
  CHECK_THROWS_AS(from_csv<Row>("step\nTrue\n"), decode_error);
}
