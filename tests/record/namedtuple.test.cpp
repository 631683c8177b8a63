// SPDX-License-Identifier: MIT
// TRAINLOG_NAMEDTUPLE: an immutable record that is a value.
#include "trainlog/record/namedtuple.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <type_traits>
#include <unordered_set>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "record/wide.hpp"
#include "trainlog/record/make.hpp"

namespace namedtuple_test {

TRAINLOG_NAMEDTUPLE(LogEntry, (std::int64_t, epoch), (double, loss), (double, accuracy),
                    (double, learning_rate, 0.001))
TRAINLOG_NAMEDTUPLE(Single, (double, x))
TRAINLOG_NAMEDTUPLE(SingleDefault, (double, x, 2.5))
TRAINLOG_NAMEDTUPLE(Empty)
TRAINLOG_NAMEDTUPLE(Commas, ((std::map<std::string, double>), scores),
                    ((std::array<int, 2>), shape, {1, 2}), (std::string, name, "none"),
                    (std::vector<int>, ids, {4, 5}))
TRAINLOG_NAMEDTUPLE(Pair, (Single, first), (Single, second, Single{1.0}))

struct Outer {
  TRAINLOG_NAMEDTUPLE(Inner, (int, n), (Single, s, Single{1.5}))
  TRAINLOG_NAMEDTUPLE(Other, (Inner, inner))
};

WIDE_NAMEDTUPLE(Wide, WIDE_512(WIDE_DOUBLE))

static_assert(trainlog::record<LogEntry> && trainlog::immutable_record<LogEntry>);
static_assert(std::is_trivially_copyable_v<LogEntry> && std::is_standard_layout_v<LogEntry>);
static_assert(sizeof(LogEntry) == 32 && sizeof(Outer::Inner) == 16);
static_assert(std::is_copy_assignable_v<LogEntry> && std::is_nothrow_move_assignable_v<Commas>);

// Made with all fields, or without those that have defaults; nothing converts to one in silence.
static_assert(std::is_constructible_v<LogEntry, int, double, double>);
static_assert(std::is_constructible_v<LogEntry, int, double, double, double>);
static_assert(!std::is_constructible_v<LogEntry, int, double>);
static_assert(!std::is_default_constructible_v<LogEntry>);
static_assert(!std::is_constructible_v<LogEntry, int, double, double, double, double>);
static_assert(std::is_constructible_v<Single, double> && !std::is_convertible_v<double, Single>);
static_assert(std::is_default_constructible_v<SingleDefault>);

// Nothing writes: not an accessor, a name, an index, a binding, a tie.
template <class Reference>
constexpr bool writable = std::is_assignable_v<Reference, std::remove_cvref_t<Reference>> &&
                          std::is_lvalue_reference_v<Reference>;
using trainlog::get;
static_assert(!writable<decltype(std::declval<LogEntry&>().loss())>);
static_assert(!writable<decltype(std::declval<Commas&>().scores())>);
static_assert(!writable<decltype(std::declval<Commas&>().name())>);
static_assert(!writable<decltype(get<"loss">(std::declval<LogEntry&>()))>);
static_assert(!writable<decltype(get<0>(std::declval<LogEntry&>()))>);
static_assert(!writable<decltype(std::declval<LogEntry&>().get<0>())>);
static_assert(
    !writable<std::tuple_element_t<0, decltype(trainlog::tie(std::declval<LogEntry&>()))>>);
static_assert(std::is_const_v<std::tuple_element_t<1, LogEntry>>);
static_assert(std::tuple_size_v<LogEntry> == 4 && std::tuple_size_v<LogEntry const> == 4);

constexpr LogEntry entry{3, 0.42, 0.91};
static_assert(get<"epoch">(entry) == 3 && entry.get<3>() == 0.001);
static_assert(entry == LogEntry{3, 0.42, 0.91, 0.001} && entry < LogEntry{4, 0.0, 0.0});
static_assert(trainlog::hash(entry) == trainlog::hash(LogEntry{3, 0.42, 0.91, 0.001}));

}  // namespace namedtuple_test

