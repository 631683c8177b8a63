// expect: trainlog: TrainingLog has data members that TRAINLOG_RECORD does not list
#include <trainlog/record.hpp>

struct TrainingLog {
  int epoch = 0;
  double loss = 0.0;
#ifdef FIXED
  TRAINLOG_RECORD(TrainingLog, epoch, loss)
#else
  TRAINLOG_RECORD(TrainingLog, epoch)
#endif
};

auto text(TrainingLog const& log) { return trainlog::repr(log); }
