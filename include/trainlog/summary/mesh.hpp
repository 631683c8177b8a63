// SPDX-License-Identifier: MIT
// summary::mesh: point clouds and triangle meshes (docs/reference/summary.md;
// tensorboard/plugins/mesh/plugin_data.proto).
#ifndef TRAINLOG_SUMMARY_MESH_HPP
#define TRAINLOG_SUMMARY_MESH_HPP

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trainlog/detail/endian.hpp"
#include "trainlog/summary/context.hpp"
#include "trainlog/summary/event.hpp"
#include "trainlog/summary/image_view.hpp"
#include "trainlog/summary/options.hpp"
#include "trainlog/summary/shape.hpp"
#include "trainlog/summary/tensor.hpp"
#include "trainlog/summary/writer.hpp"

namespace trainlog::summary {

struct mesh_options {
  /// Triangles, each of three indices of vertices: integers of the shape [faces, 3] or [batch,
  /// faces, 3]. Without them the vertices are shown as points.
  std::optional<tensor_view> faces{};
  /// The colors of the vertices, of the same shape: integers of [0, 255], or floats of [0, 1].
  std::optional<tensor_view> colors{};
  /// How three.js shows it, as JSON: R"({"material": {"cls": "PointsMaterial", "size": 0.1}})".
  /// TensorBoard is given it as it is.
  std::string_view config{};
  std::string_view description{};     ///< markdown, shown beside the values
  std::optional<double> wall_time{};  ///< seconds since 1970; now if not given, or not finite
};

}  // namespace trainlog::summary

namespace trainlog::detail {

/// What a part of a mesh is.
struct mesh_content {
  std::uint64_t number;  ///< MeshPluginData.ContentType
  std::string_view what;
  std::string_view suffix;  ///< of the tag
  std::string_view wanted;  ///< type of number
};
inline constexpr mesh_content mesh_vertices{1, "vertices", "_VERTEX", "float or double"};
inline constexpr mesh_content mesh_faces{2, "faces", "_FACE", "integers"};
inline constexpr mesh_content mesh_colors{3, "colors", "_COLOR", "integers, float or double"};

/// One of the tensors that a mesh is made of: [batch, count, 3].
struct mesh_part {
  mesh_content content;
  std::string tag;
  summary::data_type type;
  std::array<std::int64_t, 3> shape;
  std::string bytes;
};

/// Makes the parts of a mesh. Throws summary_error for what can be none.
class mesh_encoder {
 public:
  mesh_encoder(std::string_view name, summary::tensor_value auto const& vertices) : name_(name) {
    add<float>(mesh_vertices, vertices,
               [](std::floating_point auto value) { return static_cast<float>(value); });
  }

  void add_faces(summary::tensor_value auto const& faces) {
    auto const count = parts_[0].shape[1];
    auto const& part = add<std::int32_t>(mesh_faces, faces, [&](std::integral auto index) {
      if (std::cmp_less(index, 0) || std::cmp_greater_equal(index, count))
        fail("a face with the vertex " + std::to_string(index) + ", but " + std::to_string(count) +
             " vertices");
      return static_cast<std::int32_t>(index);
    });
    if (part.shape[0] != parts_[0].shape[0]) fail_with_shapes(part);
  }

  void add_colors(summary::tensor_value auto const& colors) {
    auto const& part = add<std::uint8_t>(mesh_colors, colors, [&]<class Number>(Number value) {
      if constexpr (std::integral<Number>) {
        if (!std::in_range<std::uint8_t>(value))
          fail("a color of " + std::to_string(value) + ": expected [0, 255]");
        return static_cast<std::uint8_t>(value);
      } else {
        return to_pixel(value);
      }
    });
    if (part.shape != parts_[0].shape) fail_with_shapes(part);
  }

  std::vector<mesh_part> const& parts() const noexcept { return parts_; }

  /// MeshPluginData of a part.
  std::string plugin_data(mesh_part const& part, std::string_view scope,
                          std::string_view config) const {
    std::string out;
    append_proto_text(out, 2, std::string(scope).append(name_));
    append_proto_varint(out, 3, part.content.number);
    append_proto_text(out, 5, config.empty() ? "{}" : config);
    append_proto_message(out, 6, [&] {
      for (auto const size : part.shape) append_varint(out, static_cast<std::uint64_t>(size));
    });
    std::uint64_t components = 0;
    for (auto const& each : parts_) components |= std::uint64_t{1} << each.content.number;
    append_proto_varint(out, 7, components);
    return out;
  }

