// SPDX-License-Identifier: MIT
#include "trainlog/record/error.hpp"

#include <string>
#include <type_traits>

#include "catch.hpp"

namespace {

using namespace std::string_literals;
using trainlog::decode_error;

static_assert(std::is_base_of_v<trainlog::error, decode_error>);
static_assert(std::is_base_of_v<trainlog::error, trainlog::validation_error>);
static_assert(std::is_base_of_v<std::runtime_error, trainlog::error>);

TEST_CASE("a decode error says where, what was expected and what was found") {
  decode_error const error{"$.v[1].x", {31, 3, 12}, "uint8", "300"};
  CHECK(std::string(error.what()) ==
        "trainlog: expected uint8, found 300 at $.v[1].x (line 3, column 12)");
  CHECK(error.path() == "$.v[1].x");
  CHECK(error.offset() == 31);
  CHECK(error.line() == 3);
  CHECK(error.column() == 12);
  CHECK(error.expected() == "uint8");
  CHECK(error.found() == "300");
  CHECK(error.source().empty());
}

TEST_CASE("a decode error of bytes says which byte") {
  decode_error const error{"$", {7}, "a header", "nothing"};
  CHECK(std::string(error.what()) == "trainlog: expected a header, found nothing at $ (byte 7)");
  CHECK(error.line() == 0);
}

TEST_CASE("a decode error learns the name of its file") {
  decode_error const error = decode_error{"$", {0, 1, 1}, "a", "b"}.in_file("runs/a.json");
  CHECK(std::string(error.what()) ==
        "trainlog: runs/a.json: expected a, found b at $ (line 1, column 1)");
  CHECK(error.source() == "runs/a.json");
  CHECK(error.path() == "$");
  CHECK_THROWS_WITH(throw trainlog::validation_error("x = 1").in_file("a\0b"s), "x = 1 in a\\0b");
}

}  // namespace
