// SPDX-License-Identifier: MIT
#include "records.cuh"

bool survives_a_file(TrainingLog const& log) {
  trainlog::save_binary("log.tlog", log);
  return trainlog::load_binary<TrainingLog>("log.tlog") == log;
}
