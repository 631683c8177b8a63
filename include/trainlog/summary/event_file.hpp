// SPDX-License-Identifier: MIT
// A new event file: a name that no other writer has and that sorts behind those of its directory.
#ifndef TRAINLOG_SUMMARY_EVENT_FILE_HPP
#define TRAINLOG_SUMMARY_EVENT_FILE_HPP

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <ctime>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "trainlog/detail/append_number.hpp"
#include "trainlog/detail/file.hpp"
#include "trainlog/detail/float_class.hpp"

namespace trainlog::detail {

inline constexpr std::string_view event_file_prefix = "events.out.tfevents.";

/// Seconds since 1970.
inline double wall_time_now() noexcept {
  ::timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// The time asked for; now, if none is, or one that readers refuse.
inline double wall_time_or_now(std::optional<double> asked) noexcept {
  return asked && is_finite(*asked) ? *asked : wall_time_now();
}

/// Makes the directory and those above it, as far as they do not exist. Throws io_error.
inline void make_directories(std::string const& path) {
  file_operation const making(path, "make the directory");
  for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
    std::string const part = path.substr(0, end);
    bool const made = ::mkdir(part.c_str(), 0777) == 0;
    int const error = made ? 0 : errno;
    struct ::stat status{};
    // What is there may be a link, or stand where one may not make anything.
    bool const exists = made || (::stat(part.c_str(), &status) == 0 && S_ISDIR(status.st_mode));
    if (!exists) making.fail(error == EEXIST ? ENOTDIR : error);
    if (end == std::string::npos) return;
  }
}

/// The seconds in the name of an event file; nothing if it is none.
inline std::optional<std::int64_t> event_file_seconds(std::string_view name) noexcept {
  constexpr std::size_t width = 10;
  if (!name.starts_with(event_file_prefix)) return {};
  name.remove_prefix(event_file_prefix.size());
  if (name.size() <= width || name[width] != '.') return {};
  std::int64_t seconds = 0;
  for (char const digit : name.substr(0, width)) {
    if (digit < '0' || digit > '9') return {};
    seconds = 10 * seconds + (digit - '0');
  }
  return seconds;
}

/// The seconds for the name of a new file: now, or more, so that it sorts behind the others. Names
/// of more than a day in the future do not count: somebody's clock was wrong.
inline std::int64_t next_event_file_seconds(std::string const& directory) {
  std::int64_t const now = ::time(nullptr);
  std::int64_t seconds = now;
  ::DIR* const entries = ::opendir(directory.c_str());
  if (entries == nullptr) return seconds;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody else reads from this one
  while (auto const* const entry = ::readdir(entries)) {
    auto const other = event_file_seconds(static_cast<char const*>(entry->d_name));
    if (other && *other <= now + 86400) seconds = std::max(seconds, *other + 1);
  }
  ::closedir(entries);
  return seconds;
}

/// The name of this machine, as far as it may be part of a file's.
inline std::string host_name() {
  char text[256] = {};
  if (::gethostname(text, sizeof text - 1) != 0 || text[0] == '\0') return "localhost";
  std::string name(static_cast<char const*>(text));
  std::replace(name.begin(), name.end(), '/', '_');
  return name;
}

/// "events.out.tfevents.1700000000.host.4711.0000": unlike that of any other writer, as far as the
/// process can tell.
inline std::string event_file_name(std::int64_t seconds, std::string_view suffix) {
  static std::atomic<std::uint32_t> counter{0};
  std::string name(event_file_prefix);
  append_padded(name, static_cast<std::uint64_t>(std::max<std::int64_t>(seconds, 0)), 10);
  name.append(".").append(host_name()).append(".");
  append_integer(name, ::getpid());
  name.append(".");
  append_padded(name, counter++, 4);
  return name.append(suffix);
}

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
