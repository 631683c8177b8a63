// SPDX-License-Identifier: MIT
// What a project does with trainlog once it has it: declare, log, print, save, load.
#include <cstdint>
#include <iostream>
#include <sstream>
#include <trainlog/trainlog.hpp>

struct TrainingLog {
  std::int64_t epoch = 0;
  double loss = 0.0;
  double accuracy = 0.0;
  double learning_rate = 0.001;
  TRAINLOG_RECORD(TrainingLog, epoch, loss, accuracy, learning_rate)
};

int main() {
  TrainingLog log{.epoch = 3, .loss = 0.42};
  log.accuracy = 0.91;

  std::ostringstream text;
  text << log;
  if (text.str() != "TrainingLog(epoch=3, loss=0.42, accuracy=0.91, learning_rate=0.001)") return 1;

  trainlog::save("log.json", log);
  trainlog::save("log.tlog", log);
  if (trainlog::load<TrainingLog>("log.json") != log) return 2;
  if (trainlog::load<TrainingLog>("log.tlog") != log) return 3;

  nlohmann::json const json = log;
  if (json.get<TrainingLog>() != log) return 4;

  std::cout << log << '\n';
}
