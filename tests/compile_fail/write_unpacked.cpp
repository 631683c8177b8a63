// expect: (read-only|const-qualified)
#include <trainlog/record.hpp>

TRAINLOG_NAMEDTUPLE(LogEntry, (int, epoch), (double, loss))

#ifdef FIXED
double halve(LogEntry& entry) {
  auto& [epoch, loss] = entry;
  return loss / 2;
}
#else
void halve(LogEntry& entry) {
  auto& [epoch, loss] = entry;
  loss = loss / 2;
}
#endif
