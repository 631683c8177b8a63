// SPDX-License-Identifier: MIT
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <trainlog/summary/mesh.hpp>

#include "catch.hpp"
#include "log/temporary_directory.hpp"
#include "summary/event_files.hpp"

using namespace trainlog;
using namespace summary_test;
using summary::tensor_view;
using writer_test::temporary_directory;

namespace {

std::vector<float> const triangle{0, 0, 0, 1, 0, 0, 0, 1, 0};
std::vector<std::int32_t> const corners{0, 1, 2};

/// The only event that the mesh is written as.
std::string written(tensor_view const& vertices, summary::mesh_options const& options = {}) {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  REQUIRE(summary::mesh(writer, "m", vertices, 1, options));
  auto const events = events_in(directory.path());
  REQUIRE(events.size() == 1);
  return events[0];
}

std::string_view content_of(std::string_view value) {
  return find_field(find_field(value, 8).bytes, 4).bytes;
}
std::string_view plugin_data_of(std::string_view value) {
  return find_field(find_field(find_field(value, 9).bytes, 1).bytes, 2).bytes;
}

std::string message_of(tensor_view const& vertices, summary::mesh_options const& options = {}) {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  try {
    summary::mesh(writer, "m", vertices, 1, options);
  } catch (summary::summary_error const& problem) {
    CHECK(events_in(directory.path()).empty());
    return problem.what();
  }
  return "nothing thrown";
}

}  // namespace

// The bytes are those of TensorBoard's own messages.
TEST_CASE("a mesh is one event of a tensor for each part, to the byte") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  std::vector<std::uint8_t> const colors{255, 0, 0, 0, 255, 0, 0, 0, 255};
  REQUIRE(summary::mesh(writer, "m", tensor_view(triangle, {3, 3}), 2,
                        {.faces = tensor_view(corners, {1, 3}),
                         .colors = tensor_view(colors, {3, 3}),
                         .description = "d",
                         .wall_time = 1.5}));
  CHECK(events_in(directory.path()).at(0) ==
        unhex("09 00 00 00 00 00 00 f8 3f 10 02 2a f9 01 0a 63 0a 08 6d 5f 56 45 52 54 45 58 42 36 "
              "08 01 12 0c 12 02 08 01 12 02 08 03 12 02 08 03 22 24 00 00 00 00 00 00 00 00 00 00 "
              "00 00 00 00 80 3f 00 00 00 00 00 00 00 00 00 00 00 00 00 00 80 3f 00 00 00 00 4a 1f "
              "0a 18 0a 04 6d 65 73 68 12 10 12 01 6d 18 01 2a 02 7b 7d 32 03 01 03 03 38 0e 1a 01 "
              "64 20 02 0a 49 0a 06 6d 5f 46 41 43 45 42 1e 08 03 12 0c 12 02 08 01 12 02 08 01 12 "
              "02 08 03 22 0c 00 00 00 00 01 00 00 00 02 00 00 00 4a 1f 0a 18 0a 04 6d 65 73 68 12 "
              "10 12 01 6d 18 02 2a 02 7b 7d 32 03 01 01 03 38 0e 1a 01 64 20 02 0a 47 0a 07 6d 5f "
              "43 4f 4c 4f 52 42 1b 08 04 12 0c 12 02 08 01 12 02 08 03 12 02 08 03 22 09 ff 00 00 "
              "00 ff 00 00 00 ff 4a 1f 0a 18 0a 04 6d 65 73 68 12 10 12 01 6d 18 03 2a 02 7b 7d 32 "
              "03 01 03 03 38 0e 1a 01 64 20 02"));
}

TEST_CASE("the numbers of a mesh are of any type that holds them") {
  std::vector<double> const doubles(triangle.begin(), triangle.end());
  std::vector<std::uint64_t> const wide{2, 1, 0};
  std::vector<int> const ints{0, 128, 255, 1, 2, 3, 4, 5, 6};
  auto const event =
      written(tensor_view(doubles, {1, 3, 3}),
              {.faces = tensor_view(wide, {1, 1, 3}), .colors = tensor_view(ints, {3, 3})});
  auto const values = values_of(event);
  REQUIRE(values.size() == 3);
  CHECK(content_of(values[0]) == detail::number_bytes(triangle));
  CHECK(content_of(values[1]) == detail::number_bytes(std::array<std::int32_t, 3>{2, 1, 0}));
  CHECK(content_of(values[2]) == unhex("00 80 ff 01 02 03 04 05 06"));
  std::vector<float> const floats{0, 0.5F, 1, -1, 2, std::nanf(""), 0, 0, 0};
  auto const shown =
      written(tensor_view(triangle, {3, 3}), {.colors = tensor_view(floats, {3, 3})});
  CHECK(content_of(values_of(shown).at(1)) == unhex("00 7f ff 00 ff 00 00 00 00"));
}