 private:
  [[noreturn]] void fail(std::string const& found) const {
    throw summary::summary_error("trainlog: the mesh '" + std::string(name_) + "' has " + found);
  }
  [[noreturn]] void fail_with_shapes(mesh_part const& part) const {
    fail("vertices of the shape " + summary::shape(parts_[0].shape).text() + ", but " +
         std::string(part.content.what) + " of " + summary::shape(part.shape).text());
  }

  /// The shape with a batch.
  std::array<std::int64_t, 3> shape_of(mesh_content const& content,
                                       summary::shape const& shape) const {
    std::size_t const rank = shape.rank();
    bool const is_wanted = rank == 2 || (rank == 3 && shape[0] > 0);
    if (!is_wanted || shape[rank - 1] != 3 || shape.count() > max_numbers)
      fail(std::string(content.what) + " of the shape " + shape.text() +
           ": expected [count, 3] or [batch, count, 3], of at most 1 GiB");
    return {rank == 3 ? shape[0] : 1, shape[rank - 2], 3};
  }

  /// Adds a tensor of To, each of which `convert` makes of a number.
  template <class To, class Convert>
  mesh_part const& add(mesh_content const& content, summary::tensor_view const& from,
                       Convert convert) {
    mesh_part part{content,
                   std::string(name_).append(content.suffix),
                   data_type_of<To>(),
                   shape_of(content, from.shape()),
                   {}};
    bool is_converted = false;
    visit_number_type(from.type(), [&]<class Number>(Number) {
      if constexpr (std::invocable<Convert&, Number>) {
        auto const* const bytes = reinterpret_cast<std::byte const*>(from.content().data());
        std::size_t const count = from.content().size() / sizeof(Number);
        part.bytes.reserve(count * sizeof(To));
        for (std::size_t i = 0; i < count; ++i)
          append_le(part.bytes, convert(load_le<Number>(bytes + i * sizeof(Number))));
        is_converted = true;
      }
    });
    if (!is_converted)
      fail(std::string(content.what) +
           " of a type that is none of: " + std::string(content.wanted));
    return parts_.emplace_back(std::move(part));
  }

  static constexpr std::int64_t max_numbers = std::int64_t{1} << 28U;

  std::string_view name_;
  std::vector<mesh_part> parts_;
};

template <class Value>
bool write_mesh(writer_core* to, std::string_view name, Value&& value, summary::event_step step,
                summary::mesh_options const& options) {
  if (to == nullptr) return false;
  auto const head = make_head(name, step, options.wall_time);
  mesh_encoder mesh(name, detail::evaluate(value));
  if (options.faces) mesh.add_faces(*options.faces);
  if (options.colors) mesh.add_colors(*options.colors);
  std::size_t size = 0;
  for (auto const& part : mesh.parts()) size += part.bytes.size();
  return to->write_values(
      head,
      [&](value_writer& values) {
        for (auto const& part : mesh.parts()) {
          auto const tag = make_tag(part.tag);
          auto const content = mesh.plugin_data(part, tag.scope, options.config);
          values.add(
              tag,
              {.plugin_name = "mesh",
               .content = content,
               .data_class = summary::data_class::tensor,
               .description = options.description},
              [&](std::string& out) {
                append_number_tensor(out, part.type, part.shape, part.bytes);
              },
              part.bytes.size());
        }
      },
      size);
}

}  // namespace trainlog::detail

namespace trainlog::summary {

/// Writes vertices, float or double, of the shape [vertices, 3], or [batch, vertices, 3] for
/// several meshes of one step. A callable that returns them is called only if something records.
/// What views refer to must outlive the call. Returns and throws as scalar does, and, only if
/// something records, summary_error for shapes and types that are none of these, indices of no
/// vertex, and colors beyond 255. One event, whatever the mesh is made of. TensorBoard asks for
/// those parts of a name that its first mesh in a run has.
///   summary::mesh("cloud", summary::tensor_view(points, {1000, 3}), step);
template <tensor_value Value>
bool mesh(writer const& to, std::string_view name, Value&& vertices, event_step step = {},
          mesh_options const& options = {}) {
  return detail::write_mesh(detail::recording(to.core()), name, vertices, step, options);
}

/// The same, to this thread's default writer.
template <tensor_value Value>
bool mesh(std::string_view name, Value&& vertices, event_step step = {},
          mesh_options const& options = {}) {
  return detail::write_mesh(detail::recording(detail::this_thread_summary.writer), name, vertices,
                            step, options);
}

}  // namespace trainlog::summary

#endif
