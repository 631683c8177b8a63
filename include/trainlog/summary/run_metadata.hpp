// SPDX-License-Identifier: MIT
// summary::run_metadata: what a profiler has measured of a graph (docs/reference/summary.md).
#ifndef TRAINLOG_SUMMARY_RUN_METADATA_HPP
#define TRAINLOG_SUMMARY_RUN_METADATA_HPP

#include <concepts>
#include <string>
#include <string_view>

#include "trainlog/detail/protobuf.hpp"
#include "trainlog/summary/context.hpp"
#include "trainlog/summary/event.hpp"
#include "trainlog/summary/options.hpp"
#include "trainlog/summary/writer.hpp"

namespace trainlog::summary {

/// An encoded tensorflow.RunMetadata, or a callable that returns one and is called only if
/// something records.
template <class T>
concept run_metadata_value = std::convertible_to<detail::evaluated<T> const&, std::string_view>;

}  // namespace trainlog::summary

namespace trainlog::detail {

template <class Value>
bool write_run_metadata(writer_core* to, std::string_view name, Value&& value,
                        summary::event_step step, summary::event_options const& options) {
  if (to == nullptr) return false;
  auto const head = make_head(name, step, options.wall_time);
  auto const& metadata = detail::evaluate(value);
  std::string_view const encoded = metadata;
  if (!is_proto_message(encoded))
    throw summary::summary_error("trainlog: the run metadata '" + std::string(name) + "' have " +
                                 std::to_string(encoded.size()) + " bytes that are no message");
  return to->write_event(head, [&](std::string& out) {
    append_proto_message(out, event_field::tagged_run_metadata, [&] {
      append_summary_tag(out, make_tag(name));  // which has the same number here
      append_proto_bytes(out, 2, encoded);
    });
  });
}

}  // namespace trainlog::detail

namespace trainlog::summary {

/// Writes an encoded tensorflow.RunMetadata, as it is: times and memory of the nodes of the run's
/// graph, by which TensorBoard colors it. Returns and throws as scalar does, and summary_error for
/// bytes that are no message.
template <run_metadata_value Value>
bool run_metadata(writer const& to, std::string_view name, Value&& value, event_step step = {},
                  event_options const& options = {}) {
  return detail::write_run_metadata(detail::recording(to.core()), name, value, step, options);
}

/// The same, to this thread's default writer.
template <run_metadata_value Value>
bool run_metadata(std::string_view name, Value&& value, event_step step = {},
                  event_options const& options = {}) {
  return detail::write_run_metadata(detail::recording(detail::this_thread_summary.writer), name,
                                    value, step, options);
}

}  // namespace trainlog::summary

#endif
