// expect: trainlog: TrainingLog has data members .*C array: use std::array
#include <array>
#include <trainlog/binary.hpp>

struct TrainingLog {
  int epoch = 0;
#ifdef FIXED
  std::array<float, 3> rates{};
#else
  float rates[3]{};
#endif
  TRAINLOG_RECORD(TrainingLog, epoch, rates)
};

TrainingLog read(std::string_view bytes) { return trainlog::from_binary<TrainingLog>(bytes); }
