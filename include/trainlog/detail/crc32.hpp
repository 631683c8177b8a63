// SPDX-License-Identifier: MIT
// CRC-32 of PNG chunks, the one of zlib and Ethernet (PNG specification, annex D), 8 bytes at a
// time.
#ifndef TRAINLOG_DETAIL_CRC32_HPP
#define TRAINLOG_DETAIL_CRC32_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "trainlog/detail/endian.hpp"

namespace trainlog::detail {

using crc32_tables = std::array<std::array<std::uint32_t, 256>, 8>;

/// Table k: what a byte adds to the checksum when k bytes follow it.
inline crc32_tables make_crc32_tables() noexcept {
  crc32_tables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t state = byte;
    for (int bit = 0; bit < 8; ++bit) state = (state >> 1U) ^ (0xEDB88320U & (0U - (state & 1U)));
    tables[0][byte] = state;
  }
  for (std::size_t k = 1; k < 8; ++k) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      auto const before = tables[k - 1][byte];
      tables[k][byte] = (before >> 8U) ^ tables[0][before & 0xFFU];
    }
  }
  return tables;
}

/// The checksum of `bytes`, or of bytes before, whose checksum is `before`, with these.
inline std::uint32_t crc32(std::string_view bytes, std::uint32_t before = 0) noexcept {
  static auto const table = make_crc32_tables();  // a compiler would take long for them
  auto const* data = reinterpret_cast<std::byte const*>(bytes.data());
  auto const* const end = data + bytes.size();
  std::uint32_t state = ~before;
  for (; end - data >= 8; data += 8) {
    auto const word = load_le<std::uint64_t>(data) ^ state;
    state = 0;
    for (unsigned k = 0; k < 8; ++k) state ^= table[7 - k][(word >> (8 * k)) & 0xFFU];
  }
  for (; data != end; ++data) {
    state = (state >> 8U) ^ table[0][(state ^ std::to_integer<std::uint32_t>(*data)) & 0xFFU];
  }
  return ~state;
}

}  // namespace trainlog::detail

#endif
