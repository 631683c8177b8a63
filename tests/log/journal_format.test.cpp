// SPDX-License-Identifier: MIT
#include <cstdint>
#include <string>
#include <string_view>

#include <trainlog/log/journal_format.hpp>

#include "catch.hpp"
#include "codec/tlog_parts.hpp"

using namespace trainlog::detail;

namespace {

using wide = unsigned __int128;

/// The check as docs/format.md describes it, without the code under test.
std::uint32_t expected_check(std::string row, std::uint64_t position, std::uint64_t journal_id) {
  constexpr std::uint64_t k = 0x9E3779B97F4A7C15U;
  std::uint64_t h = row.size() * k;
  row.resize((row.size() + 15) / 16 * 16);
  for (std::uint64_t i = 1; 16 * i <= row.size(); ++i) {
    auto const a = tlog_test::number_at(row, 16 * (i - 1), 8);
    auto const b = tlog_test::number_at(row, 16 * (i - 1) + 8, 8);
    wide const product = static_cast<wide>(a + i * k) * (b ^ (i * k));
    h ^= static_cast<std::uint64_t>(product >> 64) ^ static_cast<std::uint64_t>(product);
  }
  return static_cast<std::uint32_t>(((h + position + journal_id) * k) >> 32);
}

journal_header sample() {
  journal_header header;
  for (std::size_t i = 0; i < 16; ++i) header.file_id[i] = static_cast<char>(i + 1);
  header.journal_id = 0x1122334455667788;
  header.ring_size = 8192;
  header.schema_id = 3;
  header.first_row = 1000;
  header.process = 42;
  return header;
}

}  // namespace

TEST_CASE("the check of a slot is the one of the format, whatever stands behind the row") {
  for (std::size_t size = 1; size < 100; ++size) {
    std::string row;
    for (std::size_t i = 0; i < size; ++i) row += static_cast<char>(i * 37 + size);
    auto const expected = expected_check(row, 8 * size, 77);
    for (char const behind : {'\0', '\xff'}) {
      std::string const padded = row + std::string(16, behind);
      CHECK(slot_check(padded.data(), size, 8 * size, 77) == expected);
    }
  }
}

TEST_CASE("the check depends on every bit, the size, the position and the journal") {
  std::string row(48, '\0');
  auto const check = slot_check(row.data(), 40, 64, 5);
  for (std::size_t bit = 0; bit < 320; ++bit) {
    row[bit / 8] = static_cast<char>(1 << bit % 8);
    CHECK(slot_check(row.data(), 40, 64, 5) != check);
    row[bit / 8] = 0;
  }
  CHECK(slot_check(row.data(), 39, 64, 5) != check);
  CHECK(slot_check(row.data(), 48, 64, 5) != check);
  CHECK(slot_check(row.data(), 40, 72, 5) != check);
  CHECK(slot_check(row.data(), 40, 64, 6) != check);
}

TEST_CASE("a journal header is the bytes of the format") {
  using tlog_test::le;
  std::string expected("\x89TLJ\r\n\x1a\n", 8);
  expected += le(1, 2) + le(0, 2) + le(0, 4);
  for (int i = 1; i <= 16; ++i) expected += static_cast<char>(i);
  expected += le(0x1122334455667788, 8) + le(4096, 8) + le(8192, 8) + le(3, 4) + le(0, 4) +
              le(1000, 8) + le(42, 8) + std::string(44, '\0');
  expected += le(tlog_test::crc(expected), 4);
  CHECK(journal_header_bytes(sample()) == expected);

  journal_header back;
  REQUIRE(read_journal_header(expected, back));
  CHECK(back.file_id == sample().file_id);
  CHECK(back.journal_id == sample().journal_id);
  CHECK(back.ring_offset == 4096);
  CHECK(back.ring_size == 8192);
  CHECK(back.schema_id == 3);
  CHECK(back.first_row == 1000);
  CHECK(back.process == 42);
}

TEST_CASE("a journal header with any bit flipped, cut short or out of bounds is refused") {
  std::string bytes = journal_header_bytes(sample());
  journal_header back;
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ 1 << bit % 8);
    CHECK_FALSE(read_journal_header(bytes, back));
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ 1 << bit % 8);
  }
  CHECK_FALSE(read_journal_header(std::string_view(bytes).substr(0, 127), back));
  for (std::uint64_t const size : {0ULL, 4095ULL, 8200ULL, 1ULL << 29, ~0ULL}) {
    journal_header header = sample();
    header.ring_size = size;
    CHECK_FALSE(read_journal_header(journal_header_bytes(header), back));
    header = sample();
    header.ring_offset = size;
    CHECK_FALSE(read_journal_header(journal_header_bytes(header), back));
  }
}
