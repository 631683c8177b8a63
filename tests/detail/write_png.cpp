// SPDX-License-Identifier: MIT
// Writes images as <name>.png, and their pixels as <name>.raw, into a directory: for read_png.py.
#include <trainlog/detail/png.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <random>
#include <string>
#include <vector>

namespace {

using trainlog::detail::image_size;

template <class Value>
void write(std::string const& path, image_size size, Value value) {
  std::vector<std::uint8_t> pixels;
  for (unsigned y = 0; y < size.height; ++y) {
    for (unsigned x = 0; x < size.width; ++x) {
      for (unsigned c = 0; c < size.channels; ++c)
        pixels.push_back(static_cast<std::uint8_t>(value(x, y, c)));
    }
  }
  std::string file;
  trainlog::detail::append_png(file, pixels, size);
  std::ofstream(path + ".png", std::ios::binary) << file;
  std::ofstream(path + ".raw", std::ios::binary) << std::string(pixels.begin(), pixels.end());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  std::string const directory = std::string(argv[1]) + "/";
  std::mt19937 random(7);
  write(directory + "pixel", {1, 1, 1}, [](auto...) { return 255; });
  write(directory + "zeros", {300, 200, 4}, [](auto...) { return 0; });
  write(directory + "noise", {200, 150, 3}, [&](auto...) { return random(); });
  write(directory + "wide", {65535, 2, 1}, [](auto x, auto y, auto) { return x / 9 + y; });
  write(directory + "plane", {300, 300, 2},
        [](auto x, auto y, auto c) { return c == 0 ? x + y : 255; });
  write(directory + "photo", {320, 240, 3}, [&](auto x, auto y, auto c) {
    return 128.0 + 60 * std::sin(x / 50.0 + c) + 40 * std::cos(y / 30.0) +
           static_cast<double>(random() % 9);
  });
  write(directory + "letters", {400, 300, 4}, [](auto x, auto y, auto c) {
    return c == 3 || (x / 3 * 7 + y / 5 * 11) % 13 < 9 ? 255 : 32 * c;
  });
}
