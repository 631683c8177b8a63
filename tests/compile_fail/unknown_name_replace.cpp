// expect: trainlog: no field with this name
#include <trainlog/record.hpp>

TRAINLOG_NAMEDTUPLE(LogEntry, (int, epoch), (double, loss))

using namespace trainlog::literals;

#ifdef FIXED
LogEntry next(LogEntry const& entry) { return trainlog::replace(entry, "loss"_field = 0.5); }
#else
LogEntry next(LogEntry const& entry) { return trainlog::replace(entry, "lost"_field = 0.5); }
#endif