namespace {

using namespace namedtuple_test;
using trainlog::repr;

TEST_CASE("a named tuple prints and compares as Python's") {
  CHECK(repr(entry) == "LogEntry(epoch=3, loss=0.42, accuracy=0.91, learning_rate=0.001)");
  CHECK(entry == LogEntry(3, 0.42, 0.91));
  CHECK(entry != LogEntry(3, 0.42, 0.92));
  CHECK(entry > LogEntry(2, 9.0, 9.0));
  CHECK(repr(Empty{}) == "Empty()");
  CHECK(Empty{} == Empty{});
}

TEST_CASE("types with commas, defaults of class types, named tuples in named tuples") {
  Commas const record{{{"a", 1.0}}};
  CHECK(repr(record) == "Commas(scores={'a': 1.0}, shape=[1, 2], name='none', ids=[4, 5])");
  CHECK(record.name() == "none");
  CHECK(&record.ids() == &trainlog::get<"ids">(record));
  CHECK(repr(Pair{Single{2.0}}) == "Pair(first=Single(x=2.0), second=Single(x=1.0))");
  CHECK(repr(Outer::Other{Outer::Inner{1}}) == "Other(inner=Inner(n=1, s=Single(x=1.5)))");
  CHECK(SingleDefault{}.x() == 2.5);
  using namespace trainlog::literals;
  CHECK(trainlog::make<Pair>("first"_field = Single{3.0}) == Pair{Single{3.0}});
  CHECK(trainlog::make<Outer::Other>("inner"_field = Outer::Inner{4}).inner().n() == 4);
}

TEST_CASE("a named tuple is assigned as a whole") {
  LogEntry latest = entry;
  latest = LogEntry{4, 0.3, 0.95};
  CHECK(latest.epoch() == 4);
  std::swap(latest, latest);
  Commas text{{}, {1, 2}, "long enough to be on the heap"};
  Commas moved = std::move(text);
  CHECK(moved.name() == "long enough to be on the heap");
}

TEST_CASE("a named tuple unpacks") {
  auto const [epoch, loss, accuracy, rate] = entry;
  CHECK(epoch == 3);
  CHECK(loss + accuracy + rate == 0.42 + 0.91 + 0.001);
  auto const& [scores, shape, name, ids] = Commas{{{"a", 1.0}}};
  CHECK(scores.at("a") == 1.0);
  CHECK(shape[1] == 2);
  CHECK(name + std::to_string(ids.size()) == "none2");
  auto [moved_epoch, moved_loss, moved_accuracy, moved_rate] = LogEntry{1, 2.0, 3.0};
  STATIC_REQUIRE(std::is_const_v<decltype(moved_loss)>);
  CHECK(static_cast<double>(moved_epoch) + moved_loss + moved_accuracy + moved_rate == 6.001);
  Single single{4.0};
  auto& [x] = single;
  STATIC_REQUIRE(std::is_const_v<decltype(x)>);
}

TEST_CASE("a named tuple is hashed, sorted, and a key") {
  std::unordered_set<LogEntry> seen{entry, entry, LogEntry{1, 0.0, 0.0}, LogEntry{1, -0.0, 0.0}};
  CHECK(seen.size() == 2);
  CHECK(std::hash<LogEntry>{}(entry) == trainlog::hash(entry));
  std::map<LogEntry, int> count;
  ++count[entry];
  ++count[LogEntry{3, 0.42, 0.91}];
  CHECK(count[entry] == 2);
  std::vector<LogEntry> log{{3, 0.1, 0.0}, {1, 0.2, 0.0}, {2, 0.3, 0.0}};
  std::sort(log.begin(), log.end());
  CHECK(log[0].epoch() == 1);
  CHECK(log[2].epoch() == 3);
}

TEST_CASE("an accessor is a function to hand on") {
  std::vector<LogEntry> const log{{1, 0.3, 0.0}, {2, 0.1, 0.0}, {3, 0.2, 0.0}};
  CHECK(std::ranges::min_element(log, {}, &LogEntry::loss)->epoch() == 2);
}

TEST_CASE("a million of them") {
  std::vector<LogEntry> log;
  for (std::int64_t i = 0; i < 1'000'000; ++i) log.emplace_back(i, 1.0 / 2, 0.5);
  log.erase(log.begin());
  CHECK(log.size() * sizeof(log[0]) == 999'999U * 32);
  CHECK(log.back().epoch() == 999'999);
}

TEST_CASE("512 fields") {
  Wide const wide = trainlog::make<Wide>();
  STATIC_REQUIRE(std::tuple_size_v<Wide> == 512);
  CHECK(wide.f511() == 0);
  CHECK(wide == Wide(0));
  CHECK(repr(wide).substr(0, 15) == "Wide(f000=0.0, ");
}

}  // namespace
