// SPDX-License-Identifier: MIT
#include "trainlog/log/columns_head.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <trainlog/binary.hpp>

#include "catch.hpp"
#include "codec/tlog_parts.hpp"

using namespace trainlog::detail;
using tlog_test::bytes;
using tlog_test::le;
using tlog_test::varint;

namespace {

struct Two {
  double loss = 0;
  std::string text;
  TRAINLOG_RECORD(Two, loss, text)
};

std::string header_of(std::uint64_t rows) {
  return le(3, 4) + le(rows, 4) + le(70, 8) + le(0x1122334455667788, 8) + le(4096, 8);
}
std::string entry_of(int encoding, std::uint64_t length, std::uint64_t crc) {
  return bytes({encoding}) + varint(length) + le(crc, 4);
}

std::optional<columns_head> read(std::string_view text) {
  column_layout const layout(trainlog::schema_of<Two>().fields);
  std::vector<char> const exact(text.begin(), text.end());
  wire_reader in(std::string_view(exact.data(), exact.size()));
  columns_head head;
  if (!read_columns_head(in, layout, head)) return std::nullopt;
  return head;
}

}  // namespace

TEST_CASE("columns_head: its bytes are those of the format, and back") {
  std::string const text = header_of(5) + entry_of(1, 300, 9) + entry_of(0, 7, 10);
  std::string out;
  append_columns_header(out, {3, 5, 70, 0x1122334455667788, 4096});
  append_stream_entry(out, {1, 0, 300, 9});
  append_stream_entry(out, {0, 0, 7, 10});
  CHECK(out == text);
  auto const head = read(text);
  REQUIRE(head);
  CHECK(head->header.schema_id == 3);
  CHECK(head->header.row_count == 5);
  CHECK(head->header.first_row == 70);
  CHECK(head->header.journal_id == 0x1122334455667788);
  CHECK(head->header.journal_end == 4096);
  REQUIRE(head->streams.size() == 2);
  CHECK(head->streams[0].offset == text.size());
  CHECK(head->streams[0].length == 300);
  CHECK(head->streams[0].crc == 9);
  CHECK(head->streams[1].offset == text.size() + 300);
  CHECK(head->streams[1].encoding == 0);
  CHECK(head->payload_size == text.size() + 307);
}

TEST_CASE("columns_head: counts and lengths beyond what the format allows are refused") {
  std::string const entries = entry_of(0, 1, 0) + entry_of(0, 1, 0);
  CHECK(read(header_of(1) + entries));
  CHECK(read(header_of(1048576) + entries));
  for (std::uint64_t const rows : {0UL, 1048577UL, 0xFFFFFFFFUL}) {
    CHECK_FALSE(read(header_of(rows) + entries));
  }
  CHECK(read(header_of(1) + entry_of(0, 0xFFFFFFFF, 0) + entry_of(0, 0xFFFFFFFF, 0)));
  for (std::uint64_t const length : {std::uint64_t{1} << 32U, ~std::uint64_t{0}}) {
    CHECK_FALSE(read(header_of(1) + entry_of(0, length, 0) + entry_of(0, 1, 0)));
  }
}

TEST_CASE("columns_head: one that is cut, or goes on, is refused") {
  std::string const text = header_of(5) + entry_of(1, 300, 9) + entry_of(0, 7, 10);
  for (std::size_t cut = 0; cut < text.size(); ++cut) {
    CHECK_FALSE(read(std::string_view(text).substr(0, cut)));
  }
  CHECK_FALSE(read(text + '\0'));
  CHECK_FALSE(read(text + entry_of(0, 1, 0)));
}
