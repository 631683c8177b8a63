// SPDX-License-Identifier: MIT
#include <trainlog/schema/clash.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "schema/schema_types.hpp"

namespace {

using namespace schema_test;
using trainlog::detail::find_clashes;

schema_type record_of(std::vector<schema_field> fields) {
  auto type = scalar(type_kind::record);
  type.fields = std::move(fields);
  return type;
}
schema_type clock(std::uint64_t denominator, bool utc = false) {
  auto type = scalar(type_kind::time);
  type.denominator = denominator;
  type.utc = utc;
  return type;
}

bool clash(schema_type const& a, schema_type const& b) {
  bool const there = !find_clashes({field("x", a)}, {field("x", b)}).empty();
  bool const back = !find_clashes({field("x", b)}, {field("x", a)}).empty();
  CHECK(there == back);
  return there;
}

}  // namespace

TEST_CASE("clash: numbers clash if no number type has the values of both") {
  using enum type_kind;
  CHECK_FALSE(clash(scalar(float32), scalar(float64)));
  CHECK_FALSE(clash(scalar(int32), scalar(uint32)));  // an int64 reads both
  CHECK_FALSE(clash(scalar(int8), scalar(uint8)));
  CHECK_FALSE(clash(scalar(int32), scalar(float32)));  // a float64 reads both
  CHECK(clash(scalar(int64), scalar(uint64)));
  CHECK(clash(scalar(int64), scalar(float64)));
  CHECK(clash(scalar(float64), scalar(string)));
  CHECK(clash(scalar(boolean), scalar(int8)));
}

TEST_CASE("clash: what has elements clashes as they do, an optional as what it holds") {
  using enum type_kind;
  CHECK_FALSE(clash(of(optional, scalar(float32)), scalar(float64)));
  CHECK(clash(of(optional, scalar(string)), scalar(float64)));
  CHECK_FALSE(clash(of(list, scalar(int8)), of(list, scalar(int64))));
  CHECK(clash(of(list, scalar(int8)), of(list, scalar(string))));
  CHECK(clash(of(list, scalar(int8)), of(array, scalar(int8), 3)));
  CHECK(clash(of(array, scalar(int8), 2), of(array, scalar(int8), 3)));
  CHECK(clash(clock(1000), clock(1)));
  CHECK(clash(clock(1, true), clock(1, false)));
  CHECK_FALSE(clash(clock(1), clock(1)));
}

TEST_CASE("clash: fields are matched by name and aka, in records at any depth") {
  using enum type_kind;
  auto const number = field("loss", scalar(float64));
  CHECK(find_clashes({number}, {field("accuracy", scalar(string))}).empty());
  CHECK(find_clashes({field("opt", record_of({number})), field("x", scalar(string))},
                     {field("y", scalar(float64), {"x"}),
                      field("opt", record_of({field("loss", scalar(string))}))}) ==
        "$.y: the file has string, the record has float64; "
        "$.opt.loss: the file has float64, the record has string");
}
