// SPDX-License-Identifier: MIT
#include "trainlog/log/column_layout.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <trainlog/binary.hpp>

#include "catch.hpp"

using namespace trainlog::detail;

namespace {

enum class Phase : std::uint16_t { train, eval };
TRAINLOG_ENUM(Phase, train, eval)

struct Inner {
  bool last = false;
  float rate = 0;
  TRAINLOG_RECORD(Inner, last, rate)
};

struct Fixed {
  std::int64_t step = 0;
  Inner inner;
  std::array<std::int16_t, 3> shape{};
  Phase phase = Phase::train;
  std::chrono::milliseconds time{};
  TRAINLOG_RECORD(Fixed, step, inner, shape, phase, time)
};

struct Varying {
  std::string text;
  std::optional<double> loss;
  std::vector<std::array<float, 2>> points;
  std::map<std::string, std::vector<std::uint8_t>> words;
  Inner inner;
  TRAINLOG_RECORD(Varying, text, loss, points, words, inner)
};

struct Nothing {
  TRAINLOG_RECORD(Nothing)
};
struct Empty {
  std::int32_t number = 0;
  std::array<double, 0> none{};
  TRAINLOG_RECORD(Empty, number, none)
};
template <class T>
column_layout layout_of() {
  return column_layout(trainlog::schema_of<T>().fields);
}

std::vector<std::size_t> widths_of(column_layout const& layout) {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < layout.stream_count(); ++i) widths.push_back(layout.width_of(i));
  return widths;
}

}  // namespace

TEST_CASE("column_layout: numbers at the same place in every row are fixed") {
  auto const layout = layout_of<Fixed>();
  CHECK(layout.field_count() == 5);
  CHECK(widths_of(layout) == std::vector<std::size_t>{8, 1, 4, 2, 2, 8});
  CHECK(layout.streams_of(1) == column_layout::range{1, 3});
  CHECK(layout.fixed_row_size() == 29);
  std::vector<std::array<std::size_t, 4>> fixed;
  for (auto const& each : layout.fixed()) {
    fixed.push_back({each.stream, each.offset, each.width, each.count});
  }
  CHECK(fixed ==
        std::vector<std::array<std::size_t, 4>>{
            {0, 0, 8, 1}, {1, 8, 1, 1}, {2, 9, 4, 1}, {3, 13, 2, 3}, {4, 19, 2, 1}, {5, 21, 8, 1}});
}

TEST_CASE("column_layout: the streams of a field are those of the format, in its order") {
  auto const layout = layout_of<Varying>();
  // text; whether there is a loss, loss; how many points, points; how many words, keys, how many
  // bytes, bytes; last, rate
  CHECK(widths_of(layout) == std::vector<std::size_t>{0, 1, 8, 8, 4, 8, 0, 8, 1, 1, 4});
  CHECK(layout.streams_of(0) == column_layout::range{0, 1});
  CHECK(layout.streams_of(2) == column_layout::range{3, 5});
  CHECK(layout.streams_of(3) == column_layout::range{5, 9});
  CHECK(layout.streams_of(4) == column_layout::range{9, 11});
  CHECK(layout.fixed_row_size() == 0);
  auto const steps = layout.steps();
  std::vector<std::pair<int, std::size_t>> found;  // each step's kind and end
  for (auto const& each : steps) found.emplace_back(each.kind, each.end);
  using step = column_step;
  CHECK(found == std::vector<std::pair<int, std::size_t>>{{step::string, 1},
                                                          {step::optional, 3},
                                                          {step::number, 3},
                                                          {step::list, 6},
                                                          {step::array, 6},
                                                          {step::number, 6},
                                                          {step::map, 9},
                                                          {step::list, 9},
                                                          {step::number, 9},
                                                          {step::flag, 10},
                                                          {step::number, 11}});
  CHECK(steps[4].length == 2);
  CHECK(steps[6].stream == 5);  // the keys have the next one
  CHECK(layout.steps_of(3) == column_layout::range{6, 9});
}

TEST_CASE("column_layout: what has no value has a step and no stream") {
  auto const nothing = layout_of<Nothing>();
  CHECK(nothing.field_count() == 0);
  CHECK(nothing.stream_count() == 0);
  REQUIRE(nothing.steps().size() == 1);
  CHECK(nothing.steps()[0].kind == column_step::zero);
  CHECK(nothing.fixed_row_size() == 0);
  auto const empty = layout_of<Empty>();
  CHECK(empty.steps()[1].kind == column_step::array);
  CHECK(empty.fixed_row_size() == 0);
}

TEST_CASE("column_layout: a row of more than 16 MiB is not of fixed numbers") {
  auto fields = trainlog::schema_of<Empty>().fields;  // 4 bytes, and an array of doubles
  fields[1].type.length = 2097151;
  CHECK(column_layout(fields).fixed_row_size() == 16777212);
  for (std::uint64_t const length : {std::uint64_t{2097152}, std::uint64_t{1} << 61U}) {
    fields[1].type.length = length;
    CHECK(column_layout(fields).fixed_row_size() == 0);
  }
}
