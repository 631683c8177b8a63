// SPDX-License-Identifier: MIT
#include <trainlog/log/log_reader.hpp>

#include <sys/stat.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <map>
#include <optional>
#include <ranges>
#include <string>
#include <vector>

#include <trainlog/binary.hpp>
#include <trainlog/log/follow.hpp>
#include <trainlog/log/log_writer.hpp>
#include <trainlog/log/merge.hpp>

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
using trainlog::log_follower;
using trainlog::log_reader;
using trainlog::log_report;

namespace {

/// A row whose values have bounds, which writing does not check.
struct Bounded {
  std::int64_t step = 0;
  double loss = 0.0;
  std::string text;
  TRAINLOG_RECORD(Bounded, step, loss, text)
};
TRAINLOG_META(Bounded, loss, finite())

/// Writes rows 0 to `count - 1`; T forbids those in `bad`.
void write_bounded(std::string const& path, std::int64_t count, std::vector<std::int64_t> bad) {
  trainlog::log_writer<Bounded> writer(path);
  for (std::int64_t i = 0; i < count; ++i) {
    bool const is_bad = std::find(bad.begin(), bad.end(), i) != bad.end();
    writer.write({i, is_bad ? std::numeric_limits<double>::infinity() : 1.0, "text"});
  }
}

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
struct Metrics {
  std::map<std::string, std::uint8_t> metrics;
  TRAINLOG_RECORD(Metrics, metrics)
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

TEST_CASE("log reader: newer rows of the journal are found, however old `released` is") {
  // The ring has gone round once; the second lap has the rows from 128 on.
  constexpr std::uint64_t lap = 4096;
  auto const log = log_of({step_schema(), step_columns(0, 128, {0, 7, lap}),
                           step_columns(128, 100, {0, 7, lap + 100 * step_slot}),
                           step_columns(228, 4, {0, 7, lap + 104 * step_slot})});
  auto const journal = journal_of(some_rows(128, 108), {.begin = lap});
  auto const all = read(log, journal);
  CHECK(all.numbers == range(0, 236));
  CHECK(all.report.recovered == 4);
  CHECK(all.report.missing == 0);
  for (std::size_t const at : {std::size_t{3}, std::size_t{60}, first_stream + 5}) {
    CHECK(read(damage(log, 3, at), journal).numbers == range(0, 236));
    auto const middle = read(damage(log, 2, at), journal);
    CHECK(middle.numbers == range(0, 236));
    CHECK(middle.report.recovered == 104);
    CHECK(middle.report.missing == 0);
  }
}

TEST_CASE("log reader: rows of a torn last block that the journal has not are missing") {
  auto const log = damage(
      log_of({step_schema(), step_columns(0, 3, {0, 7, 96}), step_columns(3, 2, {0, 7, 160})}), 2,
      first_stream + 5);
  auto const none = read(log, journal_of({}, {7, 0, 96}));
  CHECK(none.numbers == range(0, 3));
  CHECK(none.report.missing == 2);
  auto const one = read(log, journal_of(some_rows(0, 4), {7, 0, 96}));
  CHECK(one.numbers == range(0, 4));
  CHECK(one.report.missing == 1);
  CHECK(read(log, journal_of(some_rows(0, 5), {7, 0, 96})).report.missing == 0);
}

TEST_CASE("log reader: a journal that begins behind the last row says that rows are missing") {
  temporary const file(log_of({step_schema(), step_columns(0, 3)}));
  file.write(journal_of(some_rows(5, 2), {9, 5, 0}), "-journal");
  auto const all = read(file);
  CHECK(all.numbers == numbers{0, 1, 2, 5, 6});
  CHECK(all.report.missing == 2);
  log_reader<Step> reader(file.path());
  reader.seek(6);
  CHECK(rows_of(reader) == std::vector<Step>{step_of(6)});
  file.write(journal_of({}, {9, 5, 0}), "-journal");
  CHECK(read(file).report.missing == 2);
}

TEST_CASE("log reader: half of a damaged file_id is enough to know the journal") {
  for (std::size_t const place : {24U, 31U, 32U, 39U, 60U}) {
    auto log = log_of({step_schema(), step_columns(0, 3)});
    log[place] ^= 1;
    temporary const file(log);
    file.write(journal_of(some_rows(3, 2), {7, 3}), "-journal");
    log_reader<Step> reader(file.path());
    CHECK(reader.report().rows == 5);
    CHECK(reader.report().damages == 1);
    auto another = journal_of(some_rows(3, 2), {7, 3});
    another[17] ^= 1;
    log_test::reseal_journal(another);
    file.write(another, "-journal");
    CHECK(log_reader<Step>(file.path()).report().rows == 3);
  }
}

TEST_CASE("log reader: a journal that cannot be read is told") {
  auto const log = log_of(some_parts());
  auto const good = journal_of(some_rows(14, 2), {7, 14, 0});
  auto later = good;
  later[8] = 2;
  auto const is_told = [&](std::string const& journal) {
    auto const report = read(log, journal).report;
    return report.damages == 1 && report.damage[0].reason.find("journal") != std::string::npos;
  };
  CHECK(is_told(later));
  CHECK(is_told("short"));
  CHECK(is_told(good.substr(0, 2000)));
  for (std::size_t at = 0; at < 128; ++at) {
    auto damaged = good;
    damaged[at] ^= 1;
    CHECK(is_told(damaged));
  }
  CHECK_FALSE(is_told(good));
  CHECK_FALSE(is_told({}));
}

TEST_CASE("log reader: rows that are malformed are damaged, though their checksum is right") {
  auto bad = step_rows(3, 2);
  bad.payload += 'x';
  auto cut = step_rows(5, 2);
  cut.payload.pop_back();
  for (auto const& each : {bad, cut}) {
    auto const first = tlog_test::number_at(each.payload, 8, 8);
    auto const log = log_of({step_schema(), step_columns(0, static_cast<std::uint64_t>(first)),
                             each, step_columns(first + 2, 3)});
    auto const all = read(log);
    auto const begin = static_cast<std::int64_t>(first);
    CHECK(all.numbers == without(range(0, begin + 5), begin, begin + 2));
    CHECK(all.report.damaged == 2);
    CHECK(all.report.damages == 1);
  }
}

TEST_CASE("log reader: maps whose keys do not ascend are damaged, in rows and in columns") {
  using tlog_test::le;
  using tlog_test::str;
  auto const schema = tlog_test::schema_part(
      "{metrics:map<uint8>}", tlog_test::varint(1) + str("metrics") + tlog_test::bytes({17, 6, 0}));
  auto const rows = [](std::string const& keys) {
    return tlog_test::rows_part(
        1, tlog_test::bytes({2}) + str(keys.substr(0, 1)) + '1' + str(keys.substr(1)) + '2');
  };
  auto const columns = [](std::string const& keys) {
    return log_test::columns_part(1, 1,
                                  {le(2, 8), str(keys.substr(0, 1)) + str(keys.substr(1)), "12"});
  };
  auto const count = [&](std::string const& first, std::string const& second) {
    temporary const file(log_of({schema, rows(first), columns(second)}));
    log_reader<Metrics> reader(file.path());
    auto const found = rows_of(reader).size();
    CHECK(reader.report().damaged == 2 - found);
    CHECK(reader.report().rows == found);
    return found;
  };
  CHECK(count("ab", "ab") == 2);
  CHECK(count("ba", "ab") == 1);
  CHECK(count("ab", "aa") == 1);
  CHECK(count("ab", "ba") == 1);
}

TEST_CASE("log reader: blocks that are not where the index says are looked for") {
  temporary const file;
  trainlog::log_options options;
  options.drain_by = trainlog::drain_by::caller;
  ::unlink(file.path().c_str());
  trainlog::log_writer<Step> writer(file.path(), options);
  for (std::int64_t i = 0; i < 60; ++i) {
    REQUIRE(writer.write(step_of(i)));
    if (i % 10 == 9) writer.flush();
  }
  writer.close();
  auto const log = file.read();
  auto const offsets = offsets_of(log);
  // Bytes that are gone in the third of six blocks of rows, and put in in the fifth.
  auto moved = log;
  moved.erase(offsets[3] + 60, 5).insert(offsets[5] + 60, "12345");
  REQUIRE(moved.size() == log.size());
  file.write(moved);
  auto const all = read(file);
  CHECK(all.numbers == without(without(range(0, 60), 20, 30), 40, 50));
  CHECK(all.report.missing + all.report.damaged == 20);
  log_reader<Step> reader(file.path());
  reader.seek(35);
  CHECK(rows_of(reader).size() == 15);
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

TEST_CASE("log_reader: a row that T forbids is thrown in its turn, and hides no other") {
  temporary const file;
  ::unlink(file.path().c_str());
  write_bounded(file.path(), 100, {40, 60, 61, 99});
  log_reader<Bounded> reader(file.path());
  std::vector<std::int64_t> steps;
  std::vector<std::string> problems;
  auto row = reader.begin();
  while (row != reader.end()) {
    steps.push_back(row->step);
    for (bool moved = false; !moved;) {
      try {
        ++row;
        moved = true;
      } catch (trainlog::validation_error const& problem) {
        problems.emplace_back(problem.what());
      } catch (trainlog::decode_error const& problem) {
        problems.emplace_back(problem.what());
      }
    }
  }
  CHECK(steps.size() == 96);
  CHECK(std::is_sorted(steps.begin(), steps.end()));
  REQUIRE(problems.size() == 4);
  CHECK_THAT(problems[1], Catch::Contains("60"));
}

TEST_CASE("log_reader: a row that T forbids before the one sought is not read") {
  temporary const file;
  ::unlink(file.path().c_str());
  write_bounded(file.path(), 10, {3});
  log_reader<Bounded> reader(file.path());
  reader.seek(5);
  std::int64_t next = 5;
  for (auto const& row : reader) CHECK(row.step == next++);
  CHECK(next == 10);
}

TEST_CASE("log_follower, merge_logs: a row that T forbids hides no other") {
  temporary const file;
  ::unlink(file.path().c_str());
  write_bounded(file.path(), 10, {0, 3, 4, 9});
  log_follower<Bounded> follower(file.path());
  std::vector<std::int64_t> steps;
  std::vector<std::uint64_t> thrown;
  for (int i = 0; i < 10; ++i) {
    try {
      follower.poll([&](Bounded const& row) { steps.push_back(row.step); });
    } catch (trainlog::error const&) {
      thrown.push_back(follower.row());
    }
  }
  CHECK(steps == std::vector<std::int64_t>{1, 2, 5, 6, 7, 8});
  CHECK(thrown == std::vector<std::uint64_t>{1, 4, 5, 10});
  write_bounded(file.path() + "-copy", 10, {2, 3});
  auto merged = trainlog::merge_logs<Bounded>({file.path() + "-copy"}, &Bounded::step);
  steps.clear();
  auto row = merged.begin();
  while (row != merged.end()) {
    steps.push_back(row->step);
    for (bool moved = false; !moved;) {
      try {
        ++row;
        moved = true;
      } catch (trainlog::error const&) {
      }
    }
  }
  CHECK(steps == std::vector<std::int64_t>{0, 1, 4, 5, 6, 7, 8, 9});
}

TEST_CASE("log_reader: what is no regular file is an error, at once") {
  temporary const file;
  ::unlink(file.path().c_str());
  REQUIRE(::mkfifo(file.path().c_str(), 0600) == 0);
  CHECK_THROWS_AS(log_reader<Step>(file.path()), trainlog::io_error);
  CHECK_THROWS_AS(log_reader<Step>("/dev"), trainlog::io_error);
}
