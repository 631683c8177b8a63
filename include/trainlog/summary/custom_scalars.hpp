// SPDX-License-Identifier: MIT
// summary::custom_scalars: which scalars share a chart (docs/reference/summary.md;
// tensorboard/plugins/custom_scalar/layout.proto).
#ifndef TRAINLOG_SUMMARY_CUSTOM_SCALARS_HPP
#define TRAINLOG_SUMMARY_CUSTOM_SCALARS_HPP

#include <array>
#include <string>
#include <variant>
#include <vector>

#include "trainlog/summary/context.hpp"
#include "trainlog/summary/event.hpp"
#include "trainlog/summary/options.hpp"
#include "trainlog/summary/wall_time.hpp"
#include "trainlog/summary/writer.hpp"

namespace trainlog::summary {

/// Several scalars in one chart.
struct multiline_chart {
  std::string title;
  std::vector<std::string> tags;  ///< regular expressions of tags
};

/// A scalar between two others. The three are tags.
struct margin_series {
  std::string value;
  std::string lower;
  std::string upper;
};

/// Scalars with their margins.
struct margin_chart {
  std::string title;
  std::vector<margin_series> series;
};

/// Charts that are shown together.
struct chart_category {
  std::string title;
  std::vector<std::variant<multiline_chart, margin_chart>> charts;
  bool closed = false;  ///< whether it is folded up at first
};

using chart_layout = std::vector<chart_category>;

}  // namespace trainlog::summary

namespace trainlog::detail {

inline void append_chart(std::string& out, summary::multiline_chart const& chart) {
  append_proto_text(out, 1, chart.title);
  append_proto_message(out, 2, [&] {
    for (auto const& tag : chart.tags) append_proto_text(out, 1, tag);
  });
}

inline void append_chart(std::string& out, summary::margin_chart const& chart) {
  append_proto_text(out, 1, chart.title);
  append_proto_message(out, 3, [&] {
    for (auto const& each : chart.series) {
      append_proto_message(out, 1, [&] {
        append_proto_text(out, 1, each.value);
        append_proto_text(out, 2, each.lower);
        append_proto_text(out, 3, each.upper);
      });
    }
  });
}

inline void append_chart_category(std::string& out, summary::chart_category const& category) {
  append_proto_text(out, 1, category.title);
  for (auto const& any : category.charts) {
    append_proto_message(
        out, 2, [&] { std::visit([&](auto const& chart) { append_chart(out, chart); }, any); });
  }
  if (category.closed) append_proto_varint(out, 3, 1);
}

inline bool write_chart_layout(writer_core* to, summary::chart_layout const& layout,
                               summary::event_options const& options) {
  if (to == nullptr) return false;
  std::array<std::string, 1> encoded;
  for (auto const& category : layout) {
    append_proto_message(encoded[0], 2, [&] { append_chart_category(encoded[0], category); });
  }
  summary::summary_metadata const metadata{.plugin_name = "custom_scalars",
                                           .data_class = summary::data_class::tensor};
  event_head const head{wall_time_or_now(options.wall_time), 0};
  return to->write_value(head, {"", "custom_scalars__config__"}, metadata,
                         [&](std::string& out) { append_string_tensor(out, {}, encoded); });
}

}  // namespace trainlog::detail

namespace trainlog::summary {

/// Writes which scalars TensorBoard shows together in its custom scalars dashboard. Once a run:
/// what was written last counts, and categories of the same title of several runs are merged.
/// Returns as scalar does.
inline bool custom_scalars(writer const& to, chart_layout const& layout,
                           event_options const& options = {}) {
  return detail::write_chart_layout(detail::recording(to.core()), layout, options);
}
inline bool custom_scalars(chart_layout const& layout, event_options const& options = {}) {
  return detail::write_chart_layout(detail::recording(detail::this_thread_summary.writer), layout,
                                    options);
}

}  // namespace trainlog::summary

#endif
