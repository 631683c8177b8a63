// SPDX-License-Identifier: MIT
// Reads any bytes as a log and its journal, as they are and with their checksums made right, in
// every way there is. An input is four bytes with the size of the log, the log, and the journal.
// The corpus is logs of a writer that closed, was killed, and of another record, and mutants of
// them.
#include <trainlog/log/any_log.hpp>
#include <trainlog/log/follow.hpp>
#include <trainlog/log/log_reader.hpp>
#include <trainlog/log/log_writer.hpp>
#include <trainlog/log/merge.hpp>
#include <trainlog/log/read_column.hpp>
#include <trainlog/log/repair.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "../log/log_parts.hpp"

namespace {

enum class Phase : std::int8_t { train, eval = 5 };
TRAINLOG_ENUM(Phase, train, eval)

struct Point {
  double x = 0;
  std::optional<float> y;
  TRAINLOG_RECORD(Point, x, y)
};

struct Row {
  std::int64_t step = 0;
  double loss = 0;
  std::string text;
  Phase phase = Phase::train;
  bool flag = false;
  std::vector<Point> points;
  std::map<std::string, std::int32_t> counts;
  Point last;
  TRAINLOG_RECORD(Row, step, loss, text, phase, flag, points, counts, last)
};

struct Some {
  std::optional<std::int64_t> step;
  double loss = -1;
  Point last;
  std::string added = "default";
  TRAINLOG_RECORD(Some, step, loss, last, added)
};

/// Errors of ours are well; everything else is not.
template <class Action>
bool succeeds(Action const& action) {
  try {
    action();
  } catch (trainlog::error const&) {
    return false;
  }
  return true;
}

void require(bool condition) {
  if (!condition) std::abort();
}

template <class T>
void read_typed(std::string const& path) {
  succeeds([&] {
    trainlog::log_reader<T> reader(path);
    std::uint64_t count = 0;
    for (auto it = reader.begin(); it != reader.end(); ++it) ++count;
    require(reader.size() == count);
    reader.seek(count / 2);
    reader.begin();
  });
}

void read_untyped(std::string const& path) {
  succeeds([&] {
    trainlog::any_log log(path);
    std::uint64_t count = 0;
    for (auto it = log.begin(); it != log.end(); ++it) ++count;
    require(log.size() == count);
    for (auto const& column : log.columns()) require(log.column(column.name).size() <= 1U << 24U);
  });
}

void read_columns(std::string const& path) {
  succeeds([&] { trainlog::read_column<double>(path, "loss"); });
  succeeds(
      [&] { trainlog::read_columns<std::string, std::optional<float>>(path, {"text", "last/y"}); });
  succeeds([&] {
    trainlog::log_reader<Some> reader(path);
    reader.seek_to("step", 3);
    for (Some const& row : reader) {
      require(row.added == "default");
      break;
    }
  });
}

void follow(std::string const& path) {
  succeeds([&] {
    trainlog::log_follower<Row> follower(path);
    for (int i = 0; i < 3; ++i) follower.poll([](Row const&) {});
  });
}

/// What was repaired is whole, and has the rows that could be read.
void repair(std::string const& path, std::string const& copy) {
  ::unlink(copy.c_str());
  trainlog::log_report found;
  if (!succeeds([&] { found = trainlog::repair(path, copy); })) return;
  trainlog::any_log log(copy);
  auto const report = log.report();
  require(report.rows == found.rows);
  require(report.closed && report.missing == 0 && report.damaged == 0 && report.damages == 0);
  std::uint64_t count = 0;
  for (auto it = log.begin(); it != log.end(); ++it) ++count;
  require(count == found.rows);
}

/// How many rows can be read, with all of their fields.
std::uint64_t count_rows(std::string const& path) {
  trainlog::any_log log(path);
  std::uint64_t count = 0;
  for (auto it = log.begin(); it != log.end(); ++it) ++count;
  return count;
}

/// A writer that continues the log leaves all rows readable that were. If checksums were made
/// right, an index may say what the blocks do not.
void go_on(std::string const& path, bool sealed) {
  std::uint64_t before = 0;
  if (!succeeds([&] { before = count_rows(path); })) return;
  trainlog::log_options options;
  options.drain_by = trainlog::drain_by::caller;
  options.journal_bytes = 4096;
  bool const opened = succeeds([&] { trainlog::log_writer<Row>(path, options).write({}); });
  if (opened && !sealed) require(count_rows(path) >= before + 1);
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  static log_test::temporary const file;
  if (size < 4) return 0;
  std::string const all(reinterpret_cast<char const*>(data), size);
  std::size_t const log_size = std::min<std::size_t>(tlog_test::number_at(all, 0, 4), size - 4);
  std::string log = all.substr(4, log_size);
  std::string journal = all.substr(4 + log_size);
  for (int sealed = 0; sealed < 2; ++sealed) {
    file.write(log);
    file.write(journal, "-journal");
    read_typed<Row>(file.path());
    read_typed<Some>(file.path());
    read_untyped(file.path());
    read_columns(file.path());
    follow(file.path());
    repair(file.path(), file.path() + "-copy");
    go_on(file.path(), sealed != 0);
    log_test::reseal_log(log);
    log_test::reseal_journal(journal);
  }
  return 0;
}
