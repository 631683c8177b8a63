// SPDX-License-Identifier: MIT
// What a writer is made of: one event file, what waits for it, and who writes it when
// (design note 8).
#ifndef TRAINLOG_SUMMARY_WRITER_CORE_HPP
#define TRAINLOG_SUMMARY_WRITER_CORE_HPP

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <string>
#include <utility>

#include "trainlog/detail/file.hpp"
#include "trainlog/detail/fork_registry.hpp"
#include "trainlog/detail/threads.hpp"
#include "trainlog/summary/event.hpp"
#include "trainlog/summary/event_buffer.hpp"
#include "trainlog/summary/event_file.hpp"
#include "trainlog/summary/options.hpp"
#include "trainlog/summary/value_writer.hpp"

namespace trainlog::detail {

/// When an event was, and of which training step it is.
struct event_head {
  double wall_time;
  std::int64_t step;
};

/// A writer of one event file. All functions but the constructor and the destructor may be called
/// by any thread; none throws because of the disk.
class writer_core final : forkable {
 public:
  /// Makes the directory and in it a new event file. Throws io_error.
  writer_core(std::string directory, summary::file_writer_options options)
      : directory_(std::move(directory)), options_(std::move(options)) {
    make_directories(directory_);
    file_ = new_file();
    is_buffered_ = options_.policy == summary::write_policy::buffered;
    fork_registry::add(this);
    // Without a thread more to be had, those that log write.
    if (is_buffered_) is_buffered_ = thread_.start(run, this);
  }
  writer_core(writer_core const&) = delete;
  writer_core& operator=(writer_core const&) = delete;
  ~writer_core() {
    close();
    fork_registry::remove(this);
  }

  bool is_open() const noexcept { return is_open_; }

  /// Writes an event whose content `append_content(std::string&)` appends. True if it is kept.
  /// Throws what that throws.
  template <class AppendContent>
  bool write_event(event_head head, AppendContent append_content) {
    if (!is_open_) return false;
    session const held(*this);
    return is_open_ && keep(append_event(head, append_content));
  }

  /// Writes an event whose values `append_values(value_writer&)` appends; none if there are none.
  /// True if it is kept.
  template <class AppendValues>
  bool write_values(event_head head, AppendValues append_values, std::size_t about = 0) {
    if (!is_open_) return false;
    session const held(*this);
    if (!is_open_) return false;
    bool is_empty = true;
    auto const append_summary = [&](std::string& out) {
      append_proto_message(
          out, event_field::summary,
          [&] {
            std::size_t const before = out.size();
            value_writer values(out, described_, scope_);
            append_values(values);
            is_empty = out.size() == before;
          },
          about);
    };
    std::size_t const size = append_event(head, append_summary);
    if (is_empty) return buffer_.remove_last(size), false;
    return keep(size);
  }

  /// Writes an event with one value, of which `append_content(std::string&)` appends the number or
  /// tensor, of `about` so many bytes.
  template <class AppendContent>
  bool write_value(event_head head, summary_tag tag, summary::summary_metadata const& metadata,
                   AppendContent append_content, std::size_t about = 0) {
    return write_values(
        head, [&](value_writer& values) { values.add(tag, metadata, append_content, about); },
        about);
  }

  /// Writes what waits. False if the disk does not take all of it.
  bool flush() noexcept {
    if (!is_open_) return true;
    session const held(*this);
    return !is_open_ || write_out();
  }

  /// Writes what waits and closes the file. False if that or an earlier event could not be kept.
  bool close() noexcept {
    if (is_detached_) return true;
    stop_thread();
    session const held(*this);
    if (is_open_.exchange(false)) finish();
    return lost_ == 0;
  }

  /// The process is about to end: from now on, each event is written at once.
  void write_through() noexcept {
    if (is_detached_) return;
    stop_thread();
    session const held(*this);
    is_buffered_ = false;
    if (is_open_) write_out();
  }

  summary::writer_status status() noexcept {
    if (is_detached_) return {};
    session const held(*this);
    return status_now();
  }

 private:
  /// Holds the lock; calls on_error after it.
  class session {
   public:
    explicit session(writer_core& core) noexcept : core_(core) { core_.mutex_.lock(); }
    session(session const&) = delete;
    session& operator=(session const&) = delete;
    ~session() {
      if (core_.has_news_) [[unlikely]] {
        core_.unlock_and_tell();
      } else {
        core_.mutex_.unlock();
      }
    }

   private:
    writer_core& core_;
  };

  void unlock_and_tell() noexcept {
    has_news_ = false;
    auto const status = status_now();
    mutex_.unlock();
    if (!options_.on_error) return;
    try {
      options_.on_error(status);
    } catch (...) {  // NOLINT(bugprone-empty-catch): logging never stops the program
    }
  }

  // ---- with the lock held

  template <class AppendContent>
  std::size_t append_event(event_head head, AppendContent const& append_content) {
    return buffer_.append([&](std::string& out) {
      append_event_head(out, head.wall_time, head.step);
      append_content(out);
    });
  }

  /// The last event, of that size, goes where the policy says. False if it had to be dropped.
  bool keep(std::size_t size) noexcept {
    bool const waits = is_buffered_ && buffer_.waiting_bytes() < options_.flush_bytes;
    if (waits || (may_try() && write_out())) return true;
    if (buffer_.waiting_bytes() <= options_.max_waiting_bytes) return true;
    if (!buffer_.remove_last(size)) return true;
    lose(1);
    return false;
  }

  void lose(std::uint64_t events) noexcept {
    lost_ += events;
    described_.clear();  // metadata may have been among them
  }

  bool may_try() const noexcept { return error_ == 0 || steady_ns() >= next_try_ns_; }

  bool write_out() noexcept {
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
    event_file made = create_event_file(directory_, options_.filename_suffix);
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

  void finish() noexcept {
    if (!write_out()) {
      cut_torn_event();
      lose(buffer_.clear());
    }
    file_.descriptor.reset();
  }

  /// Without texts, if there is no memory for them.
  summary::writer_status status_now() const noexcept {
    summary::writer_status status;
    status.is_open = is_open_;
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

  // ---- the background

  static void* run(void* self) {
    static_cast<writer_core*>(self)->flush_in_background();
    return nullptr;
  }

  void flush_in_background() noexcept {
    while (!stops_) {
      wake_.wait_ms(options_.flush_interval_ms);
      if (!stops_) flush();
    }
  }

  void stop_thread() noexcept {
    stops_ = true;
    wake_.send();
    lock_guard const held(thread_mutex_);
    if (!thread_.is_this()) thread_.join();
  }

  void after_fork() noexcept override {
    is_detached_ = true;
    is_open_ = false;
    file_.descriptor.reset();
    thread_.forget();
  }

  static constexpr std::int64_t retry_ms = 200;

  std::string directory_;
  summary::file_writer_options options_;
  std::atomic<bool> is_open_ = true;
  std::atomic<bool> is_detached_ = false;

  mutex mutex_;  // for all that follows up to the next one
  event_file file_;
  bool has_events_ = false;  // in the file, behind its first one
  event_buffer buffer_;
  described_tags described_;
  std::string scope_;  // of nested values
  std::uint64_t written_ = 0;
  std::uint64_t lost_ = 0;
  std::int64_t next_try_ns_ = 0;
  int error_ = 0;  // of the failure that lasts
  int last_error_ = 0;
  bool is_buffered_ = false;
  bool has_news_ = false;

  mutex thread_mutex_;
  thread thread_;
  wake_signal wake_;
  std::atomic<bool> stops_ = false;
};

}  // namespace trainlog::detail

#endif
