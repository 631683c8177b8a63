// SPDX-License-Identifier: MIT
#include <trainlog/log/read_column.hpp>

#include <cstdint>
#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <trainlog/binary.hpp>

#include "catch.hpp"
#include "codec/records.hpp"
#include "log/columns_block.hpp"
#include "log/log_parts.hpp"

using log_test::journal_of;
using log_test::log_of;
using log_test::offsets_of;
using log_test::some_rows;
using log_test::step_columns;
using log_test::step_of;
using log_test::step_rows;
using log_test::step_schema;
using log_test::temporary;
using trainlog::read_column;
using trainlog::read_columns;

namespace {

struct Inner {
  double loss = 0;
  std::string text;
  std::vector<std::int16_t> list;
  TRAINLOG_RECORD(Inner, loss, text, list)
};
struct Outer {
  bool flag = false;
  std::int32_t step = 0;
  Inner train;
  std::optional<Inner> eval;
  text_test::Phase phase = text_test::Phase::train;
  TRAINLOG_RECORD(Outer, flag, step, train, eval, phase)
};

std::vector<Outer> some_outers() {
  return {{true, 1, {0.5, "a", {1, 2}}, {}, text_test::Phase::eval},
          {false, 2, {1.5, "b", {}}, Inner{2.5, "c", {3}}, text_test::Phase::train}};
}

/// A log with a columns block of the rows, and a rows block of them.
template <class T>
std::string log_with(std::vector<T> const& rows) {
  auto encoder = columns_test::gathered(rows);
  auto const block = columns_test::payload_of(encoder);
  auto const snapshot = tlog_test::parts_of(trainlog::to_binary(rows));
  auto second = snapshot[1];
  second.payload.replace(8, 8, tlog_test::le(rows.size(), 8));
  return log_of({snapshot[0],
                 {4, block.payload, 1, block.payload.size() - block.head},
                 second,
                 tlog_test::end_part(2 * rows.size())});
}

/// How many bytes this process has asked files for.
std::uint64_t bytes_read() {
  std::ifstream file("/proc/self/io");
  std::string name;
  std::uint64_t count = 0;
  file >> name >> count;
  return count;
}

}  // namespace

template <class Path>
concept reads_two =
    requires(Path path) { trainlog::read_columns<double, double>(path, {"step", "loss"}); };
template <class Path>
concept reads_one_of_two =
    requires(Path path) { trainlog::read_columns<double, double>(path, {"step"}); };
static_assert(reads_two<std::string>);
static_assert(!reads_one_of_two<std::string>);

TEST_CASE("read column: columns of all kinds, from columns and from rows") {
  auto const rows = some_outers();
  temporary const file(log_with(rows));
  CHECK(read_column<bool>(file.path(), "flag") == std::vector<bool>{true, false, true, false});
  CHECK(read_column<std::int32_t>(file.path(), "step") == std::vector<std::int32_t>{1, 2, 1, 2});
  CHECK(read_column<double>(file.path(), "step") == std::vector<double>{1, 2, 1, 2});
  CHECK(read_column<double>(file.path(), "train/loss") == std::vector<double>{0.5, 1.5, 0.5, 1.5});
  CHECK(read_column<std::string>(file.path(), "train/text") ==
        std::vector<std::string>{"a", "b", "a", "b"});
  CHECK(read_column<std::vector<int>>(file.path(), "train/list")[0] == std::vector<int>{1, 2});
  CHECK(read_column<text_test::Phase>(file.path(), "phase")[2] == text_test::Phase::eval);
  CHECK(read_column<std::optional<Inner>>(file.path(), "eval")[3]->loss == 2.5);
  CHECK(read_column<std::optional<double>>(file.path(), "nothing") ==
        std::vector<std::optional<double>>(4));
}

TEST_CASE("read column: several columns, of the same rows, in any order") {
  auto const rows = some_outers();
  temporary const file(log_with(rows));
  auto const [texts, steps, none, flags] =
      read_columns<std::string, std::int64_t, std::optional<float>, bool>(
          file.path(), {"train/text", "step", "x", "flag"});
  CHECK(texts == std::vector<std::string>{"a", "b", "a", "b"});
  CHECK(steps == std::vector<std::int64_t>{1, 2, 1, 2});
  CHECK(none.size() == 4);
  CHECK(flags == std::vector<bool>{true, false, true, false});
}

TEST_CASE("read column: what does not fit is an error that says what") {
  temporary const file(log_with(some_outers()));
  CHECK_THROWS_AS(read_column<double>(file.path(), "nothing"), trainlog::schema_error);
  CHECK_THROWS_AS(read_column<float>(file.path(), "train/loss"), trainlog::schema_error);
  CHECK_THROWS_AS(read_column<double>(file.path(), "train"), trainlog::schema_error);
  CHECK_THROWS_WITH(read_column<double>(file.path(), "train"),
                    Catch::Contains("$.train: not in the file; it is a record, with the columns "
                                    "'train/loss'"));
  CHECK_THROWS_AS((read_columns<double, double>(file.path(), {"step", "step"})), trainlog::error);
  CHECK_THROWS_AS(read_column<double>(file.path() + "x", "loss"), trainlog::io_error);
}

TEST_CASE("read column: damage elsewhere costs nothing, damage in one column costs its rows") {
  auto content =
      log_of({step_schema(), step_columns(0, 100), step_rows(100, 50), step_columns(150, 100)});
  content[offsets_of(content)[1] + 48 + 32 + 3 * 6 + 3 + 900] ^= 1;  // in "loss"
  temporary const file(content);
  file.write(journal_of(some_rows(250, 5), {7, 250, 0}), "-journal");
  trainlog::log_report report;
  auto const steps = read_column<std::int64_t>(file.path(), "step", &report);
  REQUIRE(steps.size() == 255);
  for (std::size_t i = 0; i < steps.size(); ++i)
    CHECK(steps[i] == static_cast<std::int64_t>(10 * i));
  CHECK(report.damaged == 0);
  CHECK(report.recovered == 5);
  auto const [more, losses] =
      read_columns<std::int64_t, double>(file.path(), {"step", "loss"}, &report);
  REQUIRE(losses.size() == 155);
  for (std::size_t i = 0; i < losses.size(); ++i) CHECK(losses[i] == step_of(more[i] / 10).loss);
  CHECK(report.damaged == 100);
  CHECK(report.rows == 155);
}

TEST_CASE("read column: touches no more than the column's bytes, and the heads of the blocks") {
  std::vector<tlog_test::part> parts{step_schema()};
  constexpr std::uint64_t rows = 8192;
  constexpr std::uint64_t blocks = 40;
  for (std::uint64_t i = 0; i < blocks; ++i) parts.push_back(step_columns(rows * i, rows));
  temporary const file(log_of(parts));
  if (bytes_read() == 0) return;  // no such file
  auto const before = bytes_read();
  auto const column = read_column<float>(file.path(), "rate");
  auto const taken = bytes_read() - before;
  CHECK(column.size() == rows * blocks);
  CHECK(taken >= 4 * rows * blocks);
  CHECK(taken < 4 * rows * blocks + 2 * 256 * blocks + 4096);
}
