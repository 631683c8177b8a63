// SPDX-License-Identifier: MIT
// When an event was: in seconds since 1970.
#ifndef TRAINLOG_SUMMARY_WALL_TIME_HPP
#define TRAINLOG_SUMMARY_WALL_TIME_HPP

#include <ctime>
#include <optional>

#include "trainlog/detail/float_class.hpp"

namespace trainlog::detail {

/// Seconds since 1970.
inline double wall_time_now() noexcept {
  ::timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// The time asked for; now, if none is, or one that readers refuse.
inline double wall_time_or_now(std::optional<double> asked) noexcept {
  return asked && is_finite(*asked) ? *asked : wall_time_now();
}

}  // namespace trainlog::detail

#endif
