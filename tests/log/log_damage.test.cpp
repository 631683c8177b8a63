// SPDX-License-Identifier: MIT
// Whatever happens to the bytes of a log: what is read is what was written, what is not is counted,
// and no more is lost than the blocks, or the columns of a block, that were hit.
#include <trainlog/log/log_reader.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <trainlog/log/follow.hpp>
#include <trainlog/log/log_writer.hpp>
#include <trainlog/log/read_column.hpp>

#include "catch.hpp"
#include "log/log_parts.hpp"

using log_test::temporary;
using trainlog::log_reader;
using trainlog::log_report;

namespace {

/// Its columns are encoded in every way that there is.
struct Mixed {
  std::int64_t step = 0;
  std::int32_t epoch = 0;
  double loss = 0;
  float accuracy = 0;
  std::string text;
  std::string phase;
  std::vector<float> list;
  std::optional<std::int16_t> note;
  bool flag = false;
  TRAINLOG_RECORD(Mixed, step, epoch, loss, accuracy, text, phase, list, note, flag)
};

Mixed mixed(std::int64_t i) {
  auto const hash = static_cast<std::uint64_t>(i + 1) * 0x9E3779B97F4A7C15U;
  Mixed row;
  row.step = i;
  row.epoch = 3;
  row.loss = 2.0 + static_cast<double>(hash >> 11U) * 0x1p-53;
  row.accuracy = static_cast<float>(hash % 257) / 256;
  row.text = "row " + std::to_string(hash);
  row.phase = i % 7 == 0 ? "eval" : "train";
  row.list.assign(hash % 3, 0.5F * static_cast<float>(i));
  if (i % 2 == 0) row.note = static_cast<std::int16_t>(i);
  row.flag = hash % 2 != 0;
  return row;
}

constexpr std::int64_t block_rows = 20;
constexpr std::int64_t blocks = 4;
constexpr std::int64_t total = block_rows * blocks;

/// A log of `blocks` blocks; closed, or as if the process had been killed.
void write_log(temporary const& file, bool close) {
  ::unlink(file.path().c_str());
  trainlog::log_options options;
  options.journal_bytes = 65536;
  trainlog::log_writer<Mixed> writer(file.path(), options);
  for (std::int64_t i = 0; i < total; ++i) {
    writer.write(mixed(i));
    if (i % block_rows == block_rows - 1) writer.flush();
  }
  if (close) return writer.close();
  for (std::int64_t i = total; i < total + 10; ++i) writer.write(mixed(i));
  auto const log = file.read();
  auto const journal = file.read("-journal");
  writer.close();
  file.write(log);
  file.write(journal, "-journal");
}

struct outcome {
  std::vector<std::int64_t> steps;
  log_report report;
  bool opened = false;

  /// Which of the blocks' rows are all there.
  bool has_block(std::int64_t block) const {
    auto const has = [&](std::int64_t i) {
      return std::binary_search(steps.begin(), steps.end(), i);
    };
    for (std::int64_t i = 0; i < block_rows; ++i) {
      if (!has(block * block_rows + i)) return false;
    }
    return true;
  }
  std::int64_t whole_blocks() const {
    std::int64_t count = 0;
    for (std::int64_t i = 0; i < blocks; ++i) count += has_block(i) ? 1 : 0;
    return count;
  }
};

/// Reads what can be read; every row must be one that was written, in its order, once.
outcome read(temporary const& file) {
  outcome result;
  try {
    log_reader<Mixed> reader(file.path());
    result.opened = true;
    for (Mixed const& row : reader) {
      if (row != mixed(row.step)) FAIL("a wrong row");
      if (!result.steps.empty() && row.step <= result.steps.back()) FAIL("a row twice");
      result.steps.push_back(row.step);
    }
    result.report = reader.report();
  } catch (trainlog::decode_error const&) {
    return result;
  }
  if (result.report.rows != result.steps.size()) FAIL("a wrong count");
  return result;
}

outcome read(std::string const& content) {
  static temporary const file;
  file.write(content);
  return read(file);
}

std::string golden(bool close) {
  temporary const file;
  write_log(file, close);
  return file.read();
}

/// The block that the byte is in: 0 is the schema's, 1 to `blocks` those of rows.
std::int64_t block_at(std::vector<std::size_t> const& offsets, std::size_t at) {
  return std::upper_bound(offsets.begin(), offsets.end(), at) - offsets.begin() - 1;
}

}  // namespace

