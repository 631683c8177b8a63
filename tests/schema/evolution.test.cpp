// SPDX-License-Identifier: MIT
#include <trainlog/schema.hpp>

#include <array>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "schema/schema_types.hpp"

namespace {

using namespace schema_test;
using trainlog::evolution_plan;
using trainlog::schema;
using trainlog::type_plan;

schema rows(std::vector<schema_field> fields, std::string name = "Row") {
  return {std::move(name), std::move(fields)};
}

/// True if a file's field of one type reads into a field of the other.
bool reads(schema_type const& file, schema_type const& reader) {
  evolution_plan plan;
  try {
    make_plan(plan, rows({field("x", file)}), rows({field("x", reader)}));
    return true;
  } catch (trainlog::schema_error const&) {
    return false;
  }
}

/// What is known of a number type from the language rather than from the code under test.
struct number_type {
  type_kind kind;
  bool is_float;
  long double lowest;
  long double highest;
  int digits;
};
template <class T>
number_type number(type_kind kind) {
  using limits = std::numeric_limits<T>;
  return {kind, !limits::is_integer, limits::lowest(), limits::max(), limits::digits};
}

}  // namespace

TEST_CASE("a number reads into exactly those types that have all its values") {
  std::array const numbers{
      number<std::int8_t>(type_kind::int8),     number<std::int16_t>(type_kind::int16),
      number<std::int32_t>(type_kind::int32),   number<std::int64_t>(type_kind::int64),
      number<std::uint8_t>(type_kind::uint8),   number<std::uint16_t>(type_kind::uint16),
      number<std::uint32_t>(type_kind::uint32), number<std::uint64_t>(type_kind::uint64),
      number<float>(type_kind::float32),        number<double>(type_kind::float64)};
  for (auto const& from : numbers) {
    for (auto const& to : numbers) {
      bool const has_range = to.lowest <= from.lowest && to.highest >= from.highest;
      bool const wanted =
          from.is_float ? to.is_float && has_range : has_range && to.digits >= from.digits;
      INFO(to_text(scalar(from.kind)) << " as " << to_text(scalar(to.kind)));
      CHECK(reads(scalar(from.kind), scalar(to.kind)) == wanted);
    }
  }
}

TEST_CASE("kinds that are no numbers read as themselves only") {
  for (auto const kind : {type_kind::boolean, type_kind::string}) {
    CHECK(reads(scalar(kind), scalar(kind)));
    CHECK_FALSE(reads(scalar(kind), scalar(type_kind::int64)));
    CHECK_FALSE(reads(scalar(type_kind::int8), scalar(kind)));
  }
}

TEST_CASE("containers read if their elements do") {
  auto const narrow = scalar(type_kind::int16);
  auto const wide = scalar(type_kind::int64);
  for (auto const kind : {type_kind::optional, type_kind::list, type_kind::map}) {
    CHECK(reads(of(kind, narrow), of(kind, wide)));
    CHECK_FALSE(reads(of(kind, wide), of(kind, narrow)));
    CHECK_FALSE(reads(of(kind, narrow), narrow));
  }
  CHECK(reads(of(type_kind::array, narrow, 3), of(type_kind::array, wide, 3)));
  CHECK_FALSE(reads(of(type_kind::array, narrow, 3), of(type_kind::array, wide, 4)));
  CHECK_FALSE(reads(of(type_kind::array, narrow, 3), of(type_kind::list, wide)));
  CHECK(reads(narrow, of(type_kind::optional, wide)));
  CHECK(reads(of(type_kind::list, narrow), of(type_kind::optional, of(type_kind::list, wide))));
}

TEST_CASE("clocks need the same unit and kind of clock") {
  auto clock = scalar(type_kind::time);
  clock.number = type_kind::int32;
  clock.denominator = 1000;
  clock.utc = true;
  auto other = clock;
  other.number = type_kind::int64;
  CHECK(reads(clock, other));
  CHECK_FALSE(reads(other, clock));
  other.denominator = 1;
  CHECK_FALSE(reads(clock, other));
  other = clock;
  other.utc = false;
  CHECK_FALSE(reads(clock, other));
  other.kind = type_kind::duration;
  CHECK_FALSE(reads(clock, other));
}

TEST_CASE("fields are matched by name, then by alias, the rest is skipped or takes its default") {
  auto const f64 = scalar(type_kind::float64);
  auto const file =
      rows({field("epoch", scalar(type_kind::int32)), field("cost", f64), field("gone", f64)});
  auto const reader = rows({field("phase", scalar(type_kind::string)), field("loss", f64, {"cost"}),
                            field("epoch", scalar(type_kind::int64))});
  evolution_plan plan;
  make_plan(plan, file, reader);
  REQUIRE(plan.row.steps.size() == 3);
  CHECK(plan.row.steps[0].target == 2);
  CHECK(plan.row.steps[1].target == 1);
  CHECK(plan.row.steps[2].target == type_plan::skip);
  CHECK_FALSE(plan.row.same);
}

