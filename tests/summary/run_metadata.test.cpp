// SPDX-License-Identifier: MIT
#include <string>

#include <trainlog/summary/run_metadata.hpp>

#include "catch.hpp"
#include "log/temporary_directory.hpp"
#include "summary/event_files.hpp"

using namespace trainlog;
using namespace summary_test;
using writer_test::temporary_directory;

// The bytes are those of TensorFlow's own messages.
TEST_CASE("run metadata are an event, to the byte") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  auto const encoded = unhex("0a 05 0a 03 0a 01 64");
  REQUIRE(summary::run_metadata(writer, "t", encoded, 2, {.wall_time = 1.5}));
  CHECK(events_in(directory.path()).at(0) ==
        unhex("09 00 00 00 00 00 00 f8 3f 10 02 42 0c 0a 01 74 12 07 0a 05 0a 03 0a 01 64"));
}

TEST_CASE("run metadata have their name in its scope, and the default step") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  auto const scope = writer.as_default(3);
  summary::name_scope const outer("s");
  CHECK(summary::run_metadata("t", [] { return std::string(); }));
  auto const event = events_in(directory.path()).at(0);
  CHECK(step_of(event) == 3);
  CHECK(find_field(find_field(event, 8).bytes, 1).bytes == "s/t");
}

TEST_CASE("run metadata that are no message are refused") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  CHECK_THROWS_WITH(summary::run_metadata(writer, "t", unhex("0a 05 0a"), 1),
                    "trainlog: the run metadata 't' have 3 bytes that are no message");
  CHECK_THROWS_AS(summary::run_metadata(writer, "t", ""), summary::summary_error);  // no step
  CHECK(events_in(directory.path()).empty());
  CHECK_FALSE(summary::run_metadata("t", "no metadata", 1));
}
