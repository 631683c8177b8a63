// SPDX-License-Identifier: MIT
// What a log_writer is made of, whatever its record: journal, log, and who moves rows between them
// (design note 6).
#ifndef TRAINLOG_LOG_LOG_CORE_HPP
#define TRAINLOG_LOG_LOG_CORE_HPP

#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cassert>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <string>
#include <utility>

#include "trainlog/detail/file.hpp"
#include "trainlog/detail/fork_registry.hpp"
#include "trainlog/detail/threads.hpp"
#include "trainlog/log/journal_drain.hpp"
#include "trainlog/log/journal_ring.hpp"
#include "trainlog/log/kill_point.hpp"
#include "trainlog/log/log_open.hpp"
#include "trainlog/log/options.hpp"

namespace trainlog::detail {

/// A record that is to be logged, its type forgotten.
struct row_source {
  void const* record;
  std::size_t size;  ///< of the row
  void (*put)(char* out, void const* record) noexcept;
};

/// A writer of one log. All functions but the constructor and the destructor may be called by any
/// thread.
class log_core final : forkable {
 public:
  /// Opens the log. Throws io_error, log_in_use, and decode_error for a file that is no log.
  log_core(std::string const& path, row_format const& rows, log_options options)
      : path_(resolve_links(path, file_operation(path, "open"))),
        journal_(absolute_path(journal_path(path_))),
        options_(checked(std::move(options))),
        log_(log_opener(path_, rows, options_).open()),
        drain_(*log_.journal.ring, log_.file, rows.fields) {
    rows_before_ = log_.file.rows();
    synced_ = {0, rows_before_};
    fork_registry::add(this);
    // Without a thread more to be had, those that log drain; but nobody would keep an interval.
    if (options_.drain_by == drain_by::background) thread_.start(run, this);
    if (!thread_.runs() && options_.durability == durability::interval) {
      fork_registry::remove(this);
      refuse_interval("no thread can be had");
    }
  }
  log_core(log_core const&) = delete;
  log_core& operator=(log_core const&) = delete;
  ~log_core() {
    try {
      close();
    } catch (std::exception const&) {  // NOLINT(bugprone-empty-catch)
      // on_error and status() have said so; what is not in the log is left in the journal.
    }
    fork_registry::remove(this);
  }

  journal_ring& ring() const noexcept { return *log_.journal.ring; }

  /// A half of the ring has been filled.
  void half_full() noexcept {
    if (has_drainer()) return wake_.send();
    if (ring().is_closed()) return;
    session const held(*this);
    if (may_try()) drain(ring().head());
  }

  /// Writes a row for which there was no place in the ring. False if it could not be kept.
  bool write_slowly(row_source const& row) noexcept {
    while (!ring().is_closed()) {
      if (row.size > ring().max_row()) return write_large(row);
      auto const slot = ring().reserve(row.size);
      if (slot.row != nullptr) {
        row.put(slot.row, row.record);
        if (ring().commit(slot, row.size)) half_full();
        return true;
      }
      if (!make_room(row.size)) return lose();
    }
    return false;
  }

  /// Moves all rows written before into the log file. Throws io_error.
  void flush() {
    if (is_detached_) return;
    session const held(*this);
    check("write", is_finished_ ? close_error_ : drain_all(ring().head()));
  }

  /// Makes the disk have all rows written before. Throws io_error, also if the log is closed.
  void sync() {
    if (is_detached_) return;
    session const held(*this);
    check("synchronise", is_finished_ ? EBADF : synchronise());
  }

  bool is_open() const noexcept { return !ring().is_closed(); }
  std::string const& path() const noexcept { return path_; }

  log_status status() {
    if (is_detached_) return {};
    session const held(*this);
    return status_now();
  }

  /// Moves all rows into the log, says in it that it is complete, and removes the journal. If
  /// rows cannot be moved they are left in the journal, and it throws io_error, each time.
  void close() {
    assert(drains_here != this);  // on_error must not close
    if (is_detached_) return;
    ring().close();
    stop();
    session const held(*this);
    if (!std::exchange(is_finished_, true)) {
      close_error_ = finish();
      log_.file.close();
    }
    check(operation_at_close_, close_error_);
  }

