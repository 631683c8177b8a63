// expect: trainlog: validate must be const
#include <trainlog/record.hpp>

struct Config {
  double rate = 0.1;
#ifdef FIXED
  void validate() const {}
#else
  void validate() {}
#endif
  TRAINLOG_RECORD(Config, rate)
};

void check(Config const& config) { trainlog::validate(config); }
