// SPDX-License-Identifier: MIT
// How large the image in a PNG, JPEG or GIF file is, by the file's head (PNG specification, 11.2.1;
// ITU T.81, B.2.2; GIF89a, 18).
#ifndef TRAINLOG_DETAIL_IMAGE_HEADER_HPP
#define TRAINLOG_DETAIL_IMAGE_HEADER_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace trainlog::detail {

struct image_extent {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  friend bool operator==(image_extent const&, image_extent const&) = default;
};

/// The number of `count` bytes at a place that is within the file, the highest byte first.
inline std::uint32_t big_endian_at(std::string_view file, std::size_t at,
                                   std::size_t count) noexcept {
  std::uint32_t value = 0;
  for (; count > 0; --count) value = value << 8U | static_cast<unsigned char>(file[at++]);
  return value;
}

inline std::optional<image_extent> png_extent(std::string_view file) noexcept {
  constexpr std::string_view signature = "\x89PNG\r\n\x1A\n";
  if (file.size() < 24 || !file.starts_with(signature) || file.substr(12, 4) != "IHDR") return {};
  return image_extent{big_endian_at(file, 16, 4), big_endian_at(file, 20, 4)};
}

inline std::optional<image_extent> gif_extent(std::string_view file) noexcept {
  if (file.size() < 10 || (!file.starts_with("GIF87a") && !file.starts_with("GIF89a"))) return {};
  auto const little = [&](std::size_t at) {
    return big_endian_at(file, at + 1, 1) << 8U | big_endian_at(file, at, 1);
  };
  return image_extent{little(6), little(8)};
}

/// Goes from marker to marker to the frame header.
inline std::optional<image_extent> jpeg_extent(std::string_view file) noexcept {
  if (!file.starts_with("\xFF\xD8\xFF")) return {};
  for (std::size_t at = 2; at + 9 <= file.size() && file[at] == '\xFF';) {
    auto const marker = big_endian_at(file, at + 1, 1);
    if (marker == 0xFF) {  // one that fills
      ++at;
      continue;
    }
    bool const is_table = marker == 0xC4 || marker == 0xC8 || marker == 0xCC;
    if (marker >= 0xC0 && marker <= 0xCF && !is_table)
      return image_extent{big_endian_at(file, at + 7, 2), big_endian_at(file, at + 5, 2)};
    at += 2 + big_endian_at(file, at + 2, 2);
  }
  return {};
}

/// Nothing if the bytes begin no such file, or with an image of no pixels.
inline std::optional<image_extent> extent_of_image_file(std::string_view file) noexcept {
  auto extent = png_extent(file);
  if (!extent) extent = gif_extent(file);
  if (!extent) extent = jpeg_extent(file);
  if (extent && (extent->width == 0 || extent->height == 0)) return {};
  return extent;
}

}  // namespace trainlog::detail

#endif
