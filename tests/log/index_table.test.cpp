// SPDX-License-Identifier: MIT
#include "trainlog/log/index_table.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"

using namespace trainlog::detail;

TEST_CASE("index_table: values are numbered as they come first") {
  index_table<std::string_view> table(10);
  CHECK(table.find("b") == 0);
  CHECK(table.find("") == 1);
  CHECK(table.find("a") == 2);
  CHECK(table.find("") == 1);
  CHECK(table.find("b") == 0);
  CHECK(table.values() == std::vector<std::string_view>{"b", "", "a"});
}

TEST_CASE("index_table: there are no more values than may be") {
  for (std::size_t const limit : {0U, 1U, 2U, 3U, 255U, 256U, 65536U, 70000U}) {
    CAPTURE(limit);
    index_table<std::uint64_t> table(limit);
    std::size_t const most = std::min<std::size_t>(limit, 65536);
    // They differ in their upper bits alone, or in the lower ones.
    auto const value = [](std::uint64_t i) { return i % 2 == 0 ? i << 40U : i; };
    for (std::size_t i = 0; i < most; ++i) REQUIRE(table.find(value(i)) == i);
    CHECK(table.find(value(most)) == table.none);
    for (std::size_t i = 0; i < most; ++i) REQUIRE(table.find(value(i)) == i);
    CHECK(table.values().size() == most);
  }
}

TEST_CASE("index_list: indices take a byte each, or two") {
  CHECK(index_width(1) == 1);
  CHECK(index_width(256) == 1);
  CHECK(index_width(257) == 2);
  CHECK(index_width(65536) == 2);
  index_list list;
  CHECK(list.plain(1).empty());
  for (std::size_t const i : {0U, 7U, 255U}) list.add(i);
  CHECK(list.plain(1) == std::string("\x00\x07\xff", 3));
  list.add(65535);
  auto const wide = list.plain(2);
  CHECK(wide == std::string("\x00\x00\x07\x00\xff\x00\xff\xff", 8));
  CHECK(index_at(wide, 2, 1) == 7);
  CHECK(index_at(wide, 2, 3) == 65535);
  CHECK(index_at(wide, 1, 4) == 255);
}

TEST_CASE("index_list: an index that stands for no value is found") {
  CHECK(are_below("", 1, 0));
  CHECK_FALSE(are_below(std::string_view("\0", 1), 1, 0));
  CHECK(are_below("\x03\x01", 1, 4));
  CHECK_FALSE(are_below("\x01\x04\x01", 1, 4));
  CHECK(are_below(std::string_view("\xff\x00\x00\x01", 4), 2, 257));
  CHECK_FALSE(are_below(std::string_view("\xff\x00\x00\x01", 4), 2, 256));
}
