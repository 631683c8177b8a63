// SPDX-License-Identifier: MIT
// A graph of named ops, made here, without TensorFlow (graph.proto, node_def.proto,
// attr_value.proto).
#ifndef TRAINLOG_SUMMARY_GRAPH_BUILDER_HPP
#define TRAINLOG_SUMMARY_GRAPH_BUILDER_HPP

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#include "trainlog/detail/protobuf.hpp"
#include "trainlog/detail/standard_integer.hpp"
#include "trainlog/summary/event.hpp"
#include "trainlog/summary/options.hpp"
#include "trainlog/summary/shape.hpp"

namespace trainlog::summary {

/// An attribute of a node: a bool, a number, a text, a type or a shape. A character is none of
/// them. Integers beyond int64 are its largest value; other numbers are kept as float32.
class graph_attribute {
 public:
  template <std::same_as<bool> Bool>
  graph_attribute(Bool value) noexcept : value_(value) {}  // NOLINT(google-explicit-constructor)
  template <detail::standard_integer Integer>
  graph_attribute(Integer value) noexcept  // NOLINT(google-explicit-constructor)
      : value_(detail::clamp_to_int64(value)) {}
  template <std::floating_point Number>
  graph_attribute(Number value) noexcept  // NOLINT(google-explicit-constructor)
      : value_(static_cast<float>(value)) {}
  template <std::convertible_to<std::string_view> Text>
  graph_attribute(Text const& text)  // NOLINT(google-explicit-constructor)
      : value_(std::string(std::string_view(text))) {}
  graph_attribute(data_type type) noexcept  // NOLINT(google-explicit-constructor)
      : value_(type) {}
  graph_attribute(summary::shape const& shape)  // NOLINT(google-explicit-constructor)
      : value_(shape) {}

  auto const& get() const noexcept { return value_; }

 private:
  std::variant<bool, std::int64_t, float, std::string, data_type, summary::shape> value_;
};

/// A node of a graph. Names are "encoder/dense": TensorBoard groups by what stands before a slash.
struct graph_node {
  std::string name;
  std::string op;  ///< what it does: "MatMul"
  /// Whose outputs it takes, in order: "x", or "x:1" for the second output of x.
  std::vector<std::string> inputs{};
  std::vector<std::string> control_inputs{};  ///< what must have run before it
  std::string device{};                       ///< "/device:GPU:0"
  /// The shapes of its outputs, which TensorBoard shows at the edges; -1 is a size that is not
  /// known.
  std::vector<std::vector<shape_size>> output_shapes{};
  std::map<std::string, graph_attribute> attributes{};
};

}  // namespace trainlog::summary

namespace trainlog::detail {

// ---- each appends the fields of an AttrValue

inline void append_graph_value(std::string& out, bool value) {
  append_proto_varint(out, 5, value ? 1 : 0);
}
inline void append_graph_value(std::string& out, std::int64_t value) {
  append_proto_int(out, 3, value);
}
inline void append_graph_value(std::string& out, float value) { append_proto_float(out, 4, value); }
inline void append_graph_value(std::string& out, std::string const& value) {
  append_proto_text(out, 2, value);
}
inline void append_graph_value(std::string& out, summary::data_type value) {
  append_proto_varint(out, 6, static_cast<std::uint64_t>(value));
}
inline void append_graph_value(std::string& out, summary::shape const& value) {
  append_proto_message(out, 7, [&] { append_tensor_shape(out, value.sizes()); });
}
inline void append_graph_value(std::string& out,
                               std::vector<std::vector<summary::shape_size>> const& shapes) {
  append_proto_message(out, 1, [&] {
    for (auto const& shape : shapes)
      append_proto_message(out, 7, [&] { append_tensor_shape(out, shape); });
  });
}

template <class Value>
void append_graph_attribute(std::string& out, std::string_view name, Value const& value) {
  append_proto_message(out, 5, [&] {
    append_proto_text(out, 1, name);
    append_proto_message(out, 2, [&] { append_graph_value(out, value); });
  });
}

/// Appends the fields of a NodeDef.
inline void append_graph_node(std::string& out, summary::graph_node const& node) {
  append_proto_text(out, 1, node.name);
  append_proto_text(out, 2, node.op);
  for (auto const& input : node.inputs) append_proto_text(out, 3, input);
  for (auto const& input : node.control_inputs) append_proto_text(out, 3, "^" + input);
  if (!node.device.empty()) append_proto_text(out, 4, node.device);
  if (!node.output_shapes.empty())
    append_graph_attribute(out, "_output_shapes", node.output_shapes);
  for (auto const& each : node.attributes) {
    std::visit([&](auto const& value) { append_graph_attribute(out, each.first, value); },
               each.second.get());
  }
}

/// "x" of "x:1", which is the second output of x.
inline std::string_view node_of_input(std::string_view input) noexcept {
  auto const colon = input.find(':');
  if (colon == std::string_view::npos) return input;
  auto const output = input.substr(colon + 1);
  bool const is_number = !output.empty() && std::all_of(output.begin(), output.end(), [](char c) {
    return c >= '0' && c <= '9';
  });
  return is_number ? input.substr(0, colon) : input;
}

}  // namespace trainlog::detail

namespace trainlog::summary {

/// A graph that is put together node by node.
///   summary::graph_builder net;
///   net.add({.name = "x", .op = "Placeholder", .output_shapes = {{-1, 784}}});
///   net.add({.name = "dense/out", .op = "MatMul", .inputs = {"x", "dense/kernel"}});
class graph_builder {
 public:
  /// Adds a node. Nodes may take their inputs from nodes that are added later, and in cycles.
  /// Throws summary_error for a name that is empty or taken, or has a ':' or a '^', which mean
  /// something in inputs.
  graph_builder& add(graph_node node) {
    if (node.name.empty()) throw summary_error("trainlog: a node of a graph has no name");
    if (node.name.find_first_of(":^") != std::string::npos)
      throw summary_error("trainlog: the node '" + node.name + "' has a ':' or '^' in its name");
    if (!names_.insert(node.name).second)
      throw summary_error("trainlog: the graph has two nodes '" + node.name + "'");
    nodes_.push_back(std::move(node));
    return *this;
  }

  /// The GraphDef. Throws summary_error for an input of no node of the graph.
  std::string encode() const {
    std::string out;
    for (auto const& node : nodes_) {
      for (auto const& input : node.inputs) require_node(node, detail::node_of_input(input));
      for (auto const& input : node.control_inputs) require_node(node, input);
      detail::append_proto_message(out, 1, [&] { detail::append_graph_node(out, node); });
    }
    return out;
  }

 private:
  void require_node(graph_node const& node, std::string_view input) const {
    if (!names_.contains(std::string(input)))
      throw summary_error("trainlog: the node '" + node.name + "' has the input '" +
                          std::string(input) + "', which is no node of the graph");
  }

  std::vector<graph_node> nodes_;
  std::unordered_set<std::string> names_;
};

}  // namespace trainlog::summary

#endif
