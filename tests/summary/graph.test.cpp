// SPDX-License-Identifier: MIT
#include <cstdint>
#include <string>
#include <type_traits>

#include <trainlog/summary/graph.hpp>

#include "catch.hpp"
#include "log/temporary_directory.hpp"
#include "summary/event_files.hpp"

using namespace trainlog;
using namespace summary_test;
using writer_test::temporary_directory;

namespace {

template <class Value>
std::string message_of(Value const& graph) {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  try {
    summary::graph(writer, graph);
  } catch (summary::summary_error const& problem) {
    CHECK(events_in(directory.path()).empty());
    return problem.what();
  }
  return "nothing thrown";
}

std::string message_of_adding(summary::graph_node const& node) {
  summary::graph_builder graph;
  graph.add({.name = "x", .op = "Op"});
  try {
    graph.add(node);
  } catch (summary::summary_error const& problem) {
    return problem.what();
  }
  return "nothing thrown";
}

/// The attribute of the only node.
std::string attribute(summary::graph_attribute const& value) {
  summary::graph_builder graph;
  graph.add({.name = "x", .op = "Op", .attributes = {{"a", value}}});
  auto const encoded = graph.encode();
  auto const entry = find_field(find_field(encoded, 1).bytes, 5).bytes;
  return std::string(find_field(entry, 2).bytes);
}

}  // namespace

// The bytes are those of TensorFlow's own messages.
TEST_CASE("a graph is an event without a step, to the byte") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  summary::graph_builder graph;
  graph
      .add({.name = "x",
            .op = "Placeholder",
            .device = "/device:CPU:0",
            .output_shapes = {{-1, 4}, {}},
            .attributes = {{"dtype", summary::data_type::float32}}})
      .add({.name = "d/y",
            .op = "Relu",
            .inputs = {"x:1", "d/y"},
            .control_inputs = {"x"},
            .attributes = {{"alpha", 0.5},
                           {"n", -1},
                           {"on", false},
                           {"shape", summary::shape{2, 0}},
                           {"text", "t"}}});
  REQUIRE(summary::graph(writer, graph, {.wall_time = 1.5}));
  auto const expected = unhex(
      "09 00 00 00 00 00 00 f8 3f 22 c0 01 0a 57 0a 01 78 12 0b 50 6c 61 63 65 68 6f 6c 64 "
      "65 72 22 0d 2f 64 65 76 69 63 65 3a 43 50 55 3a 30 2a 29 0a 0e 5f 6f 75 74 70 75 74 "
      "5f 73 68 61 70 65 73 12 17 0a 15 3a 11 12 0b 08 ff ff ff ff ff ff ff ff ff 01 12 02 "
      "08 04 3a 00 2a 0b 0a 05 64 74 79 70 65 12 02 30 01 0a 65 0a 03 64 2f 79 12 04 52 65 "
      "6c 75 1a 03 78 3a 31 1a 03 64 2f 79 1a 02 5e 78 2a 0e 0a 05 61 6c 70 68 61 12 05 25 "
      "00 00 00 3f 2a 10 0a 01 6e 12 0b 18 ff ff ff ff ff ff ff ff ff 01 2a 08 0a 02 6f 6e "
      "12 02 28 00 2a 11 0a 05 73 68 61 70 65 12 08 3a 06 12 02 08 02 12 00 2a 0b 0a 04 74 "
      "65 78 74 12 03 12 01 74");
  CHECK(events_in(directory.path()).at(0) == expected);

  temporary_directory const another;
  auto const same = summary::create_file_writer(another.path());
  auto const scope = same.as_default();
  REQUIRE(summary::graph([&] { return graph.encode(); }, {.wall_time = 1.5}));
  CHECK(events_in(another.path()).at(0) == expected);
}

TEST_CASE("attributes are numbers, texts, types and shapes") {
  CHECK(attribute(true) == unhex("28 01"));
  STATIC_REQUIRE_FALSE(std::is_constructible_v<summary::graph_attribute, char>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<summary::graph_attribute, char32_t>);
  CHECK(attribute(std::uint8_t{7}) == unhex("18 07"));
  CHECK(attribute(~std::uint64_t{0}) == unhex("18 ff ff ff ff ff ff ff ff 7f"));
  CHECK(attribute(1.0F) == unhex("25 00 00 80 3f"));
  CHECK(attribute(std::string("\xff")) == unhex("12 03 ef bf bd"));
  CHECK(attribute(summary::data_type::int64) == unhex("30 09"));
  CHECK(attribute(summary::shape{}) == unhex("3a 00"));
}

TEST_CASE("nodes may be in cycles, and in any order") {
  summary::graph_builder graph;
  graph.add({.name = "a", .op = "Op", .inputs = {"b", "a"}});
  graph.add({.name = "b", .op = "Op", .inputs = {"a:12"}, .control_inputs = {"a"}});
  CHECK_FALSE(graph.encode().empty());
}

TEST_CASE("a node that can be none is refused, by its name") {
  CHECK(message_of_adding({.name = "x", .op = "Op"}) == "trainlog: the graph has two nodes 'x'");
  CHECK(message_of_adding({.name = "", .op = "Op"}) == "trainlog: a node of a graph has no name");
  CHECK(message_of_adding({.name = "y:0", .op = "Op"}) ==
        "trainlog: the node 'y:0' has a ':' or '^' in its name");
  CHECK(message_of_adding({.name = "^y", .op = "Op"}) ==
        "trainlog: the node '^y' has a ':' or '^' in its name");
}

TEST_CASE("an input of no node is refused, by both names") {
  for (std::string const input : {"y", "^x", "x:", "x:a", "x:1:2", ""}) {
    summary::graph_builder graph;
    graph.add({.name = "x", .op = "Op", .inputs = {"x", input}});
    CHECK(message_of(graph) ==
          "trainlog: the node 'x' has the input '" + input + "', which is no node of the graph");
  }
  summary::graph_builder graph;
  graph.add({.name = "x", .op = "Op", .control_inputs = {"x:1"}});
  CHECK(message_of(graph) ==
        "trainlog: the node 'x' has the input 'x:1', which is no node of the graph");
}

TEST_CASE("bytes that are no graph are refused") {
  CHECK(message_of(summary::graph_builder{}) == "trainlog: the graph has no nodes");
  CHECK(message_of(std::string()) == "trainlog: the graph has no nodes");
  CHECK(message_of(unhex("0a 05 0a")) == "trainlog: the graph has 3 bytes that are no GraphDef");
  CHECK(message_of(unhex("0a 02 0a 05")) == "trainlog: the graph has 4 bytes that are no GraphDef");
  CHECK(message_of(unhex("08 01")) == "trainlog: the graph has 2 bytes that are no GraphDef");
  CHECK(message_of(unhex("0a 03 0a 01 78")) == "nothing thrown");
  CHECK_FALSE(summary::graph("no graph"));
}
