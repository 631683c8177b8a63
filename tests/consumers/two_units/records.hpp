// SPDX-License-Identifier: MIT
// Records that two translation units share.
#ifndef CONSUMER_RECORDS_HPP
#define CONSUMER_RECORDS_HPP

#include <cstdint>
#include <string>
#include <trainlog/trainlog.hpp>

enum class Phase { train, eval };
TRAINLOG_ENUM(Phase, train, eval)

struct TrainingLog {
  std::int64_t epoch = 0;
  double loss = 0.0;
  Phase phase = Phase::train;
  TRAINLOG_RECORD(TrainingLog, epoch, loss, phase)
};
TRAINLOG_META(TrainingLog, loss, unit("nats"), doc("mean over the epoch"))

TRAINLOG_NAMEDTUPLE(LogEntry, (std::int64_t, epoch), (double, loss), (double, rate, 0.001))

std::string text_of(TrainingLog const& log);
LogEntry next_of(LogEntry const& entry);

#endif  // CONSUMER_RECORDS_HPP
