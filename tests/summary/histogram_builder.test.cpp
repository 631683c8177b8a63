// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <span>
#include <thread>
#include <vector>

#include <trainlog/summary/histogram_builder.hpp>

#include "catch.hpp"

using namespace trainlog;
using summary::histogram_builder;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double largest = std::numeric_limits<double>::max();
constexpr double smallest = std::numeric_limits<double>::denorm_min();

using values = std::vector<double>;

histogram_builder built(values const& all) {
  histogram_builder builder;
  builder.add(all);
  return builder;
}

/// Numbers of all sorts of ranges: around 0 or far from it, wide and narrow.
values random_values(unsigned seed, std::size_t count) {
  std::mt19937 random(seed);
  std::uniform_int_distribution exponent(-30, 30);
  double const middle = std::ldexp(seed % 3 == 0 ? 0.0 : 1.0, exponent(random));
  double const width = std::ldexp(1.0, exponent(random));
  std::normal_distribution<double> normal(middle, width);
  values all(count);
  for (double& each : all) each = normal(random);
  return all;
}

/// Each row counts what is between its edges, which stand close to those of equal width.
void check_rows(values const& rows, values const& all) {
  auto const [least, most] = std::minmax_element(all.begin(), all.end());
  double const scale = std::max(std::abs(*least), std::abs(*most)) > 1e300 ? 0x1p-4 : 1;
  double const min = *least * scale;
  double const max = *most * scale;
  std::size_t const count = rows.size() / 3;
  double const near = std::max(
      {(max - min) / 1000, std::max(-min, max) * 4e-16, std::numeric_limits<double>::min()});
  for (std::size_t i = 0; i < count; ++i) {
    double const left = rows[3 * i];
    double const right = rows[3 * i + 1];
    CHECK(left == (i == 0 ? *least : rows[3 * i - 2]));
    double const expected =
        min + (max - min) * (static_cast<double>(i) / static_cast<double>(count));
    CHECK(std::abs(left * scale - expected) <= near);
    bool const is_last = i + 1 == count;
    auto const between = std::count_if(all.begin(), all.end(), [&](double x) {
      return left <= x && (x < right || (is_last && x == right));
    });
    CHECK(rows[3 * i + 2] == static_cast<double>(between));
  }
  CHECK(rows[3 * count - 2] == *most);
}

}  // namespace

TEST_CASE("counts are exact between edges that are close to those of equal width") {
  for (unsigned seed = 0; seed < 12; ++seed) {
    auto const all = random_values(seed, 300);
    for (std::size_t const buckets : {1U, 30U, 500U, 3000U})
      check_rows(built(all).rows(buckets), all);
  }
}

TEST_CASE("neither the order of numbers nor the parts they come in make a difference") {
  for (unsigned seed = 0; seed < 40; ++seed) {
    auto all = random_values(seed, 1000);
    auto const expected = built(all).rows(100);
    std::sort(all.begin(), all.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
    histogram_builder one_by_one;
    for (double const each : all) one_by_one.add(each);
    CHECK(one_by_one.rows(100) == expected);

    histogram_builder merged;
    for (std::size_t i = 0; i < all.size(); i += 100) {
      histogram_builder part;
      part.add(std::span(all).subspan(i, 100));
      if (i % 200 == 0) std::swap(part, merged);
      merged.merge(part);
    }
    CHECK(merged.rows(100) == expected);
    CHECK(merged.count() == 1000);
  }
}

TEST_CASE("numbers of any size are counted together") {
  values const all{-largest, -1e-300, -smallest, 0, smallest, 1e-300, 1, 1e300, largest};
  check_rows(built(all).rows(30), all);
  CHECK(built(all).rows(2)[2] == 3);
  histogram_builder one_by_one;
  for (std::size_t const i : {4U, 2U, 3U, 5U, 1U, 6U, 7U, 8U, 0U}) one_by_one.add(all[i]);
  CHECK(one_by_one.rows(30) == built(all).rows(30));
  check_rows(built({0, smallest}).rows(30), {0, smallest});
  check_rows(built({1e-310, 3e-310, 2e-309, 2e-308}).rows(3), {1e-310, 3e-310, 2e-309, 2e-308});
  double const next = std::nextafter(1e9, infinity);
  check_rows(built({1e9, next}).rows(3), {1e9, next});
  check_rows(built({-next, -1e9, 1e-9}).rows(3), {-next, -1e9, 1e-9});
}

TEST_CASE("equal numbers are in the last of buckets without width") {
  CHECK(built(values(5, 0.1)).rows(2) == values{0.1, 0.1, 0, 0.1, 0.1, 5});
  CHECK(built({0}).rows(1) == values{0, 0, 1});
}

TEST_CASE("what is not finite is counted apart, and nothing is in a builder at first") {
  histogram_builder builder;
  CHECK(builder.rows(2) == values(6));
  builder.merge(histogram_builder());
  builder.add(std::nan(""));
  builder.add(values{infinity, 2, -infinity});
  CHECK(builder.count() == 1);
  CHECK(builder.non_finite() == 3);
  CHECK(builder.rows(1) == values{2, 2, 1});
  auto merged = builder;
  merged.merge(builder);
  CHECK((merged.count() == 2 && merged.non_finite() == 6));
  builder.clear();
  CHECK((builder.count() == 0 && builder.non_finite() == 0));
  builder.add(5);
  CHECK(builder.rows(1) == values{5, 5, 1});
}

TEST_CASE("numbers of any type and array are added, and a builder to itself") {
  histogram_builder builder;
  builder.add(true);
  builder.add(std::uint8_t{1});
  float const matrix[2][2] = {{2, 1}, {2, 2}};
  builder.add(matrix);
  builder.add(std::vector<std::int64_t>{1, 1});
  CHECK(builder.rows(2) == values{1, 1.5, 5, 1.5, 2, 3});
  builder.merge(builder);
  CHECK(builder.rows(2) == values{1, 1.5, 10, 1.5, 2, 6});
}

TEST_CASE("threads have a builder each, and merge them") {
  auto const all = random_values(1, 4000);
  std::vector<histogram_builder> parts(4);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < parts.size(); ++i)
    threads.emplace_back([&, i] { parts[i].add(std::span(all).subspan(1000 * i, 1000)); });
  for (auto& each : threads) each.join();
  for (std::size_t i = 1; i < parts.size(); ++i) parts[0].merge(parts[i]);
  CHECK(parts[0].rows(30) == built(all).rows(30));
}
