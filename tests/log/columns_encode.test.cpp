// SPDX-License-Identifier: MIT
#include "trainlog/log/columns_encode.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "catch.hpp"
#include "codec/tlog_parts.hpp"
#include "log/columns_block.hpp"

using namespace columns_test;
using tlog_test::bytes;
using tlog_test::crc;
using tlog_test::le;
using tlog_test::varint;

namespace {

struct Epoch {
  std::uint16_t step = 0;
  std::array<std::uint8_t, 2> shape{};
  TRAINLOG_RECORD(Epoch, step, shape)
};

struct Words {
  std::vector<std::uint8_t> list;
  std::map<std::string, bool> flags;
  std::optional<std::string> text;
  TRAINLOG_RECORD(Words, list, flags, text)
};

/// A payload of plain streams, after the format, and how long its head is.
columns_block by_hand(std::uint64_t rows, std::vector<std::string> const& streams) {
  columns_block block;
  block.payload = le(7, 4) + le(rows, 4) + le(100, 8) + le(9, 8) + le(64, 8);
  for (auto const& each : streams) {
    block.payload += bytes({0}) + varint(each.size()) + le(crc(each), 4);
  }
  block.head = block.payload.size();
  for (auto const& each : streams) block.payload += each;
  return block;
}

columns_header const header{7, 0, 100, 9, 64};

void check_same(columns_encoder& encoder, columns_block const& wanted) {
  auto const block = payload_of(encoder, header);
  CHECK(block.head == wanted.head);
  CHECK(block.payload == wanted.payload);
}

}  // namespace

TEST_CASE("columns_encode: rows of one size are columns as the format says") {
  auto encoder = gathered(std::vector<Epoch>{{1, {2, 3}}, {0x1234, {5, 6}}});
  CHECK(encoder.row_count() == 2);
  CHECK(encoder.plain_bytes() == 8);
  check_same(encoder, by_hand(2, {bytes({1, 0, 0x34, 0x12}), bytes({2, 3, 5, 6})}));
}

TEST_CASE("columns_encode: rows of many sizes are columns as the format says") {
  auto encoder =
      gathered(std::vector<Words>{{{1, 2}, {{"a", true}, {"bc", false}}, "x"}, {{}, {}, {}}});
  CHECK(encoder.row_count() == 2);
  // Two counts, two bytes; two counts, two keys, two flags; two flags, one text.
  CHECK(encoder.plain_bytes() == 16 + 2 + 16 + 5 + 2 + 2 + 2);
  auto const block = payload_of(encoder, header);
  CHECK(decoded<Words>(block) ==
        bytes({2, 1, 2, 2, 1, 'a', 1, 2, 'b', 'c', 0, 1, 1, 'x'}) + bytes({0, 0, 0}));
}

TEST_CASE("columns_encode: rows are gathered however far they stand apart") {
  std::vector<Epoch> rows;
  for (std::uint16_t i = 0; i < 600; ++i) {
    rows.push_back({i, {static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(i >> 8U)}});
  }
  auto one = gathered(rows);
  auto const wanted = payload_of(one, header);
  for (std::size_t const stride : {4U, 5U, 16U, 100U}) {
    std::string slots;
    for (auto const& row : rows) (slots += row_of(row)).append(stride - 4, '#');
    columns_encoder encoder(trainlog::schema_of<Epoch>().fields);
    for (std::size_t first = 0, count = 1; first < rows.size(); first += count, count *= 3) {
      count = std::min(count, rows.size() - first);
      encoder.add_rows(slots.data() + first * stride, stride, count);
    }
    auto const block = payload_of(encoder, header);
    CHECK(block.payload == wanted.payload);
  }
}

TEST_CASE("columns_encode: a cleared encoder has no row, also of what it had in part") {
  auto encoder = gathered(std::vector<Epoch>{{1, {2, 3}}});
  encoder.clear();
  CHECK(encoder.row_count() == 0);
  CHECK(encoder.plain_bytes() == 0);
  encoder.add_row(row_of(Epoch{9, {8, 7}}));
  check_same(encoder, by_hand(1, {bytes({9, 0}), bytes({8, 7})}));
}
