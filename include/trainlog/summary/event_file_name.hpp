// SPDX-License-Identifier: MIT
// Names of event files: "events.out.tfevents.SECONDS.HOST.PROCESS.NUMBER". Readers take those of a
// directory in the order of their names.
#ifndef TRAINLOG_SUMMARY_EVENT_FILE_NAME_HPP
#define TRAINLOG_SUMMARY_EVENT_FILE_NAME_HPP

#include <dirent.h>
#include <unistd.h>
#include <ctime>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "trainlog/detail/append_number.hpp"

namespace trainlog::detail {

inline constexpr std::string_view event_file_prefix = "events.out.tfevents.";

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

}  // namespace trainlog::detail

#endif
