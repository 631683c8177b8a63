// expect: trainlog: this type is no record: list its fields with TRAINLOG_RECORD
// shows: vector.*TrainingLog
#include <trainlog/csv.hpp>

struct TrainingLog {
  int epoch = 0;
  TRAINLOG_RECORD(TrainingLog, epoch)
};

#ifdef FIXED
using row = TrainingLog;
#else
using row = std::vector<TrainingLog>;
#endif

std::size_t count(std::string_view text) { return trainlog::from_csv<row>(text).size(); }
