// SPDX-License-Identifier: MIT
// A histogram of buckets of equal width, as TensorBoard makes it of numbers
// (tensorboard/plugins/histogram/summary_v2.py).
#ifndef TRAINLOG_SUMMARY_EQUAL_BUCKETS_HPP
#define TRAINLOG_SUMMARY_EQUAL_BUCKETS_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "trainlog/summary/number_blocks.hpp"

namespace trainlog::detail {

/// Counts numbers in buckets between the smallest and the largest of them.
class equal_buckets {
 public:
  /// For numbers of that range, which is not empty, in 1 to 2^28 buckets.
  equal_buckets(value_range range, std::size_t count)
      : range_(range), last_(static_cast<std::int32_t>(count - 1)), counts_(ways * count) {
    auto const buckets = static_cast<double>(count);
    double const width = (range.max - range.min) / buckets;
    if (!is_finite(width)) scale_ = 0x1p-4;
    else if (width == 0 && range.min < range.max) scale_ = 0x1p100;
    min_ = range.min * scale_;
    width_ = (range.max * scale_ - min_) / buckets;
  }

  void add(number_block const& block) noexcept {
    if (width_ == 0) {  // of one value: all are in the last
      counts_.back() += block.size;
      return;
    }
    std::array<std::int32_t, number_block::capacity> index;
    block.for_each([&](double x, std::size_t i) {
      index[i] = std::min(static_cast<std::int32_t>((x * scale_ - min_) / width_), last_);
    });
    // Neighbours, which are often equal, are counted in several places: none waits for the other.
    for (std::size_t i = 0; i < block.size; ++i)
      ++counts_[ways * static_cast<std::size_t>(index[i]) + i % ways];
  }

  /// Left edge, right edge and count of each bucket. A number on an edge is in the bucket on its
  /// right; the largest one in the last.
  std::vector<double> rows() const {
    std::vector<double> rows;
    rows.reserve(3 * counts_.size() / ways);
    for (std::size_t i = 0; i < counts_.size() / ways; ++i) {
      rows.push_back(edge(i));
      rows.push_back(edge(i + 1));
      std::uint64_t count = 0;
      for (std::size_t way = 0; way < ways; ++way) count += counts_[ways * i + way];
      rows.push_back(static_cast<double>(count));
    }
    return rows;
  }

 private:
  static constexpr std::size_t ways = 4;

  double edge(std::size_t i) const noexcept {
    if (i == counts_.size() / ways) return range_.max;
    return (static_cast<double>(i) * width_ + min_) / scale_;
  }

  value_range range_;
  double scale_ = 1;  // a power of two, so that the width is neither infinite nor 0
  double min_;        // scaled, as the width
  double width_;
  std::int32_t last_;
  std::vector<std::uint64_t> counts_;  // `ways` of each bucket
};

}  // namespace trainlog::detail

#endif
