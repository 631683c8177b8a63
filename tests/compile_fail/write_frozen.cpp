// expect: (read-only|const value)
#include <trainlog/record.hpp>

struct TrainingLog {
  int epoch = 0;
  TRAINLOG_RECORD(TrainingLog, epoch)
};

#ifdef FIXED
int next(trainlog::frozen<TrainingLog> const& log) { return log->epoch + 1; }
#else
void next(trainlog::frozen<TrainingLog>& log) { log->epoch += 1; }
#endif
