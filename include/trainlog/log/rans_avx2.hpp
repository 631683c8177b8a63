// SPDX-License-Identifier: MIT
// The decoder of coded planes of 32 states for processors with AVX2 (docs/format.md, Coded planes).
#ifndef TRAINLOG_LOG_RANS_AVX2_HPP
#define TRAINLOG_LOG_RANS_AVX2_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "trainlog/log/avx2.hpp"
#include "trainlog/log/frequencies.hpp"

namespace trainlog::detail {

#if defined(TRAINLOG_DETAIL_AVX2)

/// For each set of lanes that are to be refilled, which of the next words each of them takes: four
/// bits a lane.
constexpr std::array<std::uint32_t, 256> make_rans_refills() noexcept {
  std::array<std::uint32_t, 256> result{};
  for (unsigned mask = 0; mask < 256; ++mask) {
    unsigned next = 0;
    for (unsigned lane = 0; lane < 8; ++lane) {
      result[mask] |= next << (4 * lane);
      next += (mask >> lane) & 1U;
    }
  }
  return result;
}
inline constexpr auto rans_refills = make_rans_refills();

/// Moves eight states past one byte each; returns the table's entries, whose lowest bytes they are.
TRAINLOG_DETAIL_AVX2_INLINE u32x8 step_rans_avx2(u32x8& states, std::uint32_t const* table,
                                                 char const*& at) noexcept {
  u32x8 const entries = gather(table, states & (frequency_sum - 1));
  u32x8 const moved =
      (entries >> 20) * (states >> frequency_bits) + ((entries >> 8) & (frequency_sum - 1));
  i32x8 const low = moved >> 15 == 0;
  auto const mask = static_cast<unsigned>(__builtin_ia32_movmskps256(f32x8(low)));
  u32x8 const order = (u32x8{} + rans_refills[mask]) >> u32x8{0, 4, 8, 12, 16, 20, 24, 28};
  states = low ? moved << 16 | permute(load_words(at), order) : moved;
  at += std::ptrdiff_t{2} * __builtin_popcount(mask);
  return entries;
}

/// The lowest bytes of 32 entries, in order.
TRAINLOG_DETAIL_AVX2_INLINE i8x32 pack_rans_avx2(u32x8 a, u32x8 b, u32x8 c, u32x8 d) noexcept {
  i16x16 const ab = __builtin_ia32_packusdw256(i32x8(a & 255), i32x8(b & 255));
  i16x16 const cd = __builtin_ia32_packusdw256(i32x8(c & 255), i32x8(d & 255));
  return i8x32(permute(u32x8(__builtin_ia32_packuswb256(ab, cd)), u32x8{0, 4, 1, 5, 2, 6, 3, 7}));
}

/// 32 states in the order of their bytes.
struct rans_lanes {
  u32x8 a, b, c, d;
};

/// Decodes 32 bytes; reads up to 64 bytes of code.
TRAINLOG_DETAIL_AVX2_INLINE void take_rans_avx2(rans_lanes& states, std::uint32_t const* table,
                                                char const*& at, std::uint8_t* out) noexcept {
  u32x8 const first = step_rans_avx2(states.a, table, at);
  u32x8 const second = step_rans_avx2(states.b, table, at);
  u32x8 const third = step_rans_avx2(states.c, table, at);
  u32x8 const fourth = step_rans_avx2(states.d, table, at);
  store_unaligned(out, pack_rans_avx2(first, second, third, fourth));
}

__attribute__((target("avx2"))) inline std::size_t run_rans_avx2(std::span<std::uint8_t> out,
                                                                 std::string_view& code,
                                                                 std::uint32_t const* table,
                                                                 std::uint32_t* states) noexcept {
  constexpr std::size_t most_read = 64;
  rans_lanes now{load_unaligned<u32x8>(states), load_unaligned<u32x8>(states + 8),
                 load_unaligned<u32x8>(states + 16), load_unaligned<u32x8>(states + 24)};
  char const* at = code.data();
  char const* const end = at + code.size();
  std::size_t done = 0;
  for (; out.size() - done >= 32 && static_cast<std::size_t>(end - at) >= most_read; done += 32) {
    take_rans_avx2(now, table, at, out.data() + done);
  }
  // The last of the code, with zeros behind it, of which none may be taken.
  std::array<char, 2 * most_read> last{};
  auto const left = std::min(static_cast<std::size_t>(end - at), most_read);
  std::copy_n(at, left, last.begin());
  char const* from = last.data();
  for (; out.size() - done >= 32; done += 32) {
    rans_lanes const before = now;
    char const* const begin = from;
    take_rans_avx2(now, table, from, out.data() + done);
    if (static_cast<std::size_t>(from - last.data()) <= left) continue;
    now = before;
    from = begin;
    break;
  }
  at += from - last.data();
  store_unaligned(states, now.a);
  store_unaligned(states + 8, now.b);
  store_unaligned(states + 16, now.c);
  store_unaligned(states + 24, now.d);
  code.remove_prefix(static_cast<std::size_t>(at - code.data()));
  return done;
}

/// Decodes as many bytes as it can, a multiple of 32; the rest is for the portable decoder.
inline std::size_t decode_rans_avx2(std::span<std::uint8_t> out, std::string_view& code,
                                    std::uint32_t const* table, std::uint32_t* states) noexcept {
  return has_avx2() ? run_rans_avx2(out, code, table, states) : 0;
}

#else

inline std::size_t decode_rans_avx2(std::span<std::uint8_t>, std::string_view&,
                                    std::uint32_t const*, std::uint32_t*) noexcept {
  return 0;
}

#endif

}  // namespace trainlog::detail

#endif
