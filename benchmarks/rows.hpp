// SPDX-License-Identifier: MIT
// The records that are measured, with the values of a training run.
#ifndef TRAINLOG_BENCHMARKS_ROWS_HPP
#define TRAINLOG_BENCHMARKS_ROWS_HPP

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include "trainlog/record.hpp"

/// A row a step. A peer has a struct of its own with the same members.
template <class Real>
struct training_row {
  std::int64_t step = 0;
  std::int64_t epoch = 0;
  Real loss = 0;
  Real accuracy = 0;
  Real learning_rate = 0;
  TRAINLOG_RECORD(training_row, step, epoch, loss, accuracy, learning_rate)
};

/// A row with texts, one of them too long for a std::string without an allocation.
struct checkpoint_row {
  std::int64_t step = 0;
  std::string phase;
  double loss = 0;
  double accuracy = 0;
  std::string path;
  TRAINLOG_RECORD(checkpoint_row, step, phase, loss, accuracy, path)
};

/// Enough different rows that no branch predictor learns them by heart.
inline constexpr std::size_t pool_size = 4096;
inline constexpr std::int64_t steps_an_epoch = 256;

/// What training produces: a loss that falls under noise, a batch's accuracy (k of 256), a learning
/// rate on half a cosine. The same values in every run.
class training_run {
 public:
  explicit training_run(std::size_t steps) : steps_(steps) {}

  bool next() { return ++step_ < static_cast<std::int64_t>(steps_); }
  std::int64_t step() const { return step_; }
  std::int64_t epoch() const { return step_ / steps_an_epoch; }
  double loss() { return 0.05 + 2.3 * std::exp(-4 * progress()) * std::exp(0.2 * noise_(random_)); }
  double accuracy() {
    double const expected = 1 - 0.9 * std::exp(-4 * progress());
    return std::round(256 * std::min(1.0, expected + 0.02 * noise_(random_))) / 256;
  }
  double learning_rate() const { return 0.5e-3 * (1 + std::cos(std::numbers::pi * progress())); }

 private:
  double progress() const { return static_cast<double>(step_) / static_cast<double>(steps_); }

  std::size_t steps_;
  std::int64_t step_ = -1;
  std::mt19937_64 random_{1};
  std::normal_distribution<double> noise_;
};

/// `steps` rows of a struct with the members of training_row.
template <class Row>
std::vector<Row> training_rows(std::size_t steps) {
  using real = decltype(Row::loss);
  std::vector<Row> rows;
  rows.reserve(steps);
  for (training_run run(steps); run.next();) {
    rows.push_back(Row{run.step(), static_cast<decltype(Row::epoch)>(run.epoch()),
                       static_cast<real>(run.loss()), static_cast<real>(run.accuracy()),
                       static_cast<real>(run.learning_rate())});
  }
  return rows;
}

/// `steps` rows of a struct with the members of checkpoint_row.
template <class Row>
std::vector<Row> checkpoint_rows(std::size_t steps) {
  std::vector<Row> rows;
  rows.reserve(steps);
  for (training_run run(steps); run.next();) {
    rows.push_back(Row{run.step(), run.step() % 10 == 0 ? "validation" : "train", run.loss(),
                       run.accuracy(),
                       "checkpoints/epoch-" + std::to_string(run.epoch()) + "/model.bin"});
  }
  return rows;
}

#endif
