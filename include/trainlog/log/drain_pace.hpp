// SPDX-License-Identifier: MIT
// When the background looks for rows by itself, so that nobody who logs has to wake it: that takes
// microseconds.
#ifndef TRAINLOG_LOG_DRAIN_PACE_HPP
#define TRAINLOG_LOG_DRAIN_PACE_HPP

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace trainlog::detail {

/// Learns from how long it took to fill half of the ring when it will be full again. But for
/// is_watched() for the background only.
class drain_pace {
 public:
  /// True while the background looks in time, if rows come as they came before. If they come
  /// faster, the ring gets full, and those who log wake it.
  bool is_watched() const noexcept { return is_watched_.load(std::memory_order_relaxed); }

  /// Half of the ring has been drained.
  void drained(std::int64_t now_ns) noexcept {
    half_ns_ = now_ns - drained_ns_;
    drained_ns_ = now_ns;
    is_watched_.store(half_ns_ >= least_ns && half_ns_ <= most_ns, std::memory_order_relaxed);
  }

  /// There is less than that. Nobody watches for ever while no rows come.
  void waited(std::int64_t now_ns) noexcept {
    if (now_ns - drained_ns_ > 2 * half_ns_) is_watched_.store(false, std::memory_order_relaxed);
  }

  /// Until the next look.
  std::int64_t pause_ms() const noexcept {
    return is_watched() ? std::max<std::int64_t>(half_ns_ / 8'000'000, 1) : 3'600'000;
  }

 private:
  static constexpr std::int64_t least_ns = 8'000'000;
  static constexpr std::int64_t most_ns = 10'000'000'000;

  std::atomic<bool> is_watched_ = false;
  std::int64_t drained_ns_ = 0;
  std::int64_t half_ns_ = 0;
};

}  // namespace trainlog::detail

#endif
