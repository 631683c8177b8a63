// SPDX-License-Identifier: MIT
// PNG files by trainlog beside libpng at its default level: a grid of digits, a photo-like gradient
// with noise, a page of flat colours and letters. Prints of each image
//   png_write/<image>: trainlog <ms> ms, <bytes> bytes; libpng <ms> ms, <bytes> bytes
// and of all together, by the sum of the times, `RATIO png_write libpng <libpng / trainlog>`.
#include <png.h>
#include <trainlog/detail/png.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

namespace {

using trainlog::detail::image_size;

struct image {
  char const* name;
  image_size size;
  std::vector<std::uint8_t> pixels;
};

std::uint8_t clamp_byte(double value) {
  return static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0));
}

/// 16 x 16 digits of 28 x 28 pixels: strokes with soft edges on black.
image digits() {
  constexpr std::size_t side = 16 * 28;
  image grid{"digits", {side, side, 1}, std::vector<std::uint8_t>(side * side)};
  std::mt19937 random(1);
  auto const between = [&](double low, double high) {
    return std::uniform_real_distribution(low, high)(random);
  };
  for (std::size_t tile = 0; tile < 256; ++tile) {
    double const x0 = between(11, 17), y0 = between(11, 17), rx = between(3, 8), ry = between(6, 9);
    double const from = between(0, 6), to = from + between(3, 6);
    for (double t = from; t < to; t += 0.02) {
      double const x = x0 + rx * std::cos(t), y = y0 + ry * std::sin(1.3 * t);
      for (int dy = -1; dy <= 1; ++dy) {
        for (int dx = -1; dx <= 1; ++dx) {
          double const px = std::floor(x) + dx, py = std::floor(y) + dy;
          if (px < 0 || py < 0 || px > 27 || py > 27) continue;
          double const far = std::hypot(px - x, py - y);
          auto& pixel = grid.pixels[(tile / 16 * 28 + static_cast<std::size_t>(py)) * side +
                                    tile % 16 * 28 + static_cast<std::size_t>(px)];
          pixel = std::max(pixel, clamp_byte(255 * (1.6 - far)));
        }
      }
    }
  }
  return grid;
}

image photo() {
  constexpr std::size_t width = 640, height = 480;
  image picture{"photo", {width, height, 3}, {}};
  std::mt19937 random(2);
  std::normal_distribution noise(0.0, 2.0);
  for (std::size_t y = 0; y < height; ++y) {
    for (std::size_t x = 0; x < width; ++x) {
      auto const u = static_cast<double>(x) / width, v = static_cast<double>(y) / height;
      picture.pixels.push_back(clamp_byte(255 * u * (1 - v / 2) + noise(random)));
      picture.pixels.push_back(clamp_byte(128 + 100 * std::sin(6 * u + 4 * v) + noise(random)));
      picture.pixels.push_back(clamp_byte(200 - 150 * u * v + noise(random)));
    }
  }
  return picture;
}

/// Boxes of one colour, and lines of letters in them.
image page() {
  constexpr std::size_t width = 1280, height = 800;
  image screen{"page", {width, height, 4}, std::vector<std::uint8_t>(width * height * 4, 255)};
  auto const fill = [&](std::size_t x0, std::size_t y0, std::size_t w, std::size_t h,
                        std::uint32_t colour) {
    for (std::size_t y = y0; y < std::min(y0 + h, height); ++y) {
      for (std::size_t x = x0; x < std::min(x0 + w, width); ++x) {
        for (unsigned c = 0; c < 3; ++c)
          screen.pixels[(y * width + x) * 4 + c] = static_cast<std::uint8_t>(colour >> (8 * c));
      }
    }
  };
  fill(0, 0, width, 48, 0x00503020), fill(0, 48, 240, height, 0x00f0f0f0);
  std::mt19937 random(3);
  for (std::size_t line = 0; line < 40; ++line) {
    std::size_t const length = 20 + random() % 80;
    for (std::size_t letter = 0; letter < length; ++letter) {
      if (random() % 6 == 0) continue;
      std::mt19937 glyph(random() % 40);  // one of 40 letters
      for (std::size_t stroke = 0; stroke < 5; ++stroke)
        fill(270 + 9 * letter + glyph() % 6, 70 + 18 * line + glyph() % 9, 1 + glyph() % 3,
             1 + glyph() % 5, 0x00202020);
    }
  }
  return screen;
}

std::string by_trainlog(image const& picture) {
  std::string out;
  trainlog::detail::append_png(out, picture.pixels, picture.size);
  return out;
}

std::string by_libpng(image const& picture) {
  constexpr int types[] = {PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA, PNG_COLOR_TYPE_RGB,
                           PNG_COLOR_TYPE_RGB_ALPHA};
  std::string out;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(
      png, &out,
      [](png_structp self, png_bytep bytes, std::size_t size) {
        static_cast<std::string*>(png_get_io_ptr(self))
            ->append(reinterpret_cast<char const*>(bytes), size);
      },
      nullptr);
  auto const [width, height, channels] = picture.size;
  png_set_IHDR(png, info, static_cast<png_uint_32>(width), static_cast<png_uint_32>(height), 8,
               types[channels - 1], PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  for (std::size_t y = 0; y < height; ++y)
    png_write_row(png, picture.pixels.data() + y * width * channels);
  png_write_end(png, nullptr);
  png_destroy_write_struct(&png, &info);
  return out;
}

struct cost {
  double ms;
  std::size_t bytes;
};

/// The median of 9 rounds, of which each takes about `round_ms`.
template <class Encode>
cost measure(image const& picture, Encode encode, double round_ms) {
  using clock = std::chrono::steady_clock;
  using milliseconds = std::chrono::duration<double, std::milli>;
  std::vector<double> times;
  std::size_t bytes = 0;
  for (int round = 0; round < 9; ++round) {
    auto const begin = clock::now();
    int files = 0;
    double spent = 0;
    for (; files == 0 || spent < round_ms; ++files) {
      bytes = encode(picture).size();
      spent = milliseconds(clock::now() - begin).count();
    }
    times.push_back(spent / files);
  }
  std::nth_element(times.begin(), times.begin() + 4, times.end());
  return {times[4], bytes};
}

}  // namespace

/// png [MILLISECONDS A ROUND]
int main(int argc, char** argv) {
  double const round_ms = argc > 1 ? std::atof(argv[1]) : 100;
  double ours = 0;
  double theirs = 0;
  for (auto const& picture : {digits(), photo(), page()}) {
    auto const here = measure(picture, by_trainlog, round_ms);
    auto const there = measure(picture, by_libpng, round_ms);
    std::printf("png_write/%s: trainlog %.2f ms, %zu bytes; libpng %.2f ms, %zu bytes\n",
                picture.name, here.ms, here.bytes, there.ms, there.bytes);
    ours += here.ms, theirs += there.ms;
  }
  std::printf("RATIO png_write libpng %.2f\n", theirs / ours);
}
