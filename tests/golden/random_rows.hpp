// SPDX-License-Identifier: MIT
// Random records: each number and string of a record has, for one file, a way of changing from row
// to row, so that a writer finds all encodings worth while.
#ifndef TRAINLOG_TESTS_GOLDEN_RANDOM_ROWS_HPP
#define TRAINLOG_TESTS_GOLDEN_RANDOM_ROWS_HPP

#include <array>
#include <bit>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "json_lines.hpp"
#include "log_records.hpp"

namespace golden {

class random_rows {
 public:
  explicit random_rows(std::uint64_t seed) : seed_(seed), random_(seed) {}

  /// The next row.
  template <class T>
  T next() {
    T row{};
    place_ = 0;
    fill(row);
    ++row_;
    return row;
  }

 private:
  std::uint64_t style(std::uint64_t styles) { return noise(seed_ + ++place_).below(styles); }

  std::uint64_t number() {
    noise fixed(seed_ - place_);
    std::uint64_t const unit = 1 + (fixed.bits() >> (fixed.bits() % 64));
    switch (style(10)) {
      case 0:
        return unit;
      case 1:
        return row_ * unit;
      case 2:
        return row_ * row_ * unit;
      case 3:
        return random_.below(3) * unit;
      case 4:
        return random_.below(300) * unit * unit;
      case 5:
        return random_.bits();
      case 6:
        return unit + random_.bell() * random_.below(256);
      case 7:
        return random_.below(1000) * 1000;
      case 8:
        return random_.rare();
      default:
        return row_ / 50;
    }
  }

  void fill(bool& value) { value = number() % 2 != 0; }
  template <std::integral T>
  void fill(T& value) {
    value = static_cast<T>(number());
  }
  /// Bits, so that a NaN comes too, or a number.
  template <std::floating_point T>
  void fill(T& value) {
    using bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    bool const as_bits = style(3) == 0;
    std::uint64_t const n = number();
    value = as_bits ? std::bit_cast<T>(static_cast<bits>(n))
                    : static_cast<T>(n) / static_cast<T>(1U << style(20));
  }
  template <class T>
    requires std::is_enum_v<T>
  void fill(T& value) {
    value = static_cast<T>(number());
  }
  void fill(std::string& value) {
    static constexpr char const* words[] = {"train", "\xc3\xa9val", "", "\xff", "a \"b\"\\\n", "x"};
    switch (style(5)) {
      case 0:
        value = words[random_.below(6)];
        break;
      case 1:
        value = "step " + std::to_string(row_);
        break;
      case 2:
        value = random_bytes(random_, random_.below(20));
        break;
      case 3:
        value = std::string(random_.below(100) == 0 ? random_.below(5000) : 3, 'y');
        break;
      default:
        value = words[row_ / 40 % 6];
    }
  }
  template <class T>
  void fill(std::optional<T>& value) {
    T inner{};
    fill(inner);
    if (random_.below(3) != 0) value = inner;
    else value.reset();
  }
  template <class T>
  void fill(std::vector<T>& value) {
    value.resize(random_.below(style(3) == 0 ? 2 : 6));
    fill_elements(value);
  }
  void fill(std::vector<bool>& value) {
    value.clear();
    for (auto left = random_.below(9); left > 0; --left) value.push_back(random_.below(2) != 0);
  }
  template <class T, std::size_t N>
  void fill(std::array<T, N>& value) {
    fill_elements(value);
  }
  template <class T>
  void fill(std::map<std::string, T>& value) {
    value.clear();
    std::uint64_t const place = place_;
    for (auto left = random_.below(4); left > 0; --left) {
      place_ = place;
      std::string key;
      fill(key);
      fill(value[key]);
    }
  }
  template <class Rep, class Period>
  void fill(std::chrono::duration<Rep, Period>& value) {
    Rep count{};
    fill(count);
    value = std::chrono::duration<Rep, Period>(count);
  }
  template <class Clock, class Duration>
  void fill(std::chrono::time_point<Clock, Duration>& value) {
    Duration since{};
    fill(since);
    value = std::chrono::time_point<Clock, Duration>(since);
  }
  template <trainlog::record T>
  void fill(T& value) {
    trainlog::for_each_field(value, [&](std::string_view, auto& field) { fill(field); });
  }
  /// Elements are alike.
  template <class Range>
  void fill_elements(Range& range) {
    std::uint64_t const place = place_;
    for (auto& each : range) place_ = place, fill(each);
  }

  std::uint64_t seed_;
  noise random_;
  std::uint64_t row_ = 0;
  std::uint64_t place_ = 0;
};

}  // namespace golden

#endif
