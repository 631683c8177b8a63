// SPDX-License-Identifier: MIT
// The encodings of streams of numbers (docs/format.md, Streams of numbers).
#ifndef TRAINLOG_LOG_NUMBER_LAYOUT_HPP
#define TRAINLOG_LOG_NUMBER_LAYOUT_HPP

#include <cstddef>
#include <cstdint>

namespace trainlog::detail {

enum class number_layout : std::uint8_t { plain, packed, dictionary };

/// An encoding: how often differences are taken, and how what they give is laid out.
constexpr std::uint8_t encoding_of(unsigned order, number_layout layout) noexcept {
  return static_cast<std::uint8_t>(order << 4 | static_cast<unsigned>(layout));
}

/// Calls f with a zero of the unsigned type of `width` bytes: 1, 2, 4 or 8.
template <class F>
decltype(auto) with_width(std::size_t width, F f) {
  switch (width) {
    case 1:
      return f(std::uint8_t{});
    case 2:
      return f(std::uint16_t{});
    case 4:
      return f(std::uint32_t{});
    default:
      return f(std::uint64_t{});
  }
}

}  // namespace trainlog::detail

#endif
