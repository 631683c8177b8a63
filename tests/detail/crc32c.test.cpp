// SPDX-License-Identifier: MIT
#include "trainlog/detail/crc32c.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <vector>

#include "catch.hpp"

namespace {

using namespace trainlog::detail;

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

/// The definition, a bit at a time: what every faster path must agree with.
std::uint32_t bitwise(std::uint32_t state, std::span<const std::byte> data) {
  for (const std::byte byte : data) {
    state ^= std::to_integer<std::uint32_t>(byte);
    for (int bit = 0; bit != 8; ++bit) state = (state >> 1) ^ (0x82F63B78U & (0U - (state & 1U)));
  }
  return state;
}

std::vector<std::byte> noise(std::size_t size) {
  std::vector<std::byte> bytes(size);
  std::uint32_t state = 12345;
  for (std::byte& byte : bytes) {
    state = state * 1664525U + 1013904223U;
    byte = static_cast<std::byte>(state >> 24);
  }
  return bytes;
}

using advance = std::uint32_t (*)(std::uint32_t, std::span<const std::byte>) noexcept;

std::vector<advance> paths() {
  std::vector<advance> all{&crc32c_portable};
  if (has_crc32c_hardware()) all.push_back(&crc32c_hardware);
  return all;
}

TEST_CASE("crc32c gives the published check values") {
  CHECK(crc32c({}) == 0);
  CHECK(crc32c(bytes_of("123456789")) == 0xE3069283);
  // RFC 3720, B.4: 32 bytes of zeros, of ones, ascending, descending.
  std::vector<std::byte> bytes(32);
  CHECK(crc32c(bytes) == 0x8A9136AA);
  std::memset(bytes.data(), 0xff, 32);
  CHECK(crc32c(bytes) == 0x62A8AB43);
  for (std::size_t i = 0; i != 32; ++i) bytes[i] = static_cast<std::byte>(i);
  CHECK(crc32c(bytes) == 0x46DD794E);
  for (std::size_t i = 0; i != 32; ++i) bytes[i] = static_cast<std::byte>(31 - i);
  CHECK(crc32c(bytes) == 0x113FDB5C);
}

TEST_CASE("every crc32c path agrees with the definition at every length and alignment") {
  const std::vector<std::byte> data = noise(1300);
  for (const advance path : paths()) {
    for (std::size_t start = 0; start != 16; ++start) {
      for (std::size_t size = 0; size <= 300; ++size) {
        const auto part = std::span(data).subspan(start, size);
        REQUIRE(path(0x12345678, part) == bitwise(0x12345678, part));
      }
    }
    for (std::size_t size = 300; size != data.size(); ++size) {
      const auto part = std::span(data).first(size);
      REQUIRE(path(~0U, part) == bitwise(~0U, part));
    }
  }
}

TEST_CASE("every crc32c path agrees with the definition on large inputs") {
  const std::vector<std::byte> data = noise(40000);
  for (const advance path : paths()) {
    for (const std::size_t size : {6143U, 6144U, 6145U, 6528U, 12288U, 20000U, 39990U}) {
      const auto part = std::span(data).subspan(3, size);
      REQUIRE(path(~0U, part) == bitwise(~0U, part));
    }
  }
}

TEST_CASE("crc32c goes on where a checksum ended") {
  const std::vector<std::byte> data = noise(7000);
  const std::span<const std::byte> all(data);
  const std::uint32_t whole = crc32c(all);
  for (std::size_t cut = 0; cut <= all.size(); cut += 13) {
    REQUIRE(crc32c(all.subspan(cut), crc32c(all.first(cut))) == whole);
  }
  std::uint32_t chunked = 0;
  for (std::size_t at = 0, size = 1; at < all.size(); at += size++) {
    chunked = crc32c(all.subspan(at, std::min(size, all.size() - at)), chunked);
  }
  CHECK(chunked == whole);
}

}  // namespace
