// SPDX-License-Identifier: MIT
// Packed numbers read back on processors with AVX2 (docs/format.md, Streams of numbers).
#ifndef TRAINLOG_LOG_UNPACK_AVX2_HPP
#define TRAINLOG_LOG_UNPACK_AVX2_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "trainlog/log/avx2.hpp"
#include "trainlog/log/bit_pack.hpp"

namespace trainlog::detail {

/// What packed numbers are made of: base + step * (its bits of `rest` + the sum of its bytes of
/// the planes, each shifted).
struct packed_parts {
  std::uint64_t base = 0;
  std::uint64_t step = 0;
  std::string_view rest;  ///< `rest_bits` of each number, and less than a byte more
  unsigned rest_bits = 0;
  std::size_t planes = 0;
  std::array<std::uint8_t const*, 8> plane{};
  std::array<std::uint8_t, 8> shift{};
};

#if defined(TRAINLOG_DETAIL_AVX2)

/// How eight numbers of some bits are taken out of as many bytes: two by two, out of 16 bytes.
struct unpack_pattern {
  std::array<std::size_t, 4> offset{};                 // of the 16 bytes
  std::array<std::array<std::uint8_t, 32>, 2> pick{};  // the eight bytes of each number
  std::array<std::array<std::uint64_t, 4>, 2> skip{};  // bits before it in these
};

inline unpack_pattern make_unpack_pattern(unsigned bits) noexcept {
  unpack_pattern made;
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t const begin = i * bits;
    std::size_t const pair = i / 2 * 2 * bits / 8;
    made.offset[i / 2] = pair;
    made.skip[i / 4][i % 4] = begin % 8;
    for (std::size_t byte = 0; byte < 8; ++byte) {
      made.pick[i / 4][i % 4 * 8 + byte] = static_cast<std::uint8_t>(begin / 8 - pair + byte);
    }
  }
  return made;
}

/// Two pieces of 16 bytes.
TRAINLOG_DETAIL_AVX2_INLINE i8x32 load_pair_avx2(char const* low, char const* high) noexcept {
  return i8x32(
      __builtin_shufflevector(load_unaligned<u64x2>(low), load_unaligned<u64x2>(high), 0, 1, 2, 3));
}

/// Products modulo 2^64.
TRAINLOG_DETAIL_AVX2_INLINE u64x4 multiply(u64x4 a, u64x4 b) noexcept {
  u64x4 const cross = multiply_low(a >> 32, b) + multiply_low(a, b >> 32);
  return multiply_low(a, b) + (cross << 32);
}

/// Writes the lower Width bytes of eight numbers.
template <std::size_t Width>
TRAINLOG_DETAIL_AVX2_INLINE void store_avx2(char* out, u64x4 a, u64x4 b) noexcept {
  if constexpr (Width == 8) {
    store_unaligned(out, a);
    store_unaligned(out + sizeof a, b);
  } else {
    static_assert(Width == 4);
    store_unaligned(out, __builtin_shufflevector(u32x8(a), u32x8(b), 0, 2, 4, 6, 8, 10, 12, 14));
  }
}

template <std::size_t Width>
__attribute__((target("avx2"))) inline std::size_t run_unpack_avx2(packed_parts const& from,
                                                                   std::size_t count,
                                                                   char* out) noexcept {
  constexpr std::size_t at_once = 8;
  auto const pattern = make_unpack_pattern(from.rest_bits);
  i8x32 const pick[] = {load_unaligned<i8x32>(pattern.pick[0].data()),
                        load_unaligned<i8x32>(pattern.pick[1].data())};
  u64x4 const skip[] = {load_unaligned<u64x4>(pattern.skip[0].data()),
                        load_unaligned<u64x4>(pattern.skip[1].data())};
  auto const mask = low_mask(from.rest_bits);
  u64x4 const step = u64x4{} + from.step;
  u64x4 const base = u64x4{} + from.base;
  char const* at = from.rest.data();
  char const* const end = at + from.rest.size();
  std::size_t done = 0;
  for (; count - done >= at_once; done += at_once) {
    u64x4 low{};
    u64x4 high{};
    if (from.rest_bits != 0) {
      if (static_cast<std::size_t>(end - at) < pattern.offset[3] + 16) break;
      auto const first = load_pair_avx2(at + pattern.offset[0], at + pattern.offset[1]);
      auto const second = load_pair_avx2(at + pattern.offset[2], at + pattern.offset[3]);
      low = (u64x4(__builtin_ia32_pshufb256(first, pick[0])) >> skip[0]) & mask;
      high = (u64x4(__builtin_ia32_pshufb256(second, pick[1])) >> skip[1]) & mask;
      at += from.rest_bits;
    }
    for (std::size_t i = 0; i < from.planes; ++i) {
      u64x2 const bytes{load_unaligned<std::uint64_t>(from.plane[i] + done)};
      low += shift_left(spread_bytes(bytes), from.shift[i]);
      high += shift_left(spread_bytes(bytes >> 32), from.shift[i]);
    }
    if (from.step != 1) {
      low = multiply(low, step);
      high = multiply(high, step);
    }
    store_avx2<Width>(out + done * Width, low + base, high + base);
  }
  return done;
}

/// Writes as many of `count` numbers of Width bytes as it can, a multiple of 8; the rest is for
/// portable code. Each plane has `count` bytes.
template <std::size_t Width>
std::size_t unpack_avx2(packed_parts const& from, std::size_t count, char* out) noexcept {
  constexpr unsigned most_bits = 57;  // so that two numbers are in 16 bytes
  if constexpr (Width < 4) return 0;
  else
    return from.rest_bits <= most_bits && has_avx2() ? run_unpack_avx2<Width>(from, count, out) : 0;
}

#else

template <std::size_t Width>
std::size_t unpack_avx2(packed_parts const&, std::size_t, char*) noexcept {
  return 0;
}

#endif

}  // namespace trainlog::detail

#endif
