// SPDX-License-Identifier: MIT
#include "records.hpp"

std::string text_of(TrainingLog const& log) {
  nlohmann::json const json = log;
  return trainlog::repr(log) + json.dump() + trainlog::repr(json.get<TrainingLog>());
}

LogEntry next_of(LogEntry const& entry) {
  using namespace trainlog::literals;
  return trainlog::replace(entry, "epoch"_field = entry.epoch() + 1);
}
