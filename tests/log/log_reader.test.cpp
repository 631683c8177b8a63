// SPDX-License-Identifier: MIT
#include <trainlog/log/log_reader.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <ranges>
#include <string>
#include <vector>

#include <trainlog/binary.hpp>

#include "catch.hpp"
#include "codec/records.hpp"
#include "log/log_parts.hpp"

using log_test::gap_part;
using log_test::journal_of;
using log_test::log_of;
using log_test::offsets_of;
using log_test::part;
using log_test::some_rows;
using log_test::Step;
using log_test::step_columns;
using log_test::step_of;
using log_test::step_rows;
using log_test::step_schema;
using log_test::step_slot;
using log_test::temporary;
using tlog_test::end_part;
using trainlog::log_reader;
using trainlog::log_report;

namespace {

static_assert(std::ranges::input_range<log_reader<Step>>);

template <class T>
std::vector<T> rows_of(log_reader<T>& reader) {
  std::vector<T> rows;
  for (T const& row : reader) rows.push_back(row);
  return rows;
}

struct outcome {
  std::vector<std::int64_t> numbers;  ///< of the rows, all of which have the right values
  log_report report;
};

outcome read(temporary const& file) {
  log_reader<Step> reader(file.path());
  outcome result;
  for (Step const& row : reader) {
    REQUIRE(row == step_of(row.step / 10));
    result.numbers.push_back(row.step / 10);
  }
  result.report = reader.report();
  REQUIRE(result.report.rows == result.numbers.size());
  REQUIRE(reader.size() == result.numbers.size());
  return result;
}

outcome read(std::string const& log, std::string const& journal = {}) {
  temporary const file(log);
  if (!journal.empty()) file.write(journal, "-journal");
  return read(file);
}

using numbers = std::vector<std::int64_t>;

numbers range(std::int64_t first, std::int64_t last) {
  numbers result;
  for (; first < last; ++first) result.push_back(first);
  return result;
}

numbers without(numbers all, std::int64_t first, std::int64_t last) {
  std::erase_if(all, [&](auto each) { return each >= first && each < last; });
  return all;
}

std::vector<part> some_parts() {
  return {step_schema(),   step_columns(0, 3),  step_columns(3, 5),
          step_rows(8, 2), step_columns(10, 4), end_part(14)};
}

/// Flips a byte of the file's block, from its header on.
std::string damage(std::string all, std::size_t block, std::size_t at) {
  all[offsets_of(all)[block] + at] ^= 1;
  return all;
}

/// Where the streams of a Step begin in a block of `rows` rows, all of whose lengths are small.
constexpr std::size_t first_stream = 48 + 32 + 3 * 6;

struct Loss {
  double loss = -1.0;
  TRAINLOG_RECORD(Loss, loss)
};
struct Other {
  std::string text = "default";
  double rate = -1.0;
  TRAINLOG_RECORD(Other, text, rate)
};
struct Wrong {
  std::string loss;
  TRAINLOG_RECORD(Wrong, loss)
};
struct Both {
  std::optional<std::int64_t> step;
  double loss = -1;
  std::string text = "none";
  TRAINLOG_RECORD(Both, step, loss, text)
};
TRAINLOG_NAMEDTUPLE(Frozen, (std::int64_t, step), (double, loss), (float, rate))

}  // namespace

TEST_CASE("log reader: rows of rows blocks and columns blocks come in order, as they were") {
  auto const all = read(log_of(some_parts()));
  CHECK(all.numbers == range(0, 14));
  CHECK(all.report.closed);
  CHECK(all.report.whole());
  CHECK(read(log_of({step_schema()})).numbers.empty());
  CHECK(read(log_of({})).numbers.empty());
}

TEST_CASE("log reader: snapshots are read, too") {
  text_test::filler random(3);
  std::vector<text_test::Everything> rows;
  for (int i = 0; i < 50; ++i) rows.push_back(random.make<text_test::Everything>());
  temporary const file(trainlog::to_binary(rows));
  log_reader<text_test::Everything> reader(file.path());
  auto const back = rows_of(reader);
  REQUIRE(back.size() == rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) CHECK(trainlog::identical(back[i], rows[i]));
  CHECK(reader.report().closed);
}

TEST_CASE("log reader: a record with some of the fields, others, or none of them") {
  temporary const file(log_of(some_parts()));
  log_reader<Loss> losses(file.path());
  std::int64_t i = 0;
  for (auto const& row : losses) CHECK(row.loss == step_of(i++).loss);
  CHECK(i == 14);
  log_reader<Other> others(file.path());
  i = 0;
  for (auto const& row : others) {
    CHECK(row.rate == static_cast<double>(step_of(i++).rate));
    CHECK(row.text == "default");
  }
  CHECK(i == 14);
  CHECK_THROWS_AS(log_reader<Wrong>(file.path()), trainlog::schema_error);
  log_reader<Frozen> frozen(file.path());
  CHECK(frozen.begin()->step() == 0);
  CHECK(rows_of(frozen).size() == 14);
}

