// SPDX-License-Identifier: MIT
#include <trainlog/codec/json_number.hpp>

#include <string>

#include "catch.hpp"

using namespace trainlog::detail;

TEST_CASE("json_number: scan_number takes the longest number, or nothing") {
  struct row {
    std::string_view text;
    std::size_t size;
  };
  for (auto const [text, size] :
       {row{"0", 1}, row{"-0", 2}, row{"12,", 2}, row{"1.5]", 3}, row{"1.5e10 ", 6}, row{"1E-5", 4},
        row{"1e+05x", 5}, row{"", 0}, row{"-", 0}, row{"x", 0}, row{"01", 0}, row{"1.", 0},
        row{"1.e5", 0}, row{"1e", 0}, row{"1e-", 0}, row{".5", 0}}) {
    CAPTURE(text);
    CHECK(scan_number(text).size == size);
  }
  CHECK(scan_number("9999999999999999999").is_short_integer());
  CHECK(scan_number("9999999999999999999").magnitude == 9999999999999999999U);
  CHECK_FALSE(scan_number("10000000000000000000").is_short_integer());
  CHECK_FALSE(scan_number("1.0").is_short_integer());
  CHECK_FALSE(scan_number("1e0").is_short_integer());
}

TEST_CASE("json_number: is_below_one") {
  for (auto const text :
       {"0.5", "-0.5", "1e-1", "0.001e2", "99e-2", "-12.5e-2", "1e-99999999999999", "0.000001e5"}) {
    CAPTURE(text);
    CHECK(is_below_one(text));
  }
  for (auto const text :
       {"1", "-1", "1e0", "0.01e2", "100e-2", "12.5e-1", "1e99999999999999", "-0.5e1"}) {
    CAPTURE(text);
    CHECK_FALSE(is_below_one(text));
  }
}

TEST_CASE("json_number: parse_float") {
  double number = 0;
  CHECK(parse_float("1.5", number));
  CHECK(number == 1.5);
  CHECK_FALSE(parse_float("1e309", number));
  CHECK_FALSE(parse_float("-1e309", number));
  CHECK(parse_float("1e-330", number));
  CHECK(number == 0);
  float single = 0;
  CHECK(parse_float("3.4028235e38", single));
  CHECK_FALSE(parse_float("3.5e38", single));
  CHECK(parse_float("1e-60", single));
  CHECK(single == 0);
}

TEST_CASE("json_number: more digits than any exponent clamp") {
  double number = 0;
  auto const zeros = "0." + std::string(1'000'001, '0') + "1e";
  CHECK_FALSE(parse_float(zeros + "10000000", number));
  CHECK(parse_float(zeros + "1", number));
  CHECK(number == 0);
  CHECK_FALSE(parse_float(zeros + std::string(100, '9'), number));
  CHECK(parse_float(std::string(1'000'002, '9') + "e-10000000", number));
}
