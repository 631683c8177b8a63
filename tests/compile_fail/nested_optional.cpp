// expect: trainlog: a std::optional in a std::optional is nothing that JSON and CSV can hold
// shows: optional<std::optional<double>
#include <trainlog/binary.hpp>
#include <trainlog/csv.hpp>
#include <trainlog/json.hpp>

struct Row {
  std::optional<std::optional<double>> loss;
  TRAINLOG_RECORD(Row, loss)
};

#ifdef FIXED
std::string write(Row const& row) { return trainlog::to_binary(row); }
Row read(std::string const& bytes) { return trainlog::from_binary<Row>(bytes); }
#else
std::string write(Row const& row) { return trainlog::to_json(row); }
Row read(std::string const& text) { return trainlog::from_json<Row>(text); }
auto write_all(std::vector<Row> const& rows) { return trainlog::to_csv(rows); }
#endif
