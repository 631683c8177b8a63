// SPDX-License-Identifier: MIT
// Pixels that are to be written as images: of which type, in which order.
#ifndef TRAINLOG_SUMMARY_IMAGE_VIEW_HPP
#define TRAINLOG_SUMMARY_IMAGE_VIEW_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "trainlog/detail/float_class.hpp"
#include "trainlog/detail/png.hpp"
#include "trainlog/summary/number_span.hpp"
#include "trainlog/summary/options.hpp"
#include "trainlog/summary/shape.hpp"

namespace trainlog::detail {

template <class T>
concept pixel_value =
    std::same_as<T, std::uint8_t> || std::same_as<T, float> || std::same_as<T, double>;

/// Contiguous pixels: a vector, array, span or C array.
template <class T>
concept pixel_span = number_span<T> && pixel_value<number_of_span<T>>;

/// A C array of 2 to 4 dimensions, which has a shape.
template <class T>
concept pixel_array = std::rank_v<T> >= 2 && std::rank_v<T> <= 4 &&
                      pixel_value<std::remove_cv_t<std::remove_all_extents_t<T>>>;

}  // namespace trainlog::detail

namespace trainlog::summary {

/// In which order the numbers of an image stand.
enum class image_layout : unsigned char {
  hwc,  ///< row by row, the channels of a pixel beside each other
  chw   ///< channel by channel, as PyTorch has them
};

/// One or more images of equal size. It refers to the pixels it was made of.
class image_view {
 public:
  /// Pixels of 8 bits, or numbers of [0, 1]. The shape is [height, width], [height, width,
  /// channels] or [images, height, width, channels], or with the channels before the height; 1 to 4
  /// channels are gray, gray and alpha, RGB, RGBA. The op that writes it throws if the shape is
  /// none of these or does not match.
  template <detail::pixel_span Pixels>
  image_view(Pixels const& values, summary::shape const& shape,
             image_layout layout = image_layout::hwc) noexcept
      : image_view(std::data(values), std::size(values), shape, layout) {}
  /// A C array with its own shape: std::uint8_t pixels[28][28].
  template <detail::pixel_array Array>
  explicit image_view(Array const& values, image_layout layout = image_layout::hwc) noexcept
      : image_view(
            reinterpret_cast<std::remove_cv_t<std::remove_all_extents_t<Array>> const*>(&values),
            sizeof(Array) / sizeof(std::remove_all_extents_t<Array>),
            detail::shape_of_array<Array>(), layout) {}

  summary::shape const& shape() const noexcept { return shape_; }
  image_layout layout() const noexcept { return layout_; }
  /// How many numbers there are.
  std::size_t count() const noexcept { return count_; }

  /// Calls visit(pointer to the first number).
  template <class Visit>
  decltype(auto) visit(Visit visit) const {
    if (kind_ == kind::float32) return visit(static_cast<float const*>(data_));
    if (kind_ == kind::float64) return visit(static_cast<double const*>(data_));
    return visit(static_cast<std::uint8_t const*>(data_));
  }

 private:
  enum class kind : unsigned char { uint8, float32, float64 };

  template <detail::pixel_value Pixel>
  image_view(Pixel const* data, std::size_t count, summary::shape const& shape,
             image_layout layout) noexcept
      : data_(data),
        count_(count),
        shape_(shape),
        layout_(layout),
        kind_(std::same_as<Pixel, float>    ? kind::float32
              : std::same_as<Pixel, double> ? kind::float64
                                            : kind::uint8) {}

  void const* data_;
  std::size_t count_;
  summary::shape shape_;
  image_layout layout_;
  kind kind_;
};

}  // namespace trainlog::summary

namespace trainlog::detail {

/// As TensorFlow's convert_image_dtype: [0, 1] in 256 equal parts, what lies outside clamped; NaN
/// is 0.
constexpr std::uint8_t to_pixel(std::floating_point auto value) noexcept {
  if (detail::is_nan(value) || value <= 0) return 0;
  return value >= 1 ? 255 : static_cast<std::uint8_t>(value * decltype(value){255.5F});
}
constexpr std::uint8_t to_pixel(std::uint8_t value) noexcept { return value; }

/// The images of a view, one at a time, as PNG encodes them.
class image_batch {
 public:
  /// Throws summary_error for a shape that is none of an image, or does not match the pixels.
  image_batch(std::string_view name, summary::image_view const& view) : view_(view) {
    auto const& shape = view.shape();
    std::size_t const rank = shape.rank();
    if (rank < 2 || rank > 4) fail(name, "expected 2 to 4 sizes");
    std::size_t const first = rank == 4 ? 1 : 0;  // of the sizes of an image
    auto const at = [&](std::size_t i) { return static_cast<std::size_t>(shape[first + i]); };
    count_ = rank == 4 ? static_cast<std::size_t>(shape[0]) : 1;
    if (rank == 2) size_ = {at(1), at(0), 1};
    else if (view.layout() == summary::image_layout::hwc) size_ = {at(1), at(0), at(2)};
    else size_ = {at(2), at(1), at(0)};
    if (count_ == 0) fail(name, "there is no image");
    if (auto const* const why = png_refusal(size_)) fail(name, why + layout_hint(shape, first));
    require_count("the image", name, view.count(), shape);
  }

  std::size_t count() const noexcept { return count_; }
  image_size size() const noexcept { return size_; }

  /// Of one image, row by row, the channels of a pixel beside each other.
  std::vector<std::uint8_t> pixels(std::size_t index) const {
    std::size_t const numbers = size_.width * size_.height * size_.channels;
    std::vector<std::uint8_t> out(numbers);
    view_.visit([&](auto const* all) { convert(out, all + index * numbers); });
    return out;
  }

  std::string png(std::size_t index) const {
    std::string out;
    append_png(out, pixels(index), size_);
    return out;
  }

 private:
  [[noreturn]] void fail(std::string_view name, std::string_view why) const {
    throw summary::summary_error("trainlog: the image '" + std::string(name) + "' has the shape " +
                                 view_.shape().text() + ": " + std::string(why));
  }

  /// For what would be an image if its channels stood where they do in the other layout.
  std::string layout_hint(summary::shape const& shape, std::size_t first) const {
    auto const is_channels = [](std::int64_t size) { return size >= 1 && size <= 4; };
    if (shape.rank() == 2 || is_channels(static_cast<std::int64_t>(size_.channels))) return {};
    bool const is_hwc = view_.layout() == summary::image_layout::hwc;
    if (!is_channels(shape[is_hwc ? first : first + 2])) return {};
    return is_hwc ? "; if they come first, the layout is image_layout::chw"
                  : "; if they come last, the layout is image_layout::hwc";
  }

  template <class Pixel>
  void convert(std::vector<std::uint8_t>& out, Pixel const* image) const {
    bool const is_chw = view_.layout() == summary::image_layout::chw;
    std::size_t const channels = size_.channels;
    std::size_t const area = size_.width * size_.height;
    std::size_t const pixel = is_chw ? 1 : channels;  // from one to the next
    std::size_t const channel = is_chw ? area : 1;
    for (std::size_t i = 0; i < area; ++i) {
      for (std::size_t c = 0; c < channels; ++c)
        out[i * channels + c] = to_pixel(image[i * pixel + c * channel]);
    }
  }

  summary::image_view const& view_;
  image_size size_;
  std::size_t count_ = 0;
};

}  // namespace trainlog::detail

#endif
