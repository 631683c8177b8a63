// SPDX-License-Identifier: MIT
// Rows moved from the ring into the log, synchronised and closed, whatever the disk says (design
// note 6).
#ifndef TRAINLOG_LOG_LOG_DRAINER_HPP
#define TRAINLOG_LOG_LOG_DRAINER_HPP

#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trainlog/detail/error.hpp"
#include "trainlog/detail/file.hpp"
#include "trainlog/detail/threads.hpp"
#include "trainlog/log/disk_state.hpp"
#include "trainlog/log/journal_drain.hpp"
#include "trainlog/log/journal_format.hpp"
#include "trainlog/log/journal_ring.hpp"
#include "trainlog/log/kill_point.hpp"
#include "trainlog/log/log_file.hpp"
#include "trainlog/log/row_room.hpp"
#include "trainlog/schema/schema.hpp"

namespace trainlog::detail {

/// Does what a writer does with its log. One thread at a time. What fails is noted in disk(); the
/// errno is returned, 0 if nothing failed. Rows that could not be moved stay in the ring.
class log_drainer {
 public:
  /// `path` is that of the log, `journal` the absolute path of its journal: the program may change
  /// its directory.
  log_drainer(std::string const& path, std::string const& journal, journal_ring& ring,
              log_file& file, std::vector<schema_field> const& fields, row_room& room,
              wake_signal& background)
      : path_(path),
        journal_(journal),
        ring_(ring),
        file_(file),
        room_(room),
        background_(background),
        drain_(ring, file, fields),
        synced_(0, file.rows()) {}

  disk_state& disk() noexcept { return disk_; }
  disk_state const& disk() const noexcept { return disk_; }
  /// At the last drain there was a row that its thread had not finished.
  bool has_hole() const noexcept { return has_hole_; }

  /// Moves rows before the position into the log, as far as they are committed. ETIME if one of
  /// them has not been for two seconds.
  int drain(std::uint64_t to) noexcept { return drain(to, to); }

  /// The same, until those before another position, which need not be that of a row, are moved.
  int drain(std::uint64_t to, std::uint64_t enough) noexcept {
    auto const state = [&] { return ring_.released() + lost_in_log_; };  // grows with each write
    std::uint64_t const begin = state();
    for (std::uint64_t before = ring_.released() + 1;
         before != ring_.released() && ring_.released() < enough;) {
      before = ring_.released();
      if (int const error = drain_.step(to)) return fail("write", error);
      room_.notify();
    }
    has_hole_ = ring_.released() < enough;
    bool const stuck = is_stuck();
    if (int const error = append_losses()) return fail("write", error);
    int const sync_error = drain_.sync_error();
    if (sync_error != 0 && disk_.sync_error() == 0) disk_.lose_promises(sync_error);
    if (stuck) return fail("drain the journal of", ETIME);
    if (state() != begin) {
      disk_.take_rows(ring_.take_write_error());
      room_.refuse(false);
    }
    return 0;
  }

  /// Moves all rows before the position. Waits for threads that are just writing theirs; but when
  /// the log is closed there are none, and what a wild pointer has zeroed is passed by in time.
  int drain_all(std::uint64_t to) noexcept {
    std::int64_t since = steady_ns();
    while (true) {
      std::uint64_t const before = ring_.released();
      if (int const error = drain(to)) return error;
      if (ring_.released() >= to) return 0;
      if (ring_.released() != before || !ring_.is_closed()) since = steady_ns();
      drain_.pass_holes(steady_ns() - since >= hole_ms * 1'000'000);
      ::sched_yield();
    }
  }

  /// Appends a row that is too large for the ring, behind all others.
  int append_large(std::string_view row) noexcept {
    if (int const error = drain_all(ring_.head())) return error;
    int const error = drain_.append_large(row);
    return error == 0 ? 0 : fail("write", error);
  }

  /// Rows could not be moved into the log. Whoever waits for room, waits no more.
  int fail(char const* operation, int error) noexcept {
    disk_.refuse_rows(operation, error);
    room_.refuse(true);
    background_.send();  // so that it tries again in time
    return error;
  }

  /// Has the disk all rows, in the log or in the journal, and keeps it so.
  int synchronise() noexcept {
    std::uint64_t const head = ring_.head();
    int error = disk_.sync_error();
    bool const in_memory = ring_.backing() == ring_backing::memory || ring_.lacks_rows();
    if (error == 0 && in_memory) error = drain_all(head);
    if (error != 0) return error;
    error = file_.sync();
    if (error == 0) error = ring_.sync();
    if (error == 0 && !drain_.has_promised()) error = sync_names();
    if (error == ENOMEM || error == EMFILE || error == ENFILE) {
      return disk_.note("synchronise", error);
    }
    if (error != 0) return disk_.lose_promises(error);
    drain_.promise(head);
    return 0;
  }

