// expect: ignoring return value of
#include <trainlog/record.hpp>

#pragma GCC diagnostic error "-Wunused-result"

struct Config {
  int steps = 1;
  TRAINLOG_RECORD(Config, steps)
};

using namespace trainlog::literals;

#ifdef FIXED
Config more(Config const& config) { return trainlog::replace(config, "steps"_field = 2); }
#else
void more(Config const& config) { trainlog::replace(config, "steps"_field = 2); }
#endif
