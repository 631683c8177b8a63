// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <string>

#include <trainlog/summary/event_file_name.hpp>

#include "catch.hpp"

using namespace trainlog::detail;

TEST_CASE("an event file is named by time, host, process and number") {
  auto const name = event_file_name(1700000000, ".v2");
  CHECK(name.starts_with("events.out.tfevents.1700000000." + host_name() + "." +
                         std::to_string(::getpid()) + "."));
  CHECK(name.ends_with(".v2"));
  CHECK(event_file_name(7, "").starts_with("events.out.tfevents.0000000007."));
  CHECK(event_file_name(7, "") != event_file_name(7, ""));
  CHECK(event_file_seconds(name) == 1700000000);
}

TEST_CASE("what is no name of an event file has no seconds") {
  for (std::string const name : {"", "events.out.tfevents.", "events.out.tfevents.170000000.host",
                                 "events.out.tfevents.17000000000.host", "x.1700000000.host",
                                 "events.out.tfevents.1700000x00.host"}) {
    CHECK_FALSE(event_file_seconds(name));
  }
}
