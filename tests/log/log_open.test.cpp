// SPDX-License-Identifier: MIT
// Logs that are continued after a failure of the machine: what reached the disk is any part of what
// was written since it was last synchronised.
#include <trainlog/log/log_open.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <trainlog/log/follow.hpp>
#include <trainlog/log/log_reader.hpp>
#include <trainlog/log/log_writer.hpp>
#include <trainlog/log/read_column.hpp>
#include <trainlog/log/repair.hpp>

#include "catch.hpp"
#include "log/log_parts.hpp"

using log_test::journal_of;
using log_test::log_of;
using log_test::offsets_of;
using log_test::some_rows;
using log_test::Step;
using log_test::step_columns;
using log_test::step_of;
using log_test::step_schema;
using log_test::temporary;

namespace {

/// The numbers of the rows, each of which must be one that was written.
std::vector<std::int64_t> numbers(temporary const& file) {
  trainlog::log_reader<Step> reader(file.path());
  std::vector<std::int64_t> result;
  for (Step const& row : reader) {
    REQUIRE(row == step_of(row.step / 10));
    result.push_back(row.step / 10);
  }
  return result;
}

std::vector<std::int64_t> range(std::int64_t first, std::int64_t last) {
  std::vector<std::int64_t> result;
  for (; first < last; ++first) result.push_back(first);
  return result;
}

/// Continues the log with one row more.
void go_on(temporary const& file, std::int64_t row) {
  trainlog::log_writer<Step> writer(file.path());
  REQUIRE(writer.write(step_of(row)));
  writer.close();
}

trainlog::log_report report_of(temporary const& file) {
  return trainlog::log_reader<Step>(file.path()).report();
}

constexpr std::int64_t flushed = 300;  // rows in each of two blocks
constexpr std::int64_t written = 700;

/// What a writer leaves if the machine fails after two drains, and the disk has nothing of the
/// journal's release.
void write_two_blocks(temporary const& file) {
  ::unlink(file.path().c_str());
  trainlog::log_writer<Step> writer(file.path());
  std::string journal;
  for (std::int64_t i = 0; i < written; ++i) {
    REQUIRE(writer.write(step_of(i)));
    if (i != flushed - 1 && i != 2 * flushed - 1 && i != written - 1) continue;
    auto const now = file.read("-journal");
    journal.resize(now.size());
    for (std::size_t at = 4096; at < now.size(); ++at) {
      journal[at] = static_cast<char>(journal[at] | now[at]);
    }
    if (i == flushed - 1) journal.replace(0, 4096, now.substr(0, 4096));
    if (i != written - 1) writer.flush();
  }
  auto const log = file.read();
  writer.close();
  file.write(log);
  file.write(journal, "-journal");
}

}  // namespace

TEST_CASE("log open: blocks whose streams are torn are written again from the journal") {
  temporary const file;
  write_two_blocks(file);
  auto const log = file.read();
  auto const journal = file.read("-journal");
  auto const offsets = offsets_of(log);
  REQUIRE(offsets.size() == 4);
  REQUIRE(numbers(file) == range(0, written));
  for (int const torn : {0, 1, 2, 3}) {  // bit 0: the first, bit 1: the second
    auto damaged = log;
    for (std::size_t i : {1U, 2U}) {
      if ((torn >> (i - 1) & 1) == 0) continue;
      auto const begin = offsets[i] + 48 + 120;
      damaged.replace(begin, offsets[i + 1] - begin, offsets[i + 1] - begin, '\0');
    }
    file.write(damaged);
    file.write(journal, "-journal");
    CHECK(numbers(file) == range(0, written));
    go_on(file, written);
    CHECK(numbers(file) == range(0, written + 1));
    CHECK(report_of(file).whole());
    CHECK(trainlog::read_column<double>(file.path(), "loss").size() == written + 1);
    CHECK(file.read().starts_with(log));
  }
}

