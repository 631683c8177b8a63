// SPDX-License-Identifier: MIT
// summary::pr_curve: precision and recall by threshold (docs/reference/summary.md).
#ifndef TRAINLOG_SUMMARY_PR_CURVE_HPP
#define TRAINLOG_SUMMARY_PR_CURVE_HPP

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "trainlog/summary/context.hpp"
#include "trainlog/summary/event.hpp"
#include "trainlog/summary/non_finite.hpp"
#include "trainlog/summary/options.hpp"
#include "trainlog/summary/pr_curve_builder.hpp"
#include "trainlog/summary/tensor.hpp"
#include "trainlog/summary/writer.hpp"

namespace trainlog::summary {

struct pr_curve_options {
  std::size_t thresholds = 201;       ///< at equal distances from 0 to 1; 2 to 1048576
  std::span<float const> weights{};   ///< one a sample; if empty, each counts 1
  std::string_view description{};     ///< markdown, shown beside the curve
  std::string_view display_name{};    ///< shown instead of the tag
  std::optional<double> wall_time{};  ///< seconds since 1970; now if not given, or not finite
};

/// A curve that somebody else has computed: a number a threshold, of thresholds at equal distances
/// from 0 to 1. It refers to the numbers.
struct raw_pr_curve {
  std::span<double const> true_positives{};
  std::span<double const> false_positives{};
  std::span<double const> true_negatives{};
  std::span<double const> false_negatives{};
  std::span<double const> precision{};
  std::span<double const> recall{};
};

/// Labels, or a callable that returns them: bools, or numbers of which those above 0 are positive.
template <class T>
concept pr_labels = detail::label_range<detail::evaluated<T>>;
/// Contiguous floats or doubles of [0, 1], or a callable that returns them.
template <class T>
concept pr_predictions = detail::float_span<detail::evaluated<T>>;
/// A pr_curve_builder, or a callable that returns one.
template <class T>
concept pr_curve_value = std::same_as<detail::evaluated<T>, pr_curve_builder>;
/// A raw_pr_curve, or a callable that returns one. What it refers to must outlive the call.
template <class T>
concept raw_pr_curve_value = std::same_as<detail::evaluated<T>, raw_pr_curve>;

}  // namespace trainlog::summary

namespace trainlog::detail {

template <class Options>
bool write_pr_rows(writer_core& to, event_head const& head, std::string_view name,
                   std::vector<float> const& rows, std::uint64_t non_finite,
                   Options const& options) {
  std::size_t const thresholds = rows.size() / 6;
  std::string content;  // a PrCurvePluginData
  append_proto_varint(content, 2, thresholds);
  summary::summary_metadata const metadata{.plugin_name = "pr_curves",
                                           .content = content,
                                           .data_class = summary::data_class::tensor,
                                           .display_name = options.display_name,
                                           .description = options.description};
  std::int64_t const shape[] = {6, static_cast<std::int64_t>(thresholds)};
  auto const bytes = number_bytes(rows);
  return to.write_values(
      head,
      [&](value_writer& values) {
        values.add(
            make_tag(name), metadata,
            [&](std::string& out) {
              append_number_tensor(out, summary::data_type::float32, shape, bytes);
            },
            bytes.size());
        add_non_finite(values, name, non_finite);
      },
      bytes.size());
}

template <class Labels, class Predictions>
bool write_pr_curve(writer_core* to, std::string_view name, Labels&& labels,
                    Predictions&& predictions, summary::event_step step,
                    summary::pr_curve_options const& options) {
  if (to == nullptr) return false;
  auto const head = make_head(name, step, options.wall_time);
  require_thresholds(name, options.thresholds);
  auto const& truth = detail::evaluate(labels);
  auto const& guesses = detail::evaluate(predictions);
  std::size_t const size = std::size(truth);
  require_pr_counts(name, size, std::size(guesses),
                    options.weights.empty() ? size : options.weights.size());
  summary::pr_curve_builder builder(options.thresholds);
  builder.add(truth, guesses, options.weights);
  return write_pr_rows(*to, head, name, builder.rows(), builder.non_finite(), options);
}

template <class Value>
bool write_pr_builder(writer_core* to, std::string_view name, Value&& value,
                      summary::event_step step, summary::op_options const& options) {
  if (to == nullptr) return false;
  auto const head = make_head(name, step, options.wall_time);
  summary::pr_curve_builder const& builder = detail::evaluate(value);
  return write_pr_rows(*to, head, name, builder.rows(), builder.non_finite(), options);
}

inline std::vector<float> make_pr_rows(std::string_view name, summary::raw_pr_curve const& raw) {
  std::array const rows{raw.true_positives,  raw.false_positives, raw.true_negatives,
                        raw.false_negatives, raw.precision,       raw.recall};
  std::vector<float> numbers;
  require_thresholds(name, rows[0].size());
  for (auto const& row : rows) {
    if (row.size() != rows[0].size())
      throw summary::summary_error(pr_curve_named(name) + "has " + std::to_string(row.size()) +
                                   " numbers of a kind, but " + std::to_string(rows[0].size()) +
                                   " of true positives");
    for (double const each : row) numbers.push_back(to_pr_number(each));
  }
  return numbers;
}

template <class Value>
bool write_raw_pr_curve(writer_core* to, std::string_view name, Value&& value,
                        summary::event_step step, summary::op_options const& options) {
  if (to == nullptr) return false;
  auto const head = make_head(name, step, options.wall_time);
  auto const rows = make_pr_rows(name, detail::evaluate(value));
  return write_pr_rows(*to, head, name, rows, 0, options);
}

}  // namespace trainlog::detail

