// expect: trainlog: the type of a field has no serializer.*structs with TRAINLOG_RECORD
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

void run() { sum = static_cast<double>(trainlog::read_column<Step>("a.tlog", "x").size()); }