TEST_CASE("log open: a head that is gone at the end, or in the middle, costs no row") {
  temporary const file;
  write_two_blocks(file);
  auto const log = file.read();
  auto const journal = file.read("-journal");
  auto const offsets = offsets_of(log);
  for (std::size_t const block : {1U, 2U}) {
    auto damaged = log;
    damaged.replace(offsets[block], 48, 48, '\0');
    file.write(damaged);
    file.write(journal, "-journal");
    CHECK(numbers(file) == range(0, written));
    go_on(file, written);
    auto all = numbers(file);
    CHECK(all.back() == written);
    std::sort(all.begin(), all.end());
    CHECK(all == range(0, written + 1));
  }
}

TEST_CASE(
    "log open: a torn block that this writer would not make is cut off if that costs nothing") {
  // Rows 0 to 2, 3 and 4, and 5 stand in plain streams; the last block is torn.
  auto log = log_of({step_schema(), step_columns(0, 3, {0, 7, 96}), step_columns(3, 2, {0, 7, 160}),
                     step_columns(5, 1, {0, 7, 192})});
  auto const offsets = offsets_of(log);
  log[offsets[4] - 12] ^= 1;  // in a stream
  temporary const file(log);
  file.write(journal_of(some_rows(0, 8)), "-journal");
  CHECK(numbers(file) == range(0, 8));
  go_on(file, 8);
  CHECK(numbers(file) == range(0, 9));
  CHECK(report_of(file).whole());
}

TEST_CASE("log open: a torn block of which the journal has no rows stays, and is counted") {
  auto log =
      log_of({step_schema(), step_columns(0, 3, {0, 7, 96}), step_columns(3, 2, {0, 7, 160})});
  log[offsets_of(log)[3] - 12] ^= 1;
  temporary const file(log);
  file.write(journal_of(some_rows(0, 7), {7, 0, 152}), "-journal");  // two rows behind the block
  go_on(file, 7);
  auto const steps = trainlog::read_column<std::int64_t>(file.path(), "step");
  CHECK(steps.size() == 8);
  trainlog::log_report report;
  trainlog::read_column<float>(file.path(), "rate", &report);
  CHECK(report.damaged == 2);
  CHECK(report.rows == 6);
}

TEST_CASE("log open: numbers go on behind torn blocks that stay, also if whole ones follow") {
  auto log = log_of({step_schema(), step_columns(0, 1, {0, 7, 32}), step_schema()});
  log[offsets_of(log)[2] - 12] ^= 1;
  temporary const file(log);
  file.write(journal_of(some_rows(0, 3), {.hole = 0}), "-journal");
  go_on(file, 3);
  auto const steps = trainlog::read_column<std::int64_t>(file.path(), "step");
  CHECK(steps == std::vector<std::int64_t>{0, 10, 20, 30});
  CHECK(report_of(file).missing == 0);
}

TEST_CASE("log open: rows that only the journal's beginning tells of stay missing") {
  temporary const file(log_of({step_schema(), step_columns(0, 3)}));
  file.write(journal_of(some_rows(5, 2), {9, 5, 0}), "-journal");
  go_on(file, 7);
  CHECK(numbers(file) == std::vector<std::int64_t>{0, 1, 2, 5, 6, 7});
  CHECK(report_of(file).missing == 2);
}

TEST_CASE("log open: newer rows of the journal are taken over, however old `released` is") {
  temporary const file(log_of({step_schema(), step_columns(0, 128, {0, 7, 4096})}));
  file.write(journal_of(some_rows(128, 5), {.begin = 4096}), "-journal");
  go_on(file, 133);
  CHECK(numbers(file) == range(0, 134));
}

