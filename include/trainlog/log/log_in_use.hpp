// SPDX-License-Identifier: MIT
// The error of a second writer of one log.
#ifndef TRAINLOG_LOG_LOG_IN_USE_HPP
#define TRAINLOG_LOG_LOG_IN_USE_HPP

#include <unistd.h>

#include <cstdint>
#include <string>

#include "trainlog/detail/error.hpp"

namespace trainlog {

/// Another writer, of this process or another, has the log open.
class [[gnu::visibility("default")]] log_in_use : public error {
 public:
  /// `process` is the number of the process that has it, or 0 if that is not known.
  log_in_use(std::string const& path, std::uint64_t process)
      : error("trainlog: cannot open '" + detail::printable_path(path) +
              "': another writer has it open" + who(process)),
        process_(process) {}

  std::uint64_t process() const noexcept { return process_; }

 private:
  static std::string who(std::uint64_t process) {
    if (process == 0) return "; give each a file of its own";
    if (process == static_cast<std::uint64_t>(::getpid())) return " (this process)";
    return " (process " + std::to_string(process) + "); give each process a file of its own";
  }

  std::uint64_t process_;
};

}  // namespace trainlog

#endif
