// SPDX-License-Identifier: MIT
// How often each byte of a plane comes, and what coding it costs (docs/format.md, Coded planes).
#ifndef TRAINLOG_LOG_FREQUENCIES_HPP
#define TRAINLOG_LOG_FREQUENCIES_HPP

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "trainlog/detail/wire.hpp"

namespace trainlog::detail {

/// Frequencies of a table sum up to 2^frequency_bits.
inline constexpr unsigned frequency_bits = 11;
inline constexpr std::uint32_t frequency_sum = 1U << frequency_bits;

/// A number for each value of a byte: how often it comes, or its frequency in a table.
using byte_counts = std::array<std::uint32_t, 256>;

// ---- what coding costs, in 1/256 bits

/// 256 * log2(1 + i / 256), rounded down.
constexpr std::array<std::uint8_t, 256> make_log2_fractions() noexcept {
  std::array<std::uint8_t, 256> fractions{};
  for (std::uint64_t i = 0; i < 256; ++i) {
    std::uint64_t square = (256 + i) << 22;  // from 2^30 up to 2^31
    unsigned result = 0;
    for (int bit = 0; bit < 8; ++bit) {
      square = (square * square) >> 30;
      result = 2 * result + static_cast<unsigned>(square >> 31);
      square >>= square >> 31;
    }
    fractions[i] = static_cast<std::uint8_t>(result);
  }
  return fractions;
}

/// 256 * log2(x), for x of at least 1.
inline std::uint64_t log2_of(std::uint64_t x) noexcept {
  static constexpr auto fractions = make_log2_fractions();
  auto const whole = static_cast<unsigned>(std::bit_width(x)) - 1;
  return 256 * whole + fractions[((x << (63U - whole)) >> 55) & 255U];
}

/// What the bytes that were counted take when they are coded.
inline std::uint64_t entropy_of(std::span<std::uint32_t const> counts) noexcept {
  std::uint64_t sum = 0;
  std::uint64_t bits = 0;
  for (auto const count : counts) {
    sum += count;
    if (count > 1) bits += count * log2_of(count);
  }
  return sum == 0 ? 0 : sum * log2_of(sum) - bits;
}

inline byte_counts count_bytes(std::span<std::uint8_t const> bytes) noexcept {
  std::array<byte_counts, 4> part{};  // equal neighbours must not wait for each other
  std::size_t i = 0;
  for (; i + 4 <= bytes.size(); i += 4) {
    ++part[0][bytes[i]];
    ++part[1][bytes[i + 1]];
    ++part[2][bytes[i + 2]];
    ++part[3][bytes[i + 3]];
  }
  for (; i < bytes.size(); ++i) ++part[0][bytes[i]];
  for (std::size_t v = 0; v < 256; ++v) part[0][v] += part[1][v] + part[2][v] + part[3][v];
  return part[0];
}

// ---- tables

/// Frequencies that are in proportion to the counts, of which at least two are not zero.
inline byte_counts frequencies_of(byte_counts const& counts) noexcept {
  std::uint64_t total = 0;
  for (auto const count : counts) total += count;
  byte_counts result{};
  std::uint32_t sum = 0;
  for (std::size_t v = 0; v < 256; ++v) {
    if (counts[v] == 0) continue;
    auto const nearest = (counts[v] * std::uint64_t{frequency_sum} + total / 2) / total;
    result[v] = static_cast<std::uint32_t>(std::max<std::uint64_t>(nearest, 1));
    sum += result[v];
  }
  // The most frequent ones bear what rounding has added or taken.
  for (; sum != frequency_sum;) {
    auto& most = *std::max_element(result.begin(), result.end());
    std::uint32_t const step =
        sum < frequency_sum ? frequency_sum - sum : std::min(sum - frequency_sum, (most + 7) / 8);
    most += sum < frequency_sum ? step : 0U - step;
    sum += sum < frequency_sum ? step : 0U - step;
  }
  return result;
}

/// Frequencies up to the last that is not zero; after a zero, how many more of them follow.
inline void append_frequencies(std::string& out, byte_counts const& frequencies) {
  std::size_t end = 256;
  while (frequencies[end - 1] == 0) --end;
  out += static_cast<char>(end - 1);
  for (std::size_t v = 0; v < end; ++v) {
    append_varint(out, frequencies[v]);
    if (frequencies[v] != 0) continue;
    std::size_t const first = ++v;
    while (frequencies[v] == 0) ++v;
    out += static_cast<char>(v-- - first);
  }
}

inline bool read_frequencies(wire_reader& in, byte_counts& out) {
  std::uint8_t last = 0;
  if (!in.number(last)) return false;
  out = {};
  std::uint64_t sum = 0;
  for (std::size_t v = 0; v <= last; ++v) {
    std::uint64_t frequency = 0;
    if (!in.varint(frequency)) return false;
    if (frequency >= frequency_sum) return in.fail("a frequency below 2048", "more");
    out[v] = static_cast<std::uint32_t>(frequency);
    sum += frequency;
    std::uint8_t more = 0;
    if (frequency == 0 && !in.number(more)) return false;
    v += more;
  }
  return (sum == frequency_sum && out[last] != 0) ||
         in.fail("frequencies that sum up to 2048", std::to_string(sum));
}

}  // namespace trainlog::detail

#endif
