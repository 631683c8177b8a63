// SPDX-License-Identifier: MIT
#include "trainlog/detail/image_header.hpp"

#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "trainlog/detail/png.hpp"

using trainlog::detail::extent_of_image_file;
using trainlog::detail::image_extent;

namespace {

std::string jpeg(std::string_view frame) {
  return std::string("\xFF\xD8\xFF\xE0\x00\x10JFIF\0\1\1\0\0\1\0\1\0\0", 20) +
         std::string("\xFF\xC4\x00\x05\1\2\3\xFF", 8) + std::string(frame);
}

}  // namespace

TEST_CASE("the size of an image is read from the head of its file") {
  std::string png;
  trainlog::detail::append_png(png, std::vector<std::uint8_t>(300 * 7), {300, 7, 1});
  CHECK(extent_of_image_file(png) == image_extent{300, 7});
  CHECK(extent_of_image_file(std::string_view("GIF89a\x2c\x01\x07\x00", 10)) ==
        image_extent{300, 7});
  CHECK(extent_of_image_file(std::string_view("GIF87a\x01\x00\x02\x00", 10)) == image_extent{1, 2});
  CHECK(extent_of_image_file(jpeg({"\xFF\xC0\x00\x11\x08\x00\x07\x01\x2c\3", 10})) ==
        image_extent{300, 7});
  CHECK(extent_of_image_file(jpeg({"\xFF\xC2\x00\x11\x08\x00\x07\x01\x2c\3", 10})) ==
        image_extent{300, 7});
}

TEST_CASE("a file that is cut short, has no pixels, or is none has no size") {
  std::string png;
  trainlog::detail::append_png(png, std::vector<std::uint8_t>(9), {3, 3, 1});
  for (std::size_t size = 0; size < 24; ++size) CHECK(!extent_of_image_file(png.substr(0, size)));
  auto const whole = jpeg({"\xFF\xC0\x00\x11\x08\x00\x07\x01\x2c", 9});
  for (std::size_t size = 0; size < whole.size(); ++size)
    CHECK(!extent_of_image_file(whole.substr(0, size)));
  CHECK(!extent_of_image_file(std::string_view("GIF89a\0\0\7\0", 10)));
  CHECK(!extent_of_image_file(std::string(100, '\xff')));
  CHECK(!extent_of_image_file("\xFF\xD8" + std::string(100, '\xff')));
  CHECK(!extent_of_image_file("<svg xmlns='http://www.w3.org/2000/svg'/>"));
}
