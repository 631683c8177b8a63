// SPDX-License-Identifier: MIT
// NaN and infinities told from other floats by their bits, so that -ffast-math does not matter.
#ifndef TRAINLOG_DETAIL_FLOAT_CLASS_HPP
#define TRAINLOG_DETAIL_FLOAT_CLASS_HPP

#include <bit>
#include <concepts>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace trainlog::detail {

/// The bits of a float without its sign: they order as its magnitude, then infinity, then the NaNs.
template <std::floating_point T>
  requires(sizeof(T) <= 8)
constexpr auto magnitude_bits(T v) noexcept {
  using bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
  return std::bit_cast<bits>(v) & (~bits{0} >> 1);
}

/// True unless the float is NaN or infinite.
template <std::floating_point T>
constexpr bool is_finite(T v) noexcept {
  return magnitude_bits(v) <= magnitude_bits(std::numeric_limits<T>::max());
}

template <std::floating_point T>
constexpr bool is_nan(T v) noexcept {
  return magnitude_bits(v) > magnitude_bits(std::numeric_limits<T>::max()) + 1;
}

}  // namespace trainlog::detail

#endif  // TRAINLOG_DETAIL_FLOAT_CLASS_HPP
