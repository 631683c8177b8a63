// SPDX-License-Identifier: MIT
#include <trainlog/summary/raw.hpp>

#include "catch.hpp"
#include "log/temporary_directory.hpp"
#include "summary/event_files.hpp"

using namespace trainlog;
using namespace summary_test;

TEST_CASE("an encoded summary is written as it is") {
  writer_test::temporary_directory const directory;
  auto const encoded = unhex("0a 08 0a 01 78 15 00 00 00 3f");
  CHECK_FALSE(summary::write_raw(encoded, 1));
  auto const writer = summary::create_file_writer(directory.path());
  auto const scope = writer.as_default(2);
  CHECK(summary::write_raw(encoded, {}, {.wall_time = 0.0}));
  CHECK(events_in(directory.path()).at(0) ==
        unhex("09 00 00 00 00 00 00 00 00 10 02 2a 0a") + encoded);
  CHECK_THROWS_AS(summary::write_raw(writer, unhex("0a 09 0a"), 1), summary::summary_error);
  CHECK(events_in(directory.path()).size() == 1);
}
