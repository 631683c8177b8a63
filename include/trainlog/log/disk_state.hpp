// SPDX-License-Identifier: MIT
// Whether the disk takes what a writer logs, when to try again, and what there is to tell.
#ifndef TRAINLOG_LOG_DISK_STATE_HPP
#define TRAINLOG_LOG_DISK_STATE_HPP

#include <cstdint>
#include <exception>
#include <string>
#include <utility>

#include "trainlog/detail/error.hpp"
#include "trainlog/detail/threads.hpp"
#include "trainlog/log/options.hpp"

namespace trainlog::detail {

/// The failures of the disk that a log is on. One thread at a time.
class disk_state {
 public:
  static constexpr std::int64_t retry_ms = 200;

  /// A call has failed that may be repeated. An operation is as in "cannot <operation> 'a.tlog'".
  /// Each of these functions returns the errno.
  int note(char const* operation, int error) noexcept {
    operation_ = operation;
    return error_ = error;
  }

  /// Rows could not be moved into the log: it is tried again after retry_ms.
  int refuse_rows(char const* operation, int error) noexcept {
    if (!std::exchange(refuses_rows_, true) && !journal_failed_) has_news_ = true;
    next_try_ns_ = steady_ns() + retry_ms * 1'000'000;
    return note(operation, error);
  }

  /// fdatasync failed. Nobody knows what the disk has then: no promise is made any more.
  int lose_promises(int error) noexcept {
    sync_error_ = error;
    has_news_ = true;
    return note("synchronise", error);
  }

  /// The log has taken rows. `journal_error` is why some may not have got into the journal file
  /// before, or 0.
  void take_rows(int journal_error) noexcept {
    if (journal_error != 0) {
      note("write the journal of", journal_error);
      if (!refuses_rows_ && !journal_failed_) has_news_ = true;
    }
    journal_failed_ = journal_error != 0;
    refuses_rows_ = false;
  }

  bool refuses_rows() const noexcept { return refuses_rows_; }
  /// False as long as it is no use to try.
  bool may_try() const noexcept { return !refuses_rows_ || steady_ns() >= next_try_ns_; }
  /// Why no promise is made any more; 0 if they are.
  int sync_error() const noexcept { return sync_error_; }
  /// What failed last.
  char const* operation() const noexcept { return operation_; }
  /// True once after the disk has begun to fail.
  bool take_news() noexcept { return std::exchange(has_news_, false); }

  /// Without a text, if there is no memory for it.
  void describe(log_status& status, std::string const& path) const noexcept {
    status.degraded = refuses_rows_ || sync_error_ != 0 || journal_failed_;
    status.error_number = error_;
    if (error_ == 0) return;
    try {
      status.error = io_error(path, operation_, error_).what();
    } catch (std::exception const&) {
      status.error.clear();
    }
  }

 private:
  int error_ = 0;
  char const* operation_ = "";
  int sync_error_ = 0;
  bool refuses_rows_ = false;
  bool journal_failed_ = false;
  bool has_news_ = false;
  std::int64_t next_try_ns_ = 0;
};

}  // namespace trainlog::detail

#endif