TEST_CASE("log open: a new schema does not take the number of one that is damaged") {
  auto log = log_of({step_schema(), step_columns(0, 3)});
  log[64 + 60] ^= 1;
  temporary const file(log);
  go_on(file, 5);
  CHECK(numbers(file) == range(5, 6));
  CHECK(report_of(file).missing + report_of(file).damaged == 0);  // until they are read
  trainlog::log_reader<Step> reader(file.path());
  for (Step const& row : reader) CHECK(row == step_of(5));
  CHECK(reader.report().damaged == 3);
}

TEST_CASE("log open: rows of the journal that are none of its schema are counted as lost") {
  temporary const file(log_of({step_schema()}));
  auto rows = some_rows(0, 3);
  rows[1].pop_back();
  file.write(journal_of(rows), "-journal");
  go_on(file, 3);
  CHECK(numbers(file) == std::vector<std::int64_t>{0, 2, 3});
  CHECK(report_of(file).lost == 1);
}

TEST_CASE("log open: of a torn block the journal may have some rows, the others are counted") {
  auto const blocks = std::vector<tlog_test::part>{step_schema(), step_columns(0, 3, {0, 7, 96}),
                                                   step_columns(3, 2, {0, 7, 160})};
  auto const journal = journal_of(some_rows(0, 7), {7, 0, 128});  // row 4 is the first
  auto last = log_of(blocks);
  last[offsets_of(last)[3] - 12] ^= 1;
  temporary const file(last);
  file.write(journal, "-journal");
  go_on(file, 7);
  CHECK(numbers(file) == std::vector<std::int64_t>{0, 1, 2, 4, 5, 6, 7});
  CHECK(report_of(file).lost == 1);
  auto more = blocks;
  more.push_back(step_columns(5, 1, {0, 7, 192}));
  auto middle = log_of(more);
  middle[offsets_of(middle)[3] - 12] ^= 1;
  file.write(middle);
  file.write(journal, "-journal");
  CHECK(numbers(file) == std::vector<std::int64_t>{0, 1, 2, 4, 5, 6});
  go_on(file, 7);
  CHECK(numbers(file) == std::vector<std::int64_t>{0, 1, 2, 5, 4, 6, 7});
}

TEST_CASE("log open: rows follow those of a torn block that stays, wherever it stands") {
  // A schema that stands behind it is right, and the journal has only what follows.
  auto log = log_of({step_schema(), step_columns(0, 3, {0, 7, 96}), step_schema()});
  log[offsets_of(log)[2] - 12] ^= 1;
  temporary const file(log);
  file.write(journal_of(some_rows(0, 4)).replace(4096, 96, 96, '\0'), "-journal");
  CHECK(numbers(file) == range(3, 4));
  go_on(file, 4);
  CHECK(trainlog::read_column<std::int64_t>(file.path(), "step").size() == 5);
  CHECK(report_of(file).rows == 5);
  trainlog::log_report report;
  CHECK(trainlog::read_column<float>(file.path(), "rate", &report) == std::vector<float>{1.5F, 2});
  CHECK(report.damaged == 3);
}

TEST_CASE("log open: what the journal has of a torn block is taken over beside one that stays") {
  // Row 4 is all that the journal has of rows 3 to 5.
  auto log = log_of({step_schema(), step_columns(0, 3, {0, 7, 96}), step_columns(3, 2, {0, 7, 160}),
                     step_columns(5, 1, {0, 7, 192})});
  for (std::size_t const end : {3U, 4U}) log[offsets_of(log)[end] - 12] ^= 1;
  temporary const file(log);
  file.write(journal_of(some_rows(0, 6), {.released = 128, .hole = 5}), "-journal");
  CHECK(numbers(file) == std::vector<std::int64_t>{0, 1, 2, 4});
  go_on(file, 7);
  trainlog::log_report report;
  CHECK(trainlog::read_column<float>(file.path(), "rate", &report) ==
        std::vector<float>{0, 0.5F, 1, 2.5F, 2, 3.5F});  // row 5 lacks its loss alone
  CHECK(report.lost == 1);
}

