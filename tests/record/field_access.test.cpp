// SPDX-License-Identifier: MIT
#include "trainlog/record/field_access.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

#include "catch.hpp"
#include "trainlog/record/frozen.hpp"
#include "trainlog/record/namedtuple.hpp"

namespace field_access_test {

enum class Phase { train, eval };
TRAINLOG_ENUM(Phase, train, eval)

struct Nested {
  double x = 0;
  TRAINLOG_RECORD(Nested, x)
};

struct All {
  bool b{};
  char c{};
  std::int8_t i8{};
  std::int16_t i16{};
  std::int32_t i32{};
  std::int64_t i64{};
  long long ll{};
  std::uint8_t u8{};
  std::uint16_t u16{};
  std::uint32_t u32{};
  std::uint64_t u64{};
  float f32{};
  double f64{};
  std::string text;
  Phase phase{};
  std::optional<int> maybe;
  std::vector<bool> flags;
  std::array<int, 2> pair{};
  std::map<std::string, int> map;
  std::chrono::milliseconds took{};
  std::chrono::system_clock::time_point at;
  Nested nested;
  TRAINLOG_RECORD(All, b, c, i8, i16, i32, i64, ll, u8, u16, u32, u64, f32, f64, text, phase, maybe,
                  flags, pair, map, took, at, nested)
};

constexpr std::array<std::string_view, 22> types{
    "bool",   "int8",   "int8",   "int16",    "int32",   "int64",  "int64", "uint8",
    "uint16", "uint32", "uint64", "float32",  "float64", "string", "enum",  "optional",
    "list",   "array",  "map",    "duration", "time",    "record"};

struct Log {
  int epoch = 1;
  double loss = 0.5;
  TRAINLOG_RECORD(Log, epoch, loss)
};
TRAINLOG_NAMEDTUPLE(Entry, (int, epoch), (double, loss, 0.5))
using Frozen = trainlog::frozen<Log>;

using trainlog::get;
template <class T>
using loss_of = decltype(get<"loss">(std::declval<T>()));
static_assert(std::is_same_v<loss_of<Log&>, double&>);
static_assert(std::is_same_v<loss_of<Log const&>, double const&>);
static_assert(std::is_same_v<loss_of<Entry&>, double const&>);
static_assert(std::is_same_v<loss_of<Entry const&>, double const&>);
static_assert(std::is_same_v<loss_of<Frozen&>, double const&>);
static_assert(std::is_same_v<decltype(get<0>(std::declval<Log&>())), int&>);
static_assert(
    std::is_same_v<decltype(trainlog::tie(std::declval<Log&>())), std::tuple<int&, double&>>);
static_assert(std::is_same_v<decltype(trainlog::tie(std::declval<Log const&>())),
                             std::tuple<int const&, double const&>>);
static_assert(std::is_same_v<decltype(trainlog::tie(std::declval<Frozen&>())),
                             std::tuple<int const&, double const&>>);
static_assert(
    std::is_same_v<decltype(trainlog::astuple(std::declval<Entry>())), std::tuple<int, double>>);

static_assert(trainlog::field_names<Log>() == std::array<std::string_view, 2>{"epoch", "loss"});
static_assert(trainlog::astuple(Log{2, 0.25}) == std::tuple{2, 0.25});
constexpr Log constant{3, 0.1};
static_assert(get<0>(constant) == 3 && get<"loss">(constant) == 0.1);

// A const record type names the same fields.
static_assert(trainlog::field_names<Nested const>() == trainlog::field_names<Nested>());
static_assert(&trainlog::fields<Nested const>() == &trainlog::fields<Nested>());

}  // namespace field_access_test

namespace {

using namespace field_access_test;

TEST_CASE("fields lists names, types, defaults and metadata") {
  auto const& all = trainlog::fields<All>();
  REQUIRE(all.size() == types.size());
  for (std::size_t i = 0; i < types.size(); ++i) CHECK(all[i].type == types[i]);
  CHECK(all[13].name == "text");
  CHECK(all[13].has_default);
  CHECK(all[13].meta != nullptr);
  CHECK_FALSE(trainlog::fields<Entry>()[0].has_default);
  CHECK(trainlog::fields<Entry>()[1].has_default);
  CHECK(trainlog::fields<Frozen>()[0].has_default);
}

TEST_CASE("get and tie write through to a mutable record") {
  Log log;
  get<"loss">(log) = 0.25;
  get<0>(log) += 6;
  CHECK(log == Log{7, 0.25});
  trainlog::tie(log) = std::tuple{8, 0.125};
  CHECK(log == Log{8, 0.125});
  auto copies = trainlog::astuple(log);
  std::get<0>(copies) = 0;
  CHECK(log.epoch == 8);
}

TEST_CASE("for_each_field visits in order, with the name or with all that is known") {
  Log log;
  std::string seen;
  trainlog::for_each_field(log, [&](std::string_view name, auto& field) {
    seen.append(name) += ' ';
    field += 1;
  });
  CHECK(seen == "epoch loss ");
  CHECK(log == Log{2, 1.5});

  seen.clear();
  Entry entry{1};
  trainlog::for_each_field(entry, [&](trainlog::field_info const& info, auto const& field) {
    STATIC_REQUIRE(std::is_const_v<std::remove_reference_t<decltype(field)>>);
    seen.append(info.name).append(":").append(info.type) += ' ';
  });
  CHECK(seen == "epoch:int32 loss:float64 ");

  double sum = 0;
  trainlog::for_each_field(Frozen{}, [&](std::string_view, double field) { sum += field; });
  CHECK(sum == 1.5);
}

}  // namespace
