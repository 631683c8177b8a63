// SPDX-License-Identifier: MIT
#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <trainlog/summary/image.hpp>

#include "catch.hpp"
#include "detail/inflate.hpp"
#include "log/temporary_directory.hpp"
#include "summary/media.hpp"

using namespace trainlog;
using namespace summary_test;
using writer_test::temporary_directory;
using pixels = std::vector<std::uint8_t>;

namespace {

template <class Value>
string_tensor written(Value const& value, summary::image_options const& options = {}) {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  REQUIRE(summary::image(writer, "x", value, 1, options));
  return string_tensor_in(events_in(directory.path()).at(0));
}

/// The pixels of the only image, seen to have that size.
template <class Value>
pixels shown(Value const& value, std::uint32_t width, std::uint32_t height,
             std::uint32_t channels) {
  auto const tensor = written(value);
  CHECK(tensor.shape == std::vector<std::int64_t>{3});
  CHECK(tensor.strings.at(0) == std::to_string(width));
  CHECK(tensor.strings.at(1) == std::to_string(height));
  auto const image = inflate_test::decode_png(tensor.strings.at(2));
  CHECK(image.width == width);
  CHECK(image.height == height);
  CHECK(image.channels == channels);
  return image.pixels;
}

template <class Value>
std::string message_of(Value const& value) {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  try {
    summary::image(writer, "x", value, 1);
  } catch (summary::summary_error const& problem) {
    CHECK(writer.status().events_written == 0);
    return problem.what();
  }
  return "nothing thrown";
}

}  // namespace

TEST_CASE("an image is width, height and a PNG file, to the byte") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  pixels const white{255};
  REQUIRE(summary::image(writer, "x", summary::image_view(white, {1, 1}), 2, {.wall_time = 1.5}));
  std::string png;
  detail::append_png(png, white, {1, 1, 1});
  REQUIRE(png.size() == 67);
  CHECK(events_in(directory.path()).at(0) ==
        unhex("09 00 00 00 00 00 00 f8 3f 10 02 2a 68 0a 66 0a 01 78 42 53 08 07 12 04 12 02 08 03"
              "42 01") +
            "1" + unhex("42 01") + "1" + unhex("42 43") + png + unhex("4a 0c 0a 08 0a 06") +
            "images" + unhex("20 03"));
}

