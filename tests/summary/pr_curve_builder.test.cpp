// SPDX-License-Identifier: MIT
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include <trainlog/summary/pr_curve_builder.hpp>

#include "catch.hpp"

using namespace trainlog;
using summary::pr_curve_builder;

namespace {

using numbers = std::vector<float>;

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Each threshold on its own, by the definition of the six numbers. Thresholds are powers of two
/// apart, so that a product and a comparison say the same.
numbers by_definition(std::vector<bool> const& labels, numbers const& predictions,
                      std::size_t thresholds) {
  numbers rows(6 * thresholds);
  for (std::size_t t = 0; t < thresholds; ++t) {
    float const threshold = static_cast<float>(t) / static_cast<float>(thresholds - 1);
    double counts[2][2] = {};  // by prediction, by label
    for (std::size_t i = 0; i < labels.size(); ++i)
      counts[predictions[i] >= threshold ? 1 : 0][labels[i] ? 1 : 0] += 1;
    double const hits = counts[1][1];
    double const row[] = {hits,
                          counts[1][0],
                          counts[0][0],
                          counts[0][1],
                          hits == 0 ? 0 : hits / (hits + counts[1][0]),
                          hits == 0 ? 0 : hits / (hits + counts[0][1])};
    for (std::size_t k = 0; k < 6; ++k) rows[k * thresholds + t] = static_cast<float>(row[k]);
  }
  return rows;
}

template <class Labels, class Predictions>
numbers rows_of(Labels const& labels, Predictions const& predictions, std::size_t thresholds) {
  pr_curve_builder builder(thresholds);
  builder.add(labels, predictions);
  return builder.rows();
}

}  // namespace

TEST_CASE("the six numbers of each threshold are what they are called") {
  std::mt19937 random(1);
  std::vector<bool> labels;
  numbers predictions;
  for (int i = 0; i < 500; ++i) {
    labels.push_back(random() % 3 == 0);
    predictions.push_back(static_cast<float>(random() % 1025) / 1024.0F);
  }
  for (std::size_t const thresholds : {2U, 3U, 17U, 129U})
    CHECK(rows_of(labels, predictions, thresholds) ==
          by_definition(labels, predictions, thresholds));
}

TEST_CASE("without samples, and of one class, all numbers are finite") {
  CHECK(pr_curve_builder(2).rows() == numbers(12));
  numbers const predictions{0.25F, 0.75F};
  CHECK(rows_of(std::vector<int>{0, 0}, predictions, 2) ==
        numbers{0, 0, 2, 0, 0, 2, 0, 0, 0, 0, 0, 0});
  CHECK(rows_of(std::vector<int>{1, 1}, predictions, 2) ==
        numbers{2, 0, 0, 0, 0, 0, 0, 2, 1, 0, 1, 0});
}

TEST_CASE("labels are bools or numbers, of which those above 0 are positive") {
  numbers const predictions{0.0F, 1.0F, 1.0F};
  auto const expected = rows_of(std::vector<bool>{true, false, true}, predictions, 3);
  CHECK(rows_of(std::array<bool, 3>{true, false, true}, predictions, 3) == expected);
  CHECK(rows_of(std::vector<std::uint8_t>{1, 0, 5}, predictions, 3) == expected);
  CHECK(rows_of(std::vector<int>{1, -1, 1}, predictions, 3) == expected);
  float const floats[] = {1.0F, std::nanf(""), 0.5F};
  CHECK(rows_of(floats, predictions, 3) == expected);
  CHECK(rows_of(floats, std::vector<double>{0, 1, 1}, 3) == expected);
}

TEST_CASE("predictions beyond [0, 1] are clamped, NaN and weights that are not finite left out") {
  pr_curve_builder clamped(3);
  std::vector<double> const odd{-1, -infinity, 2, infinity, std::nan("")};
  clamped.add(std::vector<int>{1, 0, 1, 0, 1}, odd);
  CHECK(clamped.rows() ==
        rows_of(std::vector<int>{1, 0, 1, 0}, std::vector<double>{0, 0, 1, 1}, 3));
  clamped.add(true, 0.5, infinity);
  clamped.add(true, 0.5F, std::nan(""));
  CHECK(clamped.count() == 4);
  CHECK(clamped.non_finite() == 3);
}

TEST_CASE("samples count as much as they weigh") {
  pr_curve_builder builder(2);
  builder.add(std::vector<int>{1, 0, 1}, numbers{1, 1, 0}, numbers{0.5F, 1.5F, 2});
  CHECK(builder.rows() == numbers{2.5F, 0.5F, 1.5F, 1.5F, 0, 0, 0, 2, 0.625F, 0.25F, 1, 0.2F});
  builder.add(true, 1.0, 1e300);
  auto const rows = builder.rows();
  CHECK(rows[0] == std::numeric_limits<float>::max());
  CHECK(rows[4 * 2] == 1);
}

TEST_CASE("batches are added, merged and forgotten") {
  std::vector<int> const labels{1, 0, 1, 1};
  numbers const predictions{0.1F, 0.4F, 0.6F, 0.9F};
  pr_curve_builder first;
  CHECK(first.thresholds() == 201);
  first.add(labels, predictions);
  pr_curve_builder second;
  for (std::size_t i = 0; i < 4; ++i) second.add(labels[i] == 1, predictions[i]);
  CHECK(first.rows() == second.rows());
  second.add(true, std::nanf(""));
  first.merge(second);
  CHECK((first.count() == 8 && first.non_finite() == 1));
  CHECK(first.rows()[0] == 6);
  first.clear();
  CHECK((first.count() == 0 && first.non_finite() == 0));
  CHECK(first.rows() == pr_curve_builder().rows());
}

TEST_CASE("what does not belong together is refused, and nothing added") {
  pr_curve_builder builder(3);
  std::vector<int> const two(2);
  CHECK_THROWS_WITH(builder.add(two, numbers(3)),
                    "trainlog: a PR curve has 2 labels, but 3 predictions");
  CHECK_THROWS_WITH(builder.add(two, numbers(2), numbers(1)),
                    "trainlog: a PR curve has 2 labels, but 1 weights");
  CHECK_THROWS_WITH(builder.merge(pr_curve_builder(4)),
                    "trainlog: a PR curve of 3 thresholds cannot take in one of 4");
  CHECK(builder.count() == 0);
  CHECK_THROWS_WITH(pr_curve_builder(1), "trainlog: a PR curve of 1 thresholds: 2 to 1048576");
  CHECK_THROWS_AS(pr_curve_builder(1048577), summary::summary_error);
}
