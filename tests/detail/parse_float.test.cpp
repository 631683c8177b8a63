// SPDX-License-Identifier: MIT
#include "trainlog/detail/parse_float.hpp"

#include <array>
#include <bit>
#include <cerrno>
#include <clocale>
#include <string>
#include <system_error>

#include "catch.hpp"

namespace {

using trainlog::detail::parse_by_strtod;
using trainlog::detail::parse_float_text;

char const* const numbers[] = {"0",
                               "-0.0",
                               "0.1",
                               "1.5e3",
                               "9007199254740993",
                               "2.2250738585072011e-308",
                               "4.9e-324",
                               "2.4703282292062327e-324",
                               "1e-400",
                               "-1e-400",
                               "1.7976931348623157e308",
                               "1.7976931348623159e308",
                               "1e400",
                               "3.4028236e38",
                               "1e-46",
                               "1.4e-45",
                               "16777217.000000000000001",
                               "x",
                               ""};

template <class Float>
void check_alike(std::string const& text) {
  Float wanted{7};
  Float found{7};
  auto const problem = parse_float_text(text, wanted);
  INFO(text);
  CHECK(parse_by_strtod(text, found) == problem);
  CHECK(std::bit_cast<std::array<char, sizeof(Float)>>(found) ==
        std::bit_cast<std::array<char, sizeof(Float)>>(wanted));
}

TEST_CASE("strtod reads what from_chars reads, and reports the same") {
  errno = 5;
  for (auto const* const text : numbers) {
    check_alike<double>(text);
    check_alike<float>(text);
  }
  CHECK(errno == 5);
}

TEST_CASE("the point of a program's locale does not matter") {
  bool const has_comma = std::setlocale(LC_NUMERIC, "de_DE.UTF-8") != nullptr;  // if it is there
  double result = 0;
  CHECK(parse_by_strtod("1.5", result) == std::errc{});
  CHECK(result == 1.5);
  CHECK(std::string(std::localeconv()->decimal_point) == (has_comma ? "," : "."));
  std::setlocale(LC_NUMERIC, "C");
}

}  // namespace
