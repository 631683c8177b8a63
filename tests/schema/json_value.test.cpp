// SPDX-License-Identifier: MIT
#include <trainlog/schema.hpp>

#include <cmath>

#include "catch.hpp"

TEST_CASE("untyped values as JSON text") {
  using trainlog::dict;
  using trainlog::value;
  using trainlog::value_list;
  using trainlog::detail::json_text;
  CHECK(json_text(value()) == "null");
  CHECK(json_text(true) == "true");
  CHECK(json_text(-3) == "-3");
  CHECK(json_text(18446744073709551615U) == "18446744073709551615");
  CHECK(json_text(0.1F) == "0.1");
  CHECK(json_text(2.0) == "2.0");
  CHECK(json_text(std::nan("")) == R"("NaN")");
  CHECK(json_text(-INFINITY) == R"("-Infinity")");
  CHECK(json_text("a\"\n") == R"("a\"\n")");
  CHECK(json_text(value_list{1, "b", value_list{}}) == R"([1,"b",[]])");
  CHECK(json_text(dict{{"a", 1}, {"b", dict{}}}) == R"({"a":1,"b":{}})");
}
