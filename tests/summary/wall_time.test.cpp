// SPDX-License-Identifier: MIT
#include <cmath>
#include <limits>

#include <trainlog/summary/wall_time.hpp>

#include "catch.hpp"

using namespace trainlog::detail;

TEST_CASE("a wall time that readers refuse becomes now") {
  CHECK(wall_time_or_now(1.5) == 1.5);
  CHECK(wall_time_or_now(-1.5) == -1.5);
  double const now = wall_time_now();
  CHECK(now > 1.6e9);
  for (double const time : {std::nan(""), std::numeric_limits<double>::infinity(),
                            -std::numeric_limits<double>::infinity()}) {
    CHECK(std::abs(wall_time_or_now(time) - now) < 60);
  }
  CHECK(std::abs(wall_time_or_now({}) - now) < 60);
}
