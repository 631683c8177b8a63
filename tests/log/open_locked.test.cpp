// SPDX-License-Identifier: MIT
#include "trainlog/log/open_locked.hpp"

#include <filesystem>
#include <fstream>
#include <string>

#include "catch.hpp"
#include "log/temporary_directory.hpp"

using namespace trainlog;
using namespace trainlog::detail;
using writer_test::temporary_directory;

TEST_CASE("open_locked: a log is made, and has one writer") {
  temporary_directory const directory;
  std::string const path = directory / "a.tlog";
  {
    auto const file = open_locked(path);
    CHECK(file);
    CHECK(std::filesystem::file_size(path) == 0);
    CHECK_THROWS_AS(open_locked(path), log_in_use);
  }
  CHECK(open_locked(path));
}

TEST_CASE("open_locked: what is no regular file, or in no directory, is an error") {
  temporary_directory const directory;
  CHECK_THROWS_AS(open_locked(directory.path()), io_error);
  CHECK_THROWS_AS(open_locked("/dev/null"), io_error);
  CHECK_THROWS_WITH(open_locked(directory / "b/a.tlog"),
                    Catch::Matchers::Contains("cannot make a log in"));
}

TEST_CASE("open_locked: a file that lost its name is not the log any more") {
  temporary_directory const directory;
  std::string const path = directory / "a.tlog";
  auto const file = open_locked(path);
  CHECK_FALSE(is_replaced(file.get(), path));
  std::ofstream(directory / "b.tlog") << "b";
  std::filesystem::rename(directory / "b.tlog", path);
  CHECK(is_replaced(file.get(), path));
  auto const now = open_locked(path);
  CHECK_FALSE(is_replaced(now.get(), path));
  std::filesystem::remove(path);
  CHECK(is_replaced(now.get(), path));
}
