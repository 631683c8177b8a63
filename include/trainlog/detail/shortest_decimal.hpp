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

#include "trainlog/detail/float_class.hpp"
#include "trainlog/detail/multiply.hpp"
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

/// The layout of a float's bits.
template <ieee_float Float>
struct float_layout {
  using bits_type = std::conditional_t<sizeof(Float) == 8, std::uint64_t, std::uint32_t>;
  static constexpr int sign_bit = sizeof(Float) * 8 - 1;
  static constexpr int fraction_bits = std::numeric_limits<Float>::digits - 1;
  static constexpr int largest_stored = 2 * std::numeric_limits<Float>::max_exponent - 1;
  static constexpr int bias = std::numeric_limits<Float>::max_exponent - 1 + fraction_bits;
  static constexpr std::uint64_t hidden_bit = std::uint64_t{1} << fraction_bits;
};

/// The parts of a float's bits: a normal float is (fraction + hidden_bit) * 2^(stored - bias), a
/// subnormal one, with nothing stored for an exponent, fraction * 2^(1 - bias).
template <ieee_float Float>
struct float_parts {
  std::uint64_t fraction;
  int stored;
  bool negative;

  explicit constexpr float_parts(Float v) noexcept {
    using layout = float_layout<Float>;
    std::uint64_t const bits = std::bit_cast<typename layout::bits_type>(v);
    fraction = bits & (layout::hidden_bit - 1);
    stored = static_cast<int>(bits >> layout::fraction_bits) & layout::largest_stored;
    negative = bits >> layout::sign_bit != 0;
  }
};

/// floor(log10(2^e)), for |e| <= 1100.
constexpr int floor_log10_pow2(int e) noexcept { return (e * 315653) >> 20; }

/// floor(log10(3/4 * 2^e)), for |e| <= 1100.
constexpr int floor_log10_three_quarters_pow2(int e) noexcept {
  return (e * 315653 - 131008) >> 20;
}

/// floor(log2(10^n)), for |n| <= 330.
constexpr int floor_log2_pow10(int n) noexcept { return (n * 217706) >> 16; }

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

/// Schubfach as published: exact for every positive significand * 2^exponent, with three scaled
/// numbers. `lopsided` says that the next float towards zero is only half as far away as the next
/// one away from it.
[[gnu::noinline]] constexpr split_decimal schubfach(std::uint64_t significand, int exponent,
                                                    bool lopsided) noexcept {
  // 10^k is the largest power of ten not wider than the rounding interval.
  int const k = lopsided ? floor_log10_three_quarters_pow2(exponent) : floor_log10_pow2(exponent);
  power_of_ten const& g = power_of_ten_for(-k);
  int const shift = exponent + floor_log2_pow10(-k) + 1;
  // The value and the ends of its interval, in quarters of 10^k; even significands own the ends.
  std::uint64_t const four = significand * 4;
  std::uint64_t const odd = significand & 1;
  std::uint64_t const value = round_to_odd(scale(g, four << shift));
  std::uint64_t const low = round_to_odd(scale(g, (four - (lopsided ? 1 : 2)) << shift)) + odd;
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
  // Else the nearer neighbour, and the even one of two equally near; the short side of a lopsided
  // interval may not reach the one below.
  bool const above = low > 4 * whole || value % 4 + whole % 2 > 2;
  return {tens, whole - 10 * tens + (above ? 1 : 0), k};
}

template <ieee_float Float>
constexpr split_decimal schubfach(float_parts<Float> const& v) noexcept {
  using layout = float_layout<Float>;
  if (v.stored == 0) {
    return schubfach(v.fraction, 1 - layout::bias, false);
  }
  bool const lopsided = v.fraction == 0 && v.stored > 1;
  return schubfach(v.fraction | layout::hidden_bit, v.stored - layout::bias, lopsided);
}

/// The shortest decimal in the rounding interval of a positive float, and the closest of these to
/// it; the digits may still end in zeros. For normal numbers `tens` lies in [4.5e14, 9.1e15) if the
/// float was binary64, in [8.3e5, 1.7e7) if it was binary32; `unit` is at most 9.
///
/// Decides as schubfach does, but from one scaled number: how far the float stands from the nearest
/// multiple of ten, and how far its interval reaches, both as fractions of 2^64 that are off by
/// less than 3. What this leaves open, one number in 2^57, goes to schubfach itself; so do
/// subnormals, and powers of two unless their decimals are exact.
template <ieee_float Float>
[[gnu::always_inline]] inline constexpr split_decimal shortest_unstripped(
    float_parts<Float> const& v) noexcept {
  using layout = float_layout<Float>;
  int const exponent = v.stored - layout::bias;
  int const k = floor_log10_pow2(exponent);
  power_of_ten const& g = power_of_ten_for(-k - 1);
  int const shift = exponent + floor_log2_pow10(-k - 1) + 4;  // in [0, 3]
  product const eight = scale(g, (v.fraction | layout::hidden_bit) << shift);
  std::uint64_t const tens = eight.high >> 3;
  std::uint64_t const fraction = eight.high << 61 | eight.low >> 3;
  std::uint64_t const upper_half = fraction >> 63;
  std::uint64_t const distance = fraction ^ (0 - upper_half);
  std::uint64_t const reach = g.high >> (4 - shift);
  auto const [unit, rest] = multiply(fraction, 10);
  constexpr std::uint64_t half = std::uint64_t{1} << 63;
  if (distance - reach + 3 <= 6 || rest - half + 24 <= 48 || v.stored == 0 ||
      (v.fraction == 0 && fraction != 0)) [[unlikely]] {
    return schubfach(v);
  }
  // No branches: which way these go is as good as random.
  std::uint64_t const inside = distance < reach ? 1 : 0;
  return {tens + (inside & upper_half), (unit + (rest >> 63)) & (inside - 1), k};
}

/// The same decimal with no zeros at its end.
constexpr decimal without_zeros(split_decimal const& v, bool negative) noexcept {
  decimal result{v.tens * 10 + v.unit, v.exponent, negative};
  while (result.digits % 10 == 0) {
    result.digits /= 10;
    ++result.exponent;
  }
  return result;
}

/// The decimal with the fewest digits that reads back as v, the closest to v among those, with no
/// zeros at its end. v must be finite; zero has no digits.
template <ieee_float Float>
constexpr decimal shortest(Float v) noexcept {
  float_parts<Float> const parts{v};
  if (magnitude_bits(v) == 0) {  // v == 0 is true of subnormals in some modes
    return {0, 0, parts.negative};
  }
  return without_zeros(shortest_unstripped(parts), parts.negative);
}

}  // namespace trainlog::detail

#endif  // TRAINLOG_DETAIL_SHORTEST_DECIMAL_HPP