  /// As synchronise(), unless there is nothing new.
  void keep_synchronised() noexcept {
    // Rows too large for the ring, and such as were not committed yet, only change the file.
    std::pair const now(ring_.head(), file_.rows());
    if (synced_ != now && synchronise() == 0) synced_ = now;
  }

  /// Moves all rows, says in the log that it is complete, and removes the journal. The disk has the
  /// log then if `syncs`, or if something was ever synchronised.
  int finish(bool syncs) noexcept {
    int error = drain_all(ring_.head());
    if (error == 0) error = append_end();
    TRAINLOG_KILL_POINT("close finished");
    char const* const operation = error == 0 ? "synchronise" : "write";
    if (error == 0 && (syncs || drain_.has_promised())) error = file_.sync();
    if (error == 0 && syncs) error = sync_names();
    TRAINLOG_KILL_POINT("close synchronised");
    if (error == 0) return remove_journal(), 0;
    if (ring_.backing() == ring_backing::memory) room_.lose(count_waiting());
    return fail(operation, error);
  }

  /// The rows that are in the ring.
  std::uint64_t count_waiting() const noexcept {
    std::uint64_t rows = 0;
    std::uint64_t const head = ring_.head();
    for (std::uint64_t at = ring_.released(); at < head; ++rows) {
      std::uint64_t const size = ring_.word_at(at) >> 32U;
      if (size == 0) break;
      at += slot_size(size);
    }
    return rows;
  }

 private:
  /// True if the same row has not been finished for too long: its thread is gone, or a wild pointer
  /// has zeroed its word. Nobody is to wait for it for ever; when the log is closed it is passed
  /// by.
  bool is_stuck() noexcept {
    std::int64_t const now = steady_ns();
    // A process that was stopped in between did not wait.
    std::int64_t const waited = std::min(now - last_drain_ns_, hole_ms * 1'000'000);
    bool const same = has_hole_ && hole_ == ring_.released();
    hole_age_ns_ = same ? hole_age_ns_ + waited : 0;
    hole_ = ring_.released();
    last_drain_ns_ = now;
    return hole_age_ns_ >= stuck_ms * 1'000'000 && !ring_.is_closed();
  }

  /// Says in the log how many rows are missing here.
  int append_losses() noexcept {
    try {
      std::uint64_t const total = room_.lose(drain_.take_damaged());
      if (total == lost_in_log_) return 0;
      int const error = drain_.append_gap(total - lost_in_log_, total);
      if (error == 0) lost_in_log_ = total;
      return error;
    } catch (std::exception const&) {
      return ENOMEM;
    }
  }

  int append_end() noexcept {
    try {
      TRAINLOG_KILL_POINT("close drained");
      return file_.finish();
    } catch (std::exception const&) {
      return ENOMEM;
    }
  }

  /// Has the disk the names of log and journal.
  int sync_names() noexcept {
    try {
      sync_directory(journal_, file_operation(path_, "synchronise"));
      return 0;
    } catch (io_error const& problem) {
      return problem.error_number();
    } catch (std::exception const&) {
      return ENOMEM;
    }
  }

  /// Unless another file has its name by now.
  void remove_journal() const noexcept {
    struct ::stat ours{};
    struct ::stat there{};
    if (ring_.backing() == ring_backing::memory || ::fstat(ring_.descriptor(), &ours) != 0) return;
    if (::lstat(journal_.c_str(), &there) != 0) return;
    if (ours.st_dev == there.st_dev && ours.st_ino == there.st_ino) ::unlink(journal_.c_str());
  }

  static constexpr std::int64_t hole_ms = 100;
  static constexpr std::int64_t stuck_ms = 2000;

  std::string const& path_;
  std::string const& journal_;
  journal_ring& ring_;
  log_file& file_;
  row_room& room_;
  wake_signal& background_;
  journal_drain drain_;
  disk_state disk_;
  std::uint64_t lost_in_log_ = 0;
  std::pair<std::uint64_t, std::uint64_t> synced_;  // the head, and the rows in the file
  bool has_hole_ = false;
  std::uint64_t hole_ = 0;  // its position,
  std::int64_t hole_age_ns_ = 0;
  std::int64_t last_drain_ns_ = 0;
};

}  // namespace trainlog::detail

#endif
