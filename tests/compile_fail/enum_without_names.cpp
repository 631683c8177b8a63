// expect: trainlog: the type of a field has no serializer.* enumerations with TRAINLOG_ENUM
// shows: TrainingLog.*"phase".*Phase
#include <trainlog/json.hpp>

enum class Phase { train, eval };
#ifdef FIXED
TRAINLOG_ENUM(Phase, train, eval)
#endif

struct TrainingLog {
  int epoch = 0;
  Phase phase = Phase::train;
  TRAINLOG_RECORD(TrainingLog, epoch, phase)
};

std::string text(TrainingLog const& log) { return trainlog::to_json(log); }
