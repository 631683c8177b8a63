// SPDX-License-Identifier: MIT
// How event files are written, and what became of it: options and status of a writer.
#ifndef TRAINLOG_SUMMARY_OPTIONS_HPP
#define TRAINLOG_SUMMARY_OPTIONS_HPP

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "trainlog/detail/error.hpp"

namespace trainlog::summary {

/// An op was called in a way that cannot be meant: without a step where none is set, with a shape
/// that does not match the data, on a closed writer.
class [[gnu::visibility("default")]] summary_error : public error {
 public:
  using error::error;
};

/// When events get from the program's memory into the file.
enum class write_policy : unsigned char {
  write_through,  ///< before an op returns, by one write(2): SIGKILL and crashes lose nothing
  buffered        ///< by a thread every flush_interval_ms, and when flush_bytes wait. A normal exit
                  ///< loses nothing; SIGKILL, a crash and _exit lose what waits
};

/// What a writer can say about itself.
struct writer_status {
  std::string path;                  ///< the event file, from the root on; empty of a no-op writer
  bool is_open = false;              ///< false after close(), and in the child of a fork
  bool degraded = false;             ///< the disk refuses to take events
  std::uint64_t events_written = 0;  ///< in the file, without the first, which says the version
  std::uint64_t events_waiting = 0;  ///< in memory: the policy's, or because the disk refuses
  std::uint64_t events_lost = 0;     ///< dropped, the disk having refused for too long
  int error_number = 0;              ///< the errno of the last failure; 0 if there was none
  std::string error;                 ///< the same in words: "trainlog: cannot write '...': ..."
};

/// Options of create_file_writer.
struct file_writer_options {
  write_policy policy = write_policy::write_through;
  /// With `buffered`: the longest time for which an event waits.
  std::uint32_t flush_interval_ms = 1000;
  /// With `buffered`: how many bytes may wait before the thread that logs writes them.
  std::size_t flush_bytes = std::size_t{64} << 10U;
  /// How many bytes wait in memory while the disk refuses to take them. Events beyond are lost.
  std::size_t max_waiting_bytes = std::size_t{16} << 20U;
  /// The end of the file's name: "events.out.tfevents.1700000000.host.4711.0000" + suffix.
  std::string filename_suffix{};
  /// Takes the run up again at that step: events of that step and of later ones are dropped from
  /// the event files that are in the directory, before the new one is made.
  std::optional<std::int64_t> resume_step{};
  /// Of the processes of one job: all but rank 0 get a writer that writes nothing.
  int rank = 0;
  /// Called once for each time that the disk begins to fail, by the thread that found out, which
  /// may be one that logs. It may use the writer and close it. What it throws is ignored.
  std::function<void(writer_status const&)> on_error{};
};

/// What each op takes beside name, value and step, which writes an event.
struct event_options {
  std::optional<double> wall_time{};  ///< seconds since 1970; now if not given, or not finite
};

/// Options of the ops that write batches: summary::image and summary::audio.
struct batch_options {
  /// How many images or clips of a batch are written, of the first; 0 counts as 1.
  std::size_t max_outputs = 3;
  std::string_view description{};     ///< markdown, shown beside the values
  std::string_view display_name{};    ///< shown instead of the tag
  std::optional<double> wall_time{};  ///< seconds since 1970; now if not given, or not finite
};

/// What most ops take beside name, value and step.
struct op_options {
  std::string_view description{};     ///< markdown, shown beside the values
  std::string_view display_name{};    ///< shown instead of the tag
  std::optional<double> wall_time{};  ///< seconds since 1970; now if not given, or not finite
};

}  // namespace trainlog::summary

#endif