TEST_CASE("log damage: nothing, to begin with") {
  auto const content = golden(true);
  auto const all = read(content);
  CHECK(all.steps.size() == total);
  CHECK(all.report.whole());
  CHECK(all.report.closed);
  CHECK(log_test::offsets_of(content).size() == blocks + 4);
  temporary const killed;
  write_log(killed, false);
  auto const more = read(killed);
  CHECK(more.steps.size() == total + 10);
  CHECK(more.report.recovered == 10);
  CHECK(more.report.whole());
}

TEST_CASE("log damage: cut off at any byte, it has the rows of the blocks that are whole") {
  auto const content = golden(true);
  auto const offsets = log_test::offsets_of(content);
  for (std::size_t size = 0; size < content.size(); ++size) {
    auto const all = read(content.substr(0, size));
    if (!all.opened || all.report.unfinished < (size < 64)) FAIL("at " << size);
    auto const rows = std::clamp<std::int64_t>(block_at(offsets, size) - 1, 0, blocks) * block_rows;
    if (all.steps.size() != static_cast<std::size_t>(rows)) FAIL("at " << size);
    if (!all.report.whole() || all.report.closed) FAIL("at " << size);
  }
}

TEST_CASE("log damage: any bit flipped costs a block at most, and is noticed") {
  auto const content = golden(true);
  auto const offsets = log_test::offsets_of(content);
  for (std::size_t at = 0; at < content.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      auto damaged = content;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
      auto const all = read(damaged);
      if (!all.opened) FAIL("at " << at);
      auto const hit = at < 64 ? -1 : block_at(offsets, at);
      bool const has_rows = hit >= 1 && hit <= blocks;
      auto const rows = hit == 0 ? std::int64_t{0} : has_rows ? total - block_rows : total;
      if (all.steps.size() == total && all.report.whole()) {
        // Padding is not looked at, nor the frame of what the index says already.
        auto const payload =
            tlog_test::number_at(content, offsets[static_cast<std::size_t>(hit)] + 16, 8);
        bool const padding = at >= offsets[static_cast<std::size_t>(hit)] + 48 + payload;
        if (!padding) FAIL("not noticed at " << at);
      } else if (static_cast<std::int64_t>(all.steps.size()) < rows) {
        if (hit != 0) FAIL("too much is lost at " << at);
      }
      auto const gone = all.report.missing + all.report.damaged;
      if (all.steps.size() + gone != total) FAIL("not counted at " << at);
    }
  }
}

TEST_CASE("log damage: in a stream it costs no other column") {
  auto const content = golden(true);
  auto const offsets = log_test::offsets_of(content);
  temporary const file;
  for (std::size_t at = offsets[2] + 200; at < offsets[3]; at += 7) {
    auto damaged = content;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    file.write(damaged);
    int hit = 0;
    auto const check = [&](std::size_t size) { hit += size == total ? 0 : 1; };
    check(trainlog::read_column<std::int64_t>(file.path(), "step").size());
    check(trainlog::read_column<std::int32_t>(file.path(), "epoch").size());
    check(trainlog::read_column<double>(file.path(), "loss").size());
    check(trainlog::read_column<float>(file.path(), "accuracy").size());
    check(trainlog::read_column<std::string>(file.path(), "text").size());
    check(trainlog::read_column<std::string>(file.path(), "phase").size());
    check(trainlog::read_column<std::vector<float>>(file.path(), "list").size());
    check(trainlog::read_column<std::optional<int>>(file.path(), "note").size());
    check(trainlog::read_column<bool>(file.path(), "flag").size());
    auto const payload = tlog_test::number_at(content, offsets[2] + 16, 8);
    if (hit != (at < offsets[2] + 48 + payload ? 1 : 0)) FAIL("at " << at);
  }
}

TEST_CASE("log damage: parts of the file zeroed, filled, swapped, and there twice") {
  auto const content = golden(true);
  auto const offsets = log_test::offsets_of(content);
  for (std::size_t const size : {16U, 512U, 4096U}) {
    for (std::size_t at = 0; at + size <= content.size(); at += size) {
      auto const hit = at < 64 ? -1 : block_at(offsets, at);
      auto const blocks_hit = block_at(offsets, at + size - 1) - hit + 1;
      auto const expect = [&](std::string const& damaged, std::int64_t lost) {
        auto const all = read(damaged);
        // Without its schema a log has no rows; without header and schema it is none.
        if (hit <= 0) return;
        if (!all.opened || all.whole_blocks() < blocks - lost) FAIL("at " << at << ", " << size);
      };
      expect(std::string(content).replace(at, size, size, '\0'), blocks_hit);
      expect(std::string(content).replace(at, size, size, '\xff'), blocks_hit);
      expect(std::string(content).replace(at, size, content.substr(at / 2, size)), blocks_hit);
      if (at + 2 * size > content.size()) continue;
      expect(std::string(content).replace(
                 at, 2 * size, content.substr(at + size, size) + content.substr(at, size)),
             block_at(offsets, at + 2 * size - 1) - hit + 1);
      expect(std::string(content).insert(at, content.substr(at, size)), blocks_hit);
    }
  }
}

