// SPDX-License-Identifier: MIT
// Threads that wait until the ring has room for their rows, and the count of rows that got none.
#ifndef TRAINLOG_LOG_ROW_ROOM_HPP
#define TRAINLOG_LOG_ROW_ROOM_HPP

#include <cstddef>
#include <cstdint>

#include "trainlog/detail/threads.hpp"
#include "trainlog/log/journal_ring.hpp"

namespace trainlog::detail {

/// Where threads that log meet the one that drains. Any thread may call any function, also with the
/// writer's lock held.
class row_room {
 public:
  explicit row_room(journal_ring& ring) noexcept : ring_(ring) {}

  /// Waits until a row of `size` bytes may have a place, and wakes who drains. False if rows are
  /// refused.
  bool wait(std::size_t size, wake_signal& drainer) noexcept {
    lock_guard const held(mutex_);
    while (!ring_.has_room(size) && !ring_.is_closed()) {
      if (is_refused_) return false;
      drainer.send();
      changed_.wait_ms(mutex_, 10);
    }
    return true;
  }

  /// The ring has more room.
  void notify() noexcept {
    lock_guard const held(mutex_);
    changed_.notify_all();
  }

  /// The disk refuses rows, or does not any more. While it does, nobody waits.
  void refuse(bool refuses) noexcept {
    lock_guard const held(mutex_);
    is_refused_ = refuses;
    changed_.notify_all();
  }
  bool is_refused() noexcept {
    lock_guard const held(mutex_);
    return is_refused_;
  }

  /// Counts rows that could not be kept; the journal tells it readers. Returns how many there are.
  std::uint64_t lose(std::uint64_t rows) noexcept {
    lock_guard const held(mutex_);
    lost_ += rows;
    if (rows != 0) ring_.set_lost(lost_);
    return lost_;
  }
  std::uint64_t lost() noexcept { return lose(0); }

 private:
  journal_ring& ring_;
  mutex mutex_;
  condition changed_;
  std::uint64_t lost_ = 0;
  bool is_refused_ = false;
};

}  // namespace trainlog::detail

#endif
