// SPDX-License-Identifier: MIT
#include "trainlog/detail/deflate.hpp"

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include "catch.hpp"
#include "detail/inflate.hpp"

using namespace trainlog::detail;
using inflate_test::block_count;

namespace {

std::string zlib(std::string_view bytes, lz77_effort effort = {}) {
  std::string out = "before";
  append_zlib(out, bytes, effort);
  REQUIRE(out.substr(0, 6) == "before");
  return out.substr(6);
}

/// Of the stream, after it was seen to give the bytes back.
std::size_t size_of(std::string const& bytes, block_count* blocks = nullptr) {
  auto const stream = zlib(bytes);
  REQUIRE((inflate_test::inflate(stream, blocks) == bytes));
  return stream.size();
}

std::string noise(std::size_t size, unsigned values = 256) {
  std::mt19937 random(static_cast<unsigned>(size));
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random() % values);
  return bytes;
}

}  // namespace

TEST_CASE("adler32 gives the published check values, and goes on where one ended") {
  CHECK(adler32("") == 1);
  CHECK(adler32("Wikipedia") == 0x11E60398);
  CHECK(adler32("123456789") == 0x091E01DE);
  std::string const ones(1'000'000, '\xff');  // what overflows first
  std::uint64_t sum = 1;
  std::uint64_t sums = 0;
  for (std::size_t i = 0; i < ones.size(); ++i) sum += 255, sums = (sums + sum) % 65521;
  CHECK(adler32(ones) == ((sums << 16U) | (sum % 65521)));
  CHECK(adler32(std::string_view(ones).substr(777), adler32(ones.substr(0, 777))) == adler32(ones));
}

TEST_CASE("the stream of nothing, to the byte") {
  CHECK(zlib("") == std::string_view("\x78\x9C\x03\x00\x00\x00\x00\x01", 8));
}

TEST_CASE("every length up to 600 comes back, of few values and of many") {
  for (std::size_t size = 0; size <= 600; ++size) {
    for (unsigned const values : {1U, 2U, 5U, 256U}) size_of(noise(size, values));
  }
}

TEST_CASE("zeros shrink a thousandfold") {
  CHECK(size_of(std::string(1'000'000, '\0')) < 1100);
  CHECK(size_of(std::string(258 * 4, 'a')) < 20);
}

TEST_CASE("what cannot be compressed is stored") {
  block_count blocks;
  auto const bytes = noise(1'000'000);
  CHECK(size_of(bytes, &blocks) < bytes.size() + bytes.size() / 1000 + 16);
  CHECK(blocks.stored >= 16);
  CHECK(blocks.dynamic == 0);
  CHECK(size_of(noise(65535)) == 65535 + 6 + 2 * 5);
}

TEST_CASE("a block takes the shortest of three ways") {
  auto blocks_of = [](std::string const& bytes) {
    block_count blocks;
    size_of(bytes, &blocks);
    return std::array{blocks.stored, blocks.fixed, blocks.dynamic};
  };
  CHECK(blocks_of("aaaaaaaaaabbbbbbbbbb") == std::array{0, 1, 0});
  CHECK(blocks_of(noise(1000, 7)) == std::array{0, 0, 1});
  CHECK(blocks_of(noise(300)) == std::array{1, 0, 0});
}

TEST_CASE("blocks may differ in their ways") {
  block_count blocks;
  size_of(noise(100'000) + noise(400'000, 7), &blocks);
  CHECK(blocks.stored > 1);
  CHECK(blocks.dynamic > 1);
}

TEST_CASE("three bits of entropy a byte, and an end of block, cost 25 bits for 8 bytes") {
  auto const bytes = noise(200'000, 8);
  auto const stream = zlib(bytes, {.least = 100});
  REQUIRE((inflate_test::inflate(stream) == bytes));
  CHECK(stream.size() < 78'300);
}

TEST_CASE("repetitions are found to the end of the window, and not beyond") {
  for (std::size_t const distance : {1U, 2U, 100U, 32767U, 32768U}) {
    auto const bytes = noise(distance);
    CHECK(size_of(bytes + bytes + bytes) < distance + 600);
  }
  auto const bytes = noise(32769);
  CHECK(size_of(bytes + bytes) > 2 * bytes.size());
}

TEST_CASE("text is as small as zlib makes it at its default level") {
  std::string text;
  std::mt19937 random(5);
  for (int i = 0; i < 4000; ++i) {
    text += "step " + std::to_string(i) + ": loss 0." + std::to_string(random() % 100000) +
            ", accuracy 0." + std::to_string(random() % 1000) + "\n";
  }
  CHECK(size_of(text) < 33'700);
}

TEST_CASE("any effort gives the bytes back") {
  std::string bytes = noise(3000, 3) + noise(500) + noise(70'000, 40);
  bytes += bytes.substr(1000, 60'000);
  for (std::uint32_t const least : {4U, 6U, 20U}) {
    for (std::uint32_t const chain : {1U, 4U, 1000U}) {
      for (std::uint32_t const lazy : {0U, 4U, 258U}) {
        auto const stream = zlib(bytes, {.least = least, .chain = chain, .lazy = lazy});
        CHECK((inflate_test::inflate(stream) == bytes));
      }
    }
  }
}
