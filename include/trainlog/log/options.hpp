// SPDX-License-Identifier: MIT
// How a log is written, and what became of it: options and status of a log_writer.
#ifndef TRAINLOG_LOG_OPTIONS_HPP
#define TRAINLOG_LOG_OPTIONS_HPP

#include <cstdint>
#include <functional>
#include <string>

namespace trainlog {

/// What opening a log means if there is a file of that name. (An empty one is a new log.)
enum class existing {
  go_on,    ///< rows follow those that it has, whoever wrote them. An error if it is no log
  refuse,   ///< an io_error with EEXIST
  replace,  ///< a new log takes its place, whatever it is; with its journal's rows it is gone
};

/// What a row survives once write() has returned true (docs/durability.md).
enum class durability {
  none,      ///< nothing until it is drained: rows are kept in the program's memory
  process,   ///< the end of the process, whatever ends it: SIGKILL, a crash, exit
  interval,  ///< also the loss of power, but for the last interval_ms
};

/// Who moves rows from the journal into the log.
enum class drain_by {
  background,  ///< a thread of the writer's own
  caller,      ///< write(), when a half of the journal is full, flush() and close()
};

/// What write() does when the journal is full.
enum class when_full {
  wait,  ///< until rows have been drained. While the disk refuses them, it drops the row instead
  /// The row is not logged, and counted as lost. With drain_by::caller write() still drains when a
  /// half of the journal is full, and drops what has no place then.
  drop,
};

/// How rows get into the journal file.
enum class journal_kind {
  automatic,  ///< mapped, but written on network file systems and where mapping fails
  mapped,     ///< stored into memory that is the file: nanoseconds. Opening throws if that fails
  written,    ///< by a system call a row: about a microsecond
};

/// What a log_writer can say about itself.
struct log_status {
  std::uint64_t rows_written = 0;    ///< that write() took since the log was opened
  std::uint64_t rows_in_file = 0;    ///< in the log file, with those of earlier writers
  std::uint64_t rows_recovered = 0;  ///< of an earlier writer's journal, when the log was opened
  std::uint64_t rows_lost = 0;  ///< that write() could not take, the disk or the journal being full
  bool is_open = false;         ///< false after close(), and in the child of a fork
  bool has_journal_file = false;   ///< false with durability::none
  bool journal_is_mapped = false;  ///< otherwise each row is written by a system call
  std::string journal_reason;      ///< why the journal is not mapped
  /// Where a journal was moved, when the log was opened, that was another log's, or that cannot be
  /// read; empty if none was. Its rows are not in the log.
  std::string journal_set_aside;
  bool degraded = false;  ///< the disk refuses to take rows or to synchronise them
  int error_number = 0;   ///< the errno of the last failure; 0 if there was none
  std::string error;      ///< the same in words, if there is memory: "cannot write 'a.tlog': ..."
};

struct log_options {
  trainlog::existing existing = trainlog::existing::go_on;
  trainlog::durability durability = trainlog::durability::process;
  /// With durability::interval, the longest time for which rows are not on the disk; with
  /// durability::none, for which they are not in the file. Both need drain_by::background; with
  /// durability::interval anything else is an error.
  std::uint32_t interval_ms = 1000;
  /// The size of the journal, made a power of two; 0 for one that fits the rows: 256 KiB to 32 MiB.
  std::uint64_t journal_bytes = 0;
  trainlog::drain_by drain_by = trainlog::drain_by::background;
  trainlog::when_full when_full = trainlog::when_full::wait;
  trainlog::journal_kind journal_kind = trainlog::journal_kind::automatic;
  /// Called once for each time that the disk begins to fail, by the thread that found out, which
  /// may be one that logs. It may use the writer and close it. What it throws is ignored.
  std::function<void(log_status const&)> on_error{};
};

}  // namespace trainlog

#endif
