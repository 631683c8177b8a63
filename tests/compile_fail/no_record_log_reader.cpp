// expect: trainlog: not a record: declare its fields with TRAINLOG_RECORD
// shows: Step
#include <trainlog/log.hpp>
#include <trainlog/record.hpp>

struct Step {
  int step = 0;
  double loss = 0;
#ifdef FIXED
  TRAINLOG_RECORD(Step, step, loss)
#endif
};

double sum = 0;

void run() {
  trainlog::log_reader<Step> log("a.tlog");
  for (Step const& row : log) sum += row.loss;
}
