// SPDX-License-Identifier: MIT
// A new event file, with a name that no other writer has, and who is writing it.
#ifndef TRAINLOG_SUMMARY_EVENT_FILE_HPP
#define TRAINLOG_SUMMARY_EVENT_FILE_HPP

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "trainlog/detail/file.hpp"
#include "trainlog/summary/event_file_name.hpp"

namespace trainlog::detail {

/// An open event file.
struct event_file {
  std::string path;
  unique_descriptor descriptor{-1};
};

/// Marks an open event file as one that is being written, until the descriptor is closed. False if
/// it is already, by another descriptor. Where a file system has no locks it is true.
inline bool lock_event_file(int descriptor) noexcept {
  int const result = retry_interrupted([&] { return ::flock(descriptor, LOCK_EX | LOCK_NB); });
  return result == 0 || errno != EWOULDBLOCK;
}

/// Makes a new event file in the directory, which must exist. Throws io_error.
inline event_file create_event_file(std::string const& directory, std::string_view suffix) {
  std::int64_t const seconds = next_event_file_seconds(directory);
  while (true) {
    std::string path = directory + "/" + event_file_name(seconds, suffix);
    file_operation const creating(path, "create");
    unique_descriptor file(creating.open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND, 0666));
    if (file) {
      lock_event_file(file.get());
      return {std::move(path), std::move(file)};
    }
    if (errno != EEXIST) creating.fail(errno);  // a process of this number on another machine
  }
}

}  // namespace trainlog::detail

#endif
