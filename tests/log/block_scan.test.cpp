// SPDX-License-Identifier: MIT
#include <trainlog/log/block_scan.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "log/log_parts.hpp"

using log_test::columns_options;
using log_test::gap_part;
using log_test::le;
using log_test::log_header;
using log_test::log_of;
using log_test::offsets_of;
using log_test::part;
using log_test::step_columns;
using log_test::step_rows;
using log_test::step_schema;
using log_test::temporary;
using tlog_test::end_part;
using trainlog::log_report;
using trainlog::detail::block_scan;
using trainlog::detail::input_file;
using trainlog::detail::log_block;

namespace {

struct found {
  std::vector<log_block> blocks;
  log_report report;
  std::uint64_t end = 0;
  std::uint64_t rows = 0;
  std::uint64_t sequence = 0;

  /// The sequence numbers of the blocks.
  std::vector<std::uint32_t> numbers() const {
    std::vector<std::uint32_t> result;
    for (auto const& each : blocks) result.push_back(each.sequence);
    return result;
  }
};

found scan(std::string const& content) {
  static temporary const file;
  file.write(content);
  input_file const input(file.path());
  block_scan blocks(input);
  found result;
  for (log_block block; blocks.next(block);) result.blocks.push_back(block);
  result.report = blocks.report();
  result.end = blocks.tally().end();
  result.rows = blocks.tally().next_row();
  result.sequence = blocks.tally().next_sequence();
  return result;
}

std::vector<part> some_parts() {
  return {step_schema(),   step_columns(0, 3),  step_columns(3, 5),
          step_rows(8, 2), step_columns(10, 4), end_part(14)};
}

using numbers = std::vector<std::uint32_t>;

/// All blocks of some_parts() but those from `first` to `last`.
numbers all_but(std::uint32_t first, std::uint32_t last) {
  numbers result;
  for (std::uint32_t i = 0; i < some_parts().size(); ++i) {
    if (i < first || i > last) result.push_back(i);
  }
  return result;
}

}  // namespace

TEST_CASE("block scan: a whole log is its blocks, with nothing to report") {
  auto const content = log_of(some_parts());
  auto const all = scan(content);
  CHECK(all.numbers() == all_but(9, 9));
  CHECK(all.report.rows == 14);
  CHECK(all.report.closed);
  CHECK(all.report.whole());
  CHECK_FALSE(all.report.unfinished);
  CHECK(all.end == content.size());
  CHECK(all.rows == 14);
  CHECK(all.sequence == 6);
  CHECK(all.blocks[2].first_row == 3);
  CHECK(all.blocks[2].row_count == 5);
  auto const offsets = offsets_of(content);
  for (std::size_t i = 0; i < all.blocks.size(); ++i) CHECK(all.blocks[i].offset == offsets[i]);
}

TEST_CASE("block scan: what a writer needs to go on") {
  temporary const file(log_of({step_schema(), step_columns(0, 3, {0, 7, 100}), step_schema(1),
                               step_columns(3, 1, {1, 9, 40}), step_columns(4, 2, {1, 7, 300})}));
  input_file const input(file.path());
  block_scan blocks(input);
  log_block block;
  while (blocks.next(block)) continue;
  CHECK(blocks.tally().journal_end(7) == 300);
  CHECK(blocks.tally().journal_end(9) == 40);
  CHECK(blocks.tally().journal_end(8) == 0);
  CHECK(blocks.tally().next_schema() == 2);
  CHECK(blocks.tally().last_block() == block.offset);
  CHECK(blocks.schemas().at(1).rows.name == "Step");
  CHECK(blocks.schemas().at(1).payload == step_schema(1).payload);
  CHECK(std::string(blocks.header().file_id.data(), 16) == log_test::file_id);
}

TEST_CASE("block scan: a log without blocks, and one that is continued behind an end") {
  auto const nothing = scan(log_header());
  CHECK(nothing.end == 64);
  CHECK(nothing.sequence == 0);
  CHECK(nothing.report.whole());
  auto const more = scan(log_of({step_schema(), end_part(0), step_columns(0, 1)}));
  CHECK_FALSE(more.report.closed);
  CHECK(more.report.rows == 1);
  CHECK(more.report.whole());
}

TEST_CASE("block scan: wherever a log is cut off, it has the blocks that were whole") {
  auto const content = log_of(some_parts());
  auto const offsets = offsets_of(content);
  for (std::size_t size = 0; size <= content.size(); ++size) {
    if (size < 64) {
      CHECK_THROWS_AS(scan(content.substr(0, size)), trainlog::decode_error);
      continue;
    }
    auto const all = scan(content.substr(0, size));
    auto const whole = std::upper_bound(offsets.begin(), offsets.end(), size) - offsets.begin() - 1;
    REQUIRE(all.blocks.size() == static_cast<std::size_t>(whole));
    REQUIRE(all.end == offsets[static_cast<std::size_t>(whole)]);
    REQUIRE(all.report.whole());
    REQUIRE(all.report.closed == (size == content.size()));
    REQUIRE(all.report.unfinished == (all.end != size));
  }
}

