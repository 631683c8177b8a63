// expect: trainlog: the type of a field has no serializer
// shows: TrainingLog.*"socket".*socket_handle
#include <string>
#include <trainlog/binary.hpp>

struct socket_handle {
  int number = 0;
};

struct TrainingLog {
  int epoch = 0;
#ifdef FIXED
  int socket = 0;
#else
  socket_handle socket;
#endif
  TRAINLOG_RECORD(TrainingLog, epoch, socket)
};

void write(TrainingLog const& log) { trainlog::save_binary("log.tlog", log); }
