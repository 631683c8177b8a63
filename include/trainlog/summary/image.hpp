// SPDX-License-Identifier: MIT
// summary::image: pixels, encoded as PNG, or image files as they are (docs/reference/summary.md).
#ifndef TRAINLOG_SUMMARY_IMAGE_HPP
#define TRAINLOG_SUMMARY_IMAGE_HPP

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "trainlog/detail/image_header.hpp"
#include "trainlog/summary/context.hpp"
#include "trainlog/summary/event.hpp"
#include "trainlog/summary/image_view.hpp"
#include "trainlog/summary/options.hpp"
#include "trainlog/summary/writer.hpp"

namespace trainlog::summary {

/// An image that is a file already: PNG, JPEG or GIF, which may be animated. It refers to the
/// bytes.
struct encoded_image {
  std::string_view file;
};

using image_options = batch_options;

/// An image_view, an encoded_image, or a callable that returns one and is called only if something
/// records. What it refers to must outlive the call.
template <class T>
concept image_value = std::same_as<detail::evaluated<T>, image_view> ||
                      std::same_as<detail::evaluated<T>, encoded_image>;

}  // namespace trainlog::summary

namespace trainlog::detail {

/// What a blob sequence of images is made of: width, height, files.
using image_blobs = std::vector<std::string>;

inline image_blobs make_image_blobs(std::string_view name, summary::image_view const& view,
                                    std::size_t max_outputs) {
  image_batch const batch(name, view);
  image_blobs blobs{std::to_string(batch.size().width), std::to_string(batch.size().height)};
  std::size_t const count = std::min(batch.count(), std::max<std::size_t>(max_outputs, 1));
  for (std::size_t i = 0; i < count; ++i) blobs.push_back(batch.png(i));
  return blobs;
}

inline image_blobs make_image_blobs(std::string_view name, summary::encoded_image const& image,
                                    std::size_t /*max_outputs*/) {
  auto const extent = extent_of_image_file(image.file);
  if (!extent)
    throw summary::summary_error("trainlog: the image '" + std::string(name) +
                                 "': expected a PNG, JPEG or GIF file, found " +
                                 std::to_string(image.file.size()) + " bytes that begin none");
  return {std::to_string(extent->width), std::to_string(extent->height), std::string(image.file)};
}

template <class Value>
bool write_image(writer_core* to, std::string_view name, Value&& value, summary::event_step step,
                 summary::image_options const& options) {
  if (to == nullptr) return false;
  auto const head = make_head(name, step, options.wall_time);
  auto const blobs = detail::make_image_blobs(name, detail::evaluate(value), options.max_outputs);
  std::size_t size = 0;
  for (auto const& blob : blobs) size += blob.size() + 8;
  summary::summary_metadata const metadata{.plugin_name = "images",
                                           .data_class = summary::data_class::blob_sequence,
                                           .display_name = options.display_name,
                                           .description = options.description};
  auto const count = static_cast<std::int64_t>(blobs.size());
  return to->write_value(
      head, make_tag(name), metadata,
      [&](std::string& out) { append_string_tensor(out, std::span(&count, 1), blobs, size); },
      size);
}

}  // namespace trainlog::detail

namespace trainlog::summary {

/// Writes images: pixels are encoded as PNG here, before the writer is locked. Returns and throws
/// as scalar does, and, only if something records, summary_error for images of no pixels, shapes
/// that do not match, and bytes that are no image file.
///   summary::image("digit", summary::image_view(pixels, {28, 28}), step);
template <image_value Value>
bool image(writer const& to, std::string_view name, Value&& value, event_step step = {},
           image_options const& options = {}) {
  return detail::write_image(detail::recording(to.core()), name, value, step, options);
}

/// The same, to this thread's default writer.
template <image_value Value>
bool image(std::string_view name, Value&& value, event_step step = {},
           image_options const& options = {}) {
  return detail::write_image(detail::recording(detail::this_thread_summary.writer), name, value,
                             step, options);
}

}  // namespace trainlog::summary

#endif
