// SPDX-License-Identifier: MIT
// Writers of event files, and scopes in which one is the default of a thread
// (docs/reference/summary.md).
#ifndef TRAINLOG_SUMMARY_WRITER_HPP
#define TRAINLOG_SUMMARY_WRITER_HPP

#include <pthread.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "trainlog/detail/threads.hpp"
#include "trainlog/summary/context.hpp"
#include "trainlog/summary/options.hpp"
#include "trainlog/summary/resume.hpp"
#include "trainlog/summary/writer_core.hpp"

namespace trainlog::detail {

/// Writers whose events must not wait when the process ends, though nobody destroys them.
class exit_registry {
 public:
  static void add(std::shared_ptr<writer_core> const& core) {
    auto& self = instance();
    lock_guard const held(self.mutex_);
    std::erase_if(self.all_, [](auto const& each) { return each.expired(); });
    self.all_.push_back(core);
  }

  /// The process is about to end.
  static void write_all() noexcept {
    auto& self = instance();
    self.mutex_.lock();
    auto const all = std::move(self.all_);
    self.mutex_.unlock();
    for (auto const& each : all) {
      if (auto const core = each.lock()) core->write_through();
    }
  }

 private:
  exit_registry() {
    std::atexit(write_all);
    ::pthread_atfork(lock, unlock, unlock);  // a child may exit, too
  }
  static void lock() noexcept { instance().mutex_.lock(); }
  static void unlock() noexcept { instance().mutex_.unlock(); }

  /// Never destroyed.
  static exit_registry& instance() {
    static auto* const only = new exit_registry;
    return *only;
  }

  mutex mutex_;
  std::vector<std::weak_ptr<writer_core>> all_;
};

/// The default writer that set_as_default has set, which nobody else may own: it is kept until
/// another one is, or the thread ends. Objects that are destroyed later still may log, but what
/// they set as default is not kept, and so is none.
class kept_writer {
 public:
  /// Has this thread keep another one, or none; returns the one before.
  static std::shared_ptr<writer_core> exchange(std::shared_ptr<writer_core> next) noexcept {
    auto& context = this_thread_summary;
    if (context.is_ending) {
      if (next != nullptr) context.writer = nullptr;
      return nullptr;
    }
    thread_local kept_writer kept;
    return std::exchange(kept.core_, std::move(next));
  }

 private:
  ~kept_writer() {
    auto& context = this_thread_summary;
    context.is_ending = true;
    if (core_ != nullptr && context.writer == core_.get()) context.writer = nullptr;
  }

  std::shared_ptr<writer_core> core_;
};

}  // namespace trainlog::detail

namespace trainlog::summary {

/// While it lives, the writer is the default of its thread; then the one before is again, and the
/// step, too. Its end flushes. Must end in the thread and in the reverse order in which it began.
class [[nodiscard]] default_writer {
 public:
  explicit default_writer(std::shared_ptr<detail::writer_core> core) noexcept
      : core_(std::move(core)),
        kept_(detail::kept_writer::exchange(nullptr)),
        outer_(detail::this_thread_summary) {
    detail::this_thread_summary.writer = core_.get();
  }
  default_writer(std::shared_ptr<detail::writer_core> core, std::int64_t step) noexcept
      : default_writer(std::move(core)) {
    set_step(step);
  }
  default_writer(default_writer const&) = delete;
  default_writer& operator=(default_writer const&) = delete;
  ~default_writer() {
    auto& context = detail::this_thread_summary;
    context.writer = outer_.writer;
    context.step = outer_.step;
    context.has_step = outer_.has_step;
    detail::kept_writer::exchange(std::move(kept_));
    if (core_) core_->flush();
  }

 private:
  std::shared_ptr<detail::writer_core> core_;
  std::shared_ptr<detail::writer_core> kept_;
  detail::summary_context outer_;
};

/// A handle of an event file that is open for writing, or of nothing: then it writes nothing.
/// Copies share the file; the last one closes it. Any thread may use it.
class writer {
 public:
  /// Writes nothing.
  writer() noexcept = default;
  explicit writer(std::shared_ptr<detail::writer_core> core) noexcept : core_(std::move(core)) {}

  /// Makes it the default of this thread as long as the result lives; a writer that writes nothing,
  /// too. Throws summary_error if it is closed.
  default_writer as_default() const {
    require_open();
    return default_writer(core_);
  }
  /// The same, and sets the step.
  default_writer as_default(std::int64_t step) const {
    require_open();
    return {core_, step};
  }

  /// Makes it the default of this thread until another one is, or the thread ends. Throws
  /// summary_error if it is closed.
  void set_as_default() const {
    require_open();
    detail::this_thread_summary.writer = core_.get();
    detail::kept_writer::exchange(core_);
  }

  /// Writes what waits into the file. False if the disk does not take it, and in the child of a
  /// fork.
  bool flush() const noexcept { return !core_ || core_->flush(); }

  /// Flushes, and ends it for all copies: ops return false from now on. False if an event was lost.
  bool close() const noexcept { return !core_ || core_->close(); }

  [[nodiscard]] writer_status status() const { return core_ ? core_->status() : writer_status{}; }

  /// For ops.
  detail::writer_core* core() const noexcept { return core_.get(); }

 private:
  void require_open() const {
    if (core_ && !core_->is_open())
      throw summary_error("trainlog: a closed summary writer cannot be a default");
  }

  std::shared_ptr<detail::writer_core> core_;
};

/// Makes the directory `logdir` if there is none, and in it a new event file, with a name that no
/// other has. With `resume_step`, drops what the others have from that step on: summary_error if
/// one of them is being written. Throws io_error. For ranks other than 0 it is
/// create_noop_writer().
[[nodiscard]] inline writer create_file_writer(std::string const& logdir,
                                               file_writer_options options = {}) {
  if (options.rank != 0) return {};
  if (options.resume_step) detail::drop_events_from(logdir, *options.resume_step);
  auto core = std::make_shared<detail::writer_core>(logdir, std::move(options));
  detail::exit_registry::add(core);
  return writer(std::move(core));
}

/// A writer that takes everything and writes nothing. As a default it keeps an outer one from
/// recording.
[[nodiscard]] inline writer create_noop_writer() noexcept { return {}; }

/// Flushes this thread's default writer.
inline bool flush() noexcept {
  auto* const core = detail::this_thread_summary.writer;
  return core == nullptr || core->flush();
}

}  // namespace trainlog::summary

#endif
