// SPDX-License-Identifier: MIT
// Streams of strings (docs/format.md, Streams of strings).
#ifndef TRAINLOG_LOG_STRING_STREAM_HPP
#define TRAINLOG_LOG_STRING_STREAM_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "trainlog/detail/wire.hpp"

namespace trainlog::detail {

/// Strings, the bytes of one after those of the other.
struct string_column {
  std::string bytes;
  std::vector<std::uint64_t> sizes;

  void add(std::string_view text) {
    bytes += text;
    sizes.push_back(text.size());
  }
  void clear() noexcept {
    bytes.clear();
    sizes.clear();
  }
};

inline std::size_t plain_size(string_column const& strings) noexcept {
  std::size_t sum = strings.bytes.size();
  for (auto const size : strings.sizes) sum += varint_size(size);
  return sum;
}

inline void append_plain_strings(std::string& out, string_column const& strings) {
  char const* at = strings.bytes.data();
  for (auto const size : strings.sizes) {
    append_wire_string(out, {at, static_cast<std::size_t>(size)});
    at += size;
  }
}

/// Appends the encoded strings; returns the encoding.
inline std::uint8_t append_strings(std::string& out, string_column const& strings) {
  append_plain_strings(out, strings);
  return 0;
}

/// Reads `count` strings that have at most `limit` bytes as they stand in rows.
inline bool read_strings(wire_reader& in, std::uint8_t encoding, std::size_t count,
                         std::size_t limit, string_column& out) {
  if (encoding != 0) return in.fail("a known encoding", std::to_string(encoding));
  if (in.remaining() > limit) return in.fail("fewer bytes of strings", "more");
  for (; count != 0; --count) {
    std::string_view text;
    if (!in.string(text)) return false;
    out.add(text);
  }
  return in.remaining() == 0 || in.fail("the end of the stream", "more bytes");
}

}  // namespace trainlog::detail

#endif
