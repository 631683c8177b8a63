// SPDX-License-Identifier: MIT
// Validation and repair of UTF-8; The Unicode Standard 15.0, section 3.9, table 3-7.
#ifndef TRAINLOG_DETAIL_UTF8_HPP
#define TRAINLOG_DETAIL_UTF8_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "trainlog/detail/endian.hpp"

namespace trainlog::detail {

/// U+FFFD, the replacement character.
inline constexpr std::string_view utf8_replacement = "\xEF\xBF\xBD";

/// A word with `byte` in all eight places.
constexpr std::uint64_t repeat_byte(unsigned char byte) noexcept {
  return 0x0101010101010101U * byte;
}

/// `sizeof(Word)` characters, the first in the lowest bits.
template <class Word>
std::uint64_t load_characters(char const* in) noexcept {
  return load_le<Word>(reinterpret_cast<std::byte const*>(in));
}

/// One to seven characters, the first in the lowest bits, and zeros above.
inline std::uint64_t load_few_characters(std::string_view in) noexcept {
  const std::size_t last = in.size() - 1;
  if (in.size() >= 4) {
    return load_characters<std::uint32_t>(in.data()) |
           load_characters<std::uint32_t>(in.data() + last - 3) << (8 * (last - 3));
  }
  const std::size_t middle = last / 2;
  return load_characters<std::uint8_t>(in.data()) |
         load_characters<std::uint8_t>(in.data() + middle) << (8 * middle) |
         load_characters<std::uint8_t>(in.data() + last) << (8 * last);
}

/// Length of the longest prefix of `in` that `marks` leaves unmarked. `marks` takes eight
/// characters and sets the high bit of each one to stop at; bits above the lowest set one may be
/// wrong.
template <class Marks>
std::size_t unmarked_prefix(std::string_view in, Marks marks) noexcept {
  const auto first = [](std::uint64_t marked) {
    return static_cast<std::size_t>(std::countr_zero(marked)) / 8;
  };
  std::size_t at = 0;
  for (; in.size() - at >= 8; at += 8) {
    const auto word = load_characters<std::uint64_t>(in.data() + at);
    const std::uint64_t marked = marks(word) & repeat_byte(0x80);
    if (marked != 0) return at + first(marked);
  }
  if (at == in.size()) return at;
  const std::uint64_t marked = marks(load_few_characters(in.substr(at))) & repeat_byte(0x80);
  return at + first(marked | std::uint64_t{0x80} << (8 * (in.size() - at)));
}

/// One step through text: a well-formed sequence, or a maximal subpart of an ill-formed one.
struct utf8_unit {
  std::size_t size = 1;
  bool valid = false;
};

/// Size of the sequence that `lead` begins, or 0 if none begins with it.
constexpr std::size_t utf8_sequence_size(unsigned char lead) noexcept {
  if (lead < 0x80) return 1;
  if (lead < 0xC2) return 0;
  if (lead < 0xE0) return 2;
  if (lead < 0xF0) return 3;
  return lead < 0xF5 ? 4 : 0;
}

/// Whether `second` may follow `lead`: no overlong forms, no surrogates, nothing past U+10FFFF.
constexpr bool is_utf8_second(unsigned char lead, unsigned char second) noexcept {
  const unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  return low <= second && second <= high;
}

/// The unit at the beginning of `in`, which must not be empty.
constexpr utf8_unit next_utf8_unit(std::string_view in) noexcept {
  const auto byte = [in](std::size_t i) { return static_cast<unsigned char>(in[i]); };
  const std::size_t wanted = utf8_sequence_size(byte(0));
  if (wanted <= 1) return {1, wanted == 1};
  if (in.size() < 2 || !is_utf8_second(byte(0), byte(1))) return {1, false};
  std::size_t size = 2;
  while (size < wanted && size < in.size() && (byte(size) & 0xC0U) == 0x80U) ++size;
  return {size, size == wanted};
}

/// Length of the longest prefix of `in` that consists of well-formed sequences of two to four
/// bytes.
constexpr std::size_t valid_non_ascii_prefix(std::string_view in) noexcept {
  std::size_t at = 0;
  while (at != in.size() && static_cast<unsigned char>(in[at]) >= 0x80) {
    const utf8_unit unit = next_utf8_unit(in.substr(at));
    if (!unit.valid) break;
    at += unit.size;
  }
  return at;
}

/// Length of the longest well-formed prefix of `in` without a marked ASCII character; `marks` (see
/// unmarked_prefix) must mark everything that is not ASCII.
template <class Marks>
std::size_t valid_unmarked_prefix(std::string_view in, Marks marks) noexcept {
  std::size_t at = 0;
  while (true) {
    at += unmarked_prefix(in.substr(at), marks);
    const std::size_t more = valid_non_ascii_prefix(in.substr(at));
    if (more == 0) return at;
    at += more;
  }
}

/// Length in bytes of the longest prefix of `in` that is well-formed UTF-8.
inline std::size_t valid_utf8_prefix(std::string_view in) noexcept {
  return valid_unmarked_prefix(in, [](std::uint64_t word) { return word; });
}

/// Whether all of `in` is well-formed UTF-8.
inline bool is_valid_utf8(std::string_view in) noexcept {
  return valid_utf8_prefix(in) == in.size();
}

/// Appends `in` to `out` with U+FFFD for each maximal subpart of an ill-formed sequence (section
/// 3.9, "U+FFFD Substitution of Maximal Subparts"), so that the result is well-formed if `out` was.
/// `in` must not be a part of `out`. Throws only std::bad_alloc.
inline void append_utf8_sanitized(std::string& out, std::string_view in) {
  while (true) {
    const std::size_t valid = valid_utf8_prefix(in);
    out.append(in.substr(0, valid));
    in.remove_prefix(valid);
    if (in.empty()) return;
    out.append(utf8_replacement);
    in.remove_prefix(next_utf8_unit(in).size);
  }
}

}  // namespace trainlog::detail

#endif  // TRAINLOG_DETAIL_UTF8_HPP