namespace trainlog::summary {

/// Writes the precision and recall of a classifier of two classes at each threshold, as TensorBoard
/// computes them. Predictions beyond [0, 1] are clamped; those that are NaN, or of a weight that is
/// not finite, are left out, and how many these are is written beside, as the scalar
/// "NAME/non_finite", if there are any. Callables are called only if something records. Returns and
/// throws as scalar does, and summary_error unless there are as many predictions, and weights if
/// any, as labels.
///   summary::pr_curve("digit 3", is_three, probability, step);
template <pr_labels Labels, pr_predictions Predictions>
bool pr_curve(writer const& to, std::string_view name, Labels&& labels, Predictions&& predictions,
              event_step step = {}, pr_curve_options const& options = {}) {
  return detail::write_pr_curve(detail::recording(to.core()), name, labels, predictions, step,
                                options);
}

/// The same, to this thread's default writer.
template <pr_labels Labels, pr_predictions Predictions>
bool pr_curve(std::string_view name, Labels&& labels, Predictions&& predictions,
              event_step step = {}, pr_curve_options const& options = {}) {
  return detail::write_pr_curve(detail::recording(detail::this_thread_summary.writer), name, labels,
                                predictions, step, options);
}

/// Writes the curve of samples that were added to a builder. Returns and throws as scalar does.
template <pr_curve_value Value>
bool pr_curve(writer const& to, std::string_view name, Value&& builder, event_step step = {},
              op_options const& options = {}) {
  return detail::write_pr_builder(detail::recording(to.core()), name, builder, step, options);
}

/// The same, to this thread's default writer.
template <pr_curve_value Value>
bool pr_curve(std::string_view name, Value&& builder, event_step step = {},
              op_options const& options = {}) {
  return detail::write_pr_builder(detail::recording(detail::this_thread_summary.writer), name,
                                  builder, step, options);
}

/// Writes a curve that somebody else has computed, as float32; NaN and infinities, of which
/// TensorBoard makes no curve, as 0. Returns and throws as scalar does, and
/// summary_error unless there are as many numbers of each kind, 2 to 1048576.
template <raw_pr_curve_value Value>
bool pr_curve_raw(writer const& to, std::string_view name, Value&& curve, event_step step = {},
                  op_options const& options = {}) {
  return detail::write_raw_pr_curve(detail::recording(to.core()), name, curve, step, options);
}

/// The same, to this thread's default writer.
template <raw_pr_curve_value Value>
bool pr_curve_raw(std::string_view name, Value&& curve, event_step step = {},
                  op_options const& options = {}) {
  return detail::write_raw_pr_curve(detail::recording(detail::this_thread_summary.writer), name,
                                    curve, step, options);
}

}  // namespace trainlog::summary

#endif