 private:
  /// Holds the lock of what only one thread at a time may do; calls on_error after it.
  class session {
   public:
    explicit session(log_core& core) noexcept : core_(core) { core_.mutex_.lock(); }
    session(session const&) = delete;
    session& operator=(session const&) = delete;
    ~session() {
      bool const tells = std::exchange(core_.has_news_, false) && core_.options_.on_error;
      log_status status;
      if (tells) status = core_.status_now();
      core_.mutex_.unlock();
      if (tells) core_.tell(status);
    }

   private:
    log_core& core_;
  };

  log_options checked(log_options options) const {
    bool const keeps = options.durability != durability::interval;
    if (!keeps && options.drain_by == drain_by::caller) refuse_interval("use drain_by::background");
    return options;
  }

  [[noreturn]] void refuse_interval(char const* why) const {
    throw error("trainlog: cannot log to '" + printable_path(path_) +
                "' with durability::interval without a thread in the background: " + why);
  }

  void tell(log_status const& status) const noexcept {
    try {
      options_.on_error(status);
    } catch (...) {  // NOLINT(bugprone-empty-catch): a log never stops the program
    }
  }

  void check(char const* operation, int error) const {
    if (error != 0) throw io_error(path_, operation, error);
  }

  // ---- rows that have no place

  /// Another thread drains. False in on_error, if the background calls it.
  bool has_drainer() const noexcept { return drains_here != this && thread_.runs(); }

  /// Waits until a row of `size` bytes may have a place. False if it is to be dropped.
  bool make_room(std::size_t size) noexcept {
    if (!has_drainer()) {
      half_full();
      if (ring().has_room(size)) return true;
      if (options_.when_full == when_full::drop) return false;
      ::sched_yield();  // other threads were faster, or have not finished their rows
      lock_guard const held(room_mutex_);
      return !is_degraded_;
    }
    if (options_.when_full == when_full::drop) return wake_.send(), false;
    lock_guard const held(room_mutex_);
    while (!ring().has_room(size) && !ring().is_closed()) {
      if (is_degraded_) return false;
      wake_.send();
      room_.wait_ms(room_mutex_, 10);
    }
    return true;
  }

  /// Counts a row that could not be kept. Returns false.
  bool lose() noexcept {
    lock_guard const held(room_mutex_);
    ++lost_;
    ring().set_lost(lost_);
    return false;
  }

  /// The rows lost so far, after `more` have been counted.
  std::uint64_t lost(std::uint64_t more = 0) noexcept {
    lock_guard const held(room_mutex_);
    lost_ += more;
    if (more != 0) ring().set_lost(lost_);
    return lost_;
  }

  /// Writes a row that is too large for the ring straight into the log.
  bool write_large(row_source const& row) noexcept {
    session const held(*this);
    if (ring().is_closed()) return false;
    int error = ENOMEM;
    try {
      std::string bytes(row.size, '\0');
      row.put(bytes.data(), row.record);
      error = drain_all(ring().head());
      if (error == 0) error = drain_.append_large(bytes);
      if (error == 0) return true;
    } catch (std::exception const&) {
      error = ENOMEM;
    }
    fail("write", error);
    return lose();
  }

  // ---- with the lock held

  /// Moves rows before the position into the log, as far as they are committed. Returns errno.
  int drain(std::uint64_t to) noexcept {
    auto const state = [&] { return ring().released() + lost_in_log_; };  // grows with each write
    std::uint64_t const begin = state();
    for (std::uint64_t before = ring().released() + 1;
         before != ring().released() && ring().released() < to;) {
      before = ring().released();
      if (int const error = drain_.step(to)) return fail("write", error);
      lock_guard const held(room_mutex_);
      room_.notify_all();
    }
    has_hole_ = ring().released() < to;
    if (int const error = append_losses()) return fail("write", error);
    if (drain_.sync_error() != 0 && sync_error_ == 0) fail_sync(drain_.sync_error());
    if (state() != begin) recover();
    return 0;
  }

  /// Moves all rows before the position. Waits for threads that are just writing theirs; but when
  /// the log is closed there are none, and what a wild pointer has zeroed is passed by in time.
  int drain_all(std::uint64_t to) noexcept {
    std::int64_t since = steady_ns();
    while (true) {
      std::uint64_t const before = ring().released();
      if (int const error = drain(to)) return error;
      if (ring().released() >= to) return 0;
      if (ring().released() != before || !ring().is_closed()) since = steady_ns();
      drain_.pass_holes(steady_ns() - since >= hole_ms * 1'000'000);
      ::sched_yield();
    }
  }

