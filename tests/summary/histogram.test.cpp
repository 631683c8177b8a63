// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <trainlog/summary/histogram.hpp>

#include "catch.hpp"
#include "log/temporary_directory.hpp"
#include "summary/event_files.hpp"

using namespace trainlog;
using namespace summary_test;
using writer_test::temporary_directory;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double largest = std::numeric_limits<double>::max();

struct bucket {
  double left;
  double right;
  double count;
  friend bool operator==(bucket const&, bucket const&) = default;
  friend std::ostream& operator<<(std::ostream& out, bucket const& b) {
    return out << '[' << b.left << ' ' << b.right << ' ' << b.count << ']';
  }
};
using buckets = std::vector<bucket>;

/// The rows of the first value of an event.
buckets buckets_in(std::string_view event) {
  auto const tensor = find_field(values_of(event).at(0), 8).bytes;
  CHECK(find_field(tensor, 1).bits == 2);
  auto const content = find_field(tensor, 4).bytes;
  std::vector<double> numbers(content.size() / 8);
  std::copy(content.begin(), content.end(), reinterpret_cast<char*>(numbers.data()));
  buckets rows;
  for (std::size_t i = 0; i + 2 < numbers.size(); i += 3)
    rows.push_back({numbers[i], numbers[i + 1], numbers[i + 2]});
  return rows;
}

/// The event that is in the file after the values have been written.
template <class Values>
std::string event_of(Values const& values, summary::histogram_options const& options = {}) {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  REQUIRE(summary::histogram(writer, "h", values, 1, options));
  return events_in(directory.path()).at(0);
}

template <class Values>
buckets written(Values const& values, std::size_t count) {
  return buckets_in(event_of(values, {.buckets = count}));
}

/// What TensorBoard's own code does, value by value.
template <class T>
buckets by_definition(std::vector<T> const& values, std::size_t count) {
  auto const [least, most] = std::minmax_element(values.begin(), values.end());
  auto const min = static_cast<double>(*least);
  auto const max = static_cast<double>(*most);
  double const width = (max - min) / static_cast<double>(count);
  buckets rows(count);
  for (std::size_t i = 0; i < count; ++i) {
    rows[i].left = static_cast<double>(i) * width + min;
    rows[i].right = i + 1 == count ? max : static_cast<double>(i + 1) * width + min;
  }
  for (T const value : values) {
    double const at = std::floor((static_cast<double>(value) - min) / width);
    rows[std::min(static_cast<std::size_t>(at), count - 1)].count += 1;
  }
  return rows;
}

template <class T>
std::vector<T> random_values(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal(3.0, 20.0);
  std::vector<T> values(count);
  for (T& each : values) each = static_cast<T>(std::max(0.0, normal(random)));
  return values;
}

double total(buckets const& rows) {
  double sum = 0;
  for (bucket const& each : rows) sum += each.count;
  return sum;
}

}  // namespace

TEST_CASE("a histogram is a tensor of left edge, right edge and count, to the byte") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  std::vector<float> const values{0.0F, 1.0F, 1.5F, 4.0F};
  REQUIRE(summary::histogram(writer, "h", values, 2, {.buckets = 2, .wall_time = 1.5}));
  CHECK(events_in(directory.path()).at(0) ==
        unhex("09 00 00 00 00 00 00 f8 3f 10 02 2a 57 0a 55 0a 01 68 42 3e 08 02 12 08 12 02 08 02 "
              "12 02 08 03 22 30"
              "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 40 00 00 00 00 00 00 08 40"
              "00 00 00 00 00 00 00 40 00 00 00 00 00 00 10 40 00 00 00 00 00 00 f0 3f"
              "4a 10 0a 0c 0a 0a") +
            "histograms" + unhex("20 02"));
}

TEMPLATE_TEST_CASE("values are counted as by TensorBoard's own code", "", float, double,
                   std::int32_t, std::int64_t, std::uint8_t) {
  for (std::size_t const size : {2U, 255U, 256U, 257U, 1000U, 5000U}) {
    auto values = random_values<TestType>(size, static_cast<unsigned>(size));
    values[1] = static_cast<TestType>(values[0] + 1);  // not all are the same
    for (std::size_t const count : {1U, 2U, 7U, 30U, 1000U})
      CHECK(written(values, count) == by_definition(values, count));
  }
}

TEST_CASE("a value on an edge is in the bucket on its right, the largest in the last") {
  std::vector<double> const values{0, 1, 2, 3, 4};
  CHECK(written(values, 4) == buckets{{0, 1, 1}, {1, 2, 1}, {2, 3, 1}, {3, 4, 2}});
  std::vector<float> tenths;
  for (int i = -500; i <= 500; ++i) tenths.push_back(static_cast<float>(i) / 10.0F);
  CHECK(written(tenths, 100) == by_definition(tenths, 100));
}

