// SPDX-License-Identifier: MIT
// Takes bytes for pixels, the first of them for a shape, and decodes what the PNG encoder makes of
// them with a decoder that shares nothing with it. The corpus is images of each kind.
#include <trainlog/detail/png.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>

#include "../detail/inflate.hpp"

namespace {

using namespace trainlog::detail;

void check_png(std::span<std::uint8_t const> pixels, image_size size) {
  std::string file;
  append_png(file, pixels, size);
  auto const image = inflate_test::decode_png(file);
  if (image.width != size.width || image.height != size.height || image.channels != size.channels ||
      !std::equal(pixels.begin(), pixels.end(), image.pixels.begin(), image.pixels.end()))
    std::abort();
}

/// Streams of the bytes themselves, and of the bytes again and again.
void check_zlib(std::string_view bytes, lz77_effort effort, std::size_t repeated) {
  std::string all;
  for (; repeated > 0; --repeated) all += bytes;
  std::string stream;
  append_zlib(stream, all, effort);
  if (inflate_test::inflate(stream) != all) std::abort();
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  if (size < 3) return 0;
  std::size_t const channels = data[0] % 4 + 1;
  std::size_t const width = data[1] % 64 + 1;
  std::span const pixels(data + 2, size - 2);
  std::size_t const height = pixels.size() / (width * channels);
  if (height > 0) check_png(pixels.first(width * height * channels), {width, height, channels});

  std::string_view const bytes(reinterpret_cast<char const*>(pixels.data()), pixels.size());
  lz77_effort const effort{.least = 4U + data[0] / 4U % 4U, .chain = 1U + data[1] / 64U};
  check_zlib(bytes, effort, 1);
  check_zlib(bytes.substr(0, 4096), effort, 1U + data[0] / 16U);
  return 0;
}
