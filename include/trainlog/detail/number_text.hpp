// SPDX-License-Identifier: MIT
// Numbers written as text: integers, and floats in the fewest digits that read back the same.

#ifndef TRAINLOG_DETAIL_NUMBER_TEXT_HPP
#define TRAINLOG_DETAIL_NUMBER_TEXT_HPP

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "trainlog/detail/float_class.hpp"
#include "trainlog/detail/shortest_decimal.hpp"

namespace trainlog::detail {

/// The room, in chars, that each function below needs from `out` on: chars past the returned end,
/// but none past this room, may be overwritten.
inline constexpr std::size_t max_number_text = 32;

inline constexpr std::uint64_t eight_zeros = 0x3030303030303030U;

/// Writes the eight bytes of a word, the least significant first.
inline void put_word(char* out, std::uint64_t word) noexcept {
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(out, &word, sizeof word);
  } else {
    for (int i = 0; i != 8; ++i) {
      out[i] = static_cast<char>(word >> (8 * i) & 0xff);
    }
  }
}

/// The eight decimal digits of v < 10^8, one a byte, the first digit in the lowest byte. Splits
/// all parts of the word at once: into fours, pairs, single digits. A part x becomes the quotient
/// q and, in the place above it, the remainder: x * place - q * (divisor * place - 1). 5243 >> 19
/// and 103 >> 10 are 1/100 and 1/10, exact for parts below 10^4 and 10^2.
constexpr std::uint64_t eight_digits(std::uint32_t v) noexcept {
  std::uint64_t const fours = (std::uint64_t{v} << 32) - v / 10000 * ((10000ULL << 32) - 1);
  std::uint64_t const hundreds = (fours * 5243 >> 19) & 0x0000007f'0000007fU;
  std::uint64_t const pairs = (fours << 16) - hundreds * ((100U << 16) - 1);
  std::uint64_t const tens = (pairs * 103 >> 10) & 0x000f000f'000f000fU;
  return (pairs << 8) - tens * ((10U << 8) - 1);
}

/// Writes v < 10^8 without leading zeros.
inline char* write_up_to_eight(char* out, std::uint32_t v) noexcept {
  std::uint64_t const digits = eight_digits(v);
  int const leading = std::countr_zero(digits | std::uint64_t{1} << 56) / 8;
  put_word(out, (digits | eight_zeros) >> (8 * leading));
  return out + (8 - leading);
}

inline char* write_unsigned(char* out, std::uint64_t v) noexcept {
  constexpr std::uint32_t block = 100'000'000;
  if (v < block) {
    return write_up_to_eight(out, static_cast<std::uint32_t>(v));
  }
  out = write_unsigned(out, v / block);
  put_word(out, eight_digits(static_cast<std::uint32_t>(v % block)) | eight_zeros);
  return out + 8;
}

/// Writes an integer in decimal. Returns one past the last char.
template <std::integral Integer>
  requires(sizeof(Integer) <= 8)
char* write_integer(char* out, Integer v) noexcept {
  if constexpr (std::same_as<Integer, char>) {  // a signed number on every platform
    return write_integer(out, static_cast<signed char>(v));
  } else if constexpr (std::signed_integral<Integer>) {
    auto const magnitude = static_cast<std::uint64_t>(std::int64_t{v});
    if (v < 0) {
      *out = '-';
      return write_unsigned(out + 1, 0 - magnitude);
    }
    return write_unsigned(out, magnitude);
  } else {
    return write_unsigned(out, v);
  }
}

/// The decimal 0.ddd * 10^exponent with its first 17 digits as text, in two words and the start of
/// a third. `count` of the digits stand before the zeros at the end.
struct decimal_text {
  std::uint64_t first;
  std::uint64_t second;
  std::uint64_t third;
  int count;
  int exponent;
};

/// The text of 0.ddd * 10^exponent, whose digits stand one a byte in two words and the start of a
/// third, after `leading` zero digits (at most 7).
[[gnu::always_inline]] inline constexpr decimal_text text_of(std::uint64_t first,
                                                             std::uint64_t second,
                                                             std::uint64_t third, int leading,
                                                             int exponent) noexcept {
  int const drop = 8 * leading;
  first = first >> drop | second << 8 << (56 - drop);
  second = second >> drop | third << 8 << (56 - drop);
  third >>= drop;
  std::uint64_t const tail = second | third << 56;
  auto const zeros = static_cast<unsigned>(std::countl_zero(tail != 0 ? tail : first | 1));
  int const end = (tail != 0 ? 16 : 8) + (third != 0 ? 1 : 0);
  return {first | eight_zeros, second | eight_zeros, third | eight_zeros,
          end - static_cast<int>(zeros / 8), exponent - leading};
}

/// Makes the tens of a subnormal float's decimal at least `smallest`.
constexpr void widen(split_decimal& v, std::uint64_t smallest) noexcept {
  while (v.tens < smallest) [[unlikely]] {
    v = {v.tens * 10 + v.unit, 0, v.exponent - 1};
  }
}

