// SPDX-License-Identifier: MIT
#include "trainlog/record/hash.hpp"

#include <array>
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "catch.hpp"
#include "trainlog/record/frozen.hpp"
#include "trainlog/record/namedtuple.hpp"

namespace hash_test {

enum class Phase { train, eval };
TRAINLOG_ENUM(Phase, train, eval)

struct Log {
  int a = 0;
  bool flag = false;
  double x = 0;
  float y = 0;
  std::string text;
  std::vector<int> list;
  std::optional<double> maybe;
  std::map<std::string, int> map;
  Phase phase = Phase::train;
  std::chrono::milliseconds took{};
  std::chrono::sys_seconds at{};
  std::array<bool, 2> flags{};
  std::vector<bool> bits;
  TRAINLOG_RECORD(Log, a, flag, x, y, text, list, maybe, map, phase, took, at, flags, bits)
};

TRAINLOG_NAMEDTUPLE(Entry, (int, epoch), (double, loss))
static_assert(trainlog::hash(Entry{1, 0.0}) == trainlog::hash(Entry{1, -0.0}));
static_assert(trainlog::hash(Entry{1, 0.0}) != trainlog::hash(Entry{2, 0.0}));

template <class T>
constexpr bool hashable = requires(T const& x) { std::hash<T>{}(x); };
static_assert(hashable<Entry> && hashable<trainlog::frozen<Log>> && !hashable<Log>);

/// Each differs from all others.
std::vector<Log> all_different() {
  std::vector<Log> all(19);
  all[1].a = 1;
  all[2].flag = true;
  all[3].x = 1;
  all[4].y = 1;
  all[5].text = "a";
  all[6].list = {0};
  all[7].list = {0, 0};
  all[8].list = {1, 2};
  all[9].list = {2, 1};
  all[10].maybe = 0;
  all[11].map["a"] = 0;
  all[12].map["b"] = 0;
  all[13].phase = Phase::eval;
  all[14].took = std::chrono::milliseconds{1};
  all[15].at += std::chrono::seconds{1};
  all[16].flags[1] = true;
  all[17].bits = {false};
  all[18].a = -1;
  return all;
}

}  // namespace hash_test

namespace {

using namespace hash_test;
using trainlog::frozen;

TEST_CASE("equal records have equal hashes, and these different ones have different hashes") {
  auto const all = all_different();
  for (auto const& a : all) {
    for (auto const& b : all) {
      CHECK((trainlog::hash(frozen{a}) == trainlog::hash(frozen{b})) == (&a == &b));
    }
    CHECK(trainlog::hash(frozen{a}) == trainlog::hash(frozen{Log(a)}));
  }
}

TEST_CASE("minus zero hashes as zero, wherever it stands") {
  Log zero;
  Log minus;
  zero.maybe = 0.0;
  minus.x = -0.0;
  minus.y = -0.0F;
  minus.maybe = -0.0;
  CHECK(zero == minus);
  CHECK(trainlog::hash(frozen{zero}) == trainlog::hash(frozen{minus}));
}

TEST_CASE("std::hash makes immutable records keys") {
  std::unordered_map<Entry, int> count;
  ++count[Entry{1, 0.0}];
  ++count[Entry{1, -0.0}];
  ++count[Entry{2, 0.0}];
  CHECK(count.size() == 2);
  CHECK(std::hash<Entry>{}(Entry{1, 2.0}) == trainlog::hash(Entry{1, 2.0}));
}

}  // namespace
