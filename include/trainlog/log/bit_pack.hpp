// SPDX-License-Identifier: MIT
// Numbers of a few bits each, without gaps (docs/format.md, Streams of numbers).
#ifndef TRAINLOG_LOG_BIT_PACK_HPP
#define TRAINLOG_LOG_BIT_PACK_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "trainlog/detail/wire.hpp"

namespace trainlog::detail {

/// The lowest `bits` bits, which are at most 64.
constexpr std::uint64_t low_mask(unsigned bits) noexcept {
  return bits == 0 ? 0 : ~std::uint64_t{0} >> (64 - bits);
}

/// The bytes of `count` numbers of `bits` bits.
constexpr std::uint64_t packed_size(std::uint64_t count, unsigned bits) noexcept {
  return (count * bits + 7) / 8;
}

/// Appends the lowest `bits` bits of each number, 1 to 64, lowest first.
inline void append_bits(std::string& out, std::span<std::uint64_t const> numbers, unsigned bits) {
  std::size_t const begin = out.size();
  std::size_t const size = static_cast<std::size_t>(packed_size(numbers.size(), bits));
  out.resize(begin + size + 8);
  char* at = out.data() + begin;
  std::uint64_t const mask = low_mask(bits);
  std::uint64_t pending = 0;  // bits that are not written yet,
  unsigned used = 0;          // and how many
  for (std::uint64_t number : numbers) {
    number &= mask;
    pending |= number << used;
    used += bits;
    if (used < 64) continue;
    at = put_le(at, pending);
    used -= 64;
    pending = used == 0 ? 0 : number >> (bits - used);
  }
  put_le(at, pending);
  out.resize(begin + size);
}

/// The number that begins at bit `position`; up to 9 bytes are read from there.
template <bool Long>
std::uint64_t bits_at(char const* bytes, std::size_t position, std::uint64_t mask) noexcept {
  char const* const at = bytes + position / 8;
  unsigned const skip = position % 8;
  std::uint64_t const word = get_le<std::uint64_t>(at) >> skip;
  if constexpr (!Long) return word & mask;
  // In two steps, as there is no shift by 64.
  auto const rest = (std::uint64_t{static_cast<unsigned char>(at[8])} << 1) << (63 - skip);
  return (word | rest) & mask;
}

/// Calls visit(i, number) for the numbers of `bits` bits in `bytes`, which are as many as said.
template <bool Long, class Visit>
void visit_long_or_short(std::string_view bytes, std::size_t count, unsigned bits, Visit visit) {
  std::uint64_t const mask = low_mask(bits);
  std::size_t const inside = bytes.size() < 16 ? 0 : (bytes.size() - 16) * 8 / bits;
  std::size_t i = 0;
  std::size_t position = 0;
  for (; i < std::min(count, inside); ++i, position += bits) {
    visit(i, bits_at<Long>(bytes.data(), position, mask));
  }
  // What is left may end less than 9 bytes after its beginning.
  std::array<char, 48> rest{};
  std::size_t const begin = position / 8;
  auto const left = bytes.substr(begin);
  put_bytes(rest.data(), left.data(), left.size());
  for (position %= 8; i < count; ++i, position += bits) {
    visit(i, bits_at<Long>(rest.data(), position, mask));
  }
}

template <class Visit>
void visit_bits(std::string_view bytes, std::size_t count, unsigned bits, Visit visit) {
  if (bits > 57) return visit_long_or_short<true>(bytes, count, bits, visit);
  visit_long_or_short<false>(bytes, count, bits, visit);
}

}  // namespace trainlog::detail

#endif
