// SPDX-License-Identifier: MIT
// Images as PNG files of 8 bits a channel (PNG specification, third edition).
#ifndef TRAINLOG_DETAIL_PNG_HPP
#define TRAINLOG_DETAIL_PNG_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "trainlog/detail/crc32.hpp"
#include "trainlog/detail/deflate.hpp"
#include "trainlog/detail/error.hpp"
#include "trainlog/detail/lz77.hpp"
#include "trainlog/detail/png_filter.hpp"

namespace trainlog::detail {

/// How large an image is; its pixels stand row by row, each of `channels` bytes: gray, gray and
/// alpha, RGB or RGBA.
struct image_size {
  std::size_t width = 0;
  std::size_t height = 0;
  std::size_t channels = 1;
};

inline constexpr std::size_t max_image_side = 0x7FFFFFFF;
inline constexpr std::size_t max_image_bytes = std::size_t{1} << 30U;

/// Why there can be no PNG file of such an image; null if there can be one.
inline char const* png_refusal(image_size size) noexcept {
  if (size.channels < 1 || size.channels > 4) return "an image has 1 to 4 channels";
  if (size.width == 0 || size.height == 0) return "an image has at least one pixel";
  if (size.width > max_image_side || size.height > max_image_side ||
      size.width * size.channels + 1 > max_image_bytes / size.height)
    return "an image has at most 1 GiB";
  return nullptr;
}

/// Appends a chunk, whose data `append_data()` appends to the same `out`.
template <class AppendData>
void append_png_chunk(std::string& out, std::string_view type, AppendData append_data) {
  std::size_t const begin = out.size();
  out.append(4, '\0').append(type);
  append_data();
  std::string size;
  append_big_endian(size, static_cast<std::uint32_t>(out.size() - begin - 8));
  out.replace(begin, 4, size);
  append_big_endian(out, crc32(std::string_view(out).substr(begin + 4)));
}

/// The rows of an image, one behind the other, each with its filter.
inline std::string png_filtered_rows(std::uint8_t const* pixels, image_size size) {
  std::size_t const row_size = size.width * size.channels;
  std::string rows;
  rows.reserve(size.height * (row_size + 1));
  png_row_filter filter(row_size, size.channels);
  for (std::size_t y = 0; y < size.height; ++y) filter.append(rows, pixels + y * row_size);
  return rows;
}

/// Repetitions shorter than 6 bytes are worth less than what they do to the code of the literals,
/// as rows are filtered.
inline constexpr lz77_effort png_effort{.least = 6};

/// Appends a PNG file of width * height * channels bytes. Throws error if there are not so many, or
/// if there is a png_refusal.
inline void append_png(std::string& out, std::span<std::uint8_t const> pixels, image_size size) {
  if (auto const* why = png_refusal(size)) throw error(std::string("trainlog: ") + why);
  std::size_t const expected = size.width * size.height * size.channels;
  if (pixels.size() != expected)
    throw error("trainlog: an image of " + std::to_string(pixels.size()) + " bytes, expected " +
                std::to_string(expected));
  out +=
      "\x89"
      "PNG\r\n\x1A\n";
  append_png_chunk(out, "IHDR", [&] {
    append_big_endian(out, static_cast<std::uint32_t>(size.width));
    append_big_endian(out, static_cast<std::uint32_t>(size.height));
    out += '\x08';                         // bits a channel
    out += "\0\4\2\6"[size.channels - 1];  // the kind of pixels
    out.append(3, '\0');
  });
  append_png_chunk(out, "IDAT",
                   [&] { append_zlib(out, png_filtered_rows(pixels.data(), size), png_effort); });
  append_png_chunk(out, "IEND", [] {});
}

}  // namespace trainlog::detail

#endif
