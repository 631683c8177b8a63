// SPDX-License-Identifier: MIT
// Records of every kind of field, and random ones, for the tests of the text codecs.
#ifndef TRAINLOG_TESTS_CODEC_RECORDS_HPP
#define TRAINLOG_TESTS_CODEC_RECORDS_HPP

#include <array>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <trainlog/record.hpp>

namespace text_test {

inline constexpr double infinity = std::numeric_limits<double>::infinity();
inline constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

enum class Phase : std::int8_t { train, eval = 5 };
TRAINLOG_ENUM(Phase, train, eval)

// Without a fixed underlying type, so that it cannot hold every number.
enum Loose { l0, l1 };
TRAINLOG_ENUM(Loose, l0, l1)

enum class Switch : bool { off, on };
TRAINLOG_ENUM(Switch, on)

/// Enumerations that cannot hold every number of their type.
struct Narrow {
  Loose loose = l0;
  Switch power = Switch::on;
  TRAINLOG_RECORD(Narrow, loose, power)
};

using wall_clock = std::chrono::system_clock;
using millis = std::chrono::milliseconds;
using milli_time = std::chrono::time_point<wall_clock, millis>;
using float_seconds = std::chrono::duration<double>;

struct Point {
  double x = 0;
  std::optional<float> y;
  TRAINLOG_RECORD(Point, x, y)
};

struct Numbers {
  bool flag = false;
  std::int8_t i8 = 0;
  std::int16_t i16 = 0;
  std::int32_t i32 = 0;
  std::int64_t i64 = 0;
  std::uint8_t u8 = 0;
  std::uint16_t u16 = 0;
  std::uint32_t u32 = 0;
  std::uint64_t u64 = 0;
  float f32 = 0;
  double f64 = 0;
  TRAINLOG_RECORD(Numbers, flag, i8, i16, i32, i64, u8, u16, u32, u64, f32, f64)
};

TRAINLOG_NAMEDTUPLE(Entry, (std::int64_t, epoch), (double, loss), (double, rate, 0.001))

/// All kinds of fields.
struct Everything {
  Numbers numbers;
  std::string text;
  Phase phase = Phase::train;
  std::optional<double> maybe;
  std::optional<std::string> name;
  std::optional<Point> point;
  std::vector<double> curve;
  std::vector<bool> flags;
  std::vector<Point> points;
  std::vector<std::vector<float>> grid;
  std::vector<std::optional<double>> holes;
  std::array<std::uint8_t, 3> rgb{};
  std::array<Point, 2> ends{};
  std::map<std::string, double> scores;
  std::map<std::string, std::vector<Point>> paths;
  millis pause{};
  float_seconds wall{};
  milli_time at{};
  TRAINLOG_RECORD(Everything, numbers, text, phase, maybe, name, point, curve, flags, points, grid,
                  holes, rgb, ends, scores, paths, pause, wall, at)
};

/// Fills fields with values of all sizes and with the corners of their types.
class filler {
 public:
  explicit filler(std::uint64_t seed) : random_(seed) {}

  template <class T>
  T make() {
    T value{};
    fill(value);
    return value;
  }

 private:
  template <class T>
  void fill(T& field) {
    namespace td = trainlog::detail;
    if constexpr (td::boolean<T>) {
      field = below(2) == 0;
    } else if constexpr (td::integer<T>) {
      field = static_cast<T>(random_() >> below(64));
    } else if constexpr (td::floating<T>) {
      field = real<T>();
    } else if constexpr (td::text<T>) {
      field = text();
    } else if constexpr (td::described_enum<T>) {
      field = static_cast<T>(below(7));
    } else if constexpr (td::duration<T>) {
      typename T::rep count{};
      fill(count);
      field = T(count);
    } else if constexpr (td::time_point<T>) {
      field = T(typename T::duration(static_cast<std::int64_t>(random_() >> below(64))));
    } else if constexpr (td::optional<T>) {
      field.reset();
      if (below(3) != 0) fill(field.emplace());
    } else if constexpr (td::string_map<T>) {
      for (auto n = below(4); n != 0; --n) fill(field[text()]);
    } else if constexpr (td::list<T>) {
      for (auto n = below(5); n != 0; --n) field.push_back(make<typename T::value_type>());
    } else if constexpr (td::fixed_array<T>) {
      for (auto& element : field) fill(element);
    } else {
      td::visit_fields(field, [&](auto&... inner) { (fill(inner), ...); });
    }
  }

  template <class T>
  T real() {
    switch (below(8)) {
      case 0:
        return static_cast<T>(std::array{not_a_number, infinity, -infinity}[below(3)]);
      case 1:
        return static_cast<T>(below(1000));
      case 2:
        return static_cast<T>(-0.0);
      case 3: {
        using bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
        T const any = std::bit_cast<T>(static_cast<bits>(random_()));
        return any == any ? any : static_cast<T>(not_a_number);  // one NaN: its payload is not kept
      }
      default:
        return static_cast<T>(std::uniform_real_distribution<double>(-1, 1)(random_));
    }
  }

  std::string text() {
    constexpr std::array pieces{"a",  "B",    "0",   ",", "\"",   "\\",   "\n",
                                "\r", "\t",   " ",   "/", "\x01", "é",    "日",
                                "🦜", "null", "1.5", "",  "true", "\x7f", "\xEF\xBB\xBF"};
    std::string result;
    for (auto n = below(6); n != 0; --n) result += pieces[below(pieces.size())];
    return result;
  }

  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

  std::mt19937_64 random_;
};

}  // namespace text_test

#endif
