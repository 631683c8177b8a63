// SPDX-License-Identifier: MIT
// The images of ../data/digits.csv, and a fixed shuffled split of them.
#ifndef TRAINLOG_EXAMPLES_DIGITS_DATASET_HPP
#define TRAINLOG_EXAMPLES_DIGITS_DATASET_HPP

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace digits {

inline constexpr std::size_t image_side = 8;  // pixels
inline constexpr std::size_t pixel_count = image_side * image_side;
inline constexpr std::size_t class_count = 10;

/// A small generator (SplitMix64), because std::shuffle and the distributions of <random> give
/// different numbers with different standard libraries, and a training run must be repeatable.
class generator {
 public:
  explicit generator(std::uint64_t seed) : state_{seed} {}

  std::uint64_t bits() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }

  /// A number in [low, high).
  float uniform(float low, float high) {
    return low + (high - low) * static_cast<float>(bits() >> 40) * 0x1p-24F;
  }

  template <class T>
  void shuffle(std::vector<T>& items) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[bits() % i]);
  }

 private:
  std::uint64_t state_;
};

struct image {
  std::array<float, pixel_count> pixels{};  // 0 (empty) to 1 (full), row by row
  std::size_t digit = 0;                    // 0 to 9
};

/// Cuts the next number, at most `greatest`, and the comma after it off the front of `line`.
inline unsigned take_number(std::string_view& line, unsigned greatest) {
  unsigned number = 0;
  auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), number);
  if (error != std::errc{} || number > greatest) {
    throw std::runtime_error("expected a whole number from 0 to " + std::to_string(greatest));
  }
  line.remove_prefix(static_cast<std::size_t>(end - line.data()));
  if (line.starts_with(',')) line.remove_prefix(1);
  return number;
}

inline image parse_image(std::string_view line) {
  image result;
  for (float& pixel : result.pixels) pixel = static_cast<float>(take_number(line, 16)) / 16.0F;
  result.digit = take_number(line, class_count - 1);
  if (!line.empty()) throw std::runtime_error("expected the end of the line after the digit");
  return result;
}

/// Every image of the file; throws std::runtime_error naming the file, and the line if one is bad.
inline std::vector<image> read_images(std::string const& path) {
  std::ifstream file{path};
  if (!file) throw std::runtime_error(path + ": cannot open the images");
  std::vector<image> images;
  for (std::string line; std::getline(file, line);) {
    try {
      images.push_back(parse_image(line));
    } catch (std::runtime_error const& problem) {
      auto const line_number = std::to_string(images.size() + 1);
      throw std::runtime_error((path + ':').append(line_number).append(": ") + problem.what());
    }
  }
  if (images.size() < 5) throw std::runtime_error(path + ": fewer than 5 images cannot be split");
  return images;
}

struct split {
  std::vector<image> train;     // four fifths
  std::vector<image> held_out;  // one fifth, never trained on
};

/// The images, five at least, shuffled and split; the same split for the same generator.
inline split split_images(std::vector<image> images, generator& random) {
  random.shuffle(images);
  auto cut = images.begin() + static_cast<std::ptrdiff_t>(images.size() * 4 / 5);
  return {{images.begin(), cut}, {cut, images.end()}};
}

}  // namespace digits

#endif
