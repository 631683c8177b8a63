// expect: trainlog: in LogEntry a field without a default follows one with a default
#include <trainlog/json.hpp>

#ifdef FIXED
TRAINLOG_NAMEDTUPLE(LogEntry, (int, epoch), (std::string, phase), (double, rate, 0.001))
#else
TRAINLOG_NAMEDTUPLE(LogEntry, (int, epoch), (double, rate, 0.001), (std::string, phase))
#endif

LogEntry read(std::string_view text) { return trainlog::from_json<LogEntry>(text); }