TEST_CASE("points are vertices alone, several meshes a batch, and none is written too") {
  auto const points = written(tensor_view(triangle, {3, 3}));
  REQUIRE(values_of(points).size() == 1);
  CHECK(plugin_data_of(values_of(points)[0]) ==
        unhex("12 01 6d 18 01 2a 02 7b 7d 32 03 01 03 03 38 02"));
  auto const batch = written(tensor_view(triangle, {3, 1, 3}), {.config = "{\"a\": 1}"});
  CHECK(plugin_data_of(values_of(batch)[0]) ==
        unhex("12 01 6d 18 01 2a 08 7b 22 61 22 3a 20 31 7d 32 03 03 01 03 38 02"));
  std::vector<float> const none;
  CHECK(content_of(values_of(written(tensor_view(none, {0, 3})))[0]).empty());
}

TEST_CASE("a mesh has its name in its scope, and what it is once a file") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  auto const scope = writer.as_default();
  summary::name_scope const outer("s");
  for (int step = 0; step < 2; ++step)
    CHECK(summary::mesh("m", [] { return tensor_view(triangle, {3, 3}); }, step));
  auto const events = events_in(directory.path());
  auto const first = values_of(events.at(0)).at(0);
  CHECK(tag_of(first) == "s/m_VERTEX");
  CHECK(find_field(plugin_data_of(first), 2).bytes == "s/m");
  CHECK(find_field(values_of(events.at(1)).at(0), 9).number == 0);
}

TEST_CASE("a mesh that can be none is refused, with what was expected and found") {
  auto const vertices = tensor_view(triangle, {3, 3});
  std::vector<int> const ints(9, 3);
  std::vector<int> const negative(9, -1);
  std::vector<float> const many(18);
  CHECK(message_of(tensor_view(triangle, {9})) ==
        "trainlog: the mesh 'm' has vertices of the shape [9]: expected [count, 3] or [batch, "
        "count, 3], of at most 1 GiB");
  CHECK_THAT(message_of(tensor_view(many, {9, 2})), Catch::Contains("the shape [9, 2]"));
  CHECK_THAT(message_of(tensor_view({}, {0, 3, 3})), Catch::Contains("the shape [0, 3, 3]"));
  CHECK(message_of(tensor_view(ints, {3, 3})) ==
        "trainlog: the mesh 'm' has vertices of a type that is none of: float or double");
  CHECK(message_of(vertices, {.faces = tensor_view(ints, {3, 3})}) ==
        "trainlog: the mesh 'm' has a face with the vertex 3, but 3 vertices");
  CHECK(message_of(vertices, {.faces = tensor_view(negative, {3, 3})}) ==
        "trainlog: the mesh 'm' has a face with the vertex -1, but 3 vertices");
  CHECK(message_of(vertices, {.faces = tensor_view(triangle, {3, 3})}) ==
        "trainlog: the mesh 'm' has faces of a type that is none of: integers");
  CHECK(message_of(vertices, {.faces = tensor_view(corners, {3})}) ==
        "trainlog: the mesh 'm' has faces of the shape [3]: expected [count, 3] or [batch, count, "
        "3], of at most 1 GiB");
  std::vector<int> const zeros(6);
  CHECK(message_of(vertices, {.faces = tensor_view(zeros, {2, 1, 3})}) ==
        "trainlog: the mesh 'm' has vertices of the shape [1, 3, 3], but faces of [2, 1, 3]");
  CHECK(message_of(vertices, {.colors = tensor_view(zeros, {2, 3})}) ==
        "trainlog: the mesh 'm' has vertices of the shape [1, 3, 3], but colors of [1, 2, 3]");
  CHECK(message_of(vertices, {.colors = tensor_view(negative, {3, 3})}) ==
        "trainlog: the mesh 'm' has a color of -1: expected [0, 255]");
  CHECK_FALSE(summary::mesh("m", tensor_view(triangle, {9}), 1));
}
