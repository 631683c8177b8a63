// SPDX-License-Identifier: MIT
// Files of earlier versions of the library are read, and snapshots written as they were.
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <trainlog/log/log_reader.hpp>

#include "catch.hpp"
#include "log_records.hpp"

namespace {

std::string content(std::string const& name) {
  std::ifstream file(TRAINLOG_GOLDEN_DIRECTORY "/" + name + ".tlog", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

template <class T>
void check_rows(std::string const& file, std::vector<T> const& rows) {
  auto const back = trainlog::from_binary<std::vector<T>>(file);
  REQUIRE(back.size() == rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) CHECK(trainlog::identical(back[i], rows[i]));
}

}  // namespace

TEST_CASE("golden: files are read, and written with the same bytes") {
  golden::for_each_file([](std::string const& name, auto const& rows) {
    CAPTURE(name);
    auto const file = content(name);
    check_rows(file, rows);
    CHECK((trainlog::to_binary(rows) == file));
  });
}

TEST_CASE("golden: a file of a later minor version is read") {
  check_rows(content("future"), golden::epochs());
}

TEST_CASE("golden: logs and their journals are read") {
  golden::for_each_log([]<class T>(std::string const& name, std::vector<T> const& rows) {
    CAPTURE(name);
    trainlog::log_reader<T> reader(TRAINLOG_GOLDEN_DIRECTORY "/" + name + ".tlog");
    std::size_t i = 0;
    for (auto const& row : reader) {
      REQUIRE(i < rows.size());
      CHECK(trainlog::identical(row, rows[i++]));
    }
    CHECK(i == rows.size());
    auto const report = reader.report();
    CHECK(report.rows == rows.size());
    CHECK(report.missing == (name == "log_torn" ? 20 : name == "log_late_journal" ? 10 : 0));
    CHECK(report.damaged == 0);
    CHECK((report.damages != 0) == (name == "log_torn" || name == "log_schema_again"));
    CHECK(report.lost == (name == "log_gap" ? 25 : 0));
  });
}
