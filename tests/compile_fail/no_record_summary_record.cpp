// expect: trainlog: not a record: declare its fields with TRAINLOG_RECORD
// shows: Step
#include <trainlog/record.hpp>
#include <trainlog/summary.hpp>

struct Step {
  int step = 0;
  double loss = 0;
#ifdef FIXED
  TRAINLOG_RECORD(Step, step, loss)
#endif
};

double sum = 0;

void run() {
  trainlog::summary::record(Step{}, 3);
  trainlog::summary::record(trainlog::summary::writer(), [] { return Step{}; }, 3);
}
