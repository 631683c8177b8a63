// SPDX-License-Identifier: MIT
// The 128-bit powers of ten that number -> text needs, computed by the compiler from one constant.

#ifndef TRAINLOG_DETAIL_POWERS_OF_TEN_HPP
#define TRAINLOG_DETAIL_POWERS_OF_TEN_HPP

#include <cstdint>

namespace trainlog::detail {

/// The leading 128 bits of a power of ten, plus one unit in the last of them: with beta in
/// [2^127, 2^128) such that 10^n = beta * 2^r, this is floor(beta) + 1.
struct power_of_ten {
  std::uint64_t high;
  std::uint64_t low;
};

inline constexpr int smallest_power_of_ten = -293;
inline constexpr int largest_power_of_ten = 324;

struct powers_of_ten_table {
  power_of_ten entry[largest_power_of_ten - smallest_power_of_ten + 1];
};

/// Walks from 10^-293 to 10^324, multiplying a 192-bit mantissa by 10/8 = 1 + 1/4 and halving it
/// when it overflows. Every step rounds up, by less than 2 units of the last bit: 617 steps spoil
/// 11 bits of the 64 that are cut off, and powers that fit in 128 bits are never undershot. The
/// tests compare each entry with exact integer arithmetic.
constexpr powers_of_ten_table make_powers_of_ten() noexcept {
  powers_of_ten_table table{};
  std::uint64_t high = 0xcc5fc196fefd7d0cU;  // 10^-293, rounded up to 192 bits
  std::uint64_t middle = 0x1e53ed49a96272c8U;
  std::uint64_t low = 0xb2e28cedd086d011U;
  for (power_of_ten& entry : table.entry) {
    entry.low = middle + 1;
    entry.high = high + (entry.low == 0 ? 1U : 0U);
    // mantissa += mantissa / 4 + 2, from the lowest word up
    std::uint64_t const quarter_low = (low >> 2 | middle << 62) + 2;
    std::uint64_t const quarter_middle = middle >> 2 | high << 62;
    low += quarter_low;
    std::uint64_t const carry_low = low < quarter_low ? 1U : 0U;
    middle += quarter_middle;
    std::uint64_t const carry_middle = middle < quarter_middle ? 1U : 0U;
    middle += carry_low;
    std::uint64_t const before = high;
    high += (high >> 2) + carry_middle + (middle < carry_low ? 1U : 0U);
    if (high < before) {  // past 2^192: halve
      low = low >> 1 | middle << 63;
      middle = middle >> 1 | high << 63;
      high = high >> 1 | std::uint64_t{1} << 63;
    }
  }
  return table;
}

inline constexpr powers_of_ten_table powers_of_ten = make_powers_of_ten();

/// 10^n for n from smallest_power_of_ten to largest_power_of_ten.
constexpr power_of_ten const& power_of_ten_for(int n) noexcept {
  return powers_of_ten.entry[n - smallest_power_of_ten];
}

}  // namespace trainlog::detail

#endif  // TRAINLOG_DETAIL_POWERS_OF_TEN_HPP