TEST_CASE("images may have 2, 3 or 4 sizes, and 1 to 4 channels") {
  pixels const all{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  using summary::image_view;
  CHECK(shown(image_view(all, {3, 4}), 4, 3, 1) == all);
  CHECK(shown(image_view(all, {2, 6, 1}), 6, 2, 1) == all);
  CHECK(shown(image_view(all, {3, 2, 2}), 2, 3, 2) == all);
  CHECK(shown(image_view(all, {2, 2, 3}), 2, 2, 3) == all);
  CHECK(shown(image_view(all, {1, 1, 3, 4}), 3, 1, 4) == all);
  CHECK(shown([&] { return image_view(std::span(all), {3, 4}); }, 4, 3, 1) == all);
}

TEST_CASE("C arrays have their own shape, or are given one") {
  std::uint8_t flat[6] = {1, 2, 3, 4, 5, 6};
  CHECK(shown(summary::image_view(flat, {1, 2, 3}), 2, 1, 3) == pixels{1, 2, 3, 4, 5, 6});
  std::uint8_t gray[2][3] = {{1, 2, 3}, {4, 5, 6}};
  CHECK(shown(summary::image_view(gray), 3, 2, 1) == pixels{1, 2, 3, 4, 5, 6});
  float const colour[1][2][3] = {{{0, 1, 0}, {1, 0, 1}}};
  CHECK(shown(summary::image_view(colour), 2, 1, 3) == pixels{0, 255, 0, 255, 0, 255});
}

TEST_CASE("channels may stand before the pixels") {
  pixels const all{1, 2, 3, 4, 11, 12, 13, 14, 21, 22, 23, 24};
  summary::image_view const view(all, {3, 1, 4}, summary::image_layout::chw);
  CHECK(shown(view, 4, 1, 3) == pixels{1, 11, 21, 2, 12, 22, 3, 13, 23, 4, 14, 24});
  summary::image_view const gray(all, {3, 4}, summary::image_layout::chw);
  CHECK(shown(gray, 4, 3, 1) == all);
  std::vector<double> const halves{0.25, 0.5, 0.75, 1.0};
  summary::image_view const two(halves, {2, 1, 2}, summary::image_layout::chw);
  CHECK(shown(two, 2, 1, 2) == pixels{63, 191, 127, 255});
}

TEST_CASE("numbers beyond [0, 1] are clamped, and NaN is black") {
  std::vector<float> const numbers{-1.0F, 0.0F,          0.5F,     1.0F,
                                   7.0F,  std::nanf(""), INFINITY, -INFINITY};
  CHECK(shown(summary::image_view(numbers, {2, 4}), 4, 2, 1) ==
        pixels{0, 0, 127, 255, 255, 0, 255, 0});
}

TEST_CASE("of a batch, the first images are written") {
  pixels all(5 * 4);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint8_t>(10 * i);
  summary::image_view const view(all, {5, 2, 2, 1});
  CHECK(written(view).strings.size() == 2 + 3);
  CHECK(written(view, {.max_outputs = 0}).strings.size() == 2 + 1);
  auto const tensor = written(view, {.max_outputs = 100});
  CHECK(tensor.shape == std::vector<std::int64_t>{7});
  CHECK(inflate_test::decode_png(tensor.strings.at(6)).pixels == pixels{160, 170, 180, 190});
}

TEST_CASE("an image file is written as it is") {
  std::string const gif("GIF89a\x2c\x01\x07\x00 and so on", 20);
  auto const tensor = written(summary::encoded_image{gif});
  CHECK(tensor.strings == std::vector<std::string>{"300", "7", gif});
}

TEST_CASE("an image that is none is refused, with what was expected and found") {
  pixels const five(5);
  using summary::image_view;
  CHECK(message_of(image_view(five, {2, 2})) ==
        "trainlog: the image 'x' has 5 elements, but the shape [2, 2]");
  CHECK(message_of(image_view(five, {0, 2, 1})) ==
        "trainlog: the image 'x' has the shape [0, 2, 1]: an image has at least one pixel");
  CHECK(message_of(image_view(five, {0, 5, 1, 1})) ==
        "trainlog: the image 'x' has the shape [0, 5, 1, 1]: there is no image");
  CHECK(message_of(image_view(five, {5, 1, 5})) ==
        "trainlog: the image 'x' has the shape [5, 1, 5]: an image has 1 to 4 channels");
  CHECK(message_of(image_view(five, {3, 28, 28})) ==
        "trainlog: the image 'x' has the shape [3, 28, 28]: an image has 1 to 4 channels; if they "
        "come first, the layout is image_layout::chw");
  CHECK(message_of(image_view(five, {2, 28, 28, 3}, summary::image_layout::chw)) ==
        "trainlog: the image 'x' has the shape [2, 28, 28, 3]: an image has 1 to 4 channels; if "
        "they come last, the layout is image_layout::hwc");
  CHECK(message_of(image_view(five, {5})) ==
        "trainlog: the image 'x' has the shape [5]: expected 2 to 4 sizes");
  CHECK(message_of(summary::encoded_image{"no image"}) ==
        "trainlog: the image 'x': expected a PNG, JPEG or GIF file, found 8 bytes that begin none");
}

TEST_CASE("nothing is looked at that is not recorded") {
  pixels const five(5);
  CHECK_FALSE(summary::image("x", summary::image_view(five, {2, 2})));
  CHECK_FALSE(summary::image(summary::create_noop_writer(), "x", [&]() -> summary::image_view {
    throw std::runtime_error("evaluated");
  }));
}
