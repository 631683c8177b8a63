// SPDX-License-Identifier: MIT
// A dataclass: updated in a loop, printed, saved as JSON and as a binary snapshot, loaded back.
// docs/from-python.md shows it beside the Python program it follows line by line.

#include <cstdint>
#include <iostream>

#include <trainlog/trainlog.hpp>

struct TrainingLog {
  std::int64_t epoch = 0;
  double loss = 0.0;
  double accuracy = 0.0;
  double learning_rate = 0.001;
  TRAINLOG_RECORD(TrainingLog, epoch, loss, accuracy, learning_rate)
};

using namespace trainlog;

int main() {
  TrainingLog log;
  for (int epoch = 1; epoch < 6; ++epoch) {
    log.epoch = epoch;
    log.loss = 1.0 / (epoch + 1);
    log.accuracy = 1.0 - log.loss / 2;
    if (epoch % 2 == 0) log.learning_rate *= 0.5;
    std::cout << log << '\n';
  }

  save("training_log.json", log);
  save("training_log.tlog", log);

  auto const from_json = load<TrainingLog>("training_log.json");
  auto const from_snapshot = load<TrainingLog>("training_log.tlog");

  std::cout << repr(from_json == log) << ' ' << repr(from_snapshot == log) << '\n';
  std::cout << asdict(from_snapshot) << '\n';
}
