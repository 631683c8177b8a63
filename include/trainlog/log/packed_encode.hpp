// SPDX-License-Identifier: MIT
// Numbers as multiples of a step above a base: upper bits in planes, the rest as they are
// (docs/format.md, Streams of numbers).
#ifndef TRAINLOG_LOG_PACKED_ENCODE_HPP
#define TRAINLOG_LOG_PACKED_ENCODE_HPP

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "trainlog/detail/wire.hpp"
#include "trainlog/log/bit_pack.hpp"
#include "trainlog/log/frequencies.hpp"
#include "trainlog/log/planes.hpp"

namespace trainlog::detail {

/// How far apart numbers are.
struct number_range {
  std::uint64_t least = 0;
  std::uint64_t span = 0;  ///< from the least to the greatest
  std::uint64_t bits = 0;  ///< those in which two of them differ
};

/// Of numbers that are not empty, with their sign or without.
template <class T>
number_range range_of(std::span<std::uint64_t const> numbers) noexcept {
  constexpr std::size_t lanes = 4;  // that do not wait for each other
  std::array<T, lanes> least;
  least.fill(static_cast<T>(numbers.front()));
  auto most = least;
  std::uint64_t bits = 0;
  auto const take = [&](std::size_t lane, std::uint64_t number) {
    least[lane] = std::min(least[lane], static_cast<T>(number));
    most[lane] = std::max(most[lane], static_cast<T>(number));
    bits |= number ^ numbers.front();
  };
  std::size_t i = 0;
  for (; i + lanes <= numbers.size(); i += lanes) {
    take(0, numbers[i]);
    take(1, numbers[i + 1]);
    take(2, numbers[i + 2]);
    take(3, numbers[i + 3]);
  }
  for (; i < numbers.size(); ++i) take(0, numbers[i]);
  auto const base = static_cast<std::uint64_t>(*std::min_element(least.begin(), least.end()));
  auto const top = static_cast<std::uint64_t>(*std::max_element(most.begin(), most.end()));
  return {base, top - base, bits};
}

/// The `width` bits from `shift` up, at most eight of them.
inline void extract_plane(std::span<std::uint64_t const> numbers, unsigned shift, unsigned width,
                          byte_vector& plane) {
  plane.resize(numbers.size());
  std::uint64_t const mask = low_mask(width);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    plane[i] = static_cast<std::uint8_t>((numbers[i] >> shift) & mask);
  }
}

/// Counts of the upper halves of bytes' values: those of the bytes shifted right by one.
inline byte_counts halved(byte_counts const& counts) noexcept {
  byte_counts result{};
  for (std::size_t v = 0; v < 128; ++v) result[v] = counts[2 * v] + counts[2 * v + 1];
  return result;
}

/// What a plane saves, in 1/256 bits, if its lowest `drop` bits are not in it.
inline std::int64_t plane_gain(byte_counts const& counts, std::uint64_t count, unsigned width,
                               unsigned drop) noexcept {
  auto const size = std::size_t{1} << (width - drop);
  std::span const used(counts.data(), size);
  auto const cost = entropy_of(used) + 2048 * std::uint64_t{coded_overhead(used)};
  return static_cast<std::int64_t>(count * 256 * (width - drop)) - static_cast<std::int64_t>(cost);
}

/// Splits numbers into coded planes, from the highest bits down, and what remains.
class plane_splitter {
 public:
  /// The numbers are below 2^bits.
  plane_splitter(std::span<std::uint64_t const> numbers, unsigned bits)
      : numbers_(numbers), rest_(bits) {
    while (rest_ != 0 && planes_ < 8 && take()) {
    }
  }

  std::uint8_t plane_count() const noexcept { return planes_; }
  /// For each plane its shift and its bytes.
  std::string const& bytes() const noexcept { return bytes_; }
  /// How many of the lowest bits are in no plane.
  unsigned rest() const noexcept { return rest_; }

 private:
  /// Takes one plane. False if it is the last one that pays.
  bool take() {
    unsigned const width = std::min(rest_, 8U);
    if (planes_ != 0 && !is_promising(width)) return false;
    extract_plane(numbers_, rest_ - width, width, plane_);
    auto counts = count_bytes(plane_);
    unsigned const drop = best_drop(counts, width);
    if (drop == width) return false;
    for (unsigned i = 0; i < drop; ++i) counts = halved(counts);
    if (drop != 0) {
      for (auto& byte : plane_) byte = static_cast<std::uint8_t>(byte >> drop);
    }
    ++planes_;
    rest_ -= width - drop;
    bytes_ += static_cast<char>(rest_);
    append_plane(bytes_, plane_, counts);
    return drop == 0;
  }

  /// Every eighth number says whether there is anything to be saved.
  bool is_promising(unsigned width) const noexcept {
    if (numbers_.size() < 2048) return true;
    byte_counts counts{};
    std::uint64_t const mask = low_mask(width);
    for (std::size_t i = 0; i < numbers_.size(); i += 8) {
      ++counts[(numbers_[i] >> (rest_ - width)) & mask];
    }
    std::uint64_t const sample = (numbers_.size() + 7) / 8;
    // A sample looks less random than what it is from, by about 1/(2 ln 2) bits a value.
    std::uint64_t const bias = std::uint64_t{185} << width;
    return entropy_of(counts) + bias < sample * (256 * width - 24);
  }

  /// How many of the plane's lowest bits are better not coded; all of them if that saves little.
  unsigned best_drop(byte_counts counts, unsigned width) const noexcept {
    unsigned best = width;
    auto best_gain = static_cast<std::int64_t>(numbers_.size() * 24);
    for (unsigned drop = 0; drop < width; ++drop, counts = halved(counts)) {
      auto const gain = plane_gain(counts, numbers_.size(), width, drop);
      // The first must not be missed for the sake of those below it.
      if (gain <= best_gain) continue;
      best = drop;
      best_gain = gain;
    }
    return best;
  }

  std::span<std::uint64_t const> numbers_;
  byte_vector plane_;
  std::string bytes_;
  unsigned rest_;
  std::uint8_t planes_ = 0;
};

/// Appends numbers, at least one, of `width` bytes, which are all in the range. They are changed.
inline void append_packed(std::string& out, std::span<std::uint64_t> numbers, std::size_t width,
                          number_range const& range) {
  unsigned const shift = range.bits == 0 ? 0 : static_cast<unsigned>(std::countr_zero(range.bits));
  std::uint64_t const mask = low_mask(static_cast<unsigned>(8 * width));
  for (auto& number : numbers) number = ((number - range.least) & mask) >> shift;
  plane_splitter const split(numbers, static_cast<unsigned>(std::bit_width(range.span >> shift)));
  char base[8];
  out.append(base, (put_le(base, range.least), width));
  append_varint(out, std::uint64_t{1} << shift);
  out += static_cast<char>(split.rest());
  out += static_cast<char>(split.plane_count());
  out += split.bytes();
  if (split.rest() != 0) append_bits(out, numbers, split.rest());
}

}  // namespace trainlog::detail

#endif
