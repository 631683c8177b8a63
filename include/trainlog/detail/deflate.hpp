// SPDX-License-Identifier: MIT
// Compression as zlib does it: streams of the zlib format (RFC 1950) with DEFLATE inside (RFC
// 1951).
#ifndef TRAINLOG_DETAIL_DEFLATE_HPP
#define TRAINLOG_DETAIL_DEFLATE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "trainlog/detail/deflate_block.hpp"
#include "trainlog/detail/lz77.hpp"

namespace trainlog::detail {

/// The checksum at the end of a zlib stream, of `bytes` behind others whose checksum is `before`.
inline std::uint32_t adler32(std::string_view bytes, std::uint32_t before = 1) noexcept {
  constexpr std::uint32_t modulus = 65521;
  constexpr std::size_t part = 5552;  // so many bytes do not overflow 32 bits
  std::uint32_t sum = before & 0xFFFFU;
  std::uint32_t sums = before >> 16U;
  while (!bytes.empty()) {
    for (char const byte : bytes.substr(0, part)) {
      sum += static_cast<unsigned char>(byte);
      sums += sum;
    }
    sum %= modulus, sums %= modulus;
    bytes.remove_prefix(std::min(part, bytes.size()));
  }
  return sums << 16U | sum;
}

/// Appends a number, the most significant byte first.
inline void append_big_endian(std::string& out, std::uint32_t value) {
  for (unsigned shift = 32; shift > 0; shift -= 8)
    out.push_back(static_cast<char>(value >> (shift - 8)));
}

inline constexpr std::size_t tokens_of_a_block = 32768;

/// Appends the zlib stream of fewer than 2^32 - 1 bytes. Incompressible ones grow by less than 1
/// per mille and 16 bytes.
inline void append_zlib(std::string& out, std::string_view bytes, lz77_effort effort = {}) {
  out += "\x78\x9C";  // a window of 32 KiB, the usual effort
  bit_writer bits(out);
  lz77_matcher matcher(bytes, effort);
  deflate_block block;
  do {
    std::size_t const begin = matcher.position();
    matcher.run(
        tokens_of_a_block, [&](std::uint8_t byte) { block.add_literal(byte); },
        [&](std::uint32_t length, std::uint32_t distance) {
          block.add_repetition(length, distance);
        });
    block.write(bits, bytes.substr(begin, matcher.position() - begin), matcher.at_end());
  } while (!matcher.at_end());
  bits.finish();
  append_big_endian(out, adler32(bytes));
}

}  // namespace trainlog::detail

#endif
