// SPDX-License-Identifier: MIT
// What a writer is made of: events that threads append, and who brings them to the disk when
// (design note 8).
#ifndef TRAINLOG_SUMMARY_WRITER_CORE_HPP
#define TRAINLOG_SUMMARY_WRITER_CORE_HPP

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "trainlog/detail/fork_registry.hpp"
#include "trainlog/detail/threads.hpp"
#include "trainlog/summary/event.hpp"
#include "trainlog/summary/event_sink.hpp"
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
      : options_(std::move(options)), sink_(std::move(directory), options_.filename_suffix) {
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
            value_writer values(out, sink_.described(), scope_);
            append_values(values);
            is_empty = out.size() == before;
          },
          about);
    };
    std::size_t const size = append_event(head, append_summary);
    if (is_empty) return sink_.take_back(size), false;
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

  /// Writes what waits. False if the disk does not take all of it, and in the child of a fork.
  bool flush() noexcept {
    if (!is_open_) return !is_detached_;
    session const held(*this);
    return !is_open_ || sink_.write_all();
  }

  /// Writes what waits and closes the file. False if that or an earlier event could not be kept.
  bool close() noexcept {
    if (is_detached_) return true;
    stop_thread();
    session const held(*this);
    if (is_open_.exchange(false)) sink_.finish();
    return sink_.lost() == 0;
  }

  /// The process is about to end: from now on, each event is written at once.
  void write_through() noexcept {
    if (is_detached_) return;
    stop_thread();
    session const held(*this);
    is_buffered_ = false;
    if (is_open_) sink_.write_all();
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
      if (core_.sink_.has_news()) [[unlikely]] {
        core_.unlock_and_tell();
      } else {
        core_.mutex_.unlock();
      }
    }

   private:
    writer_core& core_;
  };

  void unlock_and_tell() noexcept {
    sink_.forget_news();
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
    return sink_.append([&](std::string& out) {
      append_event_head(out, head.wall_time, head.step);
      append_content(out);
    });
  }

  /// The last event, of that size, goes where the policy says. False if it had to be dropped.
  bool keep(std::size_t size) noexcept {
    if (is_buffered_ && sink_.waiting_bytes() < options_.flush_bytes) return true;
    return sink_.write(size, options_.max_waiting_bytes);
  }

  summary::writer_status status_now() const noexcept {
    auto status = sink_.status();
    status.is_open = is_open_;
    return status;
  }

  // ---- the background

  static void* run(void* self) {
    static_cast<writer_core*>(self)->flush_in_background();
    return nullptr;
  }

  void flush_in_background() noexcept {
    while (!stops_) {
      wake_.wait_ms(std::max<std::uint32_t>(options_.flush_interval_ms, 1));
      if (!stops_) flush();
    }
  }

  void stop_thread() noexcept {
    stops_ = true;
    if (thread_.is_this()) return;  // on_error closes: the thread ends when that returns
    wake_.send();
    lock_guard const held(thread_mutex_);
    thread_.join();
  }

  void after_fork() noexcept override {
    is_detached_ = true;
    is_open_ = false;
    sink_.close();
    thread_.forget();
  }

  summary::file_writer_options options_;
  std::atomic<bool> is_open_ = true;
  std::atomic<bool> is_detached_ = false;

  mutex mutex_;  // for all that follows up to the next one
  event_sink sink_;
  std::string scope_;  // of nested values
  bool is_buffered_ = false;

  mutex thread_mutex_;
  thread thread_;
  wake_signal wake_;
  std::atomic<bool> stops_ = false;
};

}  // namespace trainlog::detail

#endif
