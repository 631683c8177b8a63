// SPDX-License-Identifier: MIT
// Little-endian encoding of numbers, the byte order of every trainlog file.
#ifndef TRAINLOG_DETAIL_ENDIAN_HPP
#define TRAINLOG_DETAIL_ENDIAN_HPP

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace trainlog::detail {

/// A number with a fixed-size file representation: an integer (not bool), float or double.
template <class T>
concept storable_number =
    (std::integral<T> && !std::same_as<std::remove_cv_t<T>, bool> && sizeof(T) <= 8) ||
    std::same_as<T, float> || std::same_as<T, double>;

template <std::size_t Size>
struct uint_of_size;
template <>
struct uint_of_size<1> {
  using type = std::uint8_t;
};
template <>
struct uint_of_size<2> {
  using type = std::uint16_t;
};
template <>
struct uint_of_size<4> {
  using type = std::uint32_t;
};
template <>
struct uint_of_size<8> {
  using type = std::uint64_t;
};

/// The unsigned integer with as many bytes as `T`.
template <class T>
using bits_of = typename uint_of_size<sizeof(T)>::type;

/// Writes the `sizeof(T)` bytes of `value` to `out`, least significant first. Floats are written
/// by their IEEE 754 bits, NaN payloads included. `out` needs no alignment.
template <storable_number T>
constexpr void store_le(std::byte* out, T value) noexcept {
  if (std::endian::native == std::endian::little && !std::is_constant_evaluated()) {
    std::memcpy(out, &value, sizeof(T));
    return;
  }
  const auto bits = static_cast<std::uint64_t>(std::bit_cast<bits_of<T>>(value));
  for (std::size_t i = 0; i != sizeof(T); ++i) {
    out[i] = static_cast<std::byte>((bits >> (8 * i)) & 0xff);
  }
}

/// The number whose `sizeof(T)` bytes stand at `in`, least significant first. `in` needs no
/// alignment.
template <storable_number T>
constexpr T load_le(std::byte const* in) noexcept {
  if (std::endian::native == std::endian::little && !std::is_constant_evaluated()) {
    T value{};
    std::memcpy(&value, in, sizeof(T));
    return value;
  }
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i != sizeof(T); ++i) {
    bits |= std::to_integer<std::uint64_t>(in[i]) << (8 * i);
  }
  return std::bit_cast<T>(static_cast<bits_of<T>>(bits));
}

}  // namespace trainlog::detail

#endif  // TRAINLOG_DETAIL_ENDIAN_HPP
