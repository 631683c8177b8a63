// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <cmath>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>

#include <trainlog/summary/event_file.hpp>

#include "catch.hpp"
#include "log/temporary_directory.hpp"
#include "summary/event_files.hpp"

using namespace trainlog;
using namespace trainlog::detail;
using namespace summary_test;
using writer_test::temporary_directory;

namespace {

std::string file_name(event_file const& file) {
  return std::filesystem::path(file.path).filename().string();
}

}  // namespace

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

TEST_CASE("directories are made with those above them") {
  temporary_directory const directory;
  make_directories(directory / "a/b//c/");
  CHECK(std::filesystem::is_directory(directory / "a/b/c"));
  make_directories(directory / "a/b/c");
  std::filesystem::create_directory_symlink(directory / "a", directory / "link");
  make_directories(directory / "link/d");
  CHECK(std::filesystem::is_directory(directory / "a/d"));
}

TEST_CASE("a directory that cannot be made is an io_error") {
  temporary_directory const directory;
  std::ofstream(directory / "file");
  CHECK_THROWS_AS(make_directories(directory / "file"), io_error);
  CHECK_THROWS_AS(make_directories(directory / "file/below"), io_error);
  CHECK_THROWS_AS(make_directories("/proc/nothing/here"), io_error);
  CHECK_THROWS_AS(make_directories(""), io_error);
  CHECK_THROWS_AS(create_event_file(directory / "none", ""), io_error);
  CHECK_THROWS_AS(create_event_file(directory.path(), "/x"), io_error);
}

TEST_CASE("a wall time that readers refuse becomes now") {
  CHECK(wall_time_or_now(1.5) == 1.5);
  CHECK(wall_time_or_now(-1.5) == -1.5);
  double const now = wall_time_now();
  CHECK(now > 1.6e9);
  for (double const time : {std::nan(""), std::numeric_limits<double>::infinity(),
                            -std::numeric_limits<double>::infinity()}) {
    CHECK(std::abs(wall_time_or_now(time) - now) < 60);
  }
  CHECK(std::abs(wall_time_or_now({}) - now) < 60);
}