[[gnu::always_inline]] inline constexpr decimal_text text_of(split_decimal v, double) noexcept {
  constexpr std::uint32_t block = 100'000'000;
  widen(v, 100'000'000'000'000);
  auto const upper = static_cast<std::uint32_t>(v.tens / block);
  auto const lower = static_cast<std::uint32_t>(v.tens % block);
  int const leading = v.tens < 1'000'000'000'000'000 ? 1 : 0;
  return text_of(eight_digits(upper), eight_digits(lower), v.unit, leading, v.exponent + 17);
}

[[gnu::always_inline]] inline constexpr decimal_text text_of(split_decimal v, float) noexcept {
  widen(v, 100'000);
  std::uint64_t const digits = eight_digits(static_cast<std::uint32_t>(v.tens));
  int const leading = (v.tens < 10'000'000 ? 1 : 0) + (v.tens < 1'000'000 ? 1 : 0);
  return text_of(digits, v.unit, 0, leading, v.exponent + 9);
}

/// Writes all digits, `before` <= 16 of them before a point: first as if the point stood before
/// them all, then the words up to the point again, one place lower.
inline void put_digits(char* out, decimal_text const& v, int before, char point) noexcept {
  std::uint64_t word = v.first;
  put_word(out + 1, v.first);
  put_word(out + 9, v.second);
  put_word(out + 17, v.third);
  if (before >= 8) [[unlikely]] {
    put_word(out, v.first);
    put_word(out + 8, v.second);
    out += before == 16 ? 16 : 8;
    word = before == 16 ? v.third : v.second;
    before &= 7;
  }
  std::uint64_t const place = std::uint64_t{1} << (8 * before);
  std::uint64_t const moved = word & (place - 1);
  put_word(out, moved | place * static_cast<unsigned char>(point) | (word - moved) << 8);
}

/// 0.00012345, 1.2345, 123.45 or 12300.0: v.exponent in [-3, 16]. No branch depends on values
/// below 10^7.
inline char* write_fixed(char* out, decimal_text const& v) noexcept {
  bool const fraction = v.exponent <= 0;
  put_word(out, 0x3030303030302e30U);  // 0.000000
  char* const split = out + (fraction ? 1 - v.exponent : 0);
  put_digits(split, v, fraction ? 0 : v.exponent, v.exponent < 0 ? '0' : '.');
  return split + 1 + (v.count > v.exponent + 1 ? v.count : v.exponent + 1);
}

/// 1.2345e-05 or 1e+22: at least two digits in the exponent.
inline char* write_scientific(char* out, decimal_text const& v) noexcept {
  put_digits(out, v, 1, '.');
  out += v.count == 1 ? 1 : v.count + 1;
  auto const magnitude = static_cast<unsigned>(v.exponent < 1 ? 1 - v.exponent : v.exponent - 1);
  *out++ = 'e';
  *out++ = v.exponent < 1 ? '-' : '+';
  if (magnitude < 10) {
    *out++ = '0';
  }
  return write_up_to_eight(out, magnitude);
}

/// Whether a positive float is an integer whose unit is in its significand: below 2^53 or 2^24.
template <ieee_float Float>
constexpr bool is_integer(float_parts<Float> const& v) noexcept {
  auto const binary_places = static_cast<unsigned>(float_layout<Float>::bias - v.stored);
  std::uint64_t const mask = (std::uint64_t{1} << (binary_places & 63)) - 1;
  bool const in_range = binary_places <= float_layout<Float>::fraction_bits;
  return in_range & ((v.fraction & mask) == 0);
}

/// Writes a finite float as Python's json and repr do: the shortest digits that read back as the
/// same Float, the closest of these to v; fixed from 1e-4 to below 1e16, else with an exponent.
/// Always has a point or an exponent, and is a valid JSON number. Returns one past the last char.
template <ieee_float Float>
char* write_json_float(char* out, Float v) noexcept {
  float_parts<Float> const parts{v};
  *out = '-';
  out += parts.negative ? 1 : 0;
  if (magnitude_bits(v) == 0) [[unlikely]] {  // v == 0 is true of subnormals in some modes
    std::memcpy(out, "0.0", 3);
    return out + 3;
  }
  if (is_integer(parts)) {
    out = write_unsigned(out, (parts.fraction | float_layout<Float>::hidden_bit) >>
                                  (float_layout<Float>::bias - parts.stored));
    std::memcpy(out, ".0", 2);
    return out + 2;
  }
  decimal_text const text = text_of(shortest_unstripped(parts), Float{});
  bool const fixed = text.exponent >= -3 && text.exponent <= 16;
  return fixed ? write_fixed(out, text) : write_scientific(out, text);
}

/// Writes any float as Python's repr does: write_json_float, or nan, inf, -inf. Returns one past
/// the last char.
template <ieee_float Float>
char* write_repr_float(char* out, Float v) noexcept {
  if (is_nan(v)) {
    std::memcpy(out, "nan", 3);
    return out + 3;
  }
  if (!is_finite(v)) {
    bool const negative = float_parts<Float>{v}.negative;
    std::memcpy(out, negative ? "-inf" : "inf", 4);
    return out + (negative ? 4 : 3);
  }
  return write_json_float(out, v);
}

}  // namespace trainlog::detail

#endif  // TRAINLOG_DETAIL_NUMBER_TEXT_HPP
