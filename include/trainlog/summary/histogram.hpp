// SPDX-License-Identifier: MIT
// summary::histogram: how numbers are distributed (docs/reference/summary.md).
#ifndef TRAINLOG_SUMMARY_HISTOGRAM_HPP
#define TRAINLOG_SUMMARY_HISTOGRAM_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "trainlog/summary/context.hpp"
#include "trainlog/summary/equal_buckets.hpp"
#include "trainlog/summary/event.hpp"
#include "trainlog/summary/histogram_builder.hpp"
#include "trainlog/summary/non_finite.hpp"
#include "trainlog/summary/number_blocks.hpp"
#include "trainlog/summary/options.hpp"
#include "trainlog/summary/tensor.hpp"
#include "trainlog/summary/writer.hpp"

namespace trainlog::summary {

struct histogram_options {
  std::size_t buckets = 30;           ///< how many, of equal width; 1048576 at most
  std::string_view description{};     ///< markdown, shown beside the histogram
  std::string_view display_name{};    ///< shown instead of the tag
  std::optional<double> wall_time{};  ///< seconds since 1970; now if not given, or not finite
};

/// Contiguous numbers (bool, any integer, float, double) in a vector, array, span or C array of any
/// dimensions; a histogram_builder; or a callable that returns one of these and is called only if
/// something records.
template <class T>
concept histogram_value =
    detail::number_span<detail::evaluated<T>> || detail::number_array<detail::evaluated<T>> ||
    std::same_as<detail::evaluated<T>, histogram_builder>;

}  // namespace trainlog::summary

namespace trainlog::detail {

/// A histogram as TensorBoard stores it.
struct histogram_rows {
  std::vector<double> numbers;  ///< left edge, right edge, count; and the next bucket
  std::size_t non_finite = 0;   ///< what is in no bucket
};

inline void require_buckets(std::string_view name, std::size_t buckets) {
  constexpr std::size_t most = std::size_t{1} << 20U;
  if (buckets <= most) return;
  throw summary::summary_error("trainlog: the histogram '" + std::string(name) + "' of " +
                               std::to_string(buckets) + " buckets: at most " +
                               std::to_string(most));
}

/// Without numbers, rows of zeros.
template <class Values>
histogram_rows make_histogram_rows(Values const& values, std::size_t buckets) {
  auto const numbers = flatten(values);
  value_range range;
  std::size_t const non_finite =
      for_each_block(numbers, [&](number_block const& block) { range.add(block); });
  if (range.is_empty() || buckets == 0) return {std::vector<double>(3 * buckets), non_finite};
  equal_buckets counted(range, buckets);
  for_each_block(numbers, [&](number_block const& block) { counted.add(block); });
  return {counted.rows(), non_finite};
}

inline histogram_rows make_histogram_rows(summary::histogram_builder const& values,
                                          std::size_t buckets) {
  return {values.rows(buckets), values.non_finite()};
}

inline bool write_histogram_rows(writer_core& to, event_head const& head, std::string_view name,
                                 histogram_rows const& rows,
                                 summary::histogram_options const& options) {
  auto const content = number_bytes(rows.numbers);
  std::int64_t const shape[] = {static_cast<std::int64_t>(rows.numbers.size() / 3), 3};
  summary::summary_metadata const metadata{.plugin_name = "histograms",
                                           .data_class = summary::data_class::tensor,
                                           .display_name = options.display_name,
                                           .description = options.description};
  return to.write_values(
      head,
      [&](value_writer& values) {
        values.add(
            make_tag(name), metadata,
            [&](std::string& out) {
              append_number_tensor(out, summary::data_type::float64, shape, content);
            },
            content.size());
        add_non_finite(values, name, rows.non_finite);
      },
      content.size());
}

template <class Value>
bool write_histogram(writer_core* to, std::string_view name, Value&& value,
                     summary::event_step step, summary::histogram_options const& options) {
  if (to == nullptr) return false;
  auto const head = make_head(name, step, options.wall_time);
  require_buckets(name, options.buckets);
  auto const rows = make_histogram_rows(detail::evaluate(value), options.buckets);
  return write_histogram_rows(*to, head, name, rows, options);
}

}  // namespace trainlog::detail

namespace trainlog::summary {

/// Writes how many of the values are in each of some buckets of equal width between the smallest
/// and the largest of them, as TensorBoard does: a value on an edge is in the bucket on its right,
/// the largest one in the last. NaN and infinities are in none; how many there are is written
/// beside, as the scalar "NAME/non_finite", if there are any. The values are gone through twice, at
/// about two nanoseconds each, and not copied. Returns and throws as scalar does, and summary_error
/// for too many buckets. Numbers that are never in one place go into a histogram_builder first.
///   summary::histogram("dense/kernel", weights, step);
template <histogram_value Value>
bool histogram(writer const& to, std::string_view name, Value&& values, event_step step = {},
               histogram_options const& options = {}) {
  return detail::write_histogram(detail::recording(to.core()), name, values, step, options);
}

/// The same, to this thread's default writer.
template <histogram_value Value>
bool histogram(std::string_view name, Value&& values, event_step step = {},
               histogram_options const& options = {}) {
  return detail::write_histogram(detail::recording(detail::this_thread_summary.writer), name,
                                 values, step, options);
}

}  // namespace trainlog::summary

#endif
