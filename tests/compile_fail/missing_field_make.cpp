// expect: trainlog: a field without a default is not given
#include <trainlog/record.hpp>

TRAINLOG_NAMEDTUPLE(LogEntry, (int, epoch), (double, loss), (double, rate, 0.001))

using namespace trainlog::literals;

#ifdef FIXED
LogEntry first() { return trainlog::make<LogEntry>("loss"_field = 0.5, "epoch"_field = 1); }
#else
LogEntry first() { return trainlog::make<LogEntry>("loss"_field = 0.5); }
#endif
