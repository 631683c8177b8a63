// SPDX-License-Identifier: MIT
// What code for processors with AVX2 is made of, where it can be compiled (TRAINLOG_DETAIL_AVX2):
// vectors of g++'s and clang's own, as <immintrin.h> takes a quarter of a second to compile.
#ifndef TRAINLOG_LOG_AVX2_HPP
#define TRAINLOG_LOG_AVX2_HPP

#if defined(__x86_64__) && defined(__GNUC__)
#define TRAINLOG_DETAIL_AVX2 1
/// Begins a function that is for AVX2, and is made part of those that call it.
#define TRAINLOG_DETAIL_AVX2_INLINE __attribute__((target("avx2"), always_inline)) inline

#include <cstdint>
#include <cstring>

namespace trainlog::detail {

using i8x16 = char __attribute__((vector_size(16)));
using i8x32 = char __attribute__((vector_size(32)));
using i16x8 = short __attribute__((vector_size(16)));
using i16x16 = short __attribute__((vector_size(32)));
using i32x8 = int __attribute__((vector_size(32)));
using i64x4 = long long __attribute__((vector_size(32)));
using f32x8 = float __attribute__((vector_size(32)));
using u32x8 = std::uint32_t __attribute__((vector_size(32)));
using u64x2 = std::uint64_t __attribute__((vector_size(16)));
using u64x4 = std::uint64_t __attribute__((vector_size(32)));

inline bool has_avx2() noexcept { return __builtin_cpu_supports("avx2") != 0; }

template <class T>
TRAINLOG_DETAIL_AVX2_INLINE T load_unaligned(void const* at) noexcept {
  T result;
  std::memcpy(&result, at, sizeof result);
  return result;
}

template <class T>
TRAINLOG_DETAIL_AVX2_INLINE void store_unaligned(void* at, T const& value) noexcept {
  std::memcpy(at, &value, sizeof value);
}

/// table[index] of each index.
TRAINLOG_DETAIL_AVX2_INLINE u32x8 gather(std::uint32_t const* table, u32x8 index) noexcept {
  auto const* const from = reinterpret_cast<int const*>(table);
#if defined(__clang__)
  return u32x8(__builtin_ia32_gatherd_d256(i32x8{}, from, i32x8(index), i32x8{} - 1, 4));
#else
  // A mask that g++ does not know, or it would leave out the zeros, and each gather would wait for
  // what was in its register before.
  i32x8 all{-1, -1, -1, -1, -1, -1, -1, -1};
  asm("" : "+x"(all));
  return u32x8(__builtin_ia32_gathersiv8si(i32x8{}, from, i32x8(index), all, 4));
#endif
}

/// Eight numbers of two bytes.
TRAINLOG_DETAIL_AVX2_INLINE u32x8 load_words(char const* at) noexcept {
  auto const words = load_unaligned<i16x8>(at);
#if defined(__clang__)
  using u16x8 = std::uint16_t __attribute__((vector_size(16)));
  return __builtin_convertvector(u16x8(words), u32x8);
#else  // makes four instructions of that
  return u32x8(__builtin_ia32_pmovzxwd256(words));
#endif
}

/// The lowest four of 16 bytes.
TRAINLOG_DETAIL_AVX2_INLINE u64x4 spread_bytes(u64x2 bytes) noexcept {
#if defined(__clang__)
  using u8x16 = std::uint8_t __attribute__((vector_size(16)));
  u8x16 const all(bytes);
  return __builtin_convertvector(__builtin_shufflevector(all, all, 0, 1, 2, 3), u64x4);
#else
  return u64x4(__builtin_ia32_pmovzxbq256(i8x16(bytes)));
#endif
}

TRAINLOG_DETAIL_AVX2_INLINE u64x4 shift_left(u64x4 numbers, int bits) noexcept {
  return u64x4(__builtin_ia32_psllqi256(i64x4(numbers), bits));
}

/// Products of the lower 32 bits of each.
TRAINLOG_DETAIL_AVX2_INLINE u64x4 multiply_low(u64x4 a, u64x4 b) noexcept {
  return u64x4(__builtin_ia32_pmuludq256(i32x8(a), i32x8(b)));
}

/// numbers[order modulo 8] of each.
TRAINLOG_DETAIL_AVX2_INLINE u32x8 permute(u32x8 numbers, u32x8 order) noexcept {
  return u32x8(__builtin_ia32_permvarsi256(i32x8(numbers), i32x8(order)));
}

}  // namespace trainlog::detail
#endif

#endif