  /// Says in the log how many rows are missing here.
  int append_losses() noexcept {
    try {
      std::uint64_t const total = lost(drain_.take_damaged());
      if (total == lost_in_log_) return 0;
      int const error = drain_.append_gap(total - lost_in_log_, total);
      if (error == 0) lost_in_log_ = total;
      return error;
    } catch (std::exception const&) {
      return ENOMEM;
    }
  }

  /// Has the disk what has been written, and keeps it so.
  int synchronise() noexcept {
    std::uint64_t const head = ring().head();
    int error = sync_error_;
    if (error == 0 && ring().backing() == ring_backing::memory) error = drain_all(head);
    if (error != 0) return error;
    error = log_.file.sync();
    if (error == 0) error = ring().sync();
    if (error == 0 && !drain_.has_promised()) error = sync_names();
    if (error == ENOMEM || error == EMFILE || error == ENFILE) return note("synchronise", error);
    if (error != 0) return fail_sync(error);
    drain_.promise(std::max<std::uint64_t>(head, 1));
    return 0;
  }

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

  int finish() noexcept {
    operation_at_close_ = "write";
    int error = drain_all(ring().head());
    if (error == 0) {
      if (options_.durability == durability::interval) drain_.promise(1);
      try {
        TRAINLOG_KILL_POINT("close drained");
        error = log_.file.finish();
      } catch (std::exception const&) {
        error = ENOMEM;
      }
    }
    TRAINLOG_KILL_POINT("close finished");
    if (error == 0) operation_at_close_ = "synchronise";
    if (error == 0 && drain_.has_promised()) error = log_.file.sync();
    if (error == 0 && options_.durability == durability::interval) error = sync_names();
    TRAINLOG_KILL_POINT("close synchronised");
    if (error != 0) {
      if (ring().backing() == ring_backing::memory) lost_at_close_ = count_waiting();
      return fail(operation_at_close_, error);
    }
    remove_journal();
    return 0;
  }

  /// Unless another file has its name by now.
  void remove_journal() const noexcept {
    struct ::stat ours{};
    struct ::stat there{};
    if (ring().backing() == ring_backing::memory || ::fstat(ring().descriptor(), &ours) != 0)
      return;
    if (::lstat(journal_.c_str(), &there) != 0) return;
    if (ours.st_dev == there.st_dev && ours.st_ino == there.st_ino) ::unlink(journal_.c_str());
  }

  // ---- the state of the disk

  int note(char const* operation, int error) noexcept {
    error_ = error;
    operation_ = operation;
    return error;
  }

  int fail(char const* operation, int error) noexcept {
    note(operation, error);
    if (!std::exchange(is_degraded_now_, true) && !journal_failed_) has_news_ = true;
    next_try_ns_ = steady_ns() + retry_ms * 1'000'000;
    lock_guard const held(room_mutex_);
    is_degraded_ = true;  // whoever waits for room, waits no more
    room_.notify_all();
    wake_.send();  // so that the background tries again in time
    return error;
  }

  /// After a failed fdatasync nobody knows what the disk has: no promise is made any more.
  int fail_sync(int error) noexcept {
    sync_error_ = error;
    has_news_ = true;
    return note("synchronise", error);
  }

  /// The disk has taken all rows; but some may not have got into the journal file before.
  void recover() noexcept {
    int const error = ring().take_write_error();
    if (error != 0) {
      note("write the journal of", error);
      if (!is_degraded_now_ && !journal_failed_) has_news_ = true;
    }
    journal_failed_ = error != 0;
    if (!is_degraded_now_) return;
    is_degraded_now_ = false;
    lock_guard const held(room_mutex_);
    is_degraded_ = false;
  }

  bool may_try() const noexcept { return !is_degraded_now_ || steady_ns() >= next_try_ns_; }

  /// Without texts, if there is no memory for them.
  log_status status_now() noexcept {
    log_status status;
    status.rows_in_file = log_.file.rows();
    status.rows_written = log_.file.rows() - rows_before_ + count_waiting();
    status.rows_recovered = log_.recovered;
    status.rows_lost = lost() + lost_at_close_;
    status.is_open = !ring().is_closed();
    status.has_journal_file = ring().backing() != ring_backing::memory;
    status.journal_is_mapped = ring().backing() == ring_backing::mapped;
    status.degraded = is_degraded_now_ || sync_error_ != 0 || journal_failed_;
    status.error_number = error_;
    try {
      status.journal_reason = log_.journal.reason;
      status.journal_set_aside = log_.set_aside;
      if (error_ != 0) status.error = io_error(path_, operation_, error_).what();
    } catch (std::exception const&) {
      status.error.clear();
    }
    return status;
  }

