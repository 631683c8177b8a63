// SPDX-License-Identifier: MIT
// A histogram of numbers that are never in one place (docs/reference/summary.md).
#ifndef TRAINLOG_SUMMARY_HISTOGRAM_BUILDER_HPP
#define TRAINLOG_SUMMARY_HISTOGRAM_BUILDER_HPP

#include <cstddef>
#include <cstdint>
#include <vector>

#include "trainlog/detail/float_class.hpp"
#include "trainlog/summary/dyadic_bins.hpp"
#include "trainlog/summary/number_blocks.hpp"

namespace trainlog::summary {

/// Counts numbers one by one or in chunks, in 16 KiB of memory, whatever their range. What
/// summary::histogram writes of it has exact counts, between edges that are off by less than a
/// thousandth of the range; the order of numbers and chunks makes no difference. For one thread
/// at a time: threads have one each, and merge them.
class histogram_builder {
 public:
  template <detail::tensor_number Number>
  void add(Number number) {
    auto const value = static_cast<double>(number);
    if (!detail::is_finite(value)) {
      ++non_finite_;
      return;
    }
    bins_.add(value);
    ++count_;
  }
  /// Contiguous numbers: a vector, array, span or C array. Two nanoseconds each.
  template <class Numbers>
    requires detail::number_span<Numbers> || detail::number_array<Numbers>
  void add(Numbers const& numbers) {
    auto const all = detail::flatten(numbers);
    std::size_t const non_finite =
        detail::for_each_block(all, [&](detail::number_block const& block) { bins_.add(block); });
    count_ += all.size() - non_finite;
    non_finite_ += non_finite;
  }
  /// Adds all that has been added to another.
  void merge(histogram_builder const& other) {
    bins_.add(other.bins_);
    count_ += other.count_;
    non_finite_ += other.non_finite_;
  }
  /// Forgets all, but keeps the memory.
  void clear() noexcept {
    bins_.clear();
    count_ = 0;
    non_finite_ = 0;
  }

  /// How many numbers are in the histogram.
  std::uint64_t count() const noexcept { return count_; }
  /// How many are not, being NaN or infinite.
  std::uint64_t non_finite() const noexcept { return non_finite_; }

  /// Left edge, right edge and count of each bucket, as summary::histogram writes them; zeros if
  /// there is no number.
  std::vector<double> rows(std::size_t buckets) const {
    return count_ == 0 ? std::vector<double>(3 * buckets) : bins_.rows(buckets);
  }

 private:
  detail::dyadic_bins bins_;
  std::uint64_t count_ = 0;
  std::uint64_t non_finite_ = 0;
};

}  // namespace trainlog::summary

#endif
