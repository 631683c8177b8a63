// SPDX-License-Identifier: MIT
#include <trainlog/detail/wire.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "catch.hpp"

using namespace trainlog::detail;
using namespace std::string_view_literals;

namespace {

std::string varint_bytes(std::uint64_t value) {
  std::string out;
  append_varint(out, value);
  return out;
}

bool is_varint(std::string_view bytes) {
  wire_reader in(bytes);
  std::uint64_t value = 0;
  return in.varint(value) && in.remaining() == 0;
}

constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();

}  // namespace

TEST_CASE("wire: varints are of seven bits a byte, lowest first") {
  CHECK(varint_bytes(0) == "\0"sv);
  CHECK(varint_bytes(1) == "\x01"sv);
  CHECK(varint_bytes(127) == "\x7f"sv);
  CHECK(varint_bytes(128) == "\x80\x01"sv);
  CHECK(varint_bytes(300) == "\xac\x02"sv);
  CHECK(varint_bytes(largest) == "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"sv);
}

TEST_CASE("wire: every varint comes back, in as many bytes as varint_size says") {
  for (unsigned bit = 0; bit < 64; ++bit) {
    std::uint64_t const power = std::uint64_t{1} << bit;
    for (auto const value : {power - 1, power, power + 1, largest - power}) {
      auto const bytes = varint_bytes(value);
      CHECK(bytes.size() == varint_size(value));
      wire_reader in(bytes);
      std::uint64_t back = 0;
      CHECK(in.varint(back));
      CHECK(back == value);
      for (std::size_t size = 0; size < bytes.size(); ++size) {
        CHECK_FALSE(is_varint(std::string_view(bytes).substr(0, size)));
      }
    }
  }
}

TEST_CASE("wire: a varint that is not the shortest, or has over 64 bits, is none") {
  CHECK_FALSE(is_varint("\x80\x00"sv));
  CHECK_FALSE(is_varint("\xff\x80\x00"sv));
  CHECK_FALSE(is_varint("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00"sv));
  CHECK_FALSE(is_varint("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"sv));
  CHECK_FALSE(is_varint("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x81\x00"sv));
  CHECK_FALSE(is_varint("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"sv));
}

TEST_CASE("wire: numbers and strings are read in order, and offsets count from the file's start") {
  std::string bytes;
  append_le(bytes, std::int16_t{-2});
  append_wire_string(bytes, "ab\0c"sv);
  append_le(bytes, 0.5);
  CHECK(bytes ==
        "\xfe\xff\x04"
        "ab\0c\0\0\0\0\0\0\xe0\x3f"sv);
  wire_reader in(bytes, 100);
  std::int16_t number = 0;
  std::string_view text;
  double real = 0;
  CHECK(in.number(number));
  CHECK(in.offset() == 102);
  CHECK(in.string(text));
  CHECK(in.number(real));
  CHECK(number == -2);
  CHECK(text == "ab\0c"sv);
  CHECK(real == 0.5);
  CHECK(in.offset() == 115);
  CHECK(in.remaining() == 0);
}

TEST_CASE("wire: counts and lengths beyond what is left fail without being used") {
  std::string_view value;
  std::uint64_t count = 0;
  for (auto const size : {std::uint64_t{4}, std::uint64_t{1} << 63U, largest}) {
    std::string const bytes = varint_bytes(size) + "abc";
    wire_reader counted(bytes);
    CHECK_FALSE(counted.count(count));
    wire_reader text(bytes);
    CHECK_FALSE(text.string(value));
    wire_reader array("abc"sv);
    CHECK_FALSE(array.array(size, 8, value));
  }
  wire_reader in("abcdef"sv);
  CHECK(in.array(3, 2, value));
  CHECK(value == "abcdef");
}

TEST_CASE("wire: flags and zero bytes have no other value") {
  bool flag = false;
  CHECK(wire_reader("\1"sv).flag(flag));
  CHECK(flag);
  CHECK(wire_reader("\0"sv).flag(flag));
  CHECK_FALSE(flag);
  CHECK_FALSE(wire_reader("\2"sv).flag(flag));
  CHECK_FALSE(wire_reader("\xff"sv).flag(flag));
  CHECK(wire_reader("\0"sv).zero());
  CHECK_FALSE(wire_reader("\1"sv).zero());
  CHECK_FALSE(wire_reader(""sv).zero());
}

TEST_CASE("wire: a failure says where, and what was expected and found") {
  wire_reader in("\1\2"sv, 50);
  bool flag = false;
  CHECK(in.flag(flag));
  CHECK_FALSE(in.flag(flag));
  CHECK(in.failed_at() == 51);
  CHECK(in.expected() == "the byte 0 or 1");
  CHECK(in.found() == "2");
  in.failed_in("[1]");
  in.failed_in(".x");
  CHECK(in.path() == ".x[1]");
  CHECK_FALSE(in.invalid());

  wire_reader torn("abc"sv, 7);
  std::uint64_t number = 0;
  CHECK_FALSE(torn.number(number));
  CHECK(torn.failed_at() == 7);
  CHECK(torn.expected() == "8 more bytes");
  CHECK(torn.found() == "3");
}
