// SPDX-License-Identifier: MIT
// The records in the golden files.
#ifndef TRAINLOG_TESTS_GOLDEN_RECORDS_HPP
#define TRAINLOG_TESTS_GOLDEN_RECORDS_HPP

#include <trainlog/binary.hpp>

#include <array>
#include <bit>
#include <chrono>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace golden {

enum class Phase : std::int8_t { train, eval = -5 };
TRAINLOG_ENUM(Phase, train, eval)
enum class Mask : std::uint64_t { none, all = 0xffffffffffffffff };
TRAINLOG_ENUM(Mask, none, all)

struct Numbers {
  bool flag = false;
  std::int8_t i8 = std::numeric_limits<std::int8_t>::min();
  std::int16_t i16 = std::numeric_limits<std::int16_t>::min();
  std::int32_t i32 = std::numeric_limits<std::int32_t>::min();
  std::int64_t i64 = std::numeric_limits<std::int64_t>::min();
  std::uint8_t u8 = std::numeric_limits<std::uint8_t>::max();
  std::uint16_t u16 = std::numeric_limits<std::uint16_t>::max();
  std::uint32_t u32 = std::numeric_limits<std::uint32_t>::max();
  std::uint64_t u64 = std::numeric_limits<std::uint64_t>::max();
  float f32 = 0.1F;
  double f64 = 0.1;
  TRAINLOG_RECORD(Numbers, flag, i8, i16, i32, i64, u8, u16, u32, u64, f32, f64)
};

inline std::vector<Numbers> numbers() {
  Numbers odd{.flag = true};
  odd.f32 = std::bit_cast<float>(0xffc00001U);           // a NaN with sign and payload
  odd.f64 = std::bit_cast<double>(0x7ff0000000000001U);  // a signalling NaN
  return {Numbers{}, odd, Numbers{.f32 = -0.0F, .f64 = std::numeric_limits<double>::denorm_min()},
          Numbers{.f32 = -std::numeric_limits<float>::infinity(),
                  .f64 = std::numeric_limits<double>::infinity()}};
}

struct Point {
  double x = 0;
  std::optional<float> y;
  TRAINLOG_RECORD(Point, x, y)
};
struct Nothing {
  TRAINLOG_RECORD(Nothing)
};

struct Containers {
  std::string text = "h\xc3\xa9llo \"world\"\n";
  Phase phase = Phase::eval;
  Mask mask = Mask::all;
  std::optional<std::string> maybe;
  std::vector<Point> points;
  std::vector<bool> flags{true, false, true};
  std::array<std::uint8_t, 3> rgb{1, 2, 255};
  std::array<double, 0> none{};
  std::map<std::string, std::vector<std::int16_t>> map;
  Nothing nothing;
  std::chrono::milliseconds pause{-1500};
  std::chrono::sys_time<std::chrono::nanoseconds> at{};
  std::chrono::time_point<std::chrono::steady_clock, std::chrono::duration<float>> since{};
  TRAINLOG_RECORD(Containers, text, phase, mask, maybe, points, flags, rgb, none, map, nothing,
                  pause, at, since)
};

inline std::vector<Containers> containers() {
  Containers full;
  full.text = std::string(300, 'x');
  full.phase = static_cast<Phase>(3);
  full.maybe = "";
  full.points = {{1.5, 2.5F}, {-1, {}}};
  full.map = {{"b", {1, -1}}, {"", {}}, {"\xc3\xa9", {300}}};
  full.at += std::chrono::nanoseconds(1'700'000'000'123'456'789);
  full.since += std::chrono::duration<float>(0.5F);
  return {Containers{}, full};
}

struct Epoch {
  std::int64_t epoch = 0;
  double loss = 0.0;
  double learning_rate = 0.001;
  double scratch = 0;
  TRAINLOG_RECORD(Epoch, epoch, loss, learning_rate, scratch)
};
TRAINLOG_META(Epoch, loss, unit("nats"), doc("mean over the epoch"), rename("train/loss"),
              aka("loss"), aka("cost"), goal(minimize), reduce(mean))
TRAINLOG_META(Epoch, scratch, serialize(false))

inline std::vector<Epoch> epochs() {
  std::vector<Epoch> rows;
  for (int i = 0; i < 10; ++i) rows.push_back({i, 1.0 / (1 + i), 0.001, 0});
  return rows;
}

/// Calls f(name, rows) for every golden file that the library writes.
template <class F>
void for_each_file(F f) {
  f("numbers", numbers());
  f("containers", containers());
  f("epochs", epochs());
  f("none", std::vector<Epoch>());
  f("nothing", std::vector<Nothing>(3));
}

}  // namespace golden

#endif
