// SPDX-License-Identifier: MIT
// Packed numbers read back on processors with AVX2 (docs/format.md, Streams of numbers).
#ifndef TRAINLOG_LOG_UNPACK_AVX2_HPP
#define TRAINLOG_LOG_UNPACK_AVX2_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
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

__attribute__((target("avx2"), always_inline)) inline __m256i load_avx2(void const* at) noexcept {
  return _mm256_loadu_si256(static_cast<__m256i const*>(at));
}

/// Two pieces of 16 bytes.
__attribute__((target("avx2"), always_inline)) inline __m256i load_pair_avx2(
    char const* low, char const* high) noexcept {
  __m128i const first = _mm_loadu_si128(reinterpret_cast<__m128i const*>(low));
  return _mm256_inserti128_si256(_mm256_castsi128_si256(first),
                                 _mm_loadu_si128(reinterpret_cast<__m128i const*>(high)), 1);
}

/// Products modulo 2^64.
__attribute__((target("avx2"), always_inline)) inline __m256i multiply_avx2(__m256i a,
                                                                            __m256i b) noexcept {
  __m256i const cross = _mm256_add_epi64(_mm256_mul_epu32(_mm256_srli_epi64(a, 32), b),
                                         _mm256_mul_epu32(a, _mm256_srli_epi64(b, 32)));
  return _mm256_add_epi64(_mm256_mul_epu32(a, b), _mm256_slli_epi64(cross, 32));
}

/// Writes the lower Width bytes of eight numbers.
template <std::size_t Width>
__attribute__((target("avx2"), always_inline)) inline void store_avx2(char* out, __m256i a,
                                                                      __m256i b) noexcept {
  auto* const at = reinterpret_cast<__m256i*>(out);
  if constexpr (Width == 8) {
    _mm256_storeu_si256(at, a);
    _mm256_storeu_si256(at + 1, b);
  } else {
    static_assert(Width == 4);
    __m256i const order = _mm256_setr_epi32(0, 2, 4, 6, 0, 2, 4, 6);
    _mm256_storeu_si256(at, _mm256_blend_epi32(_mm256_permutevar8x32_epi32(a, order),
                                               _mm256_permutevar8x32_epi32(b, order), 0xF0));
  }
}

template <std::size_t Width>
__attribute__((target("avx2"))) inline std::size_t run_unpack_avx2(packed_parts const& from,
                                                                   std::size_t count,
                                                                   char* out) noexcept {
  constexpr std::size_t at_once = 8;
  auto const pattern = make_unpack_pattern(from.rest_bits);
  __m256i const pick[] = {load_avx2(pattern.pick[0].data()), load_avx2(pattern.pick[1].data())};
  __m256i const skip[] = {load_avx2(pattern.skip[0].data()), load_avx2(pattern.skip[1].data())};
  __m256i const mask = _mm256_set1_epi64x(static_cast<long long>(low_mask(from.rest_bits)));
  __m256i const base = _mm256_set1_epi64x(static_cast<long long>(from.base));
  __m256i const step = _mm256_set1_epi64x(static_cast<long long>(from.step));
  char const* at = from.rest.data();
  char const* const end = at + from.rest.size();
  std::size_t done = 0;
  for (; count - done >= at_once; done += at_once) {
    __m256i low = _mm256_setzero_si256();
    __m256i high = low;
    if (from.rest_bits != 0) {
      if (static_cast<std::size_t>(end - at) < pattern.offset[3] + 16) break;
      low = load_pair_avx2(at + pattern.offset[0], at + pattern.offset[1]);
      high = load_pair_avx2(at + pattern.offset[2], at + pattern.offset[3]);
      low = _mm256_and_si256(_mm256_srlv_epi64(_mm256_shuffle_epi8(low, pick[0]), skip[0]), mask);
      high = _mm256_and_si256(_mm256_srlv_epi64(_mm256_shuffle_epi8(high, pick[1]), skip[1]), mask);
      at += from.rest_bits;
    }
    for (std::size_t i = 0; i < from.planes; ++i) {
      __m128i const shift = _mm_cvtsi32_si128(from.shift[i]);
      __m128i const bytes = _mm_loadl_epi64(reinterpret_cast<__m128i const*>(from.plane[i] + done));
      low = _mm256_add_epi64(low, _mm256_sll_epi64(_mm256_cvtepu8_epi64(bytes), shift));
      high = _mm256_add_epi64(
          high, _mm256_sll_epi64(_mm256_cvtepu8_epi64(_mm_srli_si128(bytes, 4)), shift));
    }
    if (from.step != 1) {
      low = multiply_avx2(low, step);
      high = multiply_avx2(high, step);
    }
    store_avx2<Width>(out + done * Width, _mm256_add_epi64(low, base),
                      _mm256_add_epi64(high, base));
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
