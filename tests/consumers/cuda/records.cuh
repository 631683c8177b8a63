// SPDX-License-Identifier: MIT
// Records that a kernel file and its neighbour share.
#ifndef CONSUMER_RECORDS_CUH
#define CONSUMER_RECORDS_CUH

#include <cstdint>
#include <string>
#include <trainlog/binary.hpp>
#include <trainlog/record.hpp>
#include <trainlog/schema.hpp>

enum class Phase { train, eval };
TRAINLOG_ENUM(Phase, train, eval)

struct TrainingLog {
  std::int64_t epoch = 0;
  float loss = 0;
  Phase phase = Phase::train;
  TRAINLOG_RECORD(TrainingLog, epoch, loss, phase)
};
TRAINLOG_META(TrainingLog, loss, unit("nats"), doc("mean over the batch"))

TRAINLOG_NAMEDTUPLE(LogEntry, (std::int64_t, epoch), (float, loss), (double, rate, 0.001))

bool survives_a_file(TrainingLog const& log);

#endif  // CONSUMER_RECORDS_CUH
