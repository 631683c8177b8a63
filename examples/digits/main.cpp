// SPDX-License-Identifier: MIT
// Trains a small neural network on images of handwritten digits, and logs the training.
//
//   digits [output directory [images]]     default: runs/digits, examples/data/digits.csv
//
// One record an epoch in the manner of a dataclass, one a step in the manner of a named tuple
// (records.hpp). Each step is logged the moment it is taken: kill the program, and train.tlog has
// all that were. Each epoch is shown in TensorBoard, with what the network looks like
// (dashboard.hpp). At the end both are saved as JSON and as a binary snapshot, loaded back, and
// compared.

#include "dashboard.hpp"
#include "dataset.hpp"
#include "mlp.hpp"
#include "records.hpp"

#include <trainlog/trainlog.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <numbers>
#include <span>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#ifndef TRAINLOG_EXAMPLES_DATA
#define TRAINLOG_EXAMPLES_DATA "examples/data"
#endif

using namespace trainlog::literals;

namespace {

namespace fs = std::filesystem;

constexpr float wanted_accuracy = 0.95F;

/// Half a cosine from 1 at the first step to 0 after the last.
float cosine_decay(std::size_t step, std::size_t steps) {
  float const done = static_cast<float>(step) / static_cast<float>(steps);
  return 0.5F * (1.0F + std::cos(std::numbers::pi_v<float> * done));
}

/// The sum of one field of some steps, one at least, by its name: sum<"correct">(steps).
template <trainlog::fixed_string Field>
auto sum(std::span<StepLog const> steps) {
  auto total = trainlog::get<Field>(steps.front());
  for (StepLog const& step : steps.subspan(1)) total += trainlog::get<Field>(step);
  return total;
}

template <trainlog::fixed_string Field>
float mean(std::span<StepLog const> steps) {
  return sum<Field>(steps) / static_cast<float>(steps.size());
}

Scores make_scores(float loss, std::int64_t correct, std::size_t images) {
  return trainlog::make<Scores>(  // accuracy is computed by post_init
      "loss"_field = loss, "correct"_field = correct,
      "images"_field = static_cast<std::int64_t>(images));
}

class training {
 public:
  training(Settings const& settings, std::vector<digits::image> images, std::string const& log)
      : settings_{settings},
        log_{log},
        random_{settings.seed},
        data_{digits::split_images(std::move(images), random_)},
        network_{static_cast<std::size_t>(settings.hidden_units), random_} {}

  /// Trains on every image once, then looks at those held out.
  EpochLog run_epoch() {
    using clock = std::chrono::steady_clock;
    auto const start = clock::now();
    ++epoch_;
    take_steps();
    digits::score const test = network_.evaluate(data_.held_out);
    std::chrono::duration<float> const taken = clock::now() - start;

    auto const latest = std::span<StepLog const>{steps_}.last(steps_per_epoch());
    return {.epoch = epoch_,
            .train = make_scores(mean<"loss">(latest), sum<"correct">(latest), data_.train.size()),
            .test = make_scores(test.loss, test.correct, data_.held_out.size()),
            .learning_rate = latest.back().learning_rate(),
            .grad_norm = mean<"grad_norm">(latest),
            .seconds = taken.count()};
  }

  /// All steps are in the log, and it says that it is complete.
  void close_log() { log_.close(); }

  std::vector<StepLog> const& steps() const { return steps_; }
  digits::split const& data() const { return data_; }
  digits::mlp& network() { return network_; }

 private:
  std::size_t batch_size() const { return static_cast<std::size_t>(settings_.batch_size); }

  std::size_t steps_per_epoch() const {
    return (data_.train.size() + batch_size() - 1) / batch_size();
  }

  void take_steps() {
    random_.shuffle(data_.train);
    std::span<digits::image const> left{data_.train};
    auto const all_steps = steps_per_epoch() * static_cast<std::size_t>(settings_.epochs);
    while (!left.empty()) {
      auto const batch = left.first(std::min(batch_size(), left.size()));
      left = left.subspan(batch.size());
      float const rate = settings_.learning_rate * cosine_decay(steps_.size(), all_steps);
      digits::score const result = network_.train(batch, rate, settings_.momentum);
      auto const step = static_cast<std::int64_t>(steps_.size()) + 1;
      steps_.emplace_back(step, epoch_, result.loss, result.correct, rate, result.grad_norm);
      log_.write(steps_.back());
    }
  }

