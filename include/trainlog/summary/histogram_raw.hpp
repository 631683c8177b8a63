// SPDX-License-Identifier: MIT
// summary::histogram_raw: buckets that somebody else has counted (docs/reference/summary.md).
#ifndef TRAINLOG_SUMMARY_HISTOGRAM_RAW_HPP
#define TRAINLOG_SUMMARY_HISTOGRAM_RAW_HPP

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "trainlog/detail/float_class.hpp"
#include "trainlog/summary/context.hpp"
#include "trainlog/summary/event.hpp"
#include "trainlog/summary/options.hpp"
#include "trainlog/summary/tensor.hpp"
#include "trainlog/summary/writer.hpp"

namespace trainlog::summary {

/// What SummaryWriter.add_histogram_raw of PyTorch takes. It refers to the buckets.
struct raw_histogram {
  double min = 0;  ///< of the values
  double max = 0;
  double num = 0;  ///< how many values there are
  double sum = 0;
  double sum_squares = 0;
  std::span<double const> bucket_limits{};  ///< the right edge of each bucket, ascending
  std::span<double const> bucket_counts{};
};

/// A raw_histogram, or a callable that returns one and is called only if something records. What it
/// refers to must outlive the call.
template <class T>
concept raw_histogram_value = std::same_as<detail::evaluated<T>, raw_histogram>;

}  // namespace trainlog::summary

namespace trainlog::detail {

inline void require_buckets(std::string_view name, summary::raw_histogram const& histogram) {
  auto const fail = [&](std::string const& why) {
    throw summary::summary_error("trainlog: the histogram '" + std::string(name) + "' " + why);
  };
  auto const limits = histogram.bucket_limits;
  auto const counts = histogram.bucket_counts;
  if (limits.size() != counts.size())
    fail("has " + std::to_string(limits.size()) + " limits of buckets, but " +
         std::to_string(counts.size()) + " counts");
  auto const good = [](double x) { return is_finite(x); };
  bool const all_good = good(histogram.min) && good(histogram.max) &&
                        std::all_of(limits.begin(), limits.end(), good) &&
                        std::all_of(counts.begin(), counts.end(), good);
  if (!all_good) fail("has an edge or a count that is NaN or infinite");
  if (!std::is_sorted(limits.begin(), limits.end())) fail("has limits that do not ascend");
}

/// Without the empty buckets at both ends, where TensorBoard's loaders see different edges.
inline summary::raw_histogram trimmed(summary::raw_histogram histogram) noexcept {
  auto& limits = histogram.bucket_limits;
  auto& counts = histogram.bucket_counts;
  while (!counts.empty() && counts.front() == 0) {
    limits = limits.subspan(1);
    counts = counts.subspan(1);
  }
  while (!counts.empty() && counts.back() == 0) {
    limits = limits.first(limits.size() - 1);
    counts = counts.first(counts.size() - 1);
  }
  return histogram;
}

/// A HistogramProto, as the value of a summary.
inline void append_histogram(std::string& out, summary::raw_histogram const& histogram,
                             std::size_t about) {
  append_proto_message(
      out, value_field::histogram,
      [&] {
        append_proto_double(out, 1, histogram.min);
        append_proto_double(out, 2, histogram.max);
        append_proto_double(out, 3, histogram.num);
        append_proto_double(out, 4, histogram.sum);
        append_proto_double(out, 5, histogram.sum_squares);
        append_proto_bytes(out, 6, number_bytes(histogram.bucket_limits));
        append_proto_bytes(out, 7, number_bytes(histogram.bucket_counts));
      },
      about);
}

template <class Value>
bool write_histogram_raw(writer_core* to, std::string_view name, Value&& value,
                         summary::event_step step, summary::op_options const& options) {
  if (to == nullptr) return false;
  auto const head = make_head(name, step, options.wall_time);
  summary::raw_histogram const all = detail::evaluate(value);
  require_buckets(name, all);
  auto const histogram = trimmed(all);
  summary::summary_metadata const metadata{.plugin_name = "histograms",
                                           .data_class = summary::data_class::tensor,
                                           .display_name = options.display_name,
                                           .description = options.description};
  std::size_t const about = 2 * histogram.bucket_limits.size_bytes();
  return to->write_value(
      head, make_tag(name), metadata,
      [&](std::string& out) { append_histogram(out, histogram, about); }, about);
}

}  // namespace trainlog::detail

namespace trainlog::summary {

/// Writes buckets of any widths, in the form that PyTorch and older programs write and read; empty
/// ones at both ends are left out. The first begins at min, and TensorBoard ends the last one at
/// max, all as float32. Returns and throws as scalar does, and
/// summary_error for another number of counts than of limits, limits that do not ascend, and
/// edges and counts that are not finite.
template <raw_histogram_value Value>
bool histogram_raw(writer const& to, std::string_view name, Value&& histogram, event_step step = {},
                   op_options const& options = {}) {
  return detail::write_histogram_raw(detail::recording(to.core()), name, histogram, step, options);
}

/// The same, to this thread's default writer.
template <raw_histogram_value Value>
bool histogram_raw(std::string_view name, Value&& histogram, event_step step = {},
                   op_options const& options = {}) {
  return detail::write_histogram_raw(detail::recording(detail::this_thread_summary.writer), name,
                                     histogram, step, options);
}

}  // namespace trainlog::summary

#endif
