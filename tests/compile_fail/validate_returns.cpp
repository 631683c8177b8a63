// expect: trainlog: validate reports by throwing: it returns void
#include <trainlog/record.hpp>

struct Config {
  double rate = 0.1;
#ifdef FIXED
  void validate() const {}
#else
  bool validate() const { return rate > 0; }
#endif
  TRAINLOG_RECORD(Config, rate)
};

void check(Config const& config) { trainlog::validate(config); }
