// SPDX-License-Identifier: MIT
// Which digits are taken for which, and a picture of that.
#ifndef TRAINLOG_EXAMPLES_DIGITS_CONFUSION_HPP
#define TRAINLOG_EXAMPLES_DIGITS_CONFUSION_HPP

#include "dataset.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace digits {

/// counts[digit][what it was taken for]
using confusion_matrix = std::array<std::array<std::size_t, class_count>, class_count>;

struct color {
  std::uint8_t red = 0, green = 0, blue = 0;
};

/// Pixels of 8 bits, row by row, red, green and blue beside each other: [height, width, 3].
class picture {
 public:
  picture(std::size_t height, std::size_t width, color background)
      : width_{width}, pixels_(height * width * 3) {
    fill(0, 0, height, width, background);
  }

  void fill(std::size_t top, std::size_t left, std::size_t height, std::size_t width, color paint) {
    for (std::size_t y = top; y < top + height; ++y) {
      for (std::size_t x = left; x < left + width; ++x) {
        std::uint8_t* const pixel = &pixels_[(y * width_ + x) * 3];
        pixel[0] = paint.red, pixel[1] = paint.green, pixel[2] = paint.blue;
      }
    }
  }

  std::vector<std::uint8_t> const& pixels() const { return pixels_; }

 private:
  std::size_t width_;
  std::vector<std::uint8_t> pixels_;
};

/// The confusion matrix as a table: a row a digit, a column what it was taken for.
class confusion_picture {
 public:
  static constexpr std::size_t cell = 24;                        // pixels
  static constexpr std::size_t size = cell * (class_count + 1);  // height and width

  explicit confusion_picture(confusion_matrix const& counts) {
    for (std::size_t digit = 0; digit < class_count; ++digit) {
      write(0, digit + 1, digit, gray);
      write(digit + 1, 0, digit, gray);
      std::size_t const most = *std::max_element(counts[digit].begin(), counts[digit].end());
      for (std::size_t taken_for = 0; taken_for < class_count; ++taken_for) {
        draw(digit + 1, taken_for + 1, counts[digit][taken_for], most);
      }
    }
  }

  std::vector<std::uint8_t> const& pixels() const { return picture_.pixels(); }

 private:
  static constexpr color white{255, 255, 255};
  static constexpr color gray{128, 128, 128};
  static constexpr std::size_t dot = 2;  // pixels of a dot of a numeral, of 3 x 5 dots

  /// A cell: the more, the darker.
  void draw(std::size_t row, std::size_t column, std::size_t count, std::size_t most) {
    auto const faded = [&](std::size_t full) {
      return static_cast<std::uint8_t>(most == 0 ? 255 : 255 - (255 - full) * count / most);
    };
    picture_.fill(row * cell, column * cell, cell - 1, cell - 1, {faded(8), faded(48), faded(107)});
    if (count > 0) write(row, column, count, 2 * count > most ? white : color{8, 48, 107});
  }

  /// A number in the middle of a cell; its last three digits, if it has more.
  void write(std::size_t row, std::size_t column, std::size_t number, color ink) {
    std::size_t const numerals = number < 10 ? 1 : number < 100 ? 2 : 3;
    std::size_t const width = (4 * numerals - 1) * dot;
    std::size_t right = column * cell + (cell + width) / 2;
    for (std::size_t i = 0; i < numerals; ++i, number /= 10, right -= 4 * dot) {
      write_numeral(row * cell + (cell - 5 * dot) / 2, right - 3 * dot, number % 10, ink);
    }
  }

  void write_numeral(std::size_t top, std::size_t left, std::size_t numeral, color ink) {
    // 3 bits a row, from the top
    static constexpr unsigned dots[] = {
        0b111'101'101'101'111, 0b010'110'010'010'111, 0b111'001'111'100'111, 0b111'001'111'001'111,
        0b101'101'111'001'001, 0b111'100'111'001'111, 0b111'100'111'101'111, 0b111'001'001'001'001,
        0b111'101'111'101'111, 0b111'101'111'001'111};
    for (std::size_t i = 0; i < 15; ++i) {
      if ((dots[numeral] >> (14 - i) & 1U) == 0) continue;
      picture_.fill(top + i / 3 * dot, left + i % 3 * dot, dot, dot, ink);
    }
  }

  picture picture_{size, size, white};
};

}  // namespace digits

#endif
