// SPDX-License-Identifier: MIT
// What the codecs keep for a type outlives every object of the program: a log that is a global
// variable is written in its destructor.
#include <trainlog/trainlog.hpp>

#include <cstdlib>
#include <string>
#include <vector>

#include "catch.hpp"
#include "codec/records.hpp"

namespace {

using text_test::Point;

std::string every_text(std::vector<Point> const& rows) {
  auto const json = trainlog::to_json(rows) + trainlog::to_csv(rows) + trainlog::to_binary(rows);
  bool const same =
      trainlog::from_json<std::vector<Point>>(trainlog::to_json(rows)).size() == rows.size() &&
      trainlog::from_csv<Point>(trainlog::to_csv(rows)).size() == rows.size() &&
      trainlog::from_binary<std::vector<Point>>(trainlog::to_binary(rows)).size() == rows.size();
  return same ? json : "";
}

/// Made before anything that a test makes, and destroyed after it.
struct global_log {
  std::vector<Point> rows;
  std::string text{};

  ~global_log() {
    if (every_text(rows) != text && !rows.empty()) std::abort();
  }
};
global_log global;

}  // namespace

TEST_CASE("at_exit: records are written and read in the destructors of global objects") {
  global.rows = {{1.5, 2.0F}, {0.25, {}}};
  global.text = every_text(global.rows);
  CHECK_FALSE(global.text.empty());
}
