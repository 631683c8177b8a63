// SPDX-License-Identifier: MIT
#include <trainlog/codec/blocks.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "codec/tlog_parts.hpp"

using namespace trainlog::detail;
using tlog_test::part;

namespace {

std::string written(std::vector<part> const& parts, file_header const& header = {}) {
  std::string file;
  append_file_header(file, header);
  block_writer blocks(file, header);
  for (auto const& each : parts) {
    blocks.begin(static_cast<block_type>(each.type));
    file += each.payload;
    blocks.end();
  }
  return file;
}

/// Reads blocks to the end of the file; how many.
std::size_t read_all(std::string_view file) {
  block_reader blocks(file);
  std::size_t count = 0;
  for (; !blocks.at_end(); ++count) blocks.next();
  return count;
}

trainlog::decode_error failure(std::string_view file) {
  try {
    read_all(file);
  } catch (trainlog::decode_error const& error) {
    return error;
  }
  FAIL("no error");
  throw;
}

std::vector<part> const some = {{1, "abc"}, {2, ""}, {2, std::string(1000, 'x')}, {3, "12345678"}};

}  // namespace

TEST_CASE("blocks: written as the format says, for every length of padding") {
  for (std::size_t size = 0; size < 20; ++size) {
    std::vector<part> const parts = {{1, std::string(size, 'p')}, {2, "q"}, {3, ""}};
    CHECK(written(parts) == tlog_test::file(parts));
  }
}

TEST_CASE("blocks: the file id and the time are in the header, and the id in every sync") {
  file_header header;
  header.file_id = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
  auto const wanted = tlog_test::file(some, tlog_test::header(1, 0, 0, 0, "0123456789abcdef"));
  CHECK(written(some, header) == wanted);
  CHECK(read_all(wanted) == 4);
  header.created_ns = -2;
  CHECK(written({}, header).substr(40, 8) == "\xfe\xff\xff\xff\xff\xff\xff\xff");
}

TEST_CASE("blocks: read as they were written, with their place in the file") {
  auto const file = tlog_test::file(some);
  block_reader blocks(file);
  std::uint32_t sequence = 0;
  for (auto const& each : some) {
    block const next = blocks.next();
    CHECK(next.type == each.type);
    CHECK(next.payload == each.payload);
    CHECK(next.sequence == sequence++);
    CHECK(next.payload.data() == file.data() + next.offset);
  }
  CHECK(blocks.at_end());
}

TEST_CASE("blocks: a block of another file in the middle is refused") {
  auto const other = tlog_test::file(some, tlog_test::header(1, 0, 0, 0, "0123456789abcdef"));
  auto file = tlog_test::file(some);
  CHECK(failure(file.replace(64, file.npos, other, 64)).offset() == 64);
}

TEST_CASE("blocks: unknown types are passed by unless they are critical") {
  auto parts = some;
  parts.insert(parts.begin() + 1, {0x8001, "private", 0});
  parts.insert(parts.begin() + 3, {6, "an index", 0});
  parts.insert(parts.begin() + 4, {7, "later", 0xfffe});
  CHECK(read_all(tlog_test::file(parts)) == 4);
  parts[1].flags = 1;
  auto const error = failure(tlog_test::file(parts));
  CHECK(error.path() == "block 1");
  CHECK(error.offset() == 64 + 48 + 8 + 8);
  CHECK(error.expected() == "a known type of block");
  CHECK(error.found() == "32769");
}

TEST_CASE("blocks: no block has type 0, and those of types 1 to 4 are critical") {
  auto parts = some;
  parts[1].flags = 0xfffe;
  CHECK(failure(tlog_test::file(parts)).expected() == "the critical flag");
  CHECK(failure(tlog_test::file(parts)).offset() == 64 + 48 + 8 + 10);
  parts[1].type = 0;
  CHECK(failure(tlog_test::file(parts)).found() == "0, which is never used");
}

TEST_CASE("blocks: a later minor version and optional features are read, the rest is refused") {
  CHECK(read_all(tlog_test::file(some, tlog_test::header(1, 9, 0, 0xffffffff))) == 4);
  CHECK(failure(tlog_test::file(some, tlog_test::header(2))).offset() == 8);
  CHECK(failure(tlog_test::file(some, tlog_test::header(0))).offset() == 8);
  for (unsigned bit = 0; bit < 32; ++bit) {
    auto const head = tlog_test::header(1, 0, std::uint64_t{1} << bit);
    CHECK(failure(tlog_test::file(some, head)).offset() == 12);
  }
}

