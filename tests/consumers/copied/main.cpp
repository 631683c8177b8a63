// SPDX-License-Identifier: MIT
// The headers copied into a project that has no CMake and no nlohmann_json.
#include <cstdint>
#include <trainlog/binary.hpp>
#include <trainlog/record.hpp>
#include <trainlog/schema.hpp>
#include <vector>

struct TrainingLog {
  std::int64_t epoch = 0;
  double loss = 0.0;
  TRAINLOG_RECORD(TrainingLog, epoch, loss)
};

int main() {
  std::vector<TrainingLog> const rows{{.epoch = 1, .loss = 0.5}, {.epoch = 2, .loss = 0.25}};
  trainlog::save_binary("rows.tlog", rows);
  if (trainlog::load_binary<std::vector<TrainingLog>>("rows.tlog") != rows) return 1;
  return trainlog::repr(rows[1]) == "TrainingLog(epoch=2, loss=0.25)" ? 0 : 2;
}