TEST_CASE("log damage: bytes put in or gone cost the blocks in which they are or were") {
  auto const content = golden(true);
  auto const offsets = log_test::offsets_of(content);
  for (std::size_t const size : {1U, 7U, 8U, 64U}) {
    for (std::size_t at = offsets[1]; at + size < content.size(); at += 3) {
      auto const hit = block_at(offsets, at);
      auto const more = read(std::string(content).insert(at, std::string(size, 'x')));
      if (more.whole_blocks() < blocks - 1) FAIL("in at " << at << ", " << size);
      auto const less = read(std::string(content).erase(at, size));
      auto const blocks_hit = block_at(offsets, at + size - 1) - hit + 1;
      if (less.whole_blocks() < blocks - blocks_hit) FAIL("gone at " << at << ", " << size);
    }
  }
}

TEST_CASE("log damage: of a journal that is damaged anywhere, no row is wrong") {
  temporary const file;
  write_log(file, false);
  auto const journal = file.read("-journal");
  auto const used = journal.find_last_not_of('\0') + 1;
  for (std::size_t at = 0; at < used; ++at) {
    if (journal[at] == '\0' && at % 64 != 0) continue;
    auto damaged = journal;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << (at % 8)));
    file.write(damaged, "-journal");
    auto const all = read(file);
    // A flip in `released` can only hide rows, in `lost` only say that there are some.
    if (all.whole_blocks() != blocks) FAIL("at " << at);
    if (at >= 4096 && all.steps.size() < total + 9) FAIL("at " << at);
  }
  for (std::size_t size = 0; size < used; size += 13) {
    file.write(journal.substr(0, size), "-journal");
    if (read(file).whole_blocks() != blocks) FAIL("cut at " << size);
  }
}

TEST_CASE("log damage: a schema that is damaged is repeated behind its rows") {
  for (bool const closed : {true, false}) {
    temporary const file;
    ::unlink(file.path().c_str());
    std::int64_t count = 0;
    trainlog::log_writer<Mixed> writer(file.path());
    for (; count < 4000; ++count) {
      writer.write(mixed(count));
      if (count % block_rows == block_rows - 1) writer.flush();
    }
    for (; count < 4010; ++count) writer.write(mixed(count));
    auto content = file.read();
    auto const journal = file.read("-journal");
    writer.close();
    if (closed) content = file.read();
    auto const offsets = log_test::offsets_of(content);
    std::vector<std::size_t> schemas;
    std::size_t bytes = 0;
    for (std::size_t i = 0; i + 1 < offsets.size(); ++i) {
      if (tlog_test::number_at(content, offsets[i] + 8, 2) != 1) continue;
      schemas.push_back(offsets[i]);
      bytes += offsets[i + 1] - offsets[i];
    }
    REQUIRE(schemas.size() == 5);
    CHECK(bytes - (offsets[1] - offsets[0]) < content.size() / 16);
    for (auto const at : schemas) content[at + 60] ^= 1;
    for (auto const good : schemas) {
      auto damaged = content;
      damaged[good + 60] ^= 1;
      file.write(damaged);
      if (!closed) file.write(journal, "-journal");
      auto const all = read(file);
      CHECK(all.steps.size() == 4010);
      CHECK(all.report.damages == schemas.size() - 1);
      CHECK(trainlog::read_column<double>(file.path(), "loss").size() == 4010);
      trainlog::log_follower<Mixed> follower(file.path());
      std::int64_t next = 0;
      follower.poll([&](Mixed const& row) { REQUIRE(row == mixed(next++)); });
      CHECK(next == 4010);
    }
  }
}

TEST_CASE("log damage: a small log has its schema once") {
  temporary const file;
  ::unlink(file.path().c_str());
  {
    trainlog::log_writer<Mixed> writer(file.path());
    for (std::int64_t i = 0; i < 3; ++i) writer.write(mixed(i));
  }
  CHECK(log_test::offsets_of(file.read()).size() == 5);
}
