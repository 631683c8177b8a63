// expect: (lvalue required|expression is not assignable)
#include <trainlog/record.hpp>

TRAINLOG_NAMEDTUPLE(LogEntry, (int, epoch), (double, loss))

#ifdef FIXED
void halve(LogEntry& entry) { entry = LogEntry{entry.epoch(), entry.loss() / 2}; }
#else
void halve(LogEntry& entry) { entry.loss() = entry.loss() / 2; }
#endif