TEST_CASE("a field's own name goes before an alias, and an earlier alias before a later one") {
  auto const f64 = scalar(type_kind::float64);
  evolution_plan both;
  make_plan(both, rows({field("cost", f64), field("loss", f64)}),
            rows({field("loss", f64, {"cost"})}));
  CHECK(both.row.steps[0].target == type_plan::skip);
  CHECK(both.row.steps[1].target == 0);

  evolution_plan aliases;
  make_plan(aliases, rows({field("old", f64), field("older", f64)}),
            rows({field("loss", f64, {"older", "old"})}));
  CHECK(aliases.row.steps[0].target == type_plan::skip);
  CHECK(aliases.row.steps[1].target == 0);
}

TEST_CASE("a field of the file goes to one field of the reader only") {
  auto const f64 = scalar(type_kind::float64);
  auto const file = rows({field("x", f64), field("y", f64)});
  evolution_plan named;
  make_plan(named, file, rows({field("a", f64, {"x"}), field("x", f64)}));
  CHECK(named.row.steps[0].target == 1);
  CHECK(named.row.steps[1].target == type_plan::skip);
  evolution_plan shared;
  make_plan(shared, file, rows({field("a", f64, {"x"}), field("b", f64, {"x", "y"})}));
  CHECK(shared.row.steps[0].target == 0);
  CHECK(shared.row.steps[1].target == 1);
  CHECK(shared.row.children.size() == 2);
}

TEST_CASE("equal schemas read without conversion") {
  auto const f64 = scalar(type_kind::float64);
  evolution_plan plan;
  make_plan(plan, rows({field("a", f64), field("b", f64)}),
            rows({field("a", f64), field("b", f64)}));
  CHECK(plan.row.same);
  evolution_plan reordered;
  make_plan(reordered, rows({field("b", f64), field("a", f64)}),
            rows({field("a", f64), field("b", f64)}));
  CHECK_FALSE(reordered.row.same);
}

TEST_CASE("one error names both sides of every mismatch") {
  auto needed = field("needed", scalar(type_kind::int8));
  needed.required = true;
  auto const file = rows(
      {field("epoch", scalar(type_kind::int64)), field("loss", scalar(type_kind::string))}, "Old");
  auto const reader = rows(
      {field("epoch", scalar(type_kind::int16)), field("loss", scalar(type_kind::float64)), needed},
      "New");
  evolution_plan plan;
  try {
    make_plan(plan, file, reader);
    FAIL("no error");
  } catch (trainlog::schema_error const& error) {
    std::string const what = error.what();
    INFO(what);
    CHECK(what.find("Old") != what.npos);
    CHECK(what.find("New") != what.npos);
    CHECK(what.find("$.epoch: the file has int64, asked for is int16") != what.npos);
    CHECK(what.find("$.loss: the file has string, asked for is float64") != what.npos);
    CHECK(what.find("$.needed") != what.npos);
    CHECK(error.file().name == "Old");
    CHECK(error.reader().name == "New");
  }
}

TEST_CASE("the rules hold for nested records") {
  auto inner = scalar(type_kind::record);
  inner.fields.push_back(field("x", scalar(type_kind::float32)));
  auto wider = scalar(type_kind::record);
  wider.fields.push_back(field("y", scalar(type_kind::float64), {"x"}));
  wider.fields.push_back(field("new", scalar(type_kind::string)));
  CHECK(reads(inner, wider));
  CHECK(reads(of(type_kind::list, inner), of(type_kind::list, wider)));
  wider.fields[1].required = true;
  CHECK_FALSE(reads(inner, wider));
}

TEST_CASE("a message shows no more than a part of a file's names and types") {
  std::string name = "n";
  for (int i = 0; i < 100'000; ++i) name += "\u00e9";
  auto file = rows({field("x", scalar(type_kind::boolean))}, name);
  schema_type record = scalar(type_kind::record);
  for (int i = 0; i < 10'000; ++i) {
    record.fields.push_back(field("\u00e9" + std::to_string(i), scalar(type_kind::string)));
  }
  file.fields.push_back(field("y", of(type_kind::list, record)));
  try {
    evolution_plan plan;
    make_plan(plan, file,
              rows({field("x", of(type_kind::list, record)), field("y", scalar(type_kind::int8))}));
    FAIL("no error");
  } catch (trainlog::schema_error const& error) {
    std::string const text = error.what();
    CHECK(text.size() < 1000);
    CHECK(trainlog::detail::is_valid_utf8(text));
    CHECK_THAT(text, Catch::Contains("$.x: the file has bool, asked for is list<{\u00e90:string,"));
    CHECK_THAT(text, Catch::EndsWith("..., asked for is int8"));
  }
}

TEST_CASE("a former name is tried behind the aliases") {
  auto const f64 = scalar(type_kind::float64);
  auto renamed = field("train/loss", f64, {"cost"});
  renamed.former_name = "loss";
  evolution_plan old;
  make_plan(old, rows({field("loss", f64)}), rows({renamed}));
  CHECK(old.row.steps[0].target == 0);
  evolution_plan all;
  make_plan(all, rows({field("loss", f64), field("cost", f64)}), rows({renamed}));
  CHECK(all.row.steps[0].target == type_plan::skip);
  CHECK(all.row.steps[1].target == 0);
}
