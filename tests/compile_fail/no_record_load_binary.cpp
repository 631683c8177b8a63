// expect: trainlog: this type is no record: list its fields with TRAINLOG_RECORD
// shows: list.*TrainingLog
#include <list>
#include <trainlog/binary.hpp>

struct TrainingLog {
  int epoch = 0;
  TRAINLOG_RECORD(TrainingLog, epoch)
};

#ifdef FIXED
using rows = std::vector<TrainingLog>;
#else
using rows = std::list<TrainingLog>;
#endif

rows read() { return trainlog::load_binary<rows>("log.tlog"); }
