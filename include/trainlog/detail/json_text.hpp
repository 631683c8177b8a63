// SPDX-License-Identifier: MIT
// JSON string literals; RFC 8259, section 7.
#ifndef TRAINLOG_DETAIL_JSON_TEXT_HPP
#define TRAINLOG_DETAIL_JSON_TEXT_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "trainlog/detail/utf8.hpp"

namespace trainlog::detail {

/// Marks what a JSON string may not hold as it is: controls, quote, backslash; and non-ASCII bytes,
/// which need a look (see unmarked_prefix).
struct json_special {
  constexpr std::uint64_t operator()(std::uint64_t word) const noexcept {
    const std::uint64_t control = word - repeat_byte(0x20);
    const std::uint64_t quote = (word ^ repeat_byte('"')) - repeat_byte(1);
    const std::uint64_t backslash = (word ^ repeat_byte('\\')) - repeat_byte(1);
    return word | control | quote | backslash;
  }
};

/// The letter of a two-character escape, or 0 if `character` has none.
constexpr char json_short_escape(char character) noexcept {
  switch (character) {
    case '"':
      return '"';
    case '\\':
      return '\\';
    case '\b':
      return 'b';
    case '\f':
      return 'f';
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    default:
      return 0;
  }
}

/// Hands `put` the escape of an ASCII character.
template <class Put>
void put_json_escape(char character, Put& put) {
  if (const char letter = json_short_escape(character); letter != 0) {
    const char text[2] = {'\\', letter};
    return put(std::string_view(text, 2));
  }
  const char low = "0123456789abcdef"[character & 0xf];
  const char text[6] = {'\\', 'u', '0', '0', static_cast<char>('0' + (character >> 4)), low};
  put(std::string_view(text, 6));
}

/// Hands `put` the JSON string literal of `in` piece by piece. Each byte of `in` gives at most six.
template <class Put>
void put_json_string(std::string_view in, Put put) {
  put(std::string_view("\""));
  while (true) {
    const std::size_t verbatim = valid_unmarked_prefix(in, json_special{});
    if (verbatim != 0) put(in.substr(0, verbatim));
    in.remove_prefix(verbatim);
    if (in.empty()) break;
    const bool ascii = static_cast<unsigned char>(in[0]) < 0x80;
    ascii ? put_json_escape(in[0], put) : put(utf8_replacement);
    in.remove_prefix(next_utf8_unit(in).size);
  }
  put(std::string_view("\""));
}

/// Appends `in` to `out` as a JSON string literal, quotes included, on one line: the quote, the
/// backslash and control characters are escaped, ill-formed UTF-8 becomes U+FFFD, everything else
/// stays as it is. `in` must not be a part of `out`. Throws only std::bad_alloc.
inline void append_json_string(std::string& out, std::string_view in) {
  put_json_string(in, [&out](std::string_view piece) { out.append(piece); });
}

/// As append_json_string, into memory with room for `6 * in.size() + 2` characters; returns the end
/// of what was written. Nothing is checked.
inline char* write_json_string_unchecked(char* out, std::string_view in) noexcept {
  put_json_string(in, [&out](std::string_view piece) {
    std::memcpy(out, piece.data(), piece.size());
    out += piece.size();
  });
  return out;
}

}  // namespace trainlog::detail

#endif  // TRAINLOG_DETAIL_JSON_TEXT_HPP
