// SPDX-License-Identifier: MIT
// Reads event files, whoever wrote them (docs/reference/events.md).
#ifndef TRAINLOG_SUMMARY_EVENT_READER_HPP
#define TRAINLOG_SUMMARY_EVENT_READER_HPP

#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trainlog/summary/event_message.hpp"
#include "trainlog/summary/event_report.hpp"
#include "trainlog/summary/event_scan.hpp"
#include "trainlog/summary/run_files.hpp"

namespace trainlog::summary {

/// The events of an event file, or of all event files of a directory in the order of their names,
/// which is TensorBoard's. What is damaged is left out and reported, and what can be read behind it
/// is read. An event that is cut short at the end of a file is none yet. Nothing is written.
class event_reader {
 public:
  class iterator {
   public:
    using value_type = event;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::input_iterator_tag;

    iterator() noexcept = default;
    explicit iterator(event_reader& reader) noexcept : reader_(&reader) {}

    event const& operator*() const noexcept { return reader_->event_; }
    event const* operator->() const noexcept { return &reader_->event_; }
    iterator& operator++() {
      if (!reader_->next()) reader_ = nullptr;
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(std::default_sentinel_t /*end*/) const noexcept { return reader_ == nullptr; }

   private:
    event_reader* reader_ = nullptr;
  };

  /// A file or a directory, which must exist. Throws io_error.
  explicit event_reader(std::string path)
      : path_(std::move(path)), files_(detail::event_files_of(path_)) {}
  event_reader(event_reader const&) = delete;
  event_reader& operator=(event_reader const&) = delete;
  ~event_reader() = default;

  /// Begins with the first event, again if there was an iterator before, which ends with that. An
  /// event refers to memory of the reader, and lasts until the iterator goes on. It and ++ throw
  /// io_error if a file cannot be read.
  iterator begin() {
    report_ = {};
    next_file_ = 0;
    scan_.reset();
    return next() ? iterator(*this) : iterator();
  }
  static std::default_sentinel_t end() noexcept { return {}; }

  /// The files, in the order in which they are read.
  std::vector<std::string> const& files() const noexcept { return files_; }
  /// The file of the current event, or of the last one; before begin(), and if there is no file,
  /// the path that the reader was given.
  std::string const& path() const noexcept { return scan_ ? scan_->path() : path_; }
  /// About what has been read since begin().
  event_report const& report() const noexcept { return report_; }

 private:
  bool next() {
    for (std::string_view data; next_record(data);
         scan_->refuse("the event is no message of its kind")) {
      if (!detail::decode_event(data, event_)) continue;
      ++report_.events;
      return true;
    }
    return false;
  }

  bool next_record(std::string_view& data) {
    while (!scan_ || !scan_->next(data)) {
      if (next_file_ == files_.size()) return false;
      scan_.emplace(files_[next_file_++], report_);
    }
    return true;
  }

  std::string path_;
  std::vector<std::string> files_;
  std::size_t next_file_ = 0;
  std::optional<detail::event_scan> scan_;
  event event_;
  event_report report_;
};

}  // namespace trainlog::summary

#endif
