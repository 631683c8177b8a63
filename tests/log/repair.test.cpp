// SPDX-License-Identifier: MIT
#include <trainlog/log/repair.hpp>

#include <sys/stat.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <trainlog/binary.hpp>
#include <trainlog/log/log_reader.hpp>

#include "catch.hpp"
#include "codec/records.hpp"
#include "log/log_parts.hpp"

using log_test::gap_part;
using log_test::journal_of;
using log_test::log_of;
using log_test::offsets_of;
using log_test::some_rows;
using log_test::Step;
using log_test::step_columns;
using log_test::step_of;
using log_test::step_rows;
using log_test::step_schema;
using log_test::temporary;
using trainlog::log_reader;
using trainlog::repair;

namespace {

using numbers = std::vector<std::int64_t>;

struct copied {
  numbers rows;
  trainlog::log_report found;
  trainlog::log_report report;
};

/// Repairs the file, and reads what came of it.
copied repaired(temporary const& file) {
  auto const before = file.read();
  auto const journal = file.read("-journal");
  copied result;
  result.found = repair(file.path(), file.path() + "-copy");
  REQUIRE(file.read() == before);
  REQUIRE(file.read("-journal") == journal);
  REQUIRE(file.read("-copy-journal").empty());
  log_reader<Step> reader(file.path() + "-copy");
  for (Step const& row : reader) {
    REQUIRE(row == step_of(row.step / 10));
    result.rows.push_back(row.step / 10);
  }
  result.report = reader.report();
  REQUIRE(result.report.closed);
  REQUIRE(result.report.damages == 0);
  REQUIRE(result.report.missing == 0);
  REQUIRE(result.report.damaged == 0);
  REQUIRE(result.report.recovered == 0);
  return result;
}

}  // namespace

TEST_CASE("repair: a log with its journal becomes one file") {
  temporary const file(log_of({step_schema(), step_columns(0, 3), step_rows(3, 2)}) + "torn");
  file.write(journal_of(some_rows(5, 3), {7, 5}), "-journal");
  auto const all = repaired(file);
  CHECK(all.rows == numbers{0, 1, 2, 3, 4, 5, 6, 7});
  CHECK(all.report.whole());
  CHECK(all.found.recovered == 3);
}

TEST_CASE("repair: what is gone is said") {
  auto content = log_of({step_schema(), step_columns(0, 3), gap_part(3, 7), step_columns(3, 2),
                         step_columns(9, 2), step_columns(11, 2), tlog_test::end_part(15)});
  content[offsets_of(content)[3] + 48 + 32 + 18 + 3] ^= 1;  // a stream of rows 3 and 4
  temporary const file(content);
  auto const all = repaired(file);
  CHECK(all.rows == numbers{0, 1, 2, 9, 10, 11, 12});
  CHECK(all.found.damaged == 2);
  CHECK(all.found.missing == 6);
  CHECK(all.found.lost == 7);
  CHECK(all.report.lost == 2 + 6 + 7);
}

TEST_CASE("repair: rows of any kind, under several schemas") {
  text_test::filler random(9);
  std::vector<text_test::Everything> rows;
  for (int i = 0; i < 30; ++i) rows.push_back(random.make<text_test::Everything>());
  auto const snapshot = tlog_test::parts_of(trainlog::to_binary(rows));
  auto second = snapshot[0];
  second.payload.replace(0, 4, tlog_test::le(2, 4));
  auto block = snapshot[1];
  block.payload.replace(0, 4, tlog_test::le(2, 4)).replace(8, 8, tlog_test::le(2, 8));
  temporary const file(
      log_of({step_schema(), step_schema(1), step_rows(0, 2, 1), second, block, step_rows(32, 1)}));
  repair(file.path(), file.path() + "-copy");
  trainlog::any_log log(file.path() + "-copy");
  CHECK(log.size() == 33);
  log.seek(2);
  std::size_t i = 0;
  for (auto const& row : log) {
    if (i < rows.size())
      CHECK(row.size() == trainlog::schema_of<text_test::Everything>().fields.size());
    else CHECK(row["step"] == 320);
    ++i;
  }
  CHECK(i == 31);
  CHECK(log.report().whole());
  CHECK(log.schemas().size() == 3);
}

TEST_CASE("repair: a file that is there is not touched, and none is left by a failure") {
  temporary const file(log_of({step_schema()}));
  CHECK_THROWS_AS(repair(file.path(), file.path()), trainlog::io_error);
  CHECK_THROWS_AS(repair(file.path(), "/nowhere/a.tlog"), trainlog::io_error);
  file.write(log_test::log_header());
  CHECK_THROWS_AS(repair(file.path(), file.path() + "-copy"), trainlog::error);
  CHECK_THROWS_AS(repair(file.path() + "x", file.path() + "-copy"), trainlog::io_error);
  CHECK(file.read("-copy").empty());
}

TEST_CASE("repair: the new log is as private as the old one") {
  temporary const file(log_of({step_schema(), step_columns(0, 3)}));
  for (::mode_t const mode : {0600U, 0640U, 0444U}) {
    REQUIRE(::chmod(file.path().c_str(), mode) == 0);
    repair(file.path(), file.path() + "-copy");
    struct ::stat status{};
    REQUIRE(::stat((file.path() + "-copy").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == mode);
    ::unlink((file.path() + "-copy").c_str());
  }
}
