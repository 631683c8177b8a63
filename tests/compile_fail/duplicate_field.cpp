// expect: trainlog: a record lists a field twice
#include <trainlog/record.hpp>

struct TrainingLog {
  int epoch = 0;
  double loss = 0.0;
#ifdef FIXED
  TRAINLOG_RECORD(TrainingLog, epoch, loss)
#else
  TRAINLOG_RECORD(TrainingLog, epoch, epoch)
#endif
};

auto text(TrainingLog const& log) { return trainlog::repr(log); }
