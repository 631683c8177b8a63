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

/// For each set of lanes that are to be refilled, which of the next words each of them takes.
constexpr std::array<std::uint64_t, 256> make_rans_refills() noexcept {
  std::array<std::uint64_t, 256> result{};
  for (unsigned mask = 0; mask < 256; ++mask) {
    std::uint64_t next = 0;
    for (unsigned lane = 0; lane < 8; ++lane) {
      result[mask] |= next << (8 * lane);
      next += (mask >> lane) & 1U;
    }
  }
  return result;
}
inline constexpr auto rans_refills = make_rans_refills();

/// Moves eight states past one byte each; returns the table's entries, whose lowest bytes they are.
__attribute__((target("avx2"), always_inline)) inline __m256i step_rans_avx2(
    __m256i& states, std::uint32_t const* table, char const*& at) noexcept {
  __m256i const slots = _mm256_and_si256(states, _mm256_set1_epi32(frequency_sum - 1));
  __m256i const entries = _mm256_i32gather_epi32(reinterpret_cast<int const*>(table), slots, 4);
  __m256i const offsets =
      _mm256_and_si256(_mm256_srli_epi32(entries, 8), _mm256_set1_epi32(frequency_sum - 1));
  __m256i const moved = _mm256_add_epi32(
      _mm256_mullo_epi32(_mm256_srli_epi32(entries, 20), _mm256_srli_epi32(states, frequency_bits)),
      offsets);
  __m256i const low = _mm256_cmpeq_epi32(_mm256_srli_epi32(moved, 15), _mm256_setzero_si256());
  auto const mask = static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(low)));
  __m256i const words =
      _mm256_cvtepu16_epi32(_mm_loadu_si128(reinterpret_cast<__m128i const*>(at)));
  __m256i const order =
      _mm256_cvtepu8_epi32(_mm_cvtsi64_si128(static_cast<long long>(rans_refills[mask])));
  __m256i const refilled =
      _mm256_or_si256(_mm256_slli_epi32(moved, 16), _mm256_permutevar8x32_epi32(words, order));
  states = _mm256_blendv_epi8(moved, refilled, low);
  at += std::ptrdiff_t{2} * __builtin_popcount(mask);
  return entries;
}

/// The lowest bytes of 32 entries, in order.
__attribute__((target("avx2"), always_inline)) inline __m256i pack_rans_avx2(__m256i a, __m256i b,
                                                                             __m256i c,
                                                                             __m256i d) noexcept {
  __m256i const byte = _mm256_set1_epi32(255);
  __m256i const ab = _mm256_packus_epi32(_mm256_and_si256(a, byte), _mm256_and_si256(b, byte));
  __m256i const cd = _mm256_packus_epi32(_mm256_and_si256(c, byte), _mm256_and_si256(d, byte));
  return _mm256_permutevar8x32_epi32(_mm256_packus_epi16(ab, cd),
                                     _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
}

/// 32 states in the order of their bytes.
struct rans_lanes {
  __m256i a, b, c, d;
};

/// Decodes 32 bytes; reads up to 64 bytes of code.
__attribute__((target("avx2"), always_inline)) inline void take_rans_avx2(
    rans_lanes& states, std::uint32_t const* table, char const*& at, std::uint8_t* out) noexcept {
  __m256i const first = step_rans_avx2(states.a, table, at);
  __m256i const second = step_rans_avx2(states.b, table, at);
  __m256i const third = step_rans_avx2(states.c, table, at);
  __m256i const fourth = step_rans_avx2(states.d, table, at);
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(out),
                      pack_rans_avx2(first, second, third, fourth));
}

__attribute__((target("avx2"))) inline std::size_t run_rans_avx2(std::span<std::uint8_t> out,
                                                                 std::string_view& code,
                                                                 std::uint32_t const* table,
                                                                 std::uint32_t* states) noexcept {
  constexpr std::size_t most_read = 64;
  auto* const lanes = reinterpret_cast<__m256i*>(states);
  rans_lanes now{_mm256_loadu_si256(lanes), _mm256_loadu_si256(lanes + 1),
                 _mm256_loadu_si256(lanes + 2), _mm256_loadu_si256(lanes + 3)};
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
  _mm256_storeu_si256(lanes, now.a);
  _mm256_storeu_si256(lanes + 1, now.b);
  _mm256_storeu_si256(lanes + 2, now.c);
  _mm256_storeu_si256(lanes + 3, now.d);
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
