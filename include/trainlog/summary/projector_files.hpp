// SPDX-License-Identifier: MIT
// Files of TensorBoard's projector: tables of vectors and of labels, images on one sheet, and the
// list of them all (projector_config.proto, as text).
#ifndef TRAINLOG_SUMMARY_PROJECTOR_FILES_HPP
#define TRAINLOG_SUMMARY_PROJECTOR_FILES_HPP

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "trainlog/detail/append_number.hpp"
#include "trainlog/detail/file.hpp"
#include "trainlog/detail/png.hpp"
#include "trainlog/detail/utf8.hpp"
#include "trainlog/summary/image_view.hpp"

namespace trainlog::detail {

/// A name as a path below another one: what is no ASCII letter, digit or one of "_-/", and a dot or
/// slash at the beginning of a part, becomes %XX. Names that differ stay so.
inline std::string path_of_name(std::string_view name) {
  std::string out;
  for (char const c : name) {
    bool const begins = out.empty() || out.back() == '/';
    bool const is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '_' || c == '-' ||
                          (!begins && (c == '.' || c == '/'));
    if (is_plain) {
      out.push_back(c);
      continue;
    }
    constexpr std::string_view digits = "0123456789ABCDEF";
    auto const byte = static_cast<unsigned char>(c);
    (out += '%') += digits[byte >> 4U];
    out += digits[byte & 15U];
  }
  return out.empty() ? "%" : out;
}

/// Rows of numbers with tabs between them.
template <class Number>
std::string projector_tensors(std::span<Number const> numbers, std::size_t columns) {
  std::string out;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    append_repr_number(out, numbers[i]);
    out.push_back((i + 1) % columns == 0 ? '\n' : '\t');
  }
  return out;
}

/// A cell of a table, in which tabs and line ends have no place. An empty one is "-": the projector
/// passes empty lines by.
inline void append_projector_cell(std::string& out, std::string_view cell) {
  std::size_t const begin = out.size();
  append_utf8_sanitized(out, cell.empty() ? "-" : cell);
  for (std::size_t i = begin; i < out.size(); ++i) {
    if (out[i] == '\t' || out[i] == '\n' || out[i] == '\r') out[i] = ' ';
  }
}

/// The sheet for as many images as the batch has, which is about square.
inline image_size projector_sheet(image_batch const& images) noexcept {
  std::size_t side = 1;  // in images
  while (side * side < images.count()) ++side;
  std::size_t const rows = (images.count() + side - 1) / side;
  return {side * images.size().width, rows * images.size().height, images.size().channels};
}

/// The images on their sheet, of which there must be a PNG file.
inline std::string projector_sprite(image_batch const& images) {
  auto const [width, height, channels] = images.size();
  image_size const sheet = projector_sheet(images);
  std::size_t const side = sheet.width / width;
  std::vector<std::uint8_t> pixels(sheet.width * sheet.height * channels);
  for (std::size_t i = 0; i < images.count(); ++i) {
    auto const image = images.pixels(i);
    for (std::size_t y = 0; y < height; ++y) {
      std::size_t const row = i / side * height + y;
      auto const from = image.begin() + static_cast<std::ptrdiff_t>(y * width * channels);
      std::copy_n(from, width * channels,
                  pixels.begin() + static_cast<std::ptrdiff_t>(
                                       (row * sheet.width + i % side * width) * channels));
    }
  }
  std::string out;
  append_png(out, pixels, sheet);
  return out;
}

/// A text of protobuf's text format, as it stands between quotes: valid UTF-8 must be given.
inline std::string proto_text(std::string_view text) {
  std::string out = "\"";
  for (char const c : text) {
    auto const byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      (out += '\\') += c;
    } else if (byte < 0x20) {
      out += '\\';
      for (unsigned shift = 9; shift > 0; shift -= 3)
        out += static_cast<char>('0' + (byte >> (shift - 3) & 7U));
    } else {
      out += c;
    }
  }
  return out + '"';
}

/// While it lives, no other thread or process has the lock of that directory. Where a file system
/// has no locks, it is none.
class directory_lock {
 public:
  explicit directory_lock(std::string const& directory)
      : directory_(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (directory_) retry_interrupted([&] { return ::flock(directory_.get(), LOCK_EX); });
  }

 private:
  unique_descriptor directory_;  ///< closing it ends the lock
};

/// Puts an entry, without its "embeddings {" and "}", into the list at `path`, in the place of the
/// one that begins with the same line, if there is one. Throws io_error.
inline void merge_projector_entry(std::string const& path, std::string const& entry) {
  struct ::stat status{};
  std::string list = ::stat(path.c_str(), &status) == 0 ? read_file(path) : std::string();
  if (!list.empty() && list.back() != '\n') list += '\n';
  constexpr std::string_view begin = "embeddings {\n";
  constexpr std::string_view end = "\n}\n";
  std::string const head = std::string(begin) + entry.substr(0, entry.find('\n') + 1);
  std::size_t const old = list.find(head);
  if (old != list.npos) {
    std::size_t const after = list.find(end, old);
    list.erase(old, after == list.npos ? list.npos : after + end.size() - old);
  }
  replace_file(path, list.append(begin).append(entry).append("}\n"));
}

}  // namespace trainlog::detail

#endif