TEST_CASE("log open: rows that filled a hole are there once, also if their journal comes back") {
  temporary const file;
  write_two_blocks(file);
  auto const damaged = file.read();
  auto const hole = offsets_of(damaged)[1];
  file.write(std::string(damaged).replace(hole, 48, 48, '\0'));
  auto const copy = file.path() + "-copy";
  REQUIRE(::link((file.path() + "-journal").c_str(), copy.c_str()) == 0);
  go_on(file, written);
  REQUIRE(::rename(copy.c_str(), (file.path() + "-journal").c_str()) == 0);
  auto all = numbers(file);
  std::sort(all.begin(), all.end());
  CHECK(all == range(0, written + 1));
}

TEST_CASE("log open: a journal that cannot be read is moved aside, and never over another") {
  std::vector<std::string> journals;
  for (int const damage : {0, 1, 2}) {
    journals.push_back(journal_of(some_rows(static_cast<std::uint64_t>(damage), 2)));
  }
  journals[0][130 - 8] ^= 1;     // its header
  journals[1][2048] = 4;         // its `released`
  journals[2].resize(4096 - 8);  // its ring
  temporary const file(log_of({step_schema()}));
  for (std::size_t i = 0; i < 3; ++i) {
    file.write(journals[i], "-journal");
    CHECK(report_of(file).damages == 1);
    trainlog::log_writer<Step> writer(file.path());
    std::string const end = "-journal-unreadable" + (i == 0 ? "" : "-" + std::to_string(i + 1));
    CHECK(writer.status().journal_set_aside == file.path() + end);
    REQUIRE(writer.write(step_of(static_cast<std::int64_t>(i))));
    writer.close();
    CHECK(file.read(end) == journals[i]);
  }
  CHECK(numbers(file) == range(0, 3));
  for (char const* const end : {"", "-2", "-3"}) {
    ::unlink((file.path() + "-journal-unreadable" + end).c_str());
  }
  for (std::string const& nothing : {std::string(), std::string(5000, '\0')}) {
    file.write(nothing, "-journal");
    trainlog::log_writer<Step> writer(file.path());
    CHECK(writer.status().journal_set_aside.empty());
  }
}

TEST_CASE("log open: a journal that cannot be opened is an error, and stays") {
  temporary const file(log_of({step_schema()}));
  REQUIRE(::symlink("a.tlog-journal", (file.path() + "-journal").c_str()) == 0);
  CHECK_THROWS_AS(trainlog::log_writer<Step>(file.path()), trainlog::io_error);
  CHECK(::access((file.path() + "-journal").c_str(), F_OK) != 0);
  ::unlink((file.path() + "-journal").c_str());
  file.write(journal_of(some_rows(0, 2)), "-journal");
  go_on(file, 2);
  CHECK(numbers(file) == range(0, 3));
}

TEST_CASE("log open: a new log tells where the journal of another one is") {
  temporary const file;
  ::unlink(file.path().c_str());
  for (std::string const end : {"", "-2"}) {
    ::unlink(file.path().c_str());
    file.write(journal_of(some_rows(0, 1)), "-journal");
    trainlog::log_writer<Step> writer(file.path());
    std::string const wanted = file.path() + "-journal-30313233343536373839616263646566" + end;
    CHECK(writer.status().journal_set_aside == wanted);
    writer.close();
    file.write("", "-journal");
  }
  for (std::string const end : {"", "-2"}) {
    ::unlink((file.path() + "-journal-30313233343536373839616263646566" + end).c_str());
  }
}

TEST_CASE("log open: a file whose header is zeros is not continued, and stays as it is") {
  auto const damaged =
      log_of({step_schema(), step_columns(0, 3), step_schema()}).replace(0, 256, 256, '\0');
  for (auto const& bytes : {damaged, std::string(100, '\0')}) {
    temporary const file(bytes);
    CHECK_THROWS_WITH(trainlog::log_writer<Step>(file.path()),
                      Catch::Matchers::Contains("its header is zeros"));
    CHECK(file.read() == bytes);
  }
}

