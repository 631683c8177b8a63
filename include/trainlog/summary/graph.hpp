// SPDX-License-Identifier: MIT
// summary::graph: what a model is made of (docs/reference/summary.md).
#ifndef TRAINLOG_SUMMARY_GRAPH_HPP
#define TRAINLOG_SUMMARY_GRAPH_HPP

#include <concepts>
#include <string>
#include <string_view>

#include "trainlog/detail/protobuf.hpp"
#include "trainlog/summary/context.hpp"
#include "trainlog/summary/event.hpp"
#include "trainlog/summary/graph_builder.hpp"
#include "trainlog/summary/options.hpp"
#include "trainlog/summary/wall_time.hpp"
#include "trainlog/summary/writer.hpp"

namespace trainlog::summary {

/// An encoded tensorflow.GraphDef, a graph_builder, or a callable that returns one and is called
/// only if something records.
template <class T>
concept graph_value = std::convertible_to<detail::evaluated<T> const&, std::string_view> ||
                      std::same_as<detail::evaluated<T>, graph_builder>;

}  // namespace trainlog::summary

namespace trainlog::detail {

inline std::string encoded_graph(summary::graph_builder const& graph) { return graph.encode(); }
inline std::string_view encoded_graph(std::string_view graph) noexcept { return graph; }

/// Whether the bytes can be a GraphDef: a message, the nodes of which are messages.
inline bool is_graph_def(std::string_view bytes) noexcept {
  proto_reader reader(bytes);
  for (proto_field field; reader.next(field);) {
    if (field.number == 1 && (field.type != proto_type::bytes || !is_proto_message(field.bytes)))
      return false;
  }
  return !reader.is_malformed();
}

template <class Value>
bool write_graph(writer_core* to, Value&& value, summary::event_options const& options) {
  if (to == nullptr) return false;
  auto const& graph = detail::evaluate(value);
  auto const& encoded = detail::encoded_graph(graph);
  if (encoded.empty()) throw summary::summary_error("trainlog: the graph has no nodes");
  if (!is_graph_def(encoded))
    throw summary::summary_error("trainlog: the graph has " + std::to_string(encoded.size()) +
                                 " bytes that are no GraphDef");
  return to->write_event({wall_time_or_now(options.wall_time), 0}, [&](std::string& out) {
    append_proto_bytes(out, event_field::graph_def, encoded);
  });
}

}  // namespace trainlog::detail

namespace trainlog::summary {

/// Writes the graph of a run, which has one: it takes no name and no step. Returns as scalar does.
/// Throws, only if something records, summary_error for bytes that are no GraphDef, a graph without
/// nodes, and what graph_builder::encode throws for.
template <graph_value Value>
bool graph(writer const& to, Value&& value, event_options const& options = {}) {
  return detail::write_graph(detail::recording(to.core()), value, options);
}

/// The same, to this thread's default writer.
template <graph_value Value>
bool graph(Value&& value, event_options const& options = {}) {
  return detail::write_graph(detail::recording(detail::this_thread_summary.writer), value, options);
}

}  // namespace trainlog::summary

#endif
