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

TEST_CASE("bytes that readers would refuse as a summary are not written") {
  writer_test::temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  for (auto const* const encoded : {
           "0a 02 0d 0a",                    // a value that is no message
           "0a 03 0a 01 ff",                 // a tag that is no UTF-8
           "0a 06 0a 01 78 42 01 08",        // a tensor that is no message
           "0a 06 0a 01 78 4a 01 0a",        // metadata that are no message
           "0a 08 0a 01 78 4a 03 1a 01 ff",  // a description that is no UTF-8
       }) {
    CAPTURE(encoded);
    CHECK_THROWS_AS(summary::write_raw(writer, unhex(encoded), 1), summary::summary_error);
  }
  CHECK(events_in(directory.path()).empty());
}
