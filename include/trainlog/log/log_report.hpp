// SPDX-License-Identifier: MIT
// What a reader of a log found out about it (docs/format.md, Logs).
#ifndef TRAINLOG_LOG_LOG_REPORT_HPP
#define TRAINLOG_LOG_LOG_REPORT_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace trainlog {

/// A part of a log that is not as it was written; from 0 to 0 if it is the journal, which cannot be
/// read.
struct log_damage {
  std::uint64_t begin = 0;  ///< in bytes from the beginning of the file
  std::uint64_t end = 0;    ///< one past the last byte
  std::string reason;       ///< "the checksum of the block is wrong"
};

/// What a log holds, and what of it is gone. Rows are in one of the counts only.
struct log_report {
  std::uint64_t rows = 0;          ///< that can be read
  std::uint64_t recovered = 0;     ///< of these, from the journal that a writer left or still has
  std::uint64_t lost = 0;          ///< that the writer could not store, and said so
  std::uint64_t missing = 0;       ///< that were stored, as the numbers of the others tell
  std::uint64_t damaged = 0;       ///< that are there, but not as they were written
  bool closed = false;             ///< the writer finished
  bool unfinished = false;         ///< a block at the end, or the header, was being written
  std::uint64_t damages = 0;       ///< how many parts of the file are damaged
  std::vector<log_damage> damage;  ///< the first max_damage of them

  static constexpr std::size_t max_damage = 100;

  /// Nothing is lost, missing or damaged.
  bool whole() const noexcept { return lost == 0 && missing == 0 && damaged == 0 && damages == 0; }

  /// Counts a damaged part, and keeps it if there are not too many yet.
  void add_damage(std::uint64_t begin, std::uint64_t end, std::string reason) {
    ++damages;
    if (damage.size() < max_damage) damage.push_back({begin, end, std::move(reason)});
  }
};

}  // namespace trainlog

#endif
