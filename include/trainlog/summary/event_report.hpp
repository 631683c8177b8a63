// SPDX-License-Identifier: MIT
// What a reader of event files found out about them (docs/reference/events.md).
#ifndef TRAINLOG_SUMMARY_EVENT_REPORT_HPP
#define TRAINLOG_SUMMARY_EVENT_REPORT_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace trainlog::summary {

/// A part of an event file that is not as it was written.
struct event_damage {
  std::string path;
  std::uint64_t begin = 0;  ///< in bytes from the beginning of the file
  std::uint64_t end = 0;    ///< one past the last byte
  std::string reason;       ///< "the checksum of the event is wrong"
};

/// What there is in event files, and what of it is gone.
struct event_report {
  std::uint64_t files = 0;           ///< that have been read
  std::uint64_t events = 0;          ///< that could be read
  std::uint64_t unfinished = 0;      ///< files whose last event is being written, or was when
                                     ///< its writer was stopped: no damage
  std::uint64_t damages = 0;         ///< how many parts are damaged
  std::vector<event_damage> damage;  ///< the first max_damage of them

  static constexpr std::size_t max_damage = 100;

  /// Nothing is damaged.
  bool whole() const noexcept { return damages == 0; }

  /// Counts a damaged part, and keeps it if there are not too many yet.
  void add_damage(std::string const& path, std::uint64_t begin, std::uint64_t end,
                  std::string_view reason) {
    ++damages;
    if (damage.size() < max_damage) damage.push_back({path, begin, end, std::string(reason)});
  }
};

}  // namespace trainlog::summary

#endif
