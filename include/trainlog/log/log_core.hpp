// SPDX-License-Identifier: MIT
// What a log_writer is made of, whatever its record: journal, log, and who moves rows between them
// (design note 6).
#ifndef TRAINLOG_LOG_LOG_CORE_HPP
#define TRAINLOG_LOG_LOG_CORE_HPP

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <string>
#include <utility>

#include "trainlog/detail/file.hpp"
#include "trainlog/detail/fork_registry.hpp"
#include "trainlog/detail/threads.hpp"
#include "trainlog/log/disk_state.hpp"
#include "trainlog/log/drain_pace.hpp"
#include "trainlog/log/journal_format.hpp"
#include "trainlog/log/journal_ring.hpp"
#include "trainlog/log/log_drainer.hpp"
#include "trainlog/log/log_open.hpp"
#include "trainlog/log/options.hpp"
#include "trainlog/log/row_room.hpp"

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
  /// Opens the log. Throws io_error, log_in_use, schema_error, and decode_error for a file that is
  /// no log.
  log_core(std::string const& path, row_format const& rows, log_options options)
      : path_(resolve_links(path, file_operation(path, "open"))),
        journal_(absolute_path(journal_path(path_))),
        options_(checked(std::move(options))),
        log_(log_opener(path_, rows, options_).open()),
        room_(*log_.journal.ring),
        drainer_(path_, journal_, *log_.journal.ring, log_.file, rows.record.fields, room_, wake_),
        rows_before_(log_.file.rows()) {
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
    if (has_drainer()) return pace_.is_watched() ? void() : wake_.send();
    if (ring().is_closed()) return;
    session const held(*this);
    if (drainer_.disk().may_try()) drainer_.drain(ring().head());
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

  /// Moves all rows written before into the log file. Throws io_error; error in the child of a
  /// fork.
  void flush() {
    require_own("write");
    session const held(*this);
    check("write", is_finished_ ? close_error_ : drainer_.drain_all(ring().head()));
  }

  /// Makes the disk have all rows written before. Throws io_error, also if the log is closed; error
  /// in the child of a fork.
  void sync() {
    require_own("synchronise");
    session const held(*this);
    if (is_finished_) refuse_closed();
    check("synchronise", drainer_.synchronise());
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
    if (is_detached_) return;
    ring().close();
    stop();
    session const held(*this);
    if (!std::exchange(is_finished_, true)) {
      close_error_ = drainer_.finish(options_.durability == durability::interval);
      log_.file.close();
    }
    check(drainer_.disk().operation(), close_error_);
  }

 private:
  /// Holds the lock of what only one thread at a time may do; calls on_error after it.
  class session {
   public:
    explicit session(log_core& core) noexcept : core_(core) { core_.mutex_.lock(); }
    session(session const&) = delete;
    session& operator=(session const&) = delete;
    ~session() {
      bool const tells = core_.drainer_.disk().take_news() && core_.options_.on_error;
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

  /// Throws error in the child of a fork.
  void require_own(char const* operation) const {
    if (is_detached_)
      throw error("trainlog: cannot " + std::string(operation) + " '" + printable_path(path_) +
                  "': this process is a child, made by fork, of the one that opened it");
  }

  [[noreturn]] void refuse_closed() const {
    throw io_error(path_, "synchronise", EBADF, "the log_writer is closed");
  }

  void check(char const* operation, int error) const {
    if (error != 0) throw io_error(path_, operation, error);
  }

  // ---- rows that have no place

  /// Another thread drains. False in on_error, if the background calls it.
  bool has_drainer() const noexcept { return !thread_.is_this() && thread_.runs(); }

  /// Waits until a row of `size` bytes may have a place. False if it is to be dropped.
  bool make_room(std::size_t size) noexcept {
    if (!has_drainer()) {
      half_full();
      if (ring().has_room(size)) return true;
      if (options_.when_full == when_full::drop) return false;
      ::sched_yield();  // other threads were faster, or have not finished their rows
      return !room_.is_refused();
    }
    if (options_.when_full == when_full::drop) return wake_.send(), false;
    return room_.wait(size, wake_);
  }

  /// Counts a row that could not be kept. Returns false.
  bool lose() noexcept { return room_.lose(1), false; }

  /// Writes a row that is too large for the ring straight into the log.
  bool write_large(row_source const& row) noexcept {
    session const held(*this);
    if (ring().is_closed()) return false;
    try {
      std::string bytes(row.size, '\0');
      row.put(bytes.data(), row.record);
      if (drainer_.append_large(bytes) == 0) return true;
    } catch (std::exception const&) {
      drainer_.fail("write", ENOMEM);
    }
    return lose();
  }

  /// With the lock held. Without texts, if there is no memory for them.
  log_status status_now() noexcept {
    log_status status;
    status.rows_in_file = log_.file.rows();
    status.rows_written = log_.file.rows() - rows_before_ + drainer_.count_waiting();
    status.rows_recovered = log_.recovered;
    status.rows_lost = room_.lost();
    status.is_open = !ring().is_closed();
    status.has_journal_file = ring().backing() != ring_backing::memory;
    status.journal_is_mapped = ring().backing() == ring_backing::mapped;
    drainer_.disk().describe(status, path_);
    try {
      status.journal_reason = log_.journal.reason;
      status.journal_set_aside = log_.set_aside;
    } catch (std::exception const&) {
      status.journal_reason.clear();
    }
    return status;
  }

  // ---- the background

  static void* run(void* self) {
    static_cast<log_core*>(self)->drain_in_background();
    return nullptr;
  }

  /// If on_error closes, the background itself may be here: it ends when that returns, and whoever
  /// closes again, or destroys the log, waits for it.
  void stop() noexcept {
    stops_ = true;
    if (thread_.is_this()) return;
    wake_.send();
    lock_guard const held(stop_mutex_);
    thread_.join();
  }

  void drain_in_background() noexcept {
    std::int64_t next_tick = steady_ns() + interval_ns();
    for (std::int64_t pause = interval_ms(); !stops_;) {
      wake_.wait_ms(pause);
      if (stops_) return;
      session const held(*this);
      bool const ticks = has_ticks() && steady_ns() >= next_tick;
      if (ticks) next_tick = steady_ns() + interval_ns();
      if (drainer_.disk().may_try()) drain_now(ticks);
      if (ticks && options_.durability == durability::interval) drainer_.keep_synchronised();
      pause = pause_ms(next_tick);
    }
  }

  /// Drains what waits; if the background watches, only what fills half of the ring.
  void drain_now(bool ticks) noexcept {
    auto const half = ring().header().ring_size / 2;
    auto const begin = ring().released();
    bool const watched = pace_.is_watched();
    if (ring().head() - begin >= half) {
      pace_.drained(steady_ns());
      auto const head = ring().head();
      drainer_.drain(head, watched && !ticks ? begin + half : head);
    } else {
      pace_.waited(steady_ns());
      if (!watched || ticks || drainer_.has_hole() || drainer_.disk().refuses_rows())
        drainer_.drain(ring().head());
    }
  }

  bool has_ticks() const noexcept { return options_.durability != durability::process; }
  std::int64_t interval_ms() const noexcept {
    return std::max<std::uint32_t>(options_.interval_ms, 1);
  }
  std::int64_t interval_ns() const noexcept { return interval_ms() * 1'000'000; }

  /// For how long nothing needs to be done, unless somebody says so.
  std::int64_t pause_ms(std::int64_t next_tick) const noexcept {
    std::int64_t pause = pace_.pause_ms();
    if (has_ticks())
      pause = std::clamp<std::int64_t>((next_tick - steady_ns()) / 1'000'000 + 1, 0, pause);
    if (drainer_.disk().refuses_rows()) pause = std::min(pause, disk_state::retry_ms);
    if (drainer_.has_hole()) pause = std::min<std::int64_t>(pause, 1);
    return pause;
  }

  void after_fork() noexcept override {
    is_detached_ = true;
    ring().detach();
    log_.file.close();
    thread_.forget();
  }

  std::string path_;
  std::string journal_;  // its absolute path: the program may change its directory
  log_options options_;
  opened_log log_;
  wake_signal wake_;  // for the background
  drain_pace pace_;
  row_room room_;

  mutex mutex_;  // for log_, and what follows up to the next one
  log_drainer drainer_;
  std::uint64_t rows_before_;
  int close_error_ = 0;
  bool is_finished_ = false;

  mutex stop_mutex_;  // for thread_, when it ends
  thread thread_;
  std::atomic<bool> stops_ = false;
  bool is_detached_ = false;
};

}  // namespace trainlog::detail

#endif
