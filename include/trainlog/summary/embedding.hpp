// SPDX-License-Identifier: MIT
// summary::embedding: vectors with labels and images, for TensorBoard's projector
// (docs/reference/summary.md).
#ifndef TRAINLOG_SUMMARY_EMBEDDING_HPP
#define TRAINLOG_SUMMARY_EMBEDDING_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "trainlog/detail/append_number.hpp"
#include "trainlog/detail/file.hpp"
#include "trainlog/detail/make_directories.hpp"
#include "trainlog/summary/context.hpp"
#include "trainlog/summary/image_view.hpp"
#include "trainlog/summary/number_span.hpp"
#include "trainlog/summary/options.hpp"
#include "trainlog/summary/projector_files.hpp"
#include "trainlog/summary/shape.hpp"
#include "trainlog/summary/writer.hpp"

namespace trainlog::summary {

/// Vectors that are to be shown in the projector. It refers to the numbers it was made of.
class embedding_view {
 public:
  /// The shape is [vectors, dimensions]. The op that writes it throws if it is not, or does not
  /// match.
  template <detail::float_span Numbers>
  embedding_view(Numbers const& numbers, summary::shape const& shape) noexcept
      : embedding_view(std::data(numbers), std::size(numbers), shape) {}

  summary::shape const& shape() const noexcept { return shape_; }

  /// How many numbers there are.
  std::size_t count() const noexcept { return count_; }

  /// Calls visit(span of the numbers).
  template <class Visit>
  decltype(auto) visit(Visit visit) const {
    if (is_float_) return visit(std::span(static_cast<float const*>(data_), count_));
    return visit(std::span(static_cast<double const*>(data_), count_));
  }

 private:
  template <std::floating_point Number>
  embedding_view(Number const* data, std::size_t count, summary::shape const& shape) noexcept
      : data_(data), count_(count), shape_(shape), is_float_(std::same_as<Number, float>) {}

  void const* data_;
  std::size_t count_;
  summary::shape shape_;
  bool is_float_;  // else double
};

/// Options of summary::embedding.
struct embedding_options {
  /// A label for each vector; none if empty.
  std::span<std::string const> labels{};
  /// Or several, a row of them for each vector, under the names `columns`.
  std::span<std::vector<std::string> const> rows{};
  std::span<std::string const> columns{};
  /// An image for each vector: [vectors, height, width, channels].
  std::optional<image_view> images{};
};

/// An embedding_view, or a callable that returns one and is called only if something records. What
/// it refers to must outlive the call.
template <class T>
concept embedding_value = std::same_as<detail::evaluated<T>, embedding_view>;

}  // namespace trainlog::summary

