// SPDX-License-Identifier: MIT
// summary::keras_model: a model as Keras describes it (docs/reference/summary.md).
#ifndef TRAINLOG_SUMMARY_KERAS_MODEL_HPP
#define TRAINLOG_SUMMARY_KERAS_MODEL_HPP

#include <array>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include "trainlog/detail/utf8.hpp"
#include "trainlog/summary/context.hpp"
#include "trainlog/summary/event.hpp"
#include "trainlog/summary/options.hpp"
#include "trainlog/summary/writer.hpp"

namespace trainlog::summary {

/// A text, or a callable that returns one and is called only if something records.
template <class T>
concept keras_model_value = std::convertible_to<detail::evaluated<T> const&, std::string_view>;

}  // namespace trainlog::summary

namespace trainlog::detail {

template <class Value>
bool write_keras_model(writer_core* to, std::string_view name, Value&& value,
                       summary::event_step step, summary::op_options const& options) {
  if (to == nullptr) return false;
  auto const head = make_head(name, step, options.wall_time);
  std::array<std::string, 1> json;
  append_utf8_sanitized(json[0], detail::evaluate(value));
  // TensorBoard ignores the tag without that content, the version.
  summary::summary_metadata const metadata{.plugin_name = "graph_keras_model",
                                           .content = "1",
                                           .data_class = summary::data_class::blob_sequence,
                                           .display_name = options.display_name,
                                           .description = options.description};
  static constexpr std::array<std::int64_t, 1> one{1};
  return to->write_value(
      head, make_tag(name), metadata,
      [&](std::string& out) { append_string_tensor(out, one, json, json[0].size()); },
      json[0].size());
}

}  // namespace trainlog::detail

namespace trainlog::summary {

/// Writes what model.to_json() of Keras returns, which TensorBoard shows as the conceptual graph of
/// that name. The text is not looked at. Returns and throws as scalar does.
template <keras_model_value Value>
bool keras_model(writer const& to, std::string_view name, Value&& json, event_step step = {},
                 op_options const& options = {}) {
  return detail::write_keras_model(detail::recording(to.core()), name, json, step, options);
}

/// The same, to this thread's default writer.
template <keras_model_value Value>
bool keras_model(std::string_view name, Value&& json, event_step step = {},
                 op_options const& options = {}) {
  return detail::write_keras_model(detail::recording(detail::this_thread_summary.writer), name,
                                   json, step, options);
}

}  // namespace trainlog::summary

#endif
