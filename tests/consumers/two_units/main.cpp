// SPDX-License-Identifier: MIT
// The same templates and inline functions in two object files: one definition each after linking.
#include "records.hpp"

int main() {
  TrainingLog const log{.epoch = 3, .loss = 0.5, .phase = Phase::eval};
  nlohmann::json const json = log;
  if (text_of(log) != trainlog::repr(log) + json.dump() + trainlog::repr(log)) return 1;
  if (next_of(LogEntry{3, 0.5}) != LogEntry{4, 0.5, 0.001}) return 2;
  trainlog::save("log.tlog", log);
  return trainlog::load<TrainingLog>("log.tlog") == log ? 0 : 3;
}
