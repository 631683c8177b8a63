// expect: trainlog: the type of a field has no serializer.* std::map<std::string, T>
// shows: TrainingLog.*"losses".*map<int, ?double
#include <map>
#include <string>
#include <trainlog/trainlog.hpp>

#ifdef FIXED
using key = std::string;
#else
using key = int;
#endif

struct TrainingLog {
  int epoch = 0;
  std::map<key, double> losses{};
  TRAINLOG_RECORD(TrainingLog, epoch, losses)
};

void keep(TrainingLog const& log) { trainlog::save("log.csv", log); }
TrainingLog kept() { return trainlog::load<TrainingLog>("log.csv"); }
