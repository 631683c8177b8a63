// expect: trainlog: no field with this name
#include <trainlog/record.hpp>

TRAINLOG_NAMEDTUPLE(LogEntry, (int, epoch), (double, loss, 0.0))

using namespace trainlog::literals;

#ifdef FIXED
LogEntry first() { return trainlog::make<LogEntry>("epoch"_field = 1, "loss"_field = 0.5); }
#else
LogEntry first() { return trainlog::make<LogEntry>("epoch"_field = 1, "lost"_field = 0.5); }
#endif
