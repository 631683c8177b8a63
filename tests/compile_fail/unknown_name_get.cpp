// expect: trainlog: no field with this name
#include <trainlog/record.hpp>

struct TrainingLog {
  int epoch = 0;
  double loss = 0.0;
  TRAINLOG_RECORD(TrainingLog, epoch, loss)
};

#ifdef FIXED
double value(TrainingLog const& log) { return trainlog::get<"loss">(log); }
#else
double value(TrainingLog const& log) { return trainlog::get<"lost">(log); }
#endif
