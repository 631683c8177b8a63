// SPDX-License-Identifier: MIT
#include <filesystem>
#include <fstream>

#include <trainlog/detail/make_directories.hpp>

#include "catch.hpp"
#include "log/temporary_directory.hpp"

using namespace trainlog;
using namespace trainlog::detail;
using writer_test::temporary_directory;

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
}
