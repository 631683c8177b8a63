// expect: trainlog: the type of a field has no serializer.* structs with TRAINLOG_RECORD
// shows: Layer<float>.*"range".*Range
#include <map>
#include <optional>
#include <string>
#include <trainlog/json.hpp>
#include <vector>

struct Range {
  double low = 0.0;
  double high = 0.0;
#ifdef FIXED
  TRAINLOG_RECORD(Range, low, high)
#endif
};

template <class T>
struct Layer {
  T norm = 0;
  Range range{};
  std::vector<Layer> inner{};
  TRAINLOG_RECORD(Layer, norm, range, inner)
};

struct TrainingLog {
  std::map<std::string, std::vector<std::optional<Layer<float>>>> layers{};
  TRAINLOG_RECORD(TrainingLog, layers)
};

TrainingLog read(nlohmann::json const& json) { return json.get<TrainingLog>(); }
