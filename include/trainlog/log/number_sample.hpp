// SPDX-License-Identifier: MIT
// What a few numbers of a stream say about how to encode it.
#ifndef TRAINLOG_LOG_NUMBER_SAMPLE_HPP
#define TRAINLOG_LOG_NUMBER_SAMPLE_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "trainlog/log/frequencies.hpp"
#include "trainlog/log/index_table.hpp"

namespace trainlog::detail {

/// How often differences of numbers may be taken.
inline constexpr unsigned max_order = 2;

/// Some numbers of a stream, in runs of neighbours.
class number_sample {
 public:
  /// Of numbers whose values have `width` bytes.
  number_sample(std::span<std::uint64_t const> numbers, std::size_t width)
      : unused_(static_cast<unsigned>(64 - 8 * width)) {
    bool const all = numbers.size() <= run * runs;
    if (all) take(numbers);
    for (std::size_t i = 0; i < runs && !all; ++i) {
      take(numbers.subspan((numbers.size() - run) / (runs - 1) * i, run));
    }
  }

  /// How often differences are to be taken so that what is left takes the fewest bits.
  unsigned best_order() noexcept {
    unsigned best = 0;
    std::uint64_t least = spread_of(0);
    for (unsigned order = 1; order <= max_order && count_ > order; ++order) {
      auto const bits = spread_of(order);
      if (bits + quarter_bit >= least) continue;
      best = order;
      least = bits;
    }
    return best;
  }

  /// About how many bits, in 1/256, a number takes that is told by its place among the different
  /// ones; very many if most of them differ.
  std::uint64_t bits_by_value() const {
    index_table<std::uint64_t> table(count_ / 2);
    std::array<std::uint32_t, run * runs> counts{};
    for (auto const number : std::span(numbers_.data(), count_)) {
      auto const index = table.find(number);
      if (index == table.none) return ~std::uint64_t{0};
      ++counts[index];
    }
    return entropy_of(counts) / count_;
  }

 private:
  static constexpr std::size_t run = 16;
  static constexpr std::size_t runs = 8;
  static constexpr std::uint64_t quarter_bit = 64;

  void take(std::span<std::uint64_t const> numbers) noexcept {
    std::copy(numbers.begin(), numbers.end(), numbers_.begin() + static_cast<long>(count_));
    count_ += numbers.size();
  }

  std::int64_t with_sign(std::uint64_t number) const noexcept {
    return static_cast<std::int64_t>(number << unused_) >> unused_;
  }

  std::int64_t difference(std::size_t i, unsigned order) const noexcept {
    if (order == 0) return with_sign(numbers_[i]);
    if (order == 1) return with_sign(numbers_[i] - numbers_[i - 1]);
    return with_sign(numbers_[i] - 2 * numbers_[i - 1] + numbers_[i - 2]);
  }

  /// Differences of neighbours within runs.
  std::span<std::int64_t> differences(unsigned order) noexcept {
    std::size_t size = 0;
    for (std::size_t i = order; i < count_; ++i) {
      if (i % run >= order) scratch_[size++] = difference(i, order);
    }
    return {scratch_.data(), size};
  }

  /// About how many bits, in 1/256, it takes to tell a difference from another one far away.
  std::uint64_t spread_of(unsigned order) noexcept {
    auto const all = differences(order);
    std::size_t const half = all.size() / 2;
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < half; ++i) {
      auto const away =
          static_cast<std::uint64_t>(all[i]) - static_cast<std::uint64_t>(all[i + half]);
      sum += log2_of(1 + std::min(away, 0 - away));
    }
    return half == 0 ? ~std::uint64_t{0} / 2 : sum / half;
  }

  unsigned unused_;
  std::size_t count_ = 0;
  std::array<std::uint64_t, run * runs> numbers_{};
  std::array<std::int64_t, run * runs> scratch_{};
};

}  // namespace trainlog::detail

#endif
