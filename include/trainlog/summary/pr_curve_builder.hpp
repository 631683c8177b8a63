// SPDX-License-Identifier: MIT
// Precision and recall of a classifier of two classes, by threshold, as TensorBoard computes them
// (tensorboard/plugins/pr_curve/summary.py).
#ifndef TRAINLOG_SUMMARY_PR_CURVE_BUILDER_HPP
#define TRAINLOG_SUMMARY_PR_CURVE_BUILDER_HPP

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "trainlog/detail/float_class.hpp"
#include "trainlog/summary/number_span.hpp"
#include "trainlog/summary/options.hpp"

namespace trainlog::detail {

/// Bools or numbers with a size: a vector (of bool, too), array, span or C array.
template <class T>
concept label_range = requires(T const& labels) {
  { std::size(labels) } -> std::convertible_to<std::size_t>;
  requires std::convertible_to<decltype(*std::begin(labels)), bool>;
};

template <class Label>
constexpr bool is_positive(Label const& label) noexcept {
  if constexpr (std::is_arithmetic_v<Label> && !std::same_as<Label, bool>) return label > 0;
  else return static_cast<bool>(label);
}

/// How an error names a curve, which has a name only where it is written.
inline std::string pr_curve_named(std::string_view name) {
  return name.empty() ? "trainlog: a PR curve "
                      : "trainlog: the PR curve '" + std::string(name) + "' ";
}

/// Throws summary_error unless there are as many of everything.
inline void require_pr_counts(std::string_view name, std::size_t labels, std::size_t predictions,
                              std::size_t weights) {
  if (labels != predictions)
    throw summary::summary_error(pr_curve_named(name) + "has " + std::to_string(labels) +
                                 " labels, but " + std::to_string(predictions) + " predictions");
  if (labels != weights)
    throw summary::summary_error(pr_curve_named(name) + "has " + std::to_string(labels) +
                                 " labels, but " + std::to_string(weights) + " weights");
}

inline void require_thresholds(std::string_view name, std::size_t thresholds) {
  constexpr std::size_t most = std::size_t{1} << 20U;
  if (thresholds >= 2 && thresholds <= most) return;
  throw summary::summary_error(pr_curve_named(name) + "of " + std::to_string(thresholds) +
                               " thresholds: 2 to " + std::to_string(most));
}

/// As float32. TensorBoard makes no curve of NaN and infinities: these are 0, and what is too large
/// is the largest.
inline float to_pr_number(double number) noexcept {
  constexpr double most = std::numeric_limits<float>::max();
  if (!is_finite(number)) return 0;
  return static_cast<float>(std::clamp(number, -most, most));
}

}  // namespace trainlog::detail

namespace trainlog::summary {

/// Counts labels and predictions, batch by batch, in 16 bytes of memory a threshold: thresholds
/// stand at equal distances from 0 to 1, and a prediction is positive at those up to itself. For
/// one thread at a time: threads have one each, and merge them.
class pr_curve_builder {
 public:
  /// Throws summary_error for less than 2 thresholds, and for more than 1048576.
  explicit pr_curve_builder(std::size_t thresholds = 201) {
    detail::require_thresholds("", thresholds);
    counts_.resize(thresholds);
  }

  /// One sample: whether it is positive, and how probable the classifier says that is. A
  /// prediction beyond [0, 1] is clamped. One that is NaN, or of a weight that is not finite, is
  /// left out.
  template <std::floating_point Prediction>
  void add(bool label, Prediction prediction, double weight = 1) noexcept {
    if (detail::is_nan(prediction) || !detail::is_finite(weight)) {
      ++non_finite_;
      return;
    }
    auto const last = static_cast<Prediction>(counts_.size() - 1);
    auto const clamped = std::clamp(prediction, Prediction{0}, Prediction{1});
    auto& at = counts_[static_cast<std::size_t>(clamped * last)];
    (label ? at.positive : at.negative) += weight;
    ++count_;
  }
  /// Samples: labels, of which those above 0 are positive, as many predictions, and as many weights
  /// or none. Throws summary_error, and adds nothing, if there are not as many.
  template <detail::label_range Labels, detail::float_span Predictions>
  void add(Labels const& labels, Predictions const& predictions,
           std::span<float const> weights = {}) {
    std::size_t const size = std::size(labels);
    detail::require_pr_counts("", size, std::size(predictions),
                              weights.empty() ? size : weights.size());
    auto const* prediction = std::data(predictions);
    std::size_t i = 0;
    for (auto const& label : labels) {
      double const weight = weights.empty() ? 1.0 : static_cast<double>(weights[i]);
      add(detail::is_positive(label), prediction[i], weight);
      ++i;
    }
  }
  /// Adds all that has been added to another. Throws summary_error if that has another number of
  /// thresholds.
  void merge(pr_curve_builder const& other) {
    if (other.thresholds() != thresholds())
      throw summary_error(detail::pr_curve_named("") + "of " + std::to_string(thresholds()) +
                          " thresholds cannot take in one of " +
                          std::to_string(other.thresholds()));
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      counts_[i].positive += other.counts_[i].positive;
      counts_[i].negative += other.counts_[i].negative;
    }
    count_ += other.count_;
    non_finite_ += other.non_finite_;
  }
  /// Forgets all, but keeps the memory.
  void clear() noexcept {
    std::fill(counts_.begin(), counts_.end(), label_counts{});
    count_ = 0;
    non_finite_ = 0;
  }

  std::size_t thresholds() const noexcept { return counts_.size(); }
  /// How many samples are in the curve.
  std::uint64_t count() const noexcept { return count_; }
  /// How many are not, of a prediction that is NaN, or a weight that is not finite.
  std::uint64_t non_finite() const noexcept { return non_finite_; }

  /// What summary::pr_curve writes: one number a threshold of true positives, then of false
  /// positives, true negatives, false negatives, precision, recall.
  std::vector<float> rows() const {
    std::size_t const size = counts_.size();
    label_counts all;
    for (std::size_t i = size; i-- > 0;) all += counts_[i];
    std::vector<float> rows(6 * size);
    label_counts here;  // of predictions that are no less than the threshold
    for (std::size_t i = size; i-- > 0;) {
      here += counts_[i];
      double const missed = all.positive - here.positive;
      double const row[] = {here.positive,
                            here.negative,
                            all.negative - here.negative,
                            missed,
                            share(here.positive, here.positive + here.negative),
                            share(here.positive, here.positive + missed)};
      for (std::size_t k = 0; k < 6; ++k) rows[k * size + i] = detail::to_pr_number(row[k]);
    }
    return rows;
  }

 private:
  struct label_counts {
    double positive = 0;
    double negative = 0;

    label_counts& operator+=(label_counts const& other) noexcept {
      positive += other.positive;
      negative += other.negative;
      return *this;
    }
  };

  static double share(double part, double whole) noexcept { return part / std::max(1e-7, whole); }

  std::vector<label_counts> counts_;  // of predictions from a threshold to the next
  std::uint64_t count_ = 0;
  std::uint64_t non_finite_ = 0;
};

}  // namespace trainlog::summary

#endif
