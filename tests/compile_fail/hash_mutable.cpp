// expect: __hash_enum<TrainingLog
#include <functional>
#include <trainlog/record.hpp>

struct TrainingLog {
  int epoch = 0;
  TRAINLOG_RECORD(TrainingLog, epoch)
};

#ifdef FIXED
using hashed = trainlog::frozen<TrainingLog>;
#else
using hashed = TrainingLog;
#endif

std::size_t hash(hashed const& log) { return std::hash<hashed>{}(log); }
