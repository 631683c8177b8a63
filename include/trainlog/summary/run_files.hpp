// SPDX-License-Identifier: MIT
// Which files are event files, and which directories are runs, as TensorBoard sees it.
#ifndef TRAINLOG_SUMMARY_RUN_FILES_HPP
#define TRAINLOG_SUMMARY_RUN_FILES_HPP

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trainlog/detail/file.hpp"

namespace trainlog::detail {

/// True of the name of a file that TensorBoard reads.
inline bool is_event_file_name(std::string_view name) noexcept {
  return name.find("tfevents") != name.npos && !name.ends_with(".profile-empty");
}

/// The names in a directory, sorted, without "." and "..". Throws io_error.
inline std::vector<std::string> names_in(std::string const& directory) {
  file_operation const reading(directory, "read");
  ::DIR* const entries = ::opendir(directory.c_str());
  if (entries == nullptr) reading.fail(errno);
  struct closing {
    ::DIR* entries;
    ~closing() { ::closedir(entries); }
  } const on_exit{entries};
  std::vector<std::string> names;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody else reads from this one
  while (auto const* const entry = ::readdir(entries)) {
    std::string name(static_cast<char const*>(entry->d_name));
    if (name != "." && name != "..") names.push_back(std::move(name));
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// The event files in a directory, by name. Throws io_error.
inline std::vector<std::string> event_files_in(std::string const& directory) {
  std::vector<std::string> files;
  for (auto const& name : names_in(directory)) {
    if (!is_event_file_name(name)) continue;
    std::string path = directory + (directory.ends_with('/') ? "" : "/") + name;
    struct ::stat status{};
    if (::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode))
      files.push_back(std::move(path));
  }
  return files;
}

/// The event files of a run: those in the directory; or `path`, if it is a file. Throws io_error.
inline std::vector<std::string> event_files_of(std::string const& path) {
  struct ::stat status{};
  file_operation const reading(path, "read");
  reading.check(::stat(path.c_str(), &status) == 0);
  if (!S_ISDIR(status.st_mode)) return {path};
  return event_files_in(path);
}

/// Looks for runs below a directory.
class run_finder {
 public:
  /// Throws io_error if the directory cannot be read.
  explicit run_finder(std::string logdir) : logdir_(std::move(logdir)) {
    struct ::stat status{};
    file_operation(logdir_, "read").check(::stat(logdir_.c_str(), &status) == 0);
    visit("", {status.st_dev, status.st_ino});
  }

  std::vector<std::string> take_runs() noexcept {
    std::sort(runs_.begin(), runs_.end());
    return std::move(runs_);
  }

 private:
  using identity = std::pair<::dev_t, ::ino_t>;

  /// Looks into a directory. Links may lead round in circles: those that it is in are not entered.
  void visit(std::string const& run, identity self) {
    outer_.push_back(self);
    bool has_events = false;
    for (auto const& name : names_of(run)) {
      std::string const inner = run.empty() ? name : run + "/" + name;
      struct ::stat status{};
      if (::stat((logdir_ + "/" + inner).c_str(), &status) != 0) continue;
      if (S_ISREG(status.st_mode)) has_events = has_events || is_event_file_name(name);
      identity const found{status.st_dev, status.st_ino};
      bool const is_new = std::find(outer_.begin(), outer_.end(), found) == outer_.end();
      if (S_ISDIR(status.st_mode) && is_new) visit(inner, found);
    }
    if (has_events) runs_.push_back(run.empty() ? "." : run);
    outer_.pop_back();
  }

  /// Of what may not be read, or is gone, there are none; only the first must be there.
  std::vector<std::string> names_of(std::string const& run) const {
    if (run.empty()) return names_in(logdir_);
    try {
      return names_in(logdir_ + "/" + run);
    } catch (io_error const&) {
      return {};
    }
  }

  std::string logdir_;
  std::vector<identity> outer_;
  std::vector<std::string> runs_;
};

}  // namespace trainlog::detail

namespace trainlog::summary {

/// The runs of a log directory, sorted: "." for the directory itself, "train/1" for one below it. A
/// run is a directory with event files. Throws io_error if `logdir` cannot be read.
inline std::vector<std::string> list_runs(std::string const& logdir) {
  return detail::run_finder(logdir).take_runs();
}

}  // namespace trainlog::summary

#endif