  Settings settings_;
  trainlog::log_writer<StepLog> log_;
  digits::generator random_;
  digits::split data_;
  digits::mlp network_;
  std::int64_t epoch_ = 0;
  std::vector<StepLog> steps_;
};

/// Reads the log of the steps, and sees that it is what was logged.
void check_log(fs::path const& path, std::vector<StepLog> const& steps) {
  std::vector<StepLog> logged;
  for (StepLog const& step : trainlog::log_reader<StepLog>(path.string())) logged.push_back(step);
  if (!trainlog::identical(logged, steps)) {
    throw std::runtime_error(path.string() + ": what was read is not what was logged");
  }
  std::cout << "  " << path.string() << "  " << fs::file_size(path) << " bytes\n";
}

/// Saves a record or a vector of records, loads the file, and sees that nothing has changed.
template <class T>
void save_and_check(fs::path const& path, T const& records) {
  trainlog::save(path.string(), records);
  if (!trainlog::identical(records, trainlog::load<T>(path.string()))) {
    throw std::runtime_error(path.string() + ": what was loaded is not what was saved");
  }
  std::cout << "  " << path.string() << "  " << fs::file_size(path) << " bytes\n";
}

void make_directory(fs::path const& directory) {
  std::error_code problem;
  fs::create_directories(directory, problem);
  if (problem) {
    throw std::runtime_error(directory.string() +
                             ": cannot make the output directory: " + problem.message());
  }
}

/// Trains, logs and saves; returns the last epoch.
EpochLog run(fs::path const& directory, std::string const& images) {
  make_directory(directory);
  Settings const settings;
  fs::path const log = directory / "train.tlog";
  fs::remove(log);  // or this run would go on behind the last one
  fs::remove(log.string() + "-journal");
  training run{settings, digits::read_images(images), log.string()};
  std::cout << run.data().train.size() << " images to learn from, " << run.data().held_out.size()
            << " held out; " << run.network().parameter_count() << " parameters\n"
            << settings << "\n\n";

  fs::path const summaries = directory / "summaries";
  fs::remove_all(summaries);  // of the last run
  digits::dashboard dashboard{summaries.string(), settings, run.network(), run.data().held_out};

  // Saved as it goes: whenever this is stopped, the files are those of the last whole epoch.
  trainlog::save((directory / "settings.json").string(), settings);
  std::vector<EpochLog> epochs;
  for (std::int64_t i = 0; i < settings.epochs; ++i) {
    epochs.push_back(run.run_epoch());
    trainlog::save((directory / "epochs.tlog").string(), epochs);
    dashboard.show_epoch(epochs.back());
    std::cout << epochs.back() << '\n' << std::flush;
  }
  dashboard.show_end(epochs, epochs.back().test.accuracy >= wanted_accuracy);
  if (!dashboard.close()) throw std::runtime_error(summaries.string() + ": events were lost");
  std::cout << "\nthe last of " << run.steps().size() << " steps:\n" << run.steps().back() << '\n';

  run.close_log();
  std::cout << "\nlogged step by step, or saved; read back, and found identical:\n";
  check_log(log, run.steps());
  save_and_check(directory / "settings.json", settings);
  save_and_check(directory / "epochs.json", epochs);
  save_and_check(directory / "epochs.tlog", epochs);
  save_and_check(directory / "steps.jsonl", run.steps());
  save_and_check(directory / "steps.tlog", run.steps());
  save_and_check(directory / "last_epoch.json", epochs.back());
  save_and_check(directory / "last_epoch.tlog", epochs.back());
  return epochs.back();
}

}  // namespace

int main(int argument_count, char** arguments) {
  std::vector<std::string> const given(arguments + 1, arguments + argument_count);
  if (given.size() > 2 || (!given.empty() && given[0].starts_with('-'))) {
    std::cerr << "usage: digits [output directory [images]]\n";
    return 2;
  }
  auto const directory = given.empty() ? "runs/digits" : given[0];
  auto const images = given.size() < 2 ? TRAINLOG_EXAMPLES_DATA "/digits.csv" : given[1];
  try {
    Scores const last = run(directory, images).test;
    std::cout << '\n'
              << last.correct << " of the " << last.images << " images held out recognised, "
              << std::fixed << std::setprecision(1) << 100 * last.error_rate() << " % wrong\n"
              << "to see it: tensorboard --logdir " << directory << '\n';
    if (last.accuracy >= wanted_accuracy) return 0;
    std::cerr << "digits: accuracy " << last.accuracy << ", wanted " << wanted_accuracy << '\n';
  } catch (std::exception const& problem) {
    std::cerr << "digits: " << problem.what() << '\n';
  }
  return 1;
}