TEST_CASE("log open: of a log whose header is damaged the error says what to do") {
  auto const log = log_of({step_schema(), step_columns(0, 3)});
  for (std::size_t const byte : {0U, 8U, 40U, 63U}) {
    auto damaged = log;
    damaged[byte] ^= 1;
    temporary const file(damaged);
    CHECK_THROWS_WITH(trainlog::log_writer<Step>(file.path()),
                      Catch::Matchers::Contains("its header is damaged") &&
                          Catch::Matchers::Contains("trainlog::repair"));
    CHECK(file.read() == damaged);
    std::string const copy = file.path() + "-copy";
    trainlog::repair(file.path(), copy);
    trainlog::log_writer<Step>(copy).close();
    CHECK(trainlog::log_reader<Step>(copy).size() == 3);
  }
}

namespace {

trainlog::log_options if_there(trainlog::existing what) {
  trainlog::log_options options;
  options.existing = what;
  return options;
}

}  // namespace

TEST_CASE("log open: existing::refuse makes new logs alone") {
  auto const log = log_of({step_schema(), step_columns(0, 3)});
  auto const journal = journal_of(some_rows(3, 2));
  temporary const file(log);
  file.write(journal, "-journal");
  try {
    trainlog::log_writer<Step>(file.path(), if_there(trainlog::existing::refuse));
    FAIL("a log was not refused");
  } catch (trainlog::io_error const& problem) {
    CHECK(problem.error_number() == EEXIST);
  }
  CHECK(file.read() == log);
  CHECK(file.read("-journal") == journal);
  for (bool const is_empty : {true, false}) {
    ::unlink((file.path() + "-journal").c_str());
    ::unlink(file.path().c_str());
    if (is_empty) file.write("");
    trainlog::log_writer<Step> writer(file.path(), if_there(trainlog::existing::refuse));
    CHECK(writer.write(step_of(7)));
    writer.close();
    CHECK(numbers(file) == range(7, 8));
  }
}

TEST_CASE("log open: existing::replace begins a new log, whatever there was") {
  auto const level = GENERATE(trainlog::durability::process, trainlog::durability::none);
  for (auto const& old : {log_of({step_schema(), step_columns(0, 3)}), std::string(),
                          journal_of({}), std::string("step,loss\n")}) {
    temporary const file(old);
    file.write(journal_of(some_rows(3, 2)), "-journal");
    REQUIRE(::chmod(file.path().c_str(), 0640) == 0);
    auto options = if_there(trainlog::existing::replace);
    options.durability = level;
    trainlog::log_writer<Step> writer(file.path(), options);
    CHECK_THROWS_AS(trainlog::log_writer<Step>(file.path(), options), trainlog::log_in_use);
    CHECK(writer.write(step_of(7)));
    CHECK(writer.status().journal_set_aside.empty() == !old.empty());
    ::unlink(writer.status().journal_set_aside.c_str());  // an empty file is a new log
    writer.close();
    CHECK(numbers(file) == range(7, 8));
    CHECK(report_of(file).closed);
    CHECK(::access((file.path() + "-journal").c_str(), F_OK) != 0);
    struct ::stat status{};
    REQUIRE(::stat(file.path().c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0640);
  }
}

TEST_CASE("log open: a follower goes on with the log that replaces another") {
  temporary const file(log_of({step_schema(), step_columns(0, 3)}));
  trainlog::log_follower<Step> follower(file.path());
  CHECK(follower.poll([](Step const&) {}) == 3);
  trainlog::log_writer<Step> writer(file.path(), if_there(trainlog::existing::replace));
  CHECK(writer.write(step_of(7)));
  CHECK(follower.poll([](Step const& row) { CHECK(row == step_of(7)); }) == 1);
}