TEST_CASE("log reader: what is no log is an error that names the file") {
  temporary const file("something else");
  CHECK_THROWS_WITH(log_reader<Step>(file.path()), Catch::Contains(file.path()));
  CHECK_THROWS_AS(log_reader<Step>(file.path() + "x"), trainlog::io_error);
}

TEST_CASE("log reader: rows of the journal follow, each once") {
  auto const log = log_of({step_schema(), step_columns(0, 3), step_columns(3, 2, {0, 7, 64})});
  // Of the journal's rows 3 to 8, the log has two.
  for (std::uint64_t const released : {std::uint64_t{0}, step_slot, 2 * step_slot}) {
    auto const all = read(log, journal_of(some_rows(3, 6), {7, 3, released}));
    CHECK(all.numbers == range(0, 9));
    CHECK(all.report.recovered == 4);
    CHECK(all.report.whole());
    CHECK_FALSE(all.report.closed);
  }
  CHECK(read(log, journal_of(some_rows(3, 2), {7, 3, 64})).numbers == range(0, 5));
  // A row that was not finished hides none behind it.
  auto const hole = read(log, journal_of(some_rows(3, 6), {7, 3, 64, 0, 0, 3}));
  CHECK(hole.numbers == without(range(0, 9), 6, 7));
  // One of another log.
  auto other = journal_of(some_rows(3, 6), {7, 3, 64});
  other[20] ^= 1;
  CHECK(read(log, other).numbers == range(0, 5));
  // One that is newer: nothing of it is in the log.
  CHECK(read(log, journal_of(some_rows(5, 2), {9, 5, 0})).numbers == range(0, 7));
  // Rows of a schema that the file has not.
  auto const unknown = read(log, journal_of(some_rows(5, 2), {9, 5, 0, 0, 4}));
  CHECK(unknown.numbers == range(0, 5));
  CHECK(unknown.report.damaged == 2);
}

TEST_CASE(
    "log reader: a log that ends with an end block may have a journal of a writer that goes on") {
  auto const log = log_of(some_parts());
  auto const all = read(log, journal_of(some_rows(14, 2), {7, 14, 0}));
  CHECK(all.numbers == range(0, 16));
  CHECK_FALSE(all.report.closed);
}

TEST_CASE("log reader: a row of the journal that is none of its schema is counted as damaged") {
  auto rows = some_rows(0, 5);
  rows[1] += "more";
  rows[3].pop_back();
  temporary const file(log_of({step_schema()}));
  file.write(journal_of(rows), "-journal");
  auto const all = read(file);
  CHECK(all.numbers == numbers{0, 2, 4});
  CHECK(all.report.damaged == 2);
  log_reader<Loss> losses(file.path());
  CHECK(rows_of(losses).size() == 3);
  CHECK(losses.report().damaged == 2);
}

TEST_CASE("log reader: rows that the journal lost count once") {
  auto const journal = journal_of(some_rows(3, 1), {7, 3, 0, 50});
  auto const log = log_of({step_schema(), step_columns(0, 3)});
  CHECK(read(log, journal).report.lost == 50);
  auto const said = log_of({step_schema(), step_columns(0, 3), gap_part(3, 20, 7, 20)});
  CHECK(read(said, journal).report.lost == 50);
  auto const other = log_of({step_schema(), step_columns(0, 3), gap_part(3, 20, 9, 20)});
  CHECK(read(other, journal).report.lost == 70);
}

TEST_CASE("log reader: a damaged stream costs the rows of its block, if its field is asked for") {
  auto const good = log_of(some_parts());
  for (std::size_t at = 0; at < 3 * 20; ++at) {
    temporary const file(damage(good, 1, first_stream + at));
    auto const all = read(file);
    CHECK(all.numbers == range(3, 14));
    CHECK(all.report.damaged == 3);
    CHECK(all.report.missing == 0);
    REQUIRE(all.report.damage.size() == 1);
    CHECK(all.report.damage[0].reason.find("checksum") != std::string::npos);
    log_reader<Loss> losses(file.path());
    bool const hit = at >= 24 && at < 48;
    CHECK(rows_of(losses).size() == (hit ? 11 : 14));
    CHECK(losses.report().damaged == (hit ? 3 : 0));
  }
}

