// expect: trainlog: not a record: declare its fields with TRAINLOG_RECORD
#include <trainlog/record.hpp>

struct Config {
  int steps = 1;
#ifdef FIXED
  TRAINLOG_RECORD(Config, steps)
#endif
};

trainlog::dict first() { return trainlog::asdict(Config{}); }
