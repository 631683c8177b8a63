// SPDX-License-Identifier: MIT
// Rows of a log as they are committed, in another process than the writer's.
#ifndef TRAINLOG_LOG_FOLLOW_HPP
#define TRAINLOG_LOG_FOLLOW_HPP

#include <time.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "trainlog/codec/snapshot.hpp"
#include "trainlog/detail/threads.hpp"
#include "trainlog/log/block_loader.hpp"
#include "trainlog/log/follow_source.hpp"
#include "trainlog/log/log_reader.hpp"
#include "trainlog/record/traits.hpp"

namespace trainlog {
namespace detail {

inline void sleep_ms(std::int64_t time) noexcept {
  ::timespec const wanted{static_cast<::time_t>(time / 1000),
                          static_cast<long>(time % 1000 * 1'000'000)};
  ::nanosleep(&wanted, nullptr);
}

}  // namespace detail

/// Reads the rows of a log while it is written, each once and in order: first those that are there,
/// then each as soon as write() has taken it. Only reads, takes no lock, and needs no help from the
/// writer, which may drain its journal, close the log, be killed and go on meanwhile. The log need
/// not exist yet.
/// When all rows were taken and another file has the path, that one is followed, from row 0 on.
///
/// A row waits for those that other threads began to write before it. If the process is killed
/// in the middle of one, those behind it are seen when a writer goes on with the log (log_reader
/// sees them at once).
template <class T>
class log_follower {
 public:
  using value_type = T;

  /// Starts at the row of that number. Does not touch the file yet.
  explicit log_follower(std::string path, std::uint64_t first_row = 0)
      : path_(std::move(path)), source_(path_, [this](std::uint32_t id, schema const& file) {
          return maker_.choose(id, file);
        }) {
    source_.take(first_row);
  }
  log_follower(log_follower const&) = delete;
  log_follower& operator=(log_follower const&) = delete;

  /// Calls `use` with each row that has been committed since the last time; returns how many there
  /// were. Throws io_error; decode_error for a file that is no .tlog file; schema_error for rows
  /// that do not fit T; and what log_reader throws for a row, which the next call goes on behind.
  template <class Use>
  std::size_t poll(Use&& use) {
    std::size_t count = 0;
    while (take()) {
      use(std::as_const(*at_++));
      ++count;
    }
    return count;
  }

  /// The next row, or null if none comes within so many milliseconds, or the log is closed, and all
  /// of its rows were taken. Negative: waits for ever. Valid until the next call. Looks about every
  /// millisecond, and after a second without rows every 20. Throws as poll().
  T const* next(std::int64_t timeout_ms = -1) {
    std::int64_t const begin = detail::steady_ns();
    while (!take()) {
      std::int64_t const waited = (detail::steady_ns() - begin) / 1'000'000;
      if (closed() || (timeout_ms >= 0 && waited >= timeout_ms)) return nullptr;
      std::int64_t const pause = waited < 1000 ? 1 : 20;
      detail::sleep_ms(timeout_ms < 0 ? pause : std::min(pause, timeout_ms - waited));
    }
    return at_++;
  }

  /// The writer finished, and no rows are left. Another may go on: the next poll() will see.
  bool closed() const noexcept { return source_.closed(); }
  /// The number of the next row.
  std::uint64_t row() const noexcept {
    return source_.next_row() - static_cast<std::uint64_t>(end_ - at_);
  }
  /// The journal beside the log cannot be read: its rows are not seen before they are in the log.
  bool journal_unreadable() const noexcept { return source_.journal_unreadable(); }
  /// Rows that could not be read, because their block is damaged.
  std::uint64_t damaged() const noexcept { return source_.damaged(); }

 private:
  /// Makes sure that there is a row at at_; false if there is none now.
  bool take() {
    return at_ != end_ || detail::in_file(path_, [this] { return load(); });
  }

  bool load() {
    at_ = end_ = nullptr;
    while (at_ == end_) {
      if (maker_.done()) {
        maker_.drop();  // whatever becomes of the batch
        if (!source_.next(batch_)) return false;
        maker_.begin(batch_);
      }
      make();
    }
    return true;
  }

  /// Makes the next rows of the batch. One that cannot be made has been taken, too.
  void make() {
    std::uint64_t const known = source_.next_row();
    std::uint64_t first = known;
    try {
      first = maker_.make(rows_, known);
    } catch (...) {
      source_.take(maker_.next_row());
      throw;
    }
    source_.take(maker_.next_row());
    std::uint64_t const before = std::max(known, first) - first;
    at_ = rows_.data() + std::min<std::uint64_t>(before, rows_.size());
    end_ = rows_.data() + rows_.size();
  }

  std::string path_;
  detail::row_maker<T> maker_;
  detail::follow_source source_;
  detail::row_batch batch_;
  std::vector<T> rows_;
  T const* at_ = nullptr;
  T const* end_ = nullptr;
};

}  // namespace trainlog

#endif