TEST_CASE("log reader: rows of a damaged block are taken from the journal, if it has them still") {
  auto const log = log_of({step_schema(), step_columns(0, 3, {0, 7, 96}),
                           step_columns(3, 2, {0, 7, 160}), step_columns(5, 1, {0, 7, 192})});
  auto const journal = [](std::uint64_t released) {
    return journal_of(some_rows(0, 8), {7, 0, released});
  };
  CHECK(read(log, journal(0)).numbers == range(0, 8));
  for (std::size_t const block : {1U, 2U, 3U}) {
    for (std::size_t const at : {std::size_t{3}, std::size_t{60}, first_stream + 5}) {
      auto const all = read(damage(log, block, at), journal(0));
      CHECK(all.numbers == range(0, 8));
      CHECK(all.report.missing == 0);
      CHECK(all.report.damaged == 0);
      CHECK(all.report.recovered == 2 + (block == 1 ? 3 : block == 2 ? 2 : 1));
    }
  }
  // Of block 2 the journal has only the second row.
  for (std::size_t const at : {std::size_t{3}, first_stream}) {
    auto const all = read(damage(log, 2, at), journal(128));
    CHECK(all.numbers == without(range(0, 8), 3, 4));
    CHECK(all.report.missing == 1);
    CHECK(all.report.recovered == 3);
  }
}

TEST_CASE("log reader: seeks by row number") {
  temporary const file(log_of(
      {step_schema(), step_columns(0, 3), step_columns(3, 5), step_columns(12, 4, {0, 7, 0})}));
  file.write(journal_of(some_rows(16, 3), {7, 16, 0}), "-journal");
  log_reader<Step> reader(file.path());
  for (std::uint64_t row = 0; row < 25; ++row) {
    reader.seek(row);
    auto const it = reader.begin();
    if (row >= 19) {
      CHECK(it == reader.end());
    } else {
      CHECK(it->step / 10 == static_cast<std::int64_t>(row >= 8 && row < 12 ? 12 : row));
    }
  }
  reader.seek(0);
  CHECK(rows_of(reader).size() == 15);
  CHECK(reader.report().missing == 4);
}

TEST_CASE("log reader: seeks by a field that grows") {
  std::vector<part> parts{step_schema()};
  for (std::uint64_t i = 0; i < 20; ++i) parts.push_back(step_columns(5 * i, 5));
  auto const good = log_of(parts);
  for (std::size_t const bad : {0U, 1U, 5U, 20U}) {
    temporary const file(bad == 0 ? good : damage(good, bad, first_stream));
    file.write(journal_of(some_rows(100, 5), {7, 100, 0}), "-journal");
    log_reader<Step> reader(file.path());
    for (std::int64_t wanted = -10; wanted < 1070; wanted += 7) {
      auto expected = std::max<std::int64_t>(0, (wanted + 9) / 10);
      if (bad != 0 && expected / 5 == static_cast<std::int64_t>(bad) - 1) {
        expected = static_cast<std::int64_t>(5 * bad);
      }
      reader.seek_to("step", wanted);
      auto const it = reader.begin();
      if (expected < 105) CHECK(it->step == 10 * expected);
      else CHECK(it == reader.end());
    }
    CHECK_THROWS_AS(reader.seek_to("stop", 3), trainlog::error);
  }
}

TEST_CASE("log reader: a log that goes on under other schemas") {
  auto const wide = [] {
    auto const fields = tlog_test::varint(2) + tlog_test::str("loss") + tlog_test::bytes({10, 0}) +
                        tlog_test::str("text") + tlog_test::bytes({12, 0});
    auto block = tlog_test::schema_part("{loss:float32,text:string}", fields);
    block.payload.replace(0, 4, tlog_test::le(1, 4));
    return block;
  }();
  auto const row = tlog_test::le(0x3f000000, 4) + tlog_test::str("new");
  temporary const file(log_of({step_schema(), step_columns(0, 3), wide,
                               tlog_test::rows_part(2, row + row, 3, 1), step_columns(5, 1)}));
  log_reader<Both> reader(file.path());
  auto const rows = rows_of(reader);
  REQUIRE(rows.size() == 6);
  CHECK(rows[2] == Both{20, step_of(2).loss, "none"});
  CHECK(rows[3] == Both{{}, 0.5, "new"});
  CHECK(rows[5] == Both{50, step_of(5).loss, "none"});
}

TEST_CASE("log reader: a file that its writer has only begun is a log without rows") {
  auto const log = log_of({step_schema(), step_columns(0, 3)});
  for (std::size_t size = 0; size < 64; ++size) {
    auto const all = read(log.substr(0, size));
    CHECK(all.numbers.empty());
    CHECK(all.report.unfinished);
    CHECK_FALSE(all.report.closed);
    CHECK(all.report.whole());
  }
  temporary const file("\x89TLOX");
  CHECK_THROWS_AS(log_reader<Step>(file.path()), trainlog::decode_error);
}
