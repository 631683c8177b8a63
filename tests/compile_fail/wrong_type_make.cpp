// expect: trainlog: the field cannot be given a value of this type
// shows: Config.*"steps".*int.*double
#include <trainlog/record.hpp>

struct Config {
  int steps = 1;
  TRAINLOG_RECORD(Config, steps)
};

using namespace trainlog::literals;

#ifdef FIXED
Config first() { return trainlog::make<Config>("steps"_field = 2); }
#else
Config first() { return trainlog::make<Config>("steps"_field = 2.0); }
#endif
