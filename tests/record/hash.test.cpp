// SPDX-License-Identifier: MIT
#include "trainlog/record/hash.hpp"

#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

#include "catch.hpp"
#include "record/whole.hpp"
#include "trainlog/record/frozen.hpp"
#include "trainlog/record/namedtuple.hpp"

namespace hash_test {

using namespace whole_test;

struct Log {
  Whole whole;
  bool flag = false;
  double x = 0;
  float y = 0;
  std::optional<double> maybe;
  TRAINLOG_RECORD(Log, whole, flag, x, y, maybe)
};

TRAINLOG_NAMEDTUPLE(Entry, (int, epoch), (double, loss))
static_assert(trainlog::hash(Entry{1, 0.0}) == trainlog::hash(Entry{1, -0.0}));
static_assert(trainlog::hash(Entry{1, 0.0}) != trainlog::hash(Entry{2, 0.0}));

template <class T>
constexpr bool hashable = requires(T const& x) { std::hash<T>{}(x); };
static_assert(hashable<Entry> && hashable<trainlog::frozen<Log>> && !hashable<Log>);

/// Each differs from all others.
std::vector<Log> all_different() {
  std::vector<Log> all(11);
  all[1].whole.a = -1;
  all[2].flag = true;
  all[3].x = 1;
  all[4].y = 1;
  all[5].maybe = 0;
  all[6].whole.list = {0};
  all[7].whole.list = {0, 0};
  all[8].whole.list = {1, 2};
  all[9].whole.list = {2, 1};
  all[10].whole.map["b"] = -1;
  for (auto const& each : greater_in_one_field()) all.emplace_back().whole = each;
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
