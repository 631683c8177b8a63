// SPDX-License-Identifier: MIT
// All 128 bits of a product.
#ifndef TRAINLOG_DETAIL_MULTIPLY_HPP
#define TRAINLOG_DETAIL_MULTIPLY_HPP

#include <cstdint>

namespace trainlog::detail {

struct product {
  std::uint64_t high;
  std::uint64_t low;
};

/// The 128 bits of a * b, by the school's method.
constexpr product multiply_halves(std::uint64_t a, std::uint64_t b) noexcept {
  constexpr std::uint64_t mask = 0xffffffffU;
  std::uint64_t const low = (a & mask) * (b & mask);
  std::uint64_t const cross = (a >> 32) * (b & mask) + (low >> 32);
  std::uint64_t const other = (a & mask) * (b >> 32) + (cross & mask);
  return {(a >> 32) * (b >> 32) + (cross >> 32) + (other >> 32), other << 32 | (low & mask)};
}

/// The same, by one instruction where there is one.
constexpr product multiply(std::uint64_t a, std::uint64_t b) noexcept {
#ifdef __SIZEOF_INT128__
  __extension__ using wide = unsigned __int128;
  wide const all = static_cast<wide>(a) * b;
  return {static_cast<std::uint64_t>(all >> 64), static_cast<std::uint64_t>(all)};
#else
  return multiply_halves(a, b);
#endif
}

}  // namespace trainlog::detail

#endif
