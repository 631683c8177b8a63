// SPDX-License-Identifier: MIT
#include "trainlog/log/drain_pace.hpp"

#include <cstdint>

#include "catch.hpp"

using trainlog::detail::drain_pace;

namespace {

constexpr std::int64_t ms = 1'000'000;
constexpr std::int64_t hour_ms = 3'600'000;

}  // namespace

TEST_CASE(
    "drain pace: who logs at a steady pace is watched, several times while half a ring fills") {
  drain_pace pace;
  CHECK_FALSE(pace.is_watched());
  CHECK(pace.pause_ms() == hour_ms);
  pace.drained(100'000 * ms);
  CHECK_FALSE(pace.is_watched());  // nobody knows since when
  pace.drained(100'080 * ms);
  CHECK(pace.is_watched());
  CHECK(pace.pause_ms() == 10);
  pace.waited(100'239 * ms);
  CHECK(pace.is_watched());
}

TEST_CASE("drain pace: who stops to log is not watched for long") {
  drain_pace pace;
  pace.drained(100'000 * ms);
  pace.drained(100'080 * ms);
  pace.waited(100'241 * ms);
  CHECK_FALSE(pace.is_watched());
  CHECK(pace.pause_ms() == hour_ms);
}

TEST_CASE("drain pace: who logs faster or slower than looking is worth wakes the background") {
  for (std::int64_t const half : {7 * ms, 10'001 * ms}) {
    drain_pace pace;
    pace.drained(100'000 * ms);
    pace.drained(100'000 * ms + half);
    CHECK_FALSE(pace.is_watched());
  }
  drain_pace pace;
  pace.drained(100'000 * ms);
  pace.drained(100'008 * ms);
  CHECK(pace.is_watched());
  CHECK(pace.pause_ms() == 1);
}