namespace trainlog::detail {

/// An embedding, seen to be one, as the contents of its files.
struct projector_embedding {
  std::string name;  ///< in the list
  summary::shape shape;
  std::string tensors;
  std::string metadata;
  std::string sprite;
  image_size image;
};

[[noreturn]] inline void fail_embedding(std::string_view name, std::string const& why) {
  throw summary::summary_error("trainlog: the embedding '" + std::string(name) + "' " + why);
}

/// Throws summary_error unless there is one for each vector.
inline void require_each(std::string_view name, std::string_view what, std::size_t found,
                         std::int64_t expected) {
  if (std::cmp_not_equal(found, expected))
    fail_embedding(name, "has " + std::to_string(found) + " " + std::string(what) + ", expected " +
                             std::to_string(expected));
}

inline std::string projector_metadata(std::string_view name,
                                      summary::embedding_options const& options,
                                      std::int64_t vectors) {
  std::string out;
  if (!options.labels.empty()) {
    require_each(name, "labels", options.labels.size(), vectors);
    for (auto const& label : options.labels) append_projector_cell(out, label), out += '\n';
    return out;
  }
  if (options.rows.empty()) return out;
  require_each(name, "rows of labels", options.rows.size(), vectors);
  auto const append_row = [&](auto const& row) {
    require_each(name, "labels in a row", row.size(),
                 static_cast<std::int64_t>(options.columns.size()));
    for (auto const& cell : row) append_projector_cell(out, cell), out += '\t';
    if (!out.empty()) out.back() = '\n';
  };
  // The names of a single column would be taken for a label.
  if (options.columns.size() > 1) append_row(options.columns);
  for (auto const& row : options.rows) append_row(row);
  return out;
}

projector_embedding make_embedding(std::string_view name, summary::embedding_value auto const& view,
                                   summary::embedding_options const& options) {
  projector_embedding made;
  made.shape = view.shape();
  if (made.shape.rank() != 2 || made.shape.count() == 0)
    fail_embedding(name, "has the shape " + made.shape.text() + ", expected [vectors, dimensions]");
  require_count("the embedding", name, view.count(), made.shape);
  auto const vectors = made.shape[0];
  made.metadata = projector_metadata(name, options, vectors);
  if (options.images) {
    image_batch const images(name, *options.images);
    require_each(name, "images", images.count(), vectors);
    auto const sheet = projector_sheet(images);
    if (auto const* const why = png_refusal(sheet))
      fail_embedding(name, "has images for a sheet of " + std::to_string(sheet.width) + " x " +
                               std::to_string(sheet.height) + " pixels: " + why);
    made.image = images.size();
    made.sprite = projector_sprite(images);
  }
  view.visit([&](auto numbers) {
    made.tensors = projector_tensors(numbers, static_cast<std::size_t>(made.shape[1]));
  });
  return made;
}

inline std::string projector_entry(projector_embedding const& made, std::string const& path) {
  std::string out = "  tensor_name: " + proto_text(made.name) + "\n";
  for (auto const size : made.shape.sizes())
    out += "  tensor_shape: " + std::to_string(size) + "\n";
  out += "  tensor_path: " + proto_text(path + "/tensors.tsv") + "\n";
  if (!made.metadata.empty())
    out += "  metadata_path: " + proto_text(path + "/metadata.tsv") + "\n";
  if (!made.sprite.empty()) {
    out += "  sprite {\n    image_path: " + proto_text(path + "/sprite.png") + "\n";
    for (auto const size : {made.image.width, made.image.height})
      out += "    single_image_dim: " + std::to_string(size) + "\n";
    out += "  }\n";
  }
  return out;
}

/// Writes the files into the run's directory, which ends with a slash. Throws io_error.
inline void write_projector_files(std::string const& directory, projector_embedding const& made) {
  std::string const path = "projector/" + path_of_name(made.name);
  std::string const files = directory + path;
  make_directories(files);
  replace_file(files + "/tensors.tsv", made.tensors);
  if (!made.metadata.empty()) replace_file(files + "/metadata.tsv", made.metadata);
  if (!made.sprite.empty()) replace_file(files + "/sprite.png", made.sprite);
  directory_lock const held(directory);
  merge_projector_entry(directory + "projector_config.pbtxt", projector_entry(made, path));
}

template <class Value>
bool write_embedding(writer_core* to, std::string_view name, Value&& value,
                     summary::event_step step, summary::embedding_options const& options) {
  if (to == nullptr) return false;
  auto const head = make_head(name, step, {});
  summary::embedding_view const view = detail::evaluate(value);
  auto made = make_embedding(name, view, options);
  append_utf8_sanitized(made.name, std::string(this_thread_summary.scope).append(name));
  made.name += ":";
  if (head.step < 0) made.name += "-";
  append_padded(made.name,
                head.step < 0 ? 0 - static_cast<std::uint64_t>(head.step)
                              : static_cast<std::uint64_t>(head.step),
                5);
  try {
    write_projector_files(directory_prefix(to->status().path), made);
    return true;
  } catch (io_error const&) {
    return false;
  }
}

}  // namespace trainlog::detail

namespace trainlog::summary {

/// Writes vectors for TensorBoard's projector, which shows them as "name:00012" of step 12: not as
/// an event, but as files in the directory `projector` of the run, and an entry in its
/// projector_config.pbtxt, which keeps the others. Returns true if they were written, false if
/// nothing records or the disk refuses. Throws summary_error, only if something records, for a
/// shape that does not match, if there are not as many labels or images as vectors, and if the
/// images together are more than 1 GiB.
///   summary::embedding("hidden", summary::embedding_view(values, {n, 64}), step,
///                      {.labels = names});
template <embedding_value Value>
bool embedding(writer const& to, std::string_view name, Value&& value, event_step step = {},
               embedding_options const& options = {}) {
  return detail::write_embedding(detail::recording(to.core()), name, value, step, options);
}

/// The same, into the directory of this thread's default writer.
template <embedding_value Value>
bool embedding(std::string_view name, Value&& value, event_step step = {},
               embedding_options const& options = {}) {
  return detail::write_embedding(detail::recording(detail::this_thread_summary.writer), name, value,
                                 step, options);
}

}  // namespace trainlog::summary

#endif
