// first: a field has at most eight aka names|not a constant expression|by a constant expression
// shows: trainlog: a field has at most eight aka names
#include <trainlog/record.hpp>

struct Config {
  int steps = 1;
  TRAINLOG_RECORD(Config, steps)
};
#ifdef FIXED
TRAINLOG_META(Config, steps, aka("1"), aka("2"), aka("3"), aka("4"), aka("5"), aka("6"), aka("7"),
              aka("8"))
#else
TRAINLOG_META(Config, steps, aka("1"), aka("2"), aka("3"), aka("4"), aka("5"), aka("6"), aka("7"),
              aka("8"), aka("9"))
#endif

constexpr auto& steps = trainlog::fields<Config>()[0];
