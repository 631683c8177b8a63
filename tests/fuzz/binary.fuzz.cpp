// SPDX-License-Identifier: MIT
// Decodes any bytes as a snapshot, with their checksums made right, into several records.
// The corpus is the golden files and mutants of them.
#include <trainlog/binary.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "../codec/tlog_parts.hpp"

namespace {

enum class Phase : std::int8_t { train, eval = 5 };
TRAINLOG_ENUM(Phase, train, eval)
enum class Other : std::uint64_t { eval, test, train };
TRAINLOG_ENUM(Other, eval, test, train)
enum Loose { low, high = 5 };
TRAINLOG_ENUM(Loose, low, high)

struct Point {
  double x = 0;
  std::optional<float> y;
  TRAINLOG_RECORD(Point, x, y)
};

struct Row {
  bool flag = false;
  std::uint8_t small = 0;
  std::string text;
  Phase phase = Phase::train;
  Loose loose = low;
  std::optional<std::vector<Point>> points;
  std::vector<bool> flags;
  std::array<std::int16_t, 3> rgb{};
  std::map<std::string, std::vector<std::string>> map;
  std::chrono::milliseconds pause{};
  std::chrono::system_clock::time_point at{};
  float last = 0;
  TRAINLOG_RECORD(Row, flag, small, text, phase, loose, points, flags, rgb, map, pause, at, last)
};

/// A later Row: everything wider, in another order, one field renamed, some added and removed.
struct Evolved {
  double end = 0;
  std::map<std::string, std::optional<std::vector<std::string>>> map;
  std::optional<std::int64_t> small;
  Other phase = Other::test;
  std::optional<std::vector<std::optional<Point>>> points;
  std::array<double, 3> rgb{};
  std::string added = "default";
  TRAINLOG_RECORD(Evolved, end, map, small, phase, points, rgb, added)
};
TRAINLOG_META(Evolved, end, aka("last"))

struct Checked {
  double loss = 0;
  std::int64_t epoch = 0;
  void post_init() { ++calls; }
  int calls = 0;
  TRAINLOG_RECORD(Checked, loss, epoch, calls)
};
TRAINLOG_META(Checked, loss, ge(0), finite())
TRAINLOG_META(Checked, calls, serialize(false), compare(false))

TRAINLOG_NAMEDTUPLE(Entry, (std::int64_t, epoch), (double, loss))

/// What was decoded can be encoded, and that decoded to the same.
template <class T>
void decode(std::string const& file) {
  std::vector<T> rows;
  try {
    rows = trainlog::from_binary<std::vector<T>>(file);
  } catch (trainlog::error const&) {
    return;
  }
  auto const again = trainlog::to_binary(rows);
  if (trainlog::to_binary(trainlog::from_binary<std::vector<T>>(again)) != again) std::abort();
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string file(reinterpret_cast<char const*>(data), size);
  for (int sealed = 0; sealed < 2; ++sealed) {
    decode<Row>(file);
    decode<Evolved>(file);
    decode<Checked>(file);
    decode<Entry>(file);
    tlog_test::reseal(file);
  }
  return 0;
}
