// expect: trainlog: this type is no record: list its fields with TRAINLOG_RECORD
// shows: dict
#include <trainlog/csv.hpp>

struct TrainingLog {
  int epoch = 0;
  TRAINLOG_RECORD(TrainingLog, epoch)
};

void write(TrainingLog const& log) {
#ifdef FIXED
  trainlog::save("log.json", log);
#else
  trainlog::save("log.json", trainlog::asdict(log));
#endif
}
