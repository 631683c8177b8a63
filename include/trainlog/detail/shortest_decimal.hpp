// SPDX-License-Identifier: MIT
// The shortest decimal that reads back as a given float, by Raffaello Giulietti's Schubfach method:
// R. Giulietti, "The Schubfach way to render doubles", 2020-2022.

#ifndef TRAINLOG_DETAIL_SHORTEST_DECIMAL_HPP
#define TRAINLOG_DETAIL_SHORTEST_DECIMAL_HPP

#include <bit>
#include <concepts>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "trainlog/detail/powers_of_ten.hpp"

namespace trainlog::detail {

/// The floats that are IEEE 754 binary32 or binary64.
template <class T>
concept ieee_float = std::floating_point<T> && std::numeric_limits<T>::is_iec559 &&
                     (std::numeric_limits<T>::digits == 24 || std::numeric_limits<T>::digits == 53);

/// A decimal number: digits * 10^exponent, negated if `negative`.
struct decimal {
  std::uint64_t digits;
  int exponent;
  bool negative;
};

/// The parts of a float: significand * 2^exponent, negated if `negative`. `lopsided` says that the
/// next float towards zero is only half as far away as the next one away from it.
struct float_parts {
  std::uint64_t significand;
  int exponent;
  bool negative;
  bool lopsided;
};

/// The parts of a finite float.
template <ieee_float Float>
constexpr float_parts parts_of(Float v) noexcept {
  using bits_type = std::conditional_t<sizeof(Float) == 8, std::uint64_t, std::uint32_t>;
  using limits = std::numeric_limits<Float>;
  constexpr int fraction_bits = limits::digits - 1;
  std::uint64_t const bits = std::bit_cast<bits_type>(v);
  std::uint64_t const hidden = std::uint64_t{1} << fraction_bits;
  std::uint64_t const fraction = bits & (hidden - 1);
  int const stored = static_cast<int>(bits >> fraction_bits) & (2 * limits::max_exponent - 1);
  constexpr int bias = limits::max_exponent - 1 + fraction_bits;
  bool const negative = bits >> (sizeof(Float) * 8 - 1) != 0;
  if (stored == 0) [[unlikely]] {
    return {fraction, 1 - bias, negative, false};
  }
  return {fraction | hidden, stored - bias, negative, fraction == 0 && stored > 1};
}

/// floor(log10(2^e)), for |e| <= 1100.
constexpr int floor_log10_pow2(int e) noexcept { return (e * 315653) >> 20; }

/// floor(log10(3/4 * 2^e)), for |e| <= 1100.
constexpr int floor_log10_three_quarters_pow2(int e) noexcept {
  return (e * 315653 - 131008) >> 20;
}

/// floor(log2(10^n)), for |n| <= 330.
constexpr int floor_log2_pow10(int n) noexcept { return (n * 217706) >> 16; }

struct product {
  std::uint64_t high;
  std::uint64_t low;
};

/// The 128 bits of a * b.
constexpr product multiply(std::uint64_t a, std::uint64_t b) noexcept {
#ifdef __SIZEOF_INT128__
  __extension__ using wide = unsigned __int128;
  wide const all = static_cast<wide>(a) * b;
  return {static_cast<std::uint64_t>(all >> 64), static_cast<std::uint64_t>(all)};
#else
  constexpr std::uint64_t mask = 0xffffffffU;
  std::uint64_t const low = (a & mask) * (b & mask);
  std::uint64_t const cross = (a >> 32) * (b & mask) + (low >> 32);
  std::uint64_t const other = (a & mask) * (b >> 32) + (cross & mask);
  return {(a >> 32) * (b >> 32) + (cross >> 32) + (other >> 32), other << 32 | (low & mask)};
#endif
}

/// x * g / 2^64, whose high word is x * g / 2^128 in integers.
constexpr product scale(power_of_ten const& g, std::uint64_t x) noexcept {
  product const upper = multiply(g.high, x);
  std::uint64_t const fraction = upper.low + multiply(g.low, x).high;
  return {upper.high + (fraction < upper.low ? 1U : 0U), fraction};
}

/// The integer part of a scaled number, with the last bit also set if more than rounding noise is
/// behind the point: "round to odd".
constexpr std::uint64_t round_to_odd(product const& scaled) noexcept {
  return scaled.high | (scaled.low > 1 ? 1U : 0U);
}

/// A positive decimal whose last digit stands apart: (tens * 10 + unit) * 10^exponent.
struct split_decimal {
  std::uint64_t tens;
  std::uint64_t unit;
  int exponent;
};

/// Schubfach as published: exact for every float, with three scaled numbers.
[[gnu::noinline]] constexpr split_decimal schubfach(float_parts const& v) noexcept {
  // 10^k is the largest power of ten not wider than the rounding interval.
  int const k = v.lopsided ? floor_log10_three_quarters_pow2(v.exponent)
                           : floor_log10_pow2(v.exponent);
  power_of_ten const& g = power_of_ten_for(-k);
  int const shift = v.exponent + floor_log2_pow10(-k) + 1;
  // The value and the ends of its interval, in quarters of 10^k; even significands own the ends.
  std::uint64_t const four = v.significand * 4;
  std::uint64_t const odd = v.significand & 1;
  std::uint64_t const value = round_to_odd(scale(g, four << shift));
  std::uint64_t const low = round_to_odd(scale(g, (four - (v.lopsided ? 1 : 2)) << shift)) + odd;
  std::uint64_t const high = round_to_odd(scale(g, (four + 2) << shift)) - odd;
  // At most one multiple of ten is inside; it beats all others, for it is shorter.
  std::uint64_t const whole = value / 4;
  std::uint64_t const tens = whole / 10;
  if (low <= 40 * tens) {
    return {tens, 0, k};
  }
  if (40 * tens + 40 <= high) {
    return {tens + 1, 0, k};
  }
  // Else the nearer neighbour, and the even one of two equally near; a lopsided interval may not
  // hold it, and then holds the other.
  bool const nearer_above = value % 4 + whole % 2 > 2;
  bool const above = low > 4 * whole || (nearer_above && 4 * whole + 4 <= high);
  return {tens, whole - 10 * tens + (above ? 1 : 0), k};
}

/// The shortest decimal in the rounding interval of a positive float, and the closest of these to
/// it; the digits may still end in zeros. For normal numbers `tens` lies in [4.5e14, 9.1e15) if the
/// float was binary64, in [8.3e5, 1.7e7) if it was binary32; `unit` is at most 9.
///
/// Decides as schubfach does, but from one scaled number: where the float stands between two
/// multiples of ten, and how far its interval reaches, both as fractions of 2^64 that are off by
/// less than 2. What this leaves open, one number in 2^58, goes to schubfach itself; so do the
/// lopsided ones, unless they are multiples of ten.
constexpr split_decimal shortest_unstripped(float_parts const& v) noexcept {
  int const k = floor_log10_pow2(v.exponent);
  power_of_ten const& g = power_of_ten_for(-k - 1);
  int const shift = v.exponent + floor_log2_pow10(-k - 1) + 4;  // in [0, 3]
  product const eight = scale(g, v.significand << shift);
  std::uint64_t const tens = eight.high >> 3;
  std::uint64_t const below = eight.high << 61 | eight.low >> 3;
  std::uint64_t const above = ~below;
  std::uint64_t const reach = g.high >> (4 - shift);
  auto const [unit, rest] = multiply(below, 10);
  constexpr std::uint64_t half = std::uint64_t{1} << 63;
  if (below - reach + 3 <= 6 || above - reach + 3 <= 6 || rest - half + 24 <= 48 ||
      (v.lopsided && below != 0)) [[unlikely]] {
    return schubfach(v);
  }
  std::uint64_t const up = above < reach ? 1 : 0;
  std::uint64_t const nearest = unit + (rest >> 63);
  return {tens + up, below < reach || up != 0 ? 0 : nearest, k};
}

/// The decimal with the fewest digits that reads back as v, the closest to v among those, with no
/// zeros at its end. v must be finite; zero has no digits.
template <ieee_float Float>
constexpr decimal shortest(Float v) noexcept {
  float_parts const parts = parts_of(v);
  if (parts.significand == 0) {
    return {0, 0, parts.negative};
  }
  auto const [tens, unit, exponent] = shortest_unstripped(parts);
  decimal result{tens * 10 + unit, exponent, parts.negative};
  while (result.digits % 10 == 0) {
    result.digits /= 10;
    ++result.exponent;
  }
  return result;
}

}  // namespace trainlog::detail

#endif  // TRAINLOG_DETAIL_SHORTEST_DECIMAL_HPP
