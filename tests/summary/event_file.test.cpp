// SPDX-License-Identifier: MIT
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>

#include <trainlog/summary/event_file.hpp>

#include "catch.hpp"
#include "log/temporary_directory.hpp"

using namespace trainlog;
using namespace trainlog::detail;
using writer_test::temporary_directory;

namespace {

std::string file_name(event_file const& file) {
  return std::filesystem::path(file.path).filename().string();
}

}  // namespace

TEST_CASE("a new event file sorts behind all others of its directory") {
  temporary_directory const directory;
  std::string last;
  for (int i = 0; i < 20; ++i) {
    auto const name = file_name(create_event_file(directory.path(), ""));
    CHECK(name > last);
    last = name;
  }
  CHECK(directory.count() == 20);
}

TEST_CASE("a new event file sorts behind one of a clock that is ahead") {
  temporary_directory const directory;
  std::int64_t const ahead = std::time(nullptr) + 1000;
  std::string const other = "events.out.tfevents." + std::to_string(ahead) + ".zzz.1.0";
  std::ofstream(directory / other);
  CHECK(file_name(create_event_file(directory.path(), "")) > other);
}

TEST_CASE("a name from a wrong clock does not move new ones into the far future") {
  temporary_directory const directory;
  std::ofstream(directory / "events.out.tfevents.9999999999.host.1.0");
  auto const seconds = event_file_seconds(file_name(create_event_file(directory.path(), "")));
  REQUIRE(seconds);
  CHECK(*seconds < 9999999999);
}

TEST_CASE("an event file that cannot be made is an io_error") {
  temporary_directory const directory;
  CHECK_THROWS_AS(create_event_file(directory / "none", ""), io_error);
  CHECK_THROWS_AS(create_event_file(directory.path(), "/x"), io_error);
}