  /// The rows that are in the ring.
  std::uint64_t count_waiting() const noexcept {
    std::uint64_t rows = 0;
    std::uint64_t const head = ring().head();
    for (std::uint64_t at = ring().released(); at < head; ++rows) {
      std::uint64_t const size = ring().word_at(at) >> 32U;
      if (size == 0) break;
      at += slot_size(size);
    }
    return rows;
  }

  // ---- the background

  static void* run(void* self) {
    static_cast<log_core*>(self)->drain_in_background();
    return nullptr;
  }

  void stop() noexcept {
    lock_guard const held(stop_mutex_);
    stops_ = true;
    wake_.send();
    thread_.join();
  }

  void drain_in_background() noexcept {
    drains_here = this;
    std::int64_t next_tick = steady_ns() + interval_ns();
    for (std::int64_t pause = interval_ms(); !stops_;) {
      wake_.wait_ms(pause);
      if (stops_) return;
      session const held(*this);
      bool const ticks = has_ticks() && steady_ns() >= next_tick;
      if (ticks) next_tick = steady_ns() + interval_ns();
      if (may_try()) drain(ring().head());
      if (ticks && options_.durability == durability::interval) keep_interval();
      pause = pause_ms(next_tick);
    }
  }

  /// Has the disk what is new, be it in the journal only because the log cannot be written.
  void keep_interval() noexcept {
    // Rows too large for the ring, and such as were not committed yet, only change the file.
    std::pair const now(ring().head(), log_.file.rows());
    if (synced_ != now && synchronise() == 0) synced_ = now;
  }

  bool has_ticks() const noexcept { return options_.durability != durability::process; }
  std::int64_t interval_ms() const noexcept {
    return std::max<std::uint32_t>(options_.interval_ms, 1);
  }
  std::int64_t interval_ns() const noexcept { return interval_ms() * 1'000'000; }

  /// For how long nothing needs to be done, unless somebody says so.
  std::int64_t pause_ms(std::int64_t next_tick) const noexcept {
    std::int64_t pause = 3'600'000;
    if (has_ticks()) pause = std::max<std::int64_t>((next_tick - steady_ns()) / 1'000'000 + 1, 0);
    if (is_degraded_now_) pause = std::min<std::int64_t>(pause, retry_ms);
    if (has_hole_) pause = std::min<std::int64_t>(pause, 1);
    return pause;
  }

  void after_fork() noexcept override {
    is_detached_ = true;
    ring().detach();
    log_.file.close();
    thread_.forget();
  }

  static constexpr std::int64_t retry_ms = 200;
  static constexpr std::int64_t hole_ms = 100;
  /// The writer whose background thread this is.
  inline static thread_local log_core const* drains_here = nullptr;

  std::string path_;
  std::string journal_;  // its absolute path: the program may change its directory
  log_options options_;
  opened_log log_;
  journal_drain drain_;

  mutex mutex_;  // for all that follows up to the next one
  std::uint64_t rows_before_ = 0;
  std::uint64_t lost_in_log_ = 0;
  std::pair<std::uint64_t, std::uint64_t> synced_;  // the head, and the rows in the file
  std::uint64_t lost_at_close_ = 0;
  std::int64_t next_try_ns_ = 0;
  int error_ = 0;
  char const* operation_ = "";
  int sync_error_ = 0;
  bool is_degraded_now_ = false;
  bool journal_failed_ = false;
  bool has_news_ = false;
  bool has_hole_ = false;
  bool is_finished_ = false;
  int close_error_ = 0;
  char const* operation_at_close_ = "write";

  mutex room_mutex_;  // taken after the other one; for what follows
  condition room_;
  std::uint64_t lost_ = 0;
  bool is_degraded_ = false;

  mutex stop_mutex_;  // for thread_, when it ends
  wake_signal wake_;
  thread thread_;
  std::atomic<bool> stops_ = false;
  bool is_detached_ = false;
};

}  // namespace trainlog::detail

#endif
