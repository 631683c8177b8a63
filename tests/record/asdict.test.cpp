// SPDX-License-Identifier: MIT
#include "trainlog/record/asdict.hpp"

#include <array>
#include <chrono>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "catch.hpp"
#include "trainlog/record/frozen.hpp"
#include "trainlog/record/namedtuple.hpp"

namespace asdict_test {

enum class Phase { train, eval };
TRAINLOG_ENUM(Phase, train, eval)

struct Nested {
  double x = 0.5;
  std::optional<float> y;
  TRAINLOG_RECORD(Nested, x, y)
};

struct Log {
  int epoch = 3;
  bool done = true;
  std::string name = "it's";
  Phase phase = Phase::eval;
  Phase odd = static_cast<Phase>(9);
  std::vector<Nested> list{{}, {1.5, 2.5F}};
  std::array<std::uint8_t, 2> pair{1, 255};
  std::map<std::string, double> scores{{"b", 1}, {"a", 2}};
  std::vector<bool> flags{true, false};
  std::chrono::milliseconds took{1500};
  std::chrono::sys_seconds at{std::chrono::seconds{86400}};
  std::chrono::steady_clock::time_point tick{std::chrono::nanoseconds{-2'500'000'000}};
  std::chrono::duration<double> never{std::numeric_limits<double>::infinity()};
  TRAINLOG_RECORD(Log, epoch, done, name, phase, odd, list, pair, scores, flags, took, at, tick,
                  never)
};

TRAINLOG_NAMEDTUPLE(Entry, (int, epoch), (double, loss, 0.5), (std::string, note, "none"))

}  // namespace asdict_test

namespace {

using namespace asdict_test;
using trainlog::asdict;
using trainlog::at;
using trainlog::dict;
using trainlog::value_list;

TEST_CASE("asdict keeps names, order and nesting") {
  dict const expected{
      {"epoch", 3},
      {"done", true},
      {"name", "it's"},
      {"phase", "eval"},
      {"odd", 9},
      {"list", value_list{dict{{"x", 0.5}, {"y", {}}}, dict{{"x", 1.5}, {"y", 2.5}}}},
      {"pair", value_list{1, 255}},
      {"scores", dict{{"a", 2}, {"b", 1}}},
      {"flags", value_list{true, false}},
      {"took", 1.5},
      {"at", "1970-01-02T00:00:00Z"},
      {"tick", -2.5},
      {"never", std::numeric_limits<double>::infinity()}};
  CHECK(asdict(Log{}) == expected);
  CHECK(asdict(trainlog::frozen<Log>{}) == expected);
  CHECK(trainlog::repr(asdict(Entry{1})) == "{'epoch': 1, 'loss': 0.5, 'note': 'none'}");
}

TEST_CASE("at finds by index, by negative index and by name") {
  Entry const entry{7, 0.25, "x"};
  CHECK(at(entry, 0) == 7);
  CHECK(at(entry, 2) == "x");
  CHECK(at(entry, -1) == "x");
  CHECK(at(entry, -3) == 7);
  CHECK(at(entry, "loss") == 0.25);
  CHECK(at(Log{}, "list")[1]["y"] == 2.5);
}

TEST_CASE("at says what is not there") {
  CHECK_THROWS_WITH(at(Entry{1}, 3), "trainlog: Entry has no field at index 3");
  CHECK_THROWS_WITH(at(Entry{1}, -4), "trainlog: Entry has no field at index -4");
  CHECK_THROWS_WITH(at(Entry{1}, "lost"),
                    "trainlog: Entry has no field 'lost', but epoch, loss, note");
  CHECK_THROWS_AS(at(Entry{1}, PTRDIFF_MIN), trainlog::error);
  CHECK_THROWS_AS(at(Entry{1}, PTRDIFF_MAX), trainlog::error);
}

TEST_CASE("field_defaults has the fields that need not be given") {
  CHECK(trainlog::field_defaults<Entry>() == dict{{"loss", 0.5}, {"note", "none"}});
  CHECK(trainlog::field_defaults<Nested const>() == trainlog::field_defaults<Nested>());
  CHECK(trainlog::field_defaults<Nested>() == dict{{"x", 0.5}, {"y", {}}});
}

}  // namespace
