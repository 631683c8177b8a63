// SPDX-License-Identifier: MIT
// Logs records: in nanoseconds, from any thread, into a file that survives the process
// (docs/reference/log.md, docs/durability.md).
#ifndef TRAINLOG_LOG_LOG_WRITER_HPP
#define TRAINLOG_LOG_LOG_WRITER_HPP

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "trainlog/codec/row_encode.hpp"
#include "trainlog/codec/snapshot.hpp"
#include "trainlog/log/log_core.hpp"
#include "trainlog/log/log_in_use.hpp"
#include "trainlog/log/options.hpp"
#include "trainlog/record/serializable.hpp"
#include "trainlog/schema/schema_of.hpp"

namespace trainlog {

/// A log file that is open for writing. Threads may share it; it must outlive their calls.
template <class T>
class log_writer {
 public:
  /// Opens the log at `path`, made if it does not exist, and goes on after its last row if it does,
  /// whoever wrote it, unless options.existing says otherwise. Rows that an earlier writer left in
  /// its journal are moved into the log first. Throws io_error; log_in_use if another writer has
  /// the file open; schema_error, before anything is changed, if the log has a field of T's with a
  /// type that no type reads besides T's; decode_error or error if it is something else than a log,
  /// or one whose header is damaged: repair() makes a new file of what is left.
  explicit log_writer(std::string const& path, log_options options = {}) {
    if constexpr (detail::require_serializable_record<T>()) {
      core_ = std::make_unique<detail::log_core>(
          path,
          detail::row_format{schema_of<T>(), detail::schema_payload<T>(), detail::fixed_size<T>()},
          std::move(options));
    }
  }

  /// What was moved from is closed.
  log_writer(log_writer&&) noexcept = default;
  log_writer& operator=(log_writer&&) noexcept = default;
  /// Closes. What cannot be moved into the log is left in the journal.
  ~log_writer() = default;

  /// Logs a record. Once it has returned true, the row survives what options.durability says. The
  /// bounds of its fields are not checked: reading does.
  /// False if the row was not kept: the writer is closed, this is the child of a fork, or the
  /// journal is full and the disk full or failing; the latter is counted in status().rows_lost.
  /// Cost: some ten nanoseconds for a row of 40 bytes, without a system call, lock or allocation;
  /// more if it is larger than a quarter of the journal, or the journal full. Not to be called by a
  /// signal handler.
  bool write(T const& row) noexcept {
    if constexpr (detail::require_serializable_record<T>()) {
      if (core_ == nullptr) [[unlikely]]
        return false;
      auto& ring = core_->ring();
      std::size_t const size = detail::wire_size(row);
      auto const slot = ring.reserve(size);
      if (slot.row == nullptr) [[unlikely]]
        return core_->write_slowly({&row, size, put});
      detail::put_value(slot.row, row);
      if (ring.commit(slot, size)) [[unlikely]]
        core_->half_full();
      return true;
    } else {
      return false;
    }
  }

  /// Moves all rows written before into the log file. They are as safe without it: it is for
  /// readers that do not know of journals. Throws io_error; after a close() that failed, its error;
  /// error in the child of a fork.
  void flush() {
    if (core_) core_->flush();
  }

  /// When it returns, all rows written before are on the disk, and survive a power failure.
  /// Throws io_error, also after close(); error in the child of a fork.
  void sync() {
    if (core_) core_->sync();
  }

  /// False after close(), in the child of a fork, and for what was moved from.
  bool is_open() const noexcept { return core_ != nullptr && core_->is_open(); }
  /// Where the log is; symbolic links have been followed. Not of what was moved from.
  std::string const& path() const noexcept { return core_->path(); }

  /// Waits for a drain to end, and counts the rows in the journal: for once in a while.
  log_status status() const { return core_ ? core_->status() : log_status{}; }

  /// Moves all rows into the log file, says there that it is complete, and removes the journal.
  /// No thread may be in write(). Throws io_error if rows could not be moved; they are then left in
  /// the journal, for the next who opens or reads the log, and each further call throws the same.
  /// Threads may call it at once: all return when the log is closed. Does nothing in the child of a
  /// fork.
  void close() {
    if (core_) core_->close();
  }

 private:
  static void put(char* out, void const* row) noexcept {
    detail::put_value(out, *static_cast<T const*>(row));
  }

  std::unique_ptr<detail::log_core> core_;
};

}  // namespace trainlog

#endif
