// SPDX-License-Identifier: MIT
// Events on their way to the disk, which may be full or fail: a buffer, the file it is written to,
// and what was lost (design note 8).
#ifndef TRAINLOG_SUMMARY_EVENT_SINK_HPP
#define TRAINLOG_SUMMARY_EVENT_SINK_HPP

#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <string>
#include <utility>

#include "trainlog/detail/file.hpp"
#include "trainlog/detail/make_directories.hpp"
#include "trainlog/detail/threads.hpp"
#include "trainlog/summary/event.hpp"
#include "trainlog/summary/event_buffer.hpp"
#include "trainlog/summary/event_file.hpp"
#include "trainlog/summary/options.hpp"
#include "trainlog/summary/value_writer.hpp"
#include "trainlog/summary/wall_time.hpp"

namespace trainlog::detail {

/// For one thread at a time. No function but the constructor throws because of the disk.
class event_sink {
 public:
  /// Makes the directory and in it a new event file. Throws io_error.
  event_sink(std::string directory, std::string suffix)
      : directory_(std::move(directory)), suffix_(std::move(suffix)) {
    make_directories(directory_);
    directory_ = absolute_path(directory_);
    file_ = new_file();
  }

  /// Appends an event to the buffer; returns its size. Throws as event_buffer::append does.
  template <class AppendData>
  std::size_t append(AppendData append_data) {
    try {
      return buffer_.append(append_data);
    } catch (...) {
      described_.clear();  // metadata may have been in it
      throw;
    }
  }
  /// Takes the last event back, which has that size.
  void take_back(std::size_t size) noexcept { buffer_.remove_last(size); }

  std::size_t waiting_bytes() const noexcept { return buffer_.waiting_bytes(); }

  /// Writes the buffer, unless the disk has refused a moment ago, and drops the last event, of that
  /// size, if more than `most` bytes are left. False if an event was lost.
  bool write(std::size_t size, std::size_t most) noexcept {
    std::uint64_t const lost_before = lost_;
    if (may_try()) write_all();
    if (buffer_.waiting_bytes() > most && buffer_.remove_last(size)) lose(1);
    return lost_ == lost_before;
  }

  /// Writes the buffer. False if the disk does not take all of it.
  bool write_all() noexcept {
    std::uint64_t const before = buffer_.waiting_events();
    if (!is_full(error_) && has_events_) begin_new_file();
    int const error = buffer_.write_to(file_.descriptor.get());
    std::uint64_t const written = before - buffer_.waiting_events();
    written_ += written;
    has_events_ = has_events_ || written != 0;
    if (error == 0) return error_ = 0, true;
    if (error == EFBIG && !has_events_) drop_first();
    if (error_ == 0) has_news_ = true;
    error_ = last_error_ = error;
    next_try_ns_ = steady_ns() + retry_ms * 1'000'000;
    return false;
  }

  /// Writes what waits, if that is possible, and closes the file.
  void finish() noexcept {
    if (!write_all()) {
      cut_torn_event();
      lose(buffer_.clear());
    }
    close();
  }

  /// Closes the file as it is.
  void close() noexcept { file_.descriptor.reset(); }

  /// The tags that have their metadata in the file.
  described_tags& described() noexcept { return described_; }
  std::uint64_t lost() const noexcept { return lost_; }
  /// True if the disk has begun to fail, and nobody has been told.
  bool has_news() const noexcept { return has_news_; }
  void forget_news() noexcept { has_news_ = false; }

  /// Without texts, if there is no memory for them.
  summary::writer_status status() const noexcept {
    summary::writer_status status;
    status.degraded = error_ != 0;
    status.events_written = written_;
    status.events_waiting = buffer_.waiting_events();
    status.events_lost = lost_;
    status.error_number = last_error_;
    try {
      status.path = file_.path;
      if (last_error_ != 0) status.error = io_error(file_.path, "write", last_error_).what();
    } catch (std::exception const&) {
      status.error.clear();
    }
    return status;
  }

 private:
  void lose(std::uint64_t events) noexcept {
    lost_ += events;
    described_.clear();  // metadata may have been among them
  }

  bool may_try() const noexcept { return error_ == 0 || steady_ns() >= next_try_ns_; }

  /// True if there is no failure, or one that ends when somebody makes room.
  static bool is_full(int error) noexcept {
    return error == 0 || error == ENOSPC || error == EDQUOT || error == EAGAIN;
  }

  /// After a failure of the file itself (too large, stale, damaged): goes on in another one.
  void begin_new_file() noexcept {
    try {
      event_file next = new_file();
      cut_torn_event();
      file_ = std::move(next);
      has_events_ = false;
      buffer_.restart();
      described_.clear();
    } catch (std::exception const&) {  // NOLINT(bugprone-empty-catch): stays with the old one
    }
  }

  /// The first event is too large for any file.
  void drop_first() noexcept {
    cut_torn_event();
    buffer_.remove_first();
    lose(1);
  }

  /// A file with its first event. Throws io_error, and leaves no file.
  event_file new_file() const {
    event_file made = create_event_file(directory_, suffix_);
    std::string first;
    std::size_t const begin = begin_tfrecord(first);
    append_file_version(first, wall_time_now());
    end_tfrecord(first, begin);
    try {
      file_operation(made.path, "write").write(made.descriptor.get(), first);
    } catch (io_error const&) {
      ::unlink(made.path.c_str());
      throw;
    }
    return made;
  }

  /// Nobody will write the rest of an event that is partly in the file.
  void cut_torn_event() noexcept {
    auto const torn = static_cast<::off_t>(buffer_.torn_bytes());
    auto const size = ::lseek(file_.descriptor.get(), 0, SEEK_END);
    if (torn != 0 && size >= torn) (void)!::ftruncate(file_.descriptor.get(), size - torn);
  }

  static constexpr std::int64_t retry_ms = 200;

  std::string directory_;  // from the root on: the program may change its own
  std::string suffix_;
  event_file file_;
  bool has_events_ = false;  // in the file, behind its first one
  event_buffer buffer_;
  described_tags described_;
  std::uint64_t written_ = 0;
  std::uint64_t lost_ = 0;
  std::int64_t next_try_ns_ = 0;
  int error_ = 0;  // of the failure that lasts
  int last_error_ = 0;
  bool has_news_ = false;
};

}  // namespace trainlog::detail

#endif