TEST_CASE("there are 30 buckets unless others are asked for") {
  CHECK(buckets_in(event_of(random_values<float>(1000, 1))).size() == 30);
  CHECK(written(std::vector<int>{1, 2}, 0).empty());
}

TEST_CASE("without values all rows are zeros") {
  CHECK(written(std::vector<float>{}, 2) == buckets(2));
  CHECK(written(std::vector<float>{}, 0).empty());
}

TEST_CASE("equal values are all in the last of buckets without width") {
  CHECK(written(std::vector<double>(300, 0.1), 3) ==
        buckets{{0.1, 0.1, 0}, {0.1, 0.1, 0}, {0.1, 0.1, 300}});
  CHECK(written(std::vector<double>{-largest}, 1) == buckets{{-largest, -largest, 1}});
}

TEST_CASE("values may be of any arithmetic type, in any array, or called for") {
  buckets const expected{{0, 0.5, 1}, {0.5, 1, 3}};
  bool const flags[] = {true, false, true, true};
  CHECK(written(flags, 2) == expected);
  float const matrix[2][2] = {{1, 1}, {0, 1}};
  CHECK(written(matrix, 2) == expected);
  CHECK(written(std::array<std::int8_t, 4>{0, 1, 1, 1}, 2) == expected);
  CHECK(written([] { return std::vector<std::uint64_t>{0, 1, 1, 1}; }, 2) == expected);
  CHECK(written([&]() -> float const(&)[2][2] { return matrix; }, 2) == expected);
}

TEST_CASE("values that are not finite are in no bucket, and counted in a scalar") {
  auto values = random_values<float>(1000, 2);
  auto const finite = values;
  values.insert(values.begin() + 300, std::numeric_limits<float>::quiet_NaN());
  values.insert(values.begin() + 700, std::numeric_limits<float>::infinity());
  values.insert(values.begin(), -std::numeric_limits<float>::infinity());
  auto const event = event_of(values);
  CHECK(buckets_in(event) == by_definition(finite, 30));
  REQUIRE(values_of(event).size() == 2);
  CHECK(tag_of(values_of(event)[1]) == "h/non_finite");
  CHECK(find_field(values_of(event)[1], 2).as_float() == 3.0F);
  CHECK(values_of(event_of(finite)).size() == 1);

  auto const none = event_of(std::vector<double>{std::nan(""), infinity}, {.buckets = 2});
  CHECK(buckets_in(none) == buckets(2));
  CHECK(find_field(values_of(none).at(1), 2).as_float() == 2.0F);
}

TEST_CASE("a builder is written as what has been added to it") {
  auto const values = random_values<float>(5000, 3);
  summary::histogram_builder builder;
  for (float const each : values) builder.add(each);
  builder.add(infinity);
  auto const event = event_of(builder);
  auto const rows = buckets_in(event);
  CHECK(rows.size() == 30);
  CHECK(total(rows) == 5000);
  CHECK(rows.back().right == *std::max_element(values.begin(), values.end()));
  CHECK(find_field(values_of(event).at(1), 2).as_float() == 1.0F);
  CHECK(buckets_in(event_of([&] { return builder; })) == rows);
  CHECK(buckets_in(event_of(summary::histogram_builder())) == buckets(30));
}

TEST_CASE("a range that no double can say, and one that cannot be divided, have buckets too") {
  std::vector<double> const wide{-largest, 0.0, 1.0, largest};
  CHECK(written(wide, 2) == buckets{{-largest, 0, 1}, {0, largest, 3}});
  CHECK(total(written(wide, 30)) == 4);
  double const tiny = std::numeric_limits<double>::denorm_min();
  CHECK(written(std::vector<double>{0, tiny}, 3) ==
        buckets{{0, 0, 1}, {0, tiny, 0}, {tiny, tiny, 1}});
  CHECK(written(std::vector<double>{0, tiny, 4 * tiny}, 2) ==
        buckets{{0, 2 * tiny, 2}, {2 * tiny, 4 * tiny, 1}});
}

TEST_CASE("too many buckets are refused") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  CHECK_THROWS_WITH(summary::histogram(writer, "h", std::vector<int>{1}, 1, {.buckets = 1048577}),
                    "trainlog: the histogram 'h' of 1048577 buckets: at most 1048576");
  CHECK(events_in(directory.path()).empty());
}

TEST_CASE("a histogram is not counted where nothing records") {
  CHECK_FALSE(summary::histogram("h", std::vector<int>{1}));
  CHECK_FALSE(summary::histogram(summary::create_noop_writer(), "h", []() -> std::vector<int> {
    throw std::runtime_error("evaluated");
  }));
}
