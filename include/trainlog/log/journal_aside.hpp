// SPDX-License-Identifier: MIT
// Journals that are none of the log they stand beside, moved away rather than replaced: their rows
// may be nowhere else (docs/format.md, Logs).
#ifndef TRAINLOG_LOG_JOURNAL_ASIDE_HPP
#define TRAINLOG_LOG_JOURNAL_ASIDE_HPP

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "trainlog/detail/descriptor.hpp"
#include "trainlog/detail/file.hpp"
#include "trainlog/log/journal_format.hpp"
#include "trainlog/log/journal_scan.hpp"

namespace trainlog::detail {

/// True if a file that can be read has nothing but zeros, as a failure of the machine may leave
/// it.
inline bool is_all_zeros(int file) noexcept {
  char bytes[4096];
  std::uint64_t offset = 0;
  while (std::size_t const size = read_at(file, bytes, sizeof bytes, offset)) {
    if (std::string_view(bytes, size).find_first_not_of('\0') != std::string_view::npos) {
      return false;
    }
    offset += size;
  }
  return errno == 0;
}

/// Gives a file a name that no other has, and returns it.
inline std::string move_aside(std::string const& name, std::string const& end,
                              file_operation const& opening) {
  std::string const wanted = name + "-" + end;
  std::string free = wanted;
  struct ::stat ignored{};
  for (int i = 2; ::lstat(free.c_str(), &ignored) == 0; ++i) {
    free = wanted + "-" + std::to_string(i);
  }
  opening.check(::rename(name.c_str(), free.c_str()) == 0);
  return free;
}

/// The bytes in hexadecimal digits.
inline std::string hex_digits(std::string_view bytes) {
  std::string digits;
  for (char const byte : bytes) {
    auto const value = static_cast<unsigned char>(byte);
    digits += "0123456789abcdef"[value / 16];
    digits += "0123456789abcdef"[value % 16];
  }
  return digits;
}

/// Moves the journal beside the log away if it belongs to another log than that of the id, or
/// cannot be read. Returns its new path; nothing if there is none, or no row in it. Throws
/// io_error, also for one that cannot be opened now: it may be possible later.
inline std::string set_journal_aside(std::string const& log, file_id const& id) {
  file_operation const opening_log(log, "open");
  std::string const name = journal_path(log);
  unique_descriptor const journal(opening_log.open(name, O_RDONLY | O_NONBLOCK));
  if (!journal && errno == ENOENT) return {};
  file_operation const opening(name, "open");
  opening.check(static_cast<bool>(journal));
  auto const found = read_journal(journal.get());
  if (!found && is_all_zeros(journal.get())) {
    opening.check(::unlink(name.c_str()) == 0);
    return {};
  }
  if (!found) return move_aside(name, "unreadable", opening_log);
  if (found->header.file_id == id || found->empty()) return {};
  auto const& other = found->header.file_id;
  return move_aside(name, hex_digits({other.data(), other.size()}), opening_log);
}

}  // namespace trainlog::detail

#endif
