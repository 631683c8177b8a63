// SPDX-License-Identifier: MIT
// Writes the golden files into a directory. They are files of version 1.0 as users have them: they
// are made once, and change only with a new version of the format.
#include <fstream>
#include <string>
#include <vector>

#include "../codec/tlog_parts.hpp"
#include "records.hpp"

namespace {

/// A file as a later version may write it: to be read, ignoring what is new.
std::string from_the_future() {
  auto parts = tlog_test::parts_of(trainlog::to_binary(golden::epochs()));
  auto const& rows = parts[1].payload;
  tlog_test::part const first = tlog_test::rows_part(4, rows.substr(16, 4 * 24));
  tlog_test::part const second = tlog_test::rows_part(6, rows.substr(16 + 4 * 24), 4);
  parts[0].payload += "new at the end of a schema";
  parts[2].payload += "new at the end of an end";
  return tlog_test::file(
      {{7, "a new block", 0}, parts[0], first, {0x8000, "private", 0}, second, parts[2]},
      tlog_test::header(1, 9, 0, 1, "an id of a log.."));
}

void write(std::string const& path, std::string const& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  std::string const directory = std::string(argv[1]) + "/";
  golden::for_each_file([&](std::string const& name, auto const& rows) {
    write(directory + name + ".tlog", trainlog::to_binary(rows));
  });
  write(directory + "future.tlog", from_the_future());
}
