// SPDX-License-Identifier: MIT
// CRC-32C (Castagnoli), the checksum of .tlog chunks and of event files; RFC 3720, appendix B.4.
#ifndef TRAINLOG_DETAIL_CRC32C_HPP
#define TRAINLOG_DETAIL_CRC32C_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "trainlog/detail/endian.hpp"

// The platform alone decides what is compiled, never a flag such as -march: files that are compiled
// with different flags may be linked together. What the processor has is asked when the program
// runs.
#if defined(__x86_64__) && defined(__GNUC__)
#define TRAINLOG_DETAIL_CRC32C_TARGET __attribute__((target("sse4.2")))
#elif defined(__aarch64__) && defined(__GNUC__) && (defined(__linux__) || defined(__APPLE__))
#define TRAINLOG_DETAIL_CRC32C_TARGET  // the instructions are given to the assembler, which has
                                       // them
#if defined(__linux__)
#include <sys/auxv.h>
#endif
#endif

namespace trainlog::detail {

/// The polynomial 0x1EDC6F41, bits reversed: the coefficient of x^31 is bit 0.
inline constexpr std::uint32_t crc32c_polynomial = 0x82F63B78U;

/// `value` times x, modulo the polynomial.
constexpr std::uint32_t crc32c_times_x(std::uint32_t value) noexcept {
  return (value >> 1) ^ ((value & 1U) != 0 ? crc32c_polynomial : 0U);
}

/// Product of two polynomials, modulo the polynomial.
constexpr std::uint32_t crc32c_multiply(std::uint32_t a, std::uint32_t b) noexcept {
  std::uint32_t product = 0;
  for (std::uint32_t bit = 0x80000000U; bit != 0; bit >>= 1, b = crc32c_times_x(b)) {
    if ((a & bit) != 0) product ^= b;
  }
  return product;
}

/// x^(8 * size), modulo the polynomial: the factor by which `size` zero bytes move a register.
constexpr std::uint32_t crc32c_power(std::size_t size) noexcept {
  std::uint32_t result = 0x80000000U;  // x^0
  for (std::uint32_t square = 0x00800000U; size != 0; size >>= 1) {
    if ((size & 1U) != 0) result = crc32c_multiply(result, square);
    square = crc32c_multiply(square, square);
  }
  return result;
}

using crc32c_row = std::array<std::uint32_t, 256>;

/// What `size` zero bytes make of a register: the sum of the entries [k][i] of its bytes, byte k
/// being i, the lowest first.
constexpr std::array<crc32c_row, 4> make_crc32c_rows(std::size_t size) noexcept {
  std::array<crc32c_row, 4> rows{};
  std::uint32_t moved = crc32c_power(size);
  for (unsigned k = 4; k-- != 0;) {
    std::uint32_t* const row = rows[k].data();  // compilers index it faster than the array
    for (unsigned bit = 128; bit != 0; bit >>= 1, moved = crc32c_times_x(moved)) row[bit] = moved;
    for (unsigned bit = 2; bit != 256; bit <<= 1) {
      for (unsigned i = 1; i != bit; ++i) row[bit + i] = row[bit] ^ row[i];
    }
  }
  return rows;
}

/// Row k moves a byte past itself and k more: the tables of the portable slicing-by-8 path. No
/// constant: few programs take it, and compilers would take long.
inline std::array<crc32c_row, 8> make_crc32c_slices() noexcept {
  std::array<crc32c_row, 8> slices{};
  for (std::size_t k = 0; k != 8; ++k) slices[k] = make_crc32c_rows(k + 1)[0];
  return slices;
}

/// Advances the register (no initial or final inversion) over `data`, by tables alone.
inline std::uint32_t crc32c_portable(std::uint32_t state,
                                     std::span<const std::byte> data) noexcept {
  static auto const slices = make_crc32c_slices();
  for (; data.size() >= 8; data = data.subspan(8)) {
    auto const word = load_le<std::uint64_t>(data.data()) ^ state;
    state = 0;
    for (std::size_t i = 0; i != 8; ++i) state ^= slices[7 - i][(word >> (8 * i)) & 0xff];
  }
  for (const std::byte byte : data) {
    state = (state >> 8) ^ slices[0][(state ^ std::to_integer<std::uint32_t>(byte)) & 0xff];
  }
  return state;
}

#if defined(TRAINLOG_DETAIL_CRC32C_TARGET)

TRAINLOG_DETAIL_CRC32C_TARGET inline std::uint32_t crc32c_step(std::uint32_t state,
                                                               std::uint64_t word) noexcept {
#if defined(__x86_64__)
  return static_cast<std::uint32_t>(__builtin_ia32_crc32di(state, word));
#else
  __asm__(".arch_extension crc\n\tcrc32cx %w0, %w0, %x1" : "+r"(state) : "r"(word));
  return state;
#endif
}

TRAINLOG_DETAIL_CRC32C_TARGET inline std::uint32_t crc32c_step(std::uint32_t state,
                                                               std::byte byte) noexcept {
#if defined(__x86_64__)
  return __builtin_ia32_crc32qi(state, static_cast<unsigned char>(byte));
#else
  __asm__(".arch_extension crc\n\tcrc32cb %w0, %w0, %w1"
          : "+r"(state)
          : "r"(std::to_integer<std::uint32_t>(byte)));
  return state;
#endif
}

/// Moves a register past `Size` zero bytes.
template <std::size_t Size>
inline std::uint32_t crc32c_skip(std::uint32_t state) noexcept {
  static constexpr auto rows = make_crc32c_rows(Size);
  return rows[0][state & 0xff] ^ rows[1][(state >> 8) & 0xff] ^ rows[2][(state >> 16) & 0xff] ^
         rows[3][state >> 24];
}

/// Advances over three neighbouring blocks of `Block` bytes at once: the instruction takes three
/// cycles but starts every cycle, so that three independent registers keep it busy.
template <std::size_t Block>
TRAINLOG_DETAIL_CRC32C_TARGET inline std::uint32_t crc32c_three_blocks(
    std::uint32_t state, std::byte const* data) noexcept {
  std::uint32_t second = 0;
  std::uint32_t third = 0;
  for (std::size_t at = 0; at != Block; at += 8) {
    state = crc32c_step(state, load_le<std::uint64_t>(data + at));
    second = crc32c_step(second, load_le<std::uint64_t>(data + Block + at));
    third = crc32c_step(third, load_le<std::uint64_t>(data + 2 * Block + at));
  }
  return crc32c_skip<Block>(crc32c_skip<Block>(state) ^ second) ^ third;
}

/// As `crc32c_portable`, by the processor's instruction. Call only if `has_crc32c_hardware()`.
TRAINLOG_DETAIL_CRC32C_TARGET inline std::uint32_t crc32c_hardware(
    std::uint32_t state, std::span<const std::byte> data) noexcept {
  constexpr std::size_t large = 2048;
  constexpr std::size_t small = 128;
  for (; data.size() >= 3 * large; data = data.subspan(3 * large)) {
    state = crc32c_three_blocks<large>(state, data.data());
  }
  for (; data.size() >= 3 * small; data = data.subspan(3 * small)) {
    state = crc32c_three_blocks<small>(state, data.data());
  }
  for (; data.size() >= 8; data = data.subspan(8)) {
    state = crc32c_step(state, load_le<std::uint64_t>(data.data()));
  }
  for (const std::byte byte : data) state = crc32c_step(state, byte);
  return state;
}

#undef TRAINLOG_DETAIL_CRC32C_TARGET

inline bool has_crc32c_hardware() noexcept {
#if defined(__x86_64__)
  return __builtin_cpu_supports("sse4.2") != 0;
#elif defined(__linux__)
  return (::getauxval(AT_HWCAP) & 0x80U) != 0;  // HWCAP_CRC32
#else
  return true;  // every processor of Apple
#endif
}

#else

inline std::uint32_t crc32c_hardware(std::uint32_t state,
                                     std::span<const std::byte> data) noexcept {
  return crc32c_portable(state, data);
}

inline bool has_crc32c_hardware() noexcept { return false; }

#endif

/// CRC-32C of `data`, with the usual initial and final inversion: "123456789" gives 0xE3069283.
/// `previous` is the checksum of what came before: `crc32c(b, crc32c(a)) == crc32c(ab)`.
inline std::uint32_t crc32c(std::span<const std::byte> data, std::uint32_t previous = 0) noexcept {
  const std::uint32_t state = ~previous;
  return ~(has_crc32c_hardware() ? crc32c_hardware(state, data) : crc32c_portable(state, data));
}

}  // namespace trainlog::detail

#endif  // TRAINLOG_DETAIL_CRC32C_HPP
