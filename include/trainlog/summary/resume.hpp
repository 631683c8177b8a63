// SPDX-License-Identifier: MIT
// Takes up a run again at a step: what its event files have from there on is dropped
// (docs/reference/summary.md; design note 8).
#ifndef TRAINLOG_SUMMARY_RESUME_HPP
#define TRAINLOG_SUMMARY_RESUME_HPP

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trainlog/detail/error.hpp"
#include "trainlog/detail/file.hpp"
#include "trainlog/summary/event_cut.hpp"
#include "trainlog/summary/event_file.hpp"
#include "trainlog/summary/event_report.hpp"
#include "trainlog/summary/event_scan.hpp"
#include "trainlog/summary/options.hpp"
#include "trainlog/summary/run_files.hpp"
#include "trainlog/summary/tfrecord.hpp"

namespace trainlog::detail {

/// An event file that no writer has open, and that none of ours opens while this lives.
struct idle_event_file {
  std::string path;
  unique_descriptor descriptor{-1};  ///< which holds the lock
  struct ::stat status{};
  bool changes = false;    ///< something in it goes
  bool describes = false;  ///< it gets metadata that stand with something that goes
};

/// Throws io_error, and summary_error if a writer has it. Without descriptor if it is gone.
inline idle_event_file lock_idle_file(std::string const& path) {
  file_operation const opening(path, "resume");
  while (true) {
    std::string const target = resolve_links(path, opening);
    idle_event_file file{target, unique_descriptor(opening.open(target, O_RDWR)), {}};
    if (!file.descriptor) {
      if (errno == ENOENT) return file;
      opening.fail(errno);
    }
    if (!lock_event_file(file.descriptor.get())) {
      throw summary::summary_error("trainlog: cannot resume: '" + printable_path(path) +
                                   "' is being written; close that writer first");
    }
    struct ::stat now{};
    opening.check(::fstat(file.descriptor.get(), &file.status) == 0);
    bool const is_there = ::stat(target.c_str(), &now) == 0;
    if (is_there && now.st_ino == file.status.st_ino && now.st_dev == file.status.st_dev)
      return file;  // and not one that somebody else has replaced meanwhile
  }
}

/// Takes the events from a step on out of the event files of a directory.
class run_cutter {
 public:
  /// Throws io_error and summary_error, and has then changed nothing.
  run_cutter(std::string const& directory, std::int64_t step) : cut_(step) {
    for (auto const& path : event_files_in(directory)) {
      auto file = lock_idle_file(path);
      if (file.descriptor) files_.push_back(std::move(file));
    }
    for (std::size_t i = 0; i != files_.size(); ++i) survey(i);
    for (std::size_t const i : cut_.files_to_describe()) files_[i].describes = true;
  }

  /// Replaces the files that change, one by one: a crash leaves each as it was, or as it is to be.
  /// Metadata are in their new place before they vanish from the old one. Throws io_error.
  void apply() {
    for (auto const& each : files_) {
      if (each.describes) rewrite(each);
    }
    for (auto const& each : files_) {
      if (each.changes && !each.describes) rewrite(each);
    }
  }

 private:
  /// What has no event at all, such as a compressed file, is somebody else's and stays as it is.
  void survey(std::size_t i) {
    summary::event_report report;
    event_scan scan(files_[i].path, report);
    bool has_events = false;
    for (std::string_view data; scan.next(data); has_events = true) {
      if (!cut_.survey(data, i)) files_[i].changes = true;
    }
    if (has_events && report.damages + report.unfinished != 0) files_[i].changes = true;
  }

  void rewrite(idle_event_file const& file) {
    file_operation const writing(file.path, "write");
    // Under a name that TensorBoard takes for none of an event file.
    temporary_file made(directory_prefix(file.path) + "resumed", 0600, writing);
    copy_ownership(made.descriptor(), file.status);
    summary::event_report report;
    event_scan scan(file.path, report);
    std::string out;
    for (std::string_view data; scan.next(data);) {
      std::size_t const begin = begin_tfrecord(out);
      if (cut_.append_rest(out, data)) {
        end_tfrecord(out, begin);
      } else {
        out.resize(begin);
      }
      if (out.size() > piece) writing.write(made.descriptor(), out), out.clear();
    }
    writing.write(made.descriptor(), out);
    writing.check(retry_interrupted([&] { return ::fsync(made.descriptor()); }) == 0);
    made.rename_to(file.path);
    sync_directory(file.path, writing);
  }

  static constexpr std::size_t piece = std::size_t{1} << 20U;

  std::vector<idle_event_file> files_;
  event_cut cut_;
};

/// Drops what the event files of a directory have from a step on, if there is such a directory: see
/// file_writer_options::resume_step. Throws io_error and summary_error.
inline void drop_events_from(std::string const& directory, std::int64_t step) {
  struct ::stat status{};
  if (::stat(directory.c_str(), &status) == 0) run_cutter(directory, step).apply();
}

}  // namespace trainlog::detail

#endif
