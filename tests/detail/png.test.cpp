// SPDX-License-Identifier: MIT
#include "trainlog/detail/png.hpp"

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "catch.hpp"
#include "detail/inflate.hpp"

using namespace trainlog;
using namespace trainlog::detail;
using bytes = std::vector<std::uint8_t>;

namespace {

/// The image of the file that append_png makes, after it was seen to be the one given.
inflate_test::png_image round_trip(bytes const& pixels, image_size size,
                                   std::size_t* file_size = nullptr) {
  std::string file;
  append_png(file, pixels, size);
  auto image = inflate_test::decode_png(file);
  CHECK(image.width == size.width);
  CHECK(image.height == size.height);
  CHECK(image.channels == size.channels);
  CHECK((image.pixels == pixels));
  if (file_size != nullptr) *file_size = file.size();
  return image;
}

bytes noise(std::size_t size) {
  std::mt19937 random(static_cast<unsigned>(size));
  bytes all(size);
  for (auto& each : all) each = static_cast<std::uint8_t>(random());
  return all;
}

/// Pixels of one byte by a function of x and y.
template <class Value>
bytes gray(std::size_t width, std::size_t height, Value value) {
  bytes all;
  for (unsigned y = 0; y < height; ++y) {
    for (unsigned x = 0; x < width; ++x) all.push_back(static_cast<std::uint8_t>(value(x, y)));
  }
  return all;
}

std::string message_of(bytes const& pixels, image_size size) {
  try {
    std::string out;
    append_png(out, pixels, size);
  } catch (error const& problem) {
    return problem.what();
  }
  return "nothing thrown";
}

}  // namespace

TEST_CASE("a PNG file of one white pixel, to the byte") {
  std::string file;
  append_png(file, bytes{255}, {1, 1, 1});
  constexpr std::array<unsigned char, 41> expected{
      0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0x00, 0x00, 0x00, 0x0D, 0x49, 0x48,
      0x44, 0x52, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00,
      0x00, 0x3A, 0x7E, 0x9B, 0x55, 0x00, 0x00, 0x00, 0x0A, 0x49, 0x44, 0x41, 0x54};
  CHECK(file.substr(0, 41) == std::string(expected.begin(), expected.end()));
  CHECK(file.size() == 67);
  CHECK(round_trip({255}, {1, 1, 1}).filters[2] == 1);
}

TEST_CASE("images of every number of channels come back") {
  for (std::size_t channels = 1; channels <= 4; ++channels) {
    for (std::size_t const width : {1U, 2U, 7U, 33U}) {
      for (std::size_t const height : {1U, 3U, 16U})
        round_trip(noise(width * height * channels), {width, height, channels});
    }
    round_trip(bytes(50 * 40 * channels, 0), {50, 40, channels});
  }
}

TEST_CASE("images wide, high and beyond the window come back") {
  round_trip(noise(65535), {65535, 1, 1});
  round_trip(gray(65535, 3, [](auto x, auto y) { return x / 7 + y; }), {65535, 3, 1});
  round_trip(noise(3 * 20'000), {1, 20'000, 3});
  round_trip(gray(700, 300, [](auto x, auto y) { return x * y / 64; }), {700, 300, 1});
}

TEST_CASE("each of the five filters is taken where it is best") {
  auto filters = [](auto value) { return round_trip(gray(256, 64, value), {256, 64, 1}).filters; };
  std::mt19937 random(1);
  CHECK(filters([&](auto, auto) { return random() % 3 == 0 ? 20 : 0; })[0] > 32);
  CHECK(filters([](auto x, auto y) { return x + y * y * 97; })[1] > 32);
  CHECK(filters([](auto x, auto) { return 91 * x * x; })[2] > 60);
  CHECK(filters([&](auto x, auto y) { return 60 + x / 2 + y + random() % 40; })[3] > 32);
  CHECK(filters([](auto x, auto y) { return 20 * (x / 8 + y / 8); })[4] > 5);
}

TEST_CASE("flat images are small") {
  std::size_t size = 0;
  round_trip(bytes(400 * 300 * 4, 200), {400, 300, 4}, &size);
  CHECK(size < 1200);
}

TEST_CASE("shapes that are no image, or do not match the pixels, are refused") {
  CHECK(message_of(bytes(5), {2, 2, 1}) == "trainlog: an image of 5 bytes, expected 4");
  CHECK(message_of(bytes(4), {2, 2, 3}) == "trainlog: an image of 4 bytes, expected 12");
  CHECK(message_of({}, {0, 2, 1}) == "trainlog: an image has at least one pixel");
  CHECK(message_of({}, {2, 0, 1}) == "trainlog: an image has at least one pixel");
  CHECK(message_of(bytes(5), {1, 1, 5}) == "trainlog: an image has 1 to 4 channels");
  CHECK(message_of(bytes(5), {1, 1, 0}) == "trainlog: an image has 1 to 4 channels");
  CHECK(message_of({}, {~std::size_t{0}, 1, 4}) == "trainlog: an image has at most 1 GiB");
  CHECK(message_of({}, {1U << 30U, 1U << 30U, 4}) == "trainlog: an image has at most 1 GiB");
}
