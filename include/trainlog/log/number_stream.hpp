// SPDX-License-Identifier: MIT
// Streams of numbers, each encoded as suits it (docs/format.md, Streams of numbers).
#ifndef TRAINLOG_LOG_NUMBER_STREAM_HPP
#define TRAINLOG_LOG_NUMBER_STREAM_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "trainlog/detail/wire.hpp"

namespace trainlog::detail {

/// Appends the encoded numbers of `width` bytes each; returns the encoding.
inline std::uint8_t append_numbers(std::string& out, std::string_view plain, std::size_t width) {
  (void)width;
  out += plain;
  return 0;
}

/// Reads `count` numbers of `width` bytes each to `out`, which has room for them.
inline bool read_numbers(wire_reader& in, std::uint8_t encoding, std::size_t width,
                         std::size_t count, char* out) {
  std::string_view plain;
  if (encoding != 0) return in.fail("a known encoding", std::to_string(encoding));
  if (!in.bytes(std::uint64_t{count} * width, plain)) return false;
  put_bytes(out, plain.data(), plain.size());
  return in.remaining() == 0 || in.fail("the end of the stream", "more bytes");
}

}  // namespace trainlog::detail

#endif
