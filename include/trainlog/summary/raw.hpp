// SPDX-License-Identifier: MIT
// summary::write_raw: summaries that somebody else has encoded (docs/reference/summary.md).
#ifndef TRAINLOG_SUMMARY_RAW_HPP
#define TRAINLOG_SUMMARY_RAW_HPP

#include <optional>
#include <string>
#include <string_view>

#include "trainlog/detail/protobuf.hpp"
#include "trainlog/detail/utf8.hpp"
#include "trainlog/summary/context.hpp"
#include "trainlog/summary/event.hpp"
#include "trainlog/summary/event_message.hpp"
#include "trainlog/summary/options.hpp"
#include "trainlog/summary/writer.hpp"

namespace trainlog::detail {

/// True if nobody's parser refuses these bytes as a Summary: its values are messages, as is what
/// they hold, and their texts are UTF-8.
inline bool is_summary(std::string_view encoded) noexcept {
  if (!has_good_values(encoded)) return false;
  for (auto const& value : summary::event_values(encoded)) {
    auto const& metadata = value.metadata;
    for (auto const text :
         {value.tag, metadata.plugin_name, metadata.display_name, metadata.description}) {
      if (!is_valid_utf8(text)) return false;
    }
    if (!is_proto_message(value.content)) return false;
  }
  return true;
}

inline bool write_raw(writer_core* to, std::string_view encoded, summary::event_step step,
                      std::optional<double> wall_time) {
  if (to == nullptr) return false;
  auto const head = make_head("write_raw", step, wall_time);
  if (!is_summary(encoded))
    throw summary::summary_error("trainlog: write_raw was given bytes that are no Summary");
  return to->write_event(
      head, [&](std::string& out) { append_proto_bytes(out, event_field::summary, encoded); });
}

}  // namespace trainlog::detail

namespace trainlog::summary {

/// Writes an encoded tensorflow.Summary as it is; no name scope applies to its tags. Returns and
/// throws as scalar does; summary_error also if the bytes are no Summary, because readers would
/// refuse the rest of the file.
inline bool write_raw(writer const& to, std::string_view encoded, event_step step = {},
                      event_options const& options = {}) {
  return detail::write_raw(detail::recording(to.core()), encoded, step, options.wall_time);
}

/// The same, to this thread's default writer.
inline bool write_raw(std::string_view encoded, event_step step = {},
                      event_options const& options = {}) {
  return detail::write_raw(detail::recording(detail::this_thread_summary.writer), encoded, step,
                           options.wall_time);
}

}  // namespace trainlog::summary

#endif
