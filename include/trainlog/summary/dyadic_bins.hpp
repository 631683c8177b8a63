// SPDX-License-Identifier: MIT
// How numbers are distributed that come one after the other, their range not known before: bins
// whose width is a power of two (design note 8).
#ifndef TRAINLOG_SUMMARY_DYADIC_BINS_HPP
#define TRAINLOG_SUMMARY_DYADIC_BINS_HPP

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "trainlog/detail/float_class.hpp"
#include "trainlog/summary/number_blocks.hpp"

namespace trainlog::detail {

/// Bin n has the numbers of [n * width, (n + 1) * width). The width is the finest power of two by
/// which `capacity` bins reach from the smallest number to the largest: where it must grow, bins
/// are joined, which takes no number into a wrong one. So all is the same, in whatever order
/// numbers come, and from however many counts they are brought together.
class dyadic_bins {
 public:
  static constexpr int capacity_bits = 11;
  static constexpr std::size_t capacity = std::size_t{1} << capacity_bits;

  value_range const& range() const noexcept { return range_; }

  /// Adds a number that is finite.
  void add(double number) {
    if (!(range_.min <= number && number <= range_.max)) reach({number, number});
    ++at(bin_of(number));
  }
  void add(number_block const& block) {
    if (block.size == 0) return;
    value_range range;
    range.add(block);
    reach(range);
    block.for_each([&](double number, std::size_t) { ++at(bin_of(number)); });
  }
  void add(dyadic_bins const& other) {
    if (other.range_.is_empty()) return;
    reach(other.range_);
    other.add_to(counts_, exponent_);
  }

  void clear() noexcept {
    range_ = {};
    std::fill(counts_.begin(), counts_.end(), 0);
  }

  /// Left edge, right edge and count of buckets of equal width, each edge moved left to that of a
  /// bin: by less than a thousandth of the range. There must be numbers.
  std::vector<double> rows(std::size_t buckets) const {
    std::vector<double> rows;
    rows.reserve(3 * buckets);
    std::int64_t bin = bin_of(range_.min);
    for (std::size_t i = 0; i < buckets; ++i) {
      rows.push_back(edge_of(bin));
      std::uint64_t count = 0;
      for (std::int64_t const end = edge_bin(i + 1, buckets); bin < end; ++bin)
        count += counts_[slot_of(bin)];
      rows.push_back(i + 1 == buckets ? range_.max : edge_of(bin));
      rows.push_back(static_cast<double>(count));
    }
    return rows;
  }

 private:
  static constexpr int least_exponent = -1022;

  static std::size_t slot_of(std::int64_t bin) noexcept {
    return static_cast<std::size_t>(bin) % capacity;
  }
  std::uint64_t& at(std::int64_t bin) noexcept { return counts_[slot_of(bin)]; }

  static double power_of_two(int exponent) noexcept {
    return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + 1023) << 52U);
  }
  static int exponent_of(double number) noexcept {
    return static_cast<int>(magnitude_bits(number) >> 52U) - 1023;
  }

  /// Rounds down, also where the quotient is too small for a double.
  static std::int64_t bin_of(double number, double width, double per_width) noexcept {
    auto const bin = static_cast<std::int64_t>(number * per_width);
    return bin - (static_cast<double>(bin) * width > number ? 1 : 0);
  }
  std::int64_t bin_of(double number) const noexcept { return bin_of(number, width_, per_width_); }

  /// The finest one by which the range fits in, and each bin's number into a double.
  static int exponent_for(value_range const& range) noexcept {
    int const magnitude = std::max(exponent_of(range.min), exponent_of(range.max));
    int const span = exponent_of(range.max - range.min);
    int exponent = std::max({least_exponent, magnitude - 52, span - capacity_bits});
    auto const bin = [&](double number) {
      return bin_of(number, power_of_two(exponent), power_of_two(-exponent));
    };
    while (bin(range.max) - bin(range.min) >= std::int64_t{capacity}) ++exponent;
    return exponent;
  }

  /// Makes room for numbers of that range.
  void reach(value_range range) {
    if (range_.contains(range)) return;
    range.add(range_);
    int const exponent = exponent_for(range);
    if (counts_.empty()) {
      counts_.resize(capacity);
    } else if (!range_.is_empty() && exponent != exponent_) {
      std::vector<std::uint64_t> joined(capacity);
      add_to(joined, exponent);
      counts_.swap(joined);
    }
    range_ = range;
    exponent_ = exponent;
    width_ = power_of_two(exponent);
    per_width_ = power_of_two(-exponent);
  }

  /// Adds all counts to bins that are as wide or wider.
  void add_to(std::vector<std::uint64_t>& counts, int exponent) const noexcept {
    int const joined = std::min(exponent - exponent_, 63);
    std::int64_t const last = bin_of(range_.max);
    for (std::int64_t bin = bin_of(range_.min); bin <= last; ++bin)
      counts[slot_of(bin >> joined)] += counts_[slot_of(bin)];
  }

  /// The bin at whose left the i-th edge of buckets is. The largest number is in the last bucket.
  std::int64_t edge_bin(std::size_t i, std::size_t buckets) const noexcept {
    std::int64_t const first = bin_of(range_.min);
    std::int64_t const last = bin_of(range_.max);
    if (i == buckets) return last + 1;
    double const min = range_.min * per_width_;
    double const part = static_cast<double>(i) / static_cast<double>(buckets);
    double const past = min - static_cast<double>(first) + (range_.max * per_width_ - min) * part;
    return std::min(first + static_cast<std::int64_t>(past), last);
  }
  double edge_of(std::int64_t bin) const noexcept {
    return std::clamp(static_cast<double>(bin) * width_, range_.min, range_.max);
  }

  value_range range_;
  int exponent_ = 0;  // of the width
  double width_ = 1;
  double per_width_ = 1;
  std::vector<std::uint64_t> counts_;  // bin n at n modulo capacity; empty before the first number
};

}  // namespace trainlog::detail

#endif
