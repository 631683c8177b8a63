// expect: trainlog: not a record: declare its fields with TRAINLOG_RECORD
#include <trainlog/schema.hpp>

struct Config {
  int steps = 1;
#ifdef FIXED
  TRAINLOG_RECORD(Config, steps)
#endif
};

std::string first() { return trainlog::json_schema<Config>(); }
