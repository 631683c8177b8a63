// SPDX-License-Identifier: MIT
#include <trainlog/summary/custom_scalars.hpp>

#include "catch.hpp"
#include "log/temporary_directory.hpp"
#include "summary/event_files.hpp"

using namespace trainlog;
using namespace summary_test;

// The bytes are those of TensorBoard's own message.
TEST_CASE("a layout of charts is a Layout, to the byte") {
  writer_test::temporary_directory const directory;
  summary::chart_layout const layout{
      {"C",
       {summary::multiline_chart{"a", {"x", "y.*"}}, summary::margin_chart{"m", {{"v", "l", "u"}}}},
       true}};
  CHECK_FALSE(summary::custom_scalars(layout));
  auto const writer = summary::create_file_writer(directory.path());
  CHECK(summary::custom_scalars(writer, layout, {.wall_time = 1.5}));
  auto const events = events_in(directory.path());
  REQUIRE(events.size() == 1);
  CHECK(events[0].substr(0, 9) == unhex("09 00 00 00 00 00 00 f8 3f"));
  auto const value = values_of(events[0]).at(0);
  CHECK(tag_of(value) == "custom_scalars__config__");
  CHECK(find_field(find_field(value, 8).bytes, 8).bytes ==
        unhex("12 26 0a 01 43 12 0d 0a 01 61 12 08 0a 01 78 0a 03 79 2e 2a 12 10 0a 01 6d 1a 0b 0a "
              "09 0a 01 76 12 01 6c 1a 01 75 18 01"));
  CHECK(find_field(find_field(find_field(value, 9).bytes, 1).bytes, 1).bytes == "custom_scalars");
}
