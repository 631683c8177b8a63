// SPDX-License-Identifier: MIT
// The file of a log, opened such that it has one writer (docs/format.md, Locks).
#ifndef TRAINLOG_LOG_OPEN_LOCKED_HPP
#define TRAINLOG_LOG_OPEN_LOCKED_HPP

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <string>

#include "trainlog/detail/descriptor.hpp"
#include "trainlog/detail/error.hpp"
#include "trainlog/detail/file.hpp"
#include "trainlog/log/journal_format.hpp"
#include "trainlog/log/journal_scan.hpp"
#include "trainlog/log/log_in_use.hpp"

namespace trainlog::detail {

/// Locks the open log at `path` for as long as it is open, where the file system has locks. Throws
/// log_in_use if another writer has it.
inline void lock_log(int file, std::string const& path) {
  if (retry_interrupted([&] { return ::flock(file, LOCK_EX | LOCK_NB); }) == 0) return;
  if (errno != EWOULDBLOCK) return;  // a file system without locks
  file_operation const opening(path, "open");
  unique_descriptor const journal(opening.open(journal_path(path), O_RDONLY | O_NONBLOCK));
  auto const header = read_journal_header(journal.get());
  throw log_in_use(path, header ? header->process : 0);
}

/// Throws io_error if the open file is no regular one.
inline void check_regular(int file, file_operation const& opening) {
  struct ::stat status{};
  opening.check(::fstat(file, &status) == 0);
  if (!S_ISREG(status.st_mode)) opening.fail(S_ISDIR(status.st_mode) ? EISDIR : EINVAL);
}

/// True if another file got the name before this one was locked.
inline bool is_replaced(int file, std::string const& path) noexcept {
  struct ::stat ours{};
  struct ::stat now{};
  if (::stat(path.c_str(), &now) != 0) return errno == ENOENT;
  return ::fstat(file, &ours) == 0 && (ours.st_dev != now.st_dev || ours.st_ino != now.st_ino);
}

/// The file of that name, made if there is none, which no other writer has. Throws io_error and
/// log_in_use.
inline unique_descriptor open_locked(std::string const& path) {
  constexpr int most = 10;  // there are file systems that never give a file the same number
  file_operation const opening(path, "open");
  for (int tries = 1;; ++tries) {
    unique_descriptor file(opening.open(path, O_RDWR | O_CREAT, 0666));
    if (!file && errno == ENOENT) {
      std::string const directory = directory_prefix(path);
      throw io_error(directory.empty() ? "." : directory, "make a log in", ENOENT);
    }
    opening.check(static_cast<bool>(file));
    check_regular(file.get(), opening);
    lock_log(file.get(), path);
    if (tries == most || !is_replaced(file.get(), path)) return file;
  }
}

}  // namespace trainlog::detail

#endif