TEST_CASE("blocks: a file that ends too early is cut short, wherever it ends") {
  auto const whole = tlog_test::file(some);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    if (size == 64 || size == 120 || size == 168 || size == 1216) continue;  // a block ends here
    auto const error = failure(std::string_view(whole).substr(0, size));
    CHECK_THAT(error.found(), Catch::EndsWith(": the file is cut short"));
    CHECK(error.offset() <= size);
  }
  auto const error = failure(std::string_view(whole).substr(0, 130));
  CHECK(std::string(error.what()) ==
        "trainlog: expected a block header of 48 bytes, found 10 bytes: the file is cut short at "
        "block 1 (byte 120)");
  CHECK(failure("").found() == "the end: the file is cut short");
}

TEST_CASE("blocks: what does not begin like a .tlog file is none, whatever its size") {
  for (std::string const text : {"{", "{}\n", "{\"loss\":0.5}\n", "\x89PNG\r\n\x1a\n"}) {
    for (auto const& file : {text, text + std::string(1000, ' ')}) {
      CHECK(failure(file).expected() == "the first bytes of a .tlog file");
      CHECK(failure(file).found() == "others: this is not a .tlog file");
    }
  }
}

TEST_CASE("blocks: duplicated, removed and swapped blocks are noticed") {
  auto const file = tlog_test::file(some);
  std::size_t const second = 64 + 48 + 8;
  std::size_t const third = second + 48;
  std::size_t const fourth = third + 48 + 1000;
  auto const copy = [&](std::size_t from, std::size_t to) { return file.substr(from, to - from); };
  auto const all = [&](std::string const& rest) {
    return failure(copy(0, second) + rest).offset();
  };
  CHECK(all(copy(second, third) + copy(second, third)) == third + 12);
  CHECK(all(copy(third, fourth)) == second + 12);
  CHECK(all(copy(third, fourth) + copy(second, third)) == second + 12);
}

TEST_CASE("blocks: a wrong sequence, distance, length or padding is noticed, checksums or not") {
  auto const change = [](std::size_t at, std::uint64_t value, std::size_t size) {
    auto file = tlog_test::file(some);
    file.replace(at, size, tlog_test::le(value, size));
    tlog_test::reseal(file);
    return failure(file).offset();
  };
  std::size_t const second = 64 + 48 + 8;
  CHECK(change(second + 12, 5, 4) == second + 12);
  CHECK(change(second + 24, 48, 8) == second + 24);
  CHECK(change(64 + 24, 64, 8) == 64 + 24);
  for (auto const length : {std::uint64_t{1} << 63U, std::uint64_t{0xffffffff}, ~std::uint64_t{0},
                            ~std::uint64_t{0} - 7, std::uint64_t{100000}}) {
    CHECK(change(64 + 16, length, 8) == 64 + 16);
  }
  CHECK(change(second - 1, 1, 1) == 64 + 48 + 3);
}

TEST_CASE("blocks: only columns and unknown types may leave a part of the payload unchecked") {
  for (unsigned type = 1; type < 9; ++type) {
    auto file = tlog_test::file({{type, "abcdefgh", type <= 4 ? 1U : 0U}});
    auto const put = [&](std::size_t at, std::uint64_t value, std::size_t size) {
      file.replace(at, size, tlog_test::le(value, size));
    };
    put(64 + 32, 3, 8);
    put(64 + 40, tlog_test::crc("abc"), 4);
    put(64 + 44, tlog_test::crc(file.substr(64, 44)), 4);
    if (type >= 7) {
      CHECK_THROWS_WITH(read_all(file), Catch::Contains("the file is cut short"));  // no end block
    } else {
      CHECK(failure(file).offset() == 64 + (type == 4 ? 8U : 32U));
    }
    put(64 + 32, 9, 8);
    put(64 + 44, tlog_test::crc(file.substr(64, 44)), 4);
    CHECK(failure(file).offset() == 64 + 32);
  }
}

TEST_CASE("blocks: every bit that is flipped and every cut is noticed") {
  auto const good = tlog_test::file(some);
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    auto file = good;
    file[bit / 8] = static_cast<char>(file[bit / 8] ^ (1 << bit % 8));
    CHECK_THROWS_AS(read_all(file), trainlog::decode_error);
  }
  std::size_t read = 0;
  for (std::size_t size = 0; size < good.size(); ++size) {
    try {
      read_all(std::string_view(good).substr(0, size));
      ++read;
    } catch (trainlog::decode_error const&) {
    }
  }
  CHECK(read == 4);  // where a block ends: only an end block tells a cut there from the end
}