TEST_CASE(
    "block scan: zeros at the end are a block that is not there yet, other bytes are damage") {
  auto const content = log_of(some_parts());
  for (std::size_t const zeros : {1U, 8U, 47U, 48U, 100'000U}) {
    auto const all = scan(content + std::string(zeros, '\0'));
    CHECK(all.report.whole());
    CHECK(all.report.unfinished);
    CHECK(all.end == content.size());
  }
  auto const all = scan(content + std::string(100'000, '\0') + "x");
  CHECK_FALSE(all.report.whole());
  CHECK(all.report.damage.at(0).begin == content.size());
  CHECK(all.report.damage.at(0).end == content.size() + 100'001);
}

TEST_CASE("block scan: a flipped bit costs one block") {
  auto const content = log_of(some_parts());
  auto const offsets = offsets_of(content);
  for (std::size_t at = 64; at < content.size(); ++at) {
    auto const hit = static_cast<std::uint32_t>(
        std::upper_bound(offsets.begin(), offsets.end(), at) - offsets.begin() - 1);
    for (int bit = 0; bit < 8; ++bit) {
      auto damaged = content;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
      auto const all = scan(damaged);
      bool const seen = all.numbers() != all_but(9, 9);
      if (seen) REQUIRE(all.numbers() == all_but(hit, hit));
      if (seen) REQUIRE_FALSE(all.report.whole());
      if (seen && (hit == 1 || hit == 4)) REQUIRE(all.report.missing == (hit == 1 ? 3 : 4));
      // The streams of a columns block, and padding, are not looked at here.
      auto const head = at - offsets[hit];
      if (head < 48) REQUIRE(seen);
    }
  }
}

TEST_CASE("block scan: bytes that are gone cost the blocks that they were of") {
  auto const content = log_of(some_parts());
  auto const offsets = offsets_of(content);
  for (std::size_t const size : {1U, 3U, 8U, 40U, 64U}) {
    for (std::size_t at = 64; at + size <= content.size(); ++at) {
      auto const block_at = [&](std::size_t place) {
        return static_cast<std::uint32_t>(std::upper_bound(offsets.begin(), offsets.end(), place) -
                                          offsets.begin() - 1);
      };
      auto const all = scan(std::string(content).erase(at, size));
      auto const kept = all.numbers();
      for (auto const number : all_but(block_at(at), block_at(at + size - 1))) {
        REQUIRE(std::count(kept.begin(), kept.end(), number) == 1);
      }
      REQUIRE(std::is_sorted(kept.begin(), kept.end()));
    }
  }
}

TEST_CASE("block scan: bytes that are put in cost the block where they are") {
  auto const content = log_of(some_parts());
  auto const offsets = offsets_of(content);
  for (std::size_t const size : {1U, 8U, 61U}) {
    for (std::size_t at = 64; at <= content.size(); ++at) {
      auto const hit = static_cast<std::uint32_t>(
          std::upper_bound(offsets.begin(), offsets.end(), at) - offsets.begin() - 1);
      auto const kept = scan(std::string(content).insert(at, std::string(size, 'x'))).numbers();
      for (auto const number : all_but(hit, hit)) {
        REQUIRE(std::count(kept.begin(), kept.end(), number) == 1);
      }
    }
  }
}

TEST_CASE("block scan: a block that is there twice counts once, one out of its place is missing") {
  auto const content = log_of(some_parts());
  auto const offsets = offsets_of(content);
  auto const block = [&](std::size_t i) {
    return content.substr(offsets[i], offsets[i + 1] - offsets[i]);
  };
  auto twice = content;
  twice.insert(offsets[2], block(1));
  auto const all = scan(twice);
  CHECK(all.numbers() == all_but(9, 9));
  CHECK(all.report.rows == 14);
  CHECK(all.report.missing == 0);
  CHECK(all.report.damages == 1);

  auto lost = log_of({step_schema(), gap_part(0, 5), step_columns(0, 3)});
  auto const places = offsets_of(lost);
  lost.insert(places[2], lost.substr(places[1], places[2] - places[1]));
  CHECK(scan(lost).report.lost == 5);
  CHECK(scan(lost).report.rows == 3);

  auto swapped = content;
  swapped.replace(offsets[1], offsets[3] - offsets[1], block(2) + block(1));
  auto const rest = scan(swapped);
  CHECK(rest.numbers() == all_but(1, 1));
  CHECK(rest.report.missing == 3);
  CHECK(rest.report.rows == 11);
}

TEST_CASE("block scan: a block is found behind one that is out of order and lacks bytes") {
  auto const good = log_of({step_schema(), step_columns(0, 3), step_columns(3, 9)});
  auto const at = offsets_of(good);
  // The first columns are there again, without some of the bytes of their streams.
  auto twice = good.substr(at[1], at[2] - at[1]);
  twice.erase(twice.size() - 24, 16);
  auto const all = scan(good.substr(0, at[2]) + twice + good.substr(at[2]));
  CHECK(all.numbers() == numbers{0, 1, 2});
  CHECK(all.report.missing == 0);
}

TEST_CASE("block scan: a block with the number of one that was passed by is passed by, too") {
  auto log = log_of({step_schema(), step_columns(0, 3), step_columns(1, 2), step_columns(3, 2)});
  auto const at = offsets_of(log);
  log.replace(at[3] + 12, 4, le(2, 4));
  log_test::reseal_log(log);
  auto const all = scan(log);
  CHECK(all.numbers() == numbers{0, 1});
  CHECK(all.report.damages == 2);
}

TEST_CASE("block scan: rows that are lost, and rows that are missing") {
  auto const all = scan(log_of({step_schema(), step_columns(0, 3), gap_part(3, 1000),
                                step_columns(3, 2), step_columns(9, 2), end_part(20)}));
  CHECK(all.report.rows == 7);
  CHECK(all.report.lost == 1000);
  CHECK(all.report.missing == 4 + 9);
  CHECK(all.rows == 20);
  auto const again = scan(log_of({step_schema(), step_columns(0, 3), step_columns(2, 2)}));
  CHECK(again.report.rows == 3);
  CHECK(again.report.damages == 1);
}

TEST_CASE("block scan: a log that is stored in a log is not taken for its blocks") {
  auto other = log_test::file_id;
  other[0] = 'x';
  auto const inner =
      tlog_test::file({step_schema(), step_columns(0, 9)}, tlog_test::header(1, 0, 0, 0, other));
  auto outer = log_of({step_schema(), {0x8000, inner, 0}, step_columns(0, 3), end_part(3)});
  outer[offsets_of(outer)[1]] ^= 1;
  auto const all = scan(outer);
  CHECK(all.numbers() == numbers{0, 2, 3});
  CHECK(all.report.rows == 3);
}

TEST_CASE("block scan: blocks of unknown types are passed by, unless they are critical") {
  auto const all = scan(log_of({step_schema(), {7, "what", 0}, {0x9000, "", 0}, end_part(0)}));
  CHECK(all.numbers() == numbers{0, 3});
  CHECK(all.report.whole());
  CHECK_THROWS_AS(scan(log_of({step_schema(), {7, "what", 1}, end_part(0)})),
                  trainlog::decode_error);
}

TEST_CASE("block scan: blocks of no type, and known ones that are not critical, are damage") {
  for (std::uint64_t type = 0; type <= 4; ++type) {
    auto bad = type == 4 ? step_columns(3, 2) : step_rows(3, 2);
    bad.type = type;
    bad.flags = type == 0 ? 1 : 0;
    auto const all = scan(log_of({step_schema(), step_rows(0, 3), bad, step_rows(5, 1)}));
    CHECK(all.numbers() == numbers{0, 1, 3});
    CHECK(all.report.missing == 2);
    CHECK(all.report.damages == 1);
  }
}

TEST_CASE("block scan: impossible numbers are damage") {
  auto const damages = [](part const& block) {
    return scan(log_of({step_schema(), block, end_part(0)})).report.damages;
  };
  CHECK(damages(step_columns(0, 0)) == 1);
  CHECK(damages(tlog_test::rows_part(100, "abc")) == 1);
  CHECK(damages({3, "short"}) == 1);
  CHECK(damages({1, le(1, 4)}) == 1);
  auto const far = scan(log_of({step_schema(), step_columns(~0ULL - 1, 9), step_rows(5, 1)}));
  CHECK(far.report.missing == ~0ULL - 1);
  CHECK(far.report.rows == 9);
}

TEST_CASE("block scan: the list of damages is bounded, their number is not") {
  std::string content = log_header();
  for (int i = 0; i < 1000; ++i) {
    content += log_of({step_schema()}).substr(64);  // all of them block 0
  }
  auto const all = scan(content);
  CHECK(all.report.damages == 999);
  CHECK(all.report.damage.size() == log_report::max_damage);
}
