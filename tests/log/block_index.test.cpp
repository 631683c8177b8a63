// SPDX-License-Identifier: MIT
#include <trainlog/log/block_index.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <trainlog/log/block_list.hpp>

#include "catch.hpp"
#include "log/log_parts.hpp"

using log_test::gap_part;
using log_test::le;
using log_test::log_of;
using log_test::offsets_of;
using log_test::part;
using log_test::step_columns;
using log_test::step_rows;
using log_test::step_schema;
using log_test::temporary;
using tlog_test::varint;
using trainlog::detail::block_list;
using trainlog::detail::index_reader;
using trainlog::detail::indexed_blocks;
using trainlog::detail::input_file;

namespace {

std::vector<part> some_parts() {
  return {step_schema(),      step_columns(0, 3), gap_part(3, 5), step_schema(1),
          step_rows(3, 2, 1), {0x9000, "", 0},    step_schema(),  step_columns(5, 4)};
}

/// The entries of an index of a good file.
std::string index_of(std::string const& all) {
  auto const offsets = offsets_of(all);
  auto const parts = tlog_test::parts_of(all);
  std::string payload = varint(parts.size());
  std::size_t last = 64;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    payload += varint(parts[i].type) + varint((offsets[i] - last) / 8);
    last = offsets[i];
    if (parts[i].type == 2 || parts[i].type == 4) {
      payload += varint(tlog_test::number_at(parts[i].payload, 0, 4)) +
                 varint(tlog_test::number_at(parts[i].payload, 4, 4));
    }
  }
  return payload;
}

std::string closed(std::vector<part> parts, std::uint64_t rows, std::string index) {
  auto const distance = 48 + (index.size() + 7) / 8 * 8;
  parts.push_back({6, std::move(index), 0});
  parts.push_back({3, le(rows, 8) + le(distance, 8)});
  return log_of(parts);
}

std::optional<indexed_blocks> read(std::string const& content) {
  static temporary const file;
  file.write(content);
  input_file const input(file.path());
  return index_reader(input, trainlog::detail::block_scan(input).sync()).read();
}

std::vector<part> known_parts() {
  auto parts = some_parts();
  parts.erase(parts.begin() + 5);
  return parts;
}

}  // namespace

TEST_CASE("block index: says what the blocks say") {
  auto const parts = known_parts();
  auto const content = closed(parts, 9, index_of(log_of(parts)));
  auto const index = read(content);
  REQUIRE(index);
  REQUIRE(index->blocks.size() == 3);
  CHECK(index->schemas.size() == 2);
  CHECK(index->report.rows == 9);
  CHECK(index->report.lost == 5);
  CHECK(index->report.closed);
  temporary const file(content);
  input_file const input(file.path());
  auto const header = trainlog::detail::read_file_header(input);
  block_list with(input, header, true);
  block_list without(input, header, false);
  REQUIRE(with.size() == without.size());
  for (std::size_t i = 0; i < with.size(); ++i) {
    CHECK(with.at(i)->offset == without.at(i)->offset);
    CHECK(with.at(i)->first_row == without.at(i)->first_row);
    CHECK(with.at(i)->row_count == without.at(i)->row_count);
    CHECK(with.at(i)->schema_id == without.at(i)->schema_id);
    CHECK(with.at(i)->type == without.at(i)->type);
  }
  CHECK(with.next_row() == without.next_row());
  for (std::uint64_t row = 0; row < 11; ++row) CHECK(with.find_row(row) == without.find_row(row));
}

TEST_CASE("block index: is not trusted if anything in it does not fit") {
  auto const parts = known_parts();
  auto const index = index_of(log_of(parts));
  CHECK_FALSE(read(closed(parts, 10, index)));
  CHECK_FALSE(read(closed(parts, 9, index + "x")));
  CHECK_FALSE(read(closed(parts, 9, index.substr(0, index.size() - 1))));
  CHECK_FALSE(read(closed(some_parts(), 9, index)));
  CHECK_FALSE(read(closed(some_parts(), 9, index_of(log_of(some_parts())))));
  CHECK_FALSE(read(log_of(parts)));
  CHECK_FALSE(read(log_of({})));
  for (std::size_t at = 0; at < index.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      auto changed = index;
      changed[at] = static_cast<char>(changed[at] ^ (1 << bit));
      auto const found = read(closed(parts, 9, changed));
      if (!found) continue;
      // Row counts that were moved from one block to another are found out when these are read.
      std::uint64_t rows = 0;
      for (auto const& block : found->blocks) rows += block.row_count;
      CHECK(rows == 9);
    }
  }
}

TEST_CASE("block index: bytes that are gone or put in before it are noticed") {
  auto const parts = known_parts();
  auto const content = closed(parts, 9, index_of(log_of(parts)));
  for (std::size_t const size : {8U, 64U}) {
    for (std::size_t at = 64; at + size + 200 < content.size(); ++at) {
      CHECK_FALSE(read(std::string(content).erase(at, size)));
      CHECK_FALSE(read(std::string(content).insert(at, std::string(size, 'x'))));
    }
  }
}
