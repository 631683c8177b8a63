// expect: trainlog: this type is no record: list its fields with TRAINLOG_RECORD
// shows: TrainingLog
#include <trainlog/json.hpp>

struct TrainingLog {
  int epoch = 0;
#ifdef FIXED
  TRAINLOG_RECORD(TrainingLog, epoch)
#endif
};

std::string write(TrainingLog const& log) { return trainlog::to_json(log); }
