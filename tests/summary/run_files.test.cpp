// SPDX-License-Identifier: MIT
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <trainlog/summary/run_files.hpp>

#include "catch.hpp"
#include "log/temporary_directory.hpp"

using namespace trainlog;
using writer_test::temporary_directory;

TEST_CASE("runs are the directories with event files") {
  temporary_directory directory;
  auto const add = [&](std::string const& name) {
    std::filesystem::path const path(directory / name);
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << "x";
  };
  using runs = std::vector<std::string>;
  CHECK(summary::list_runs(directory.path()).empty());
  add("b/events.out.tfevents.1");
  add("b/events.out.tfevents.2");
  add("a/deep/down/events.out.tfevents.1");
  add("a/deep/other.txt");
  add("c/notes.txt");
  add("d/events.out.tfevents.1.profile-empty");
  CHECK(summary::list_runs(directory.path()) == runs{"a/deep/down", "b"});
  add("events.out.tfevents.1");
  CHECK(summary::list_runs(directory.path()) == runs{".", "a/deep/down", "b"});
  std::filesystem::create_directory_symlink(directory / "b", directory / "link");
  CHECK(summary::list_runs(directory.path()) == runs{".", "a/deep/down", "b", "link"});
}

TEST_CASE("links that lead in a circle do not keep the list from its end") {
  temporary_directory directory;
  std::filesystem::create_directory_symlink(directory.path(), directory / "round");
  for (auto const* const name : {"a", "b", "c"}) {
    std::filesystem::create_directory(directory / name);
    for (auto const* const link : {"1", "2", "3"})
      std::filesystem::create_directory_symlink(directory.path(), directory / name + "/" + link);
  }
  CHECK(summary::list_runs(directory.path()).empty());
}

TEST_CASE("a log directory that is not there is an error") {
  temporary_directory directory;
  CHECK_THROWS_AS(summary::list_runs(directory / "none"), io_error);
}
