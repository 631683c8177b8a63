// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "trainlog/log/planes.hpp"

using trainlog::detail::byte_vector;
using trainlog::detail::wire_reader;

namespace {

constexpr char sparse = 4;

std::string encoded(byte_vector const& bytes) {
  std::string out;
  trainlog::detail::append_plane(out, bytes, trainlog::detail::count_bytes(bytes));
  return out;
}

bool decodes(std::string_view code, byte_vector& out) {
  wire_reader in(code);
  return trainlog::detail::read_plane(in, out) && in.remaining() == 0;
}

}  // namespace

TEST_CASE("a plane of one value and few others is sparse, wherever they are") {
  auto const size = GENERATE(as<std::size_t>{}, 64, 127, 128, 129, 300, 4096, 20'000);
  byte_vector bytes(size, 7);
  bytes.front() = 1;
  bytes[size / 2] = 255;
  bytes[size / 2 + 1] = 0;
  bytes.back() = 8;
  auto const code = encoded(bytes);
  CAPTURE(size, code.size());
  REQUIRE(code[0] == sparse);
  REQUIRE(code.size() < 20);
  byte_vector back(size);
  REQUIRE(decodes(code, back));
  REQUIRE(back == bytes);
}

TEST_CASE("a plane with many others is not sparse") {
  byte_vector bytes(4096, 7);
  for (std::size_t i = 0; i < bytes.size(); i += 4) bytes[i] = static_cast<std::uint8_t>(i / 4 % 3);
  auto const code = encoded(bytes);
  REQUIRE(code[0] != sparse);
  byte_vector back(bytes.size());
  REQUIRE(decodes(code, back));
  REQUIRE(back == bytes);
}

TEST_CASE("a sparse plane as the format's text has it") {
  // 5, but 9 after two of them and 6 after no more of them.
  byte_vector back(5);
  REQUIRE(decodes(std::string_view("\x04\x05\x02\x02\x09\x00\x06", 7), back));
  REQUIRE(back == byte_vector{5, 5, 9, 6, 5});
}

TEST_CASE("a sparse plane with a byte behind its end, or cut short, is refused") {
  byte_vector back(5);
  for (std::string_view const code : {
           std::string_view("\x04\x05\x01\x05\x09", 5),          // behind the end
           std::string_view("\x04\x05\x02\x04\x09\x00\x09", 7),  // the second is
           std::string_view("\x04\x05\x02\x02\x09", 5),          // one of two
           std::string_view("\x04\x05\x01\x02", 4),              // no value
           std::string_view("\x04\x05", 2),                      // no number
           std::string_view("\x04\x05\x01\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01\x09", 14),
           std::string_view("\x04\x05\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01\x00\x09", 14),
       }) {
    CAPTURE(code);
    REQUIRE_FALSE(decodes(code, back));
  }
}
