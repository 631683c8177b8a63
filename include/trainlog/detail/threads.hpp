// SPDX-License-Identifier: MIT
// Locks and signals between threads; POSIX threads, because <mutex> and <thread> cost compile time.
#ifndef TRAINLOG_DETAIL_THREADS_HPP
#define TRAINLOG_DETAIL_THREADS_HPP

#include <pthread.h>
#include <signal.h>
#include <time.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <initializer_list>

namespace trainlog::detail {

/// Nanoseconds of a clock that never goes back.
inline std::int64_t steady_ns() noexcept {
  ::timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

/// The moment in `milliseconds`, by that clock.
inline ::timespec moment_in(std::int64_t milliseconds) noexcept {
  ::timespec moment{};
  ::clock_gettime(CLOCK_MONOTONIC, &moment);
  std::int64_t const ns = moment.tv_nsec + milliseconds % 1000 * 1'000'000;
  moment.tv_sec += static_cast<::time_t>(milliseconds / 1000 + ns / 1'000'000'000);
  moment.tv_nsec = static_cast<long>(ns % 1'000'000'000);
  return moment;
}

// Neither of the two is destroyed: on Linux they own nothing, and in a child that fork made it
// would wait for threads that only the parent has.

class mutex {
 public:
  mutex() noexcept = default;
  mutex(mutex const&) = delete;
  mutex& operator=(mutex const&) = delete;
  void lock() noexcept { ::pthread_mutex_lock(&mutex_); }
  void unlock() noexcept { ::pthread_mutex_unlock(&mutex_); }
  ::pthread_mutex_t* get() noexcept { return &mutex_; }

 private:
  ::pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
};

class lock_guard {
 public:
  explicit lock_guard(mutex& of) noexcept : mutex_(of) { mutex_.lock(); }
  lock_guard(lock_guard const&) = delete;
  lock_guard& operator=(lock_guard const&) = delete;
  ~lock_guard() { mutex_.unlock(); }

 private:
  mutex& mutex_;
};

/// What threads wait for that hold a mutex.
class condition {
 public:
  condition() noexcept {
    ::pthread_condattr_t attributes;
    ::pthread_condattr_init(&attributes);
    ::pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    ::pthread_cond_init(&condition_, &attributes);
    ::pthread_condattr_destroy(&attributes);
  }
  condition(condition const&) = delete;
  condition& operator=(condition const&) = delete;
  void notify_all() noexcept { ::pthread_cond_broadcast(&condition_); }
  /// Waits until notified, or for so long, or without a reason. Returns false if the time is over.
  bool wait_ms(mutex& held, std::int64_t milliseconds) noexcept {
    ::timespec const until = moment_in(milliseconds);
    return ::pthread_cond_timedwait(&condition_, held.get(), &until) != ETIMEDOUT;
  }

 private:
  ::pthread_cond_t condition_{};
};

/// Wakes a thread that waits, or the next one that will.
class wake_signal {
 public:
  void send() noexcept {
    lock_guard const held(mutex_);
    sent_ = true;
    condition_.notify_all();
  }
  void wait_ms(std::int64_t milliseconds) noexcept {
    lock_guard const held(mutex_);
    while (!sent_ && condition_.wait_ms(mutex_, milliseconds)) {
    }
    sent_ = false;
  }

 private:
  mutex mutex_;
  condition condition_;
  bool sent_ = false;
};

/// A thread that handles no signals but those of its own mistakes. It is joined by whoever made it;
/// any thread may ask whether it runs.
class thread {
 public:
  thread() noexcept = default;
  thread(thread const&) = delete;
  thread& operator=(thread const&) = delete;

  /// False if the system has no more threads.
  bool start(void* (*function)(void*), void* argument) noexcept {
    ::sigset_t blocked;
    ::sigset_t before;
    ::sigfillset(&blocked);
    for (int const own : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT}) {
      ::sigdelset(&blocked, own);  // a handler may write where the program failed
    }
    ::pthread_sigmask(SIG_SETMASK, &blocked, &before);
    function_ = function;
    argument_ = argument;
    runs_ = ::pthread_create(&thread_, nullptr, run, this) == 0;
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return runs_;
  }
  bool runs() const noexcept { return runs_; }
  /// Called by this very thread.
  bool is_this() const noexcept { return running == this; }
  void join() noexcept {
    if (runs_) ::pthread_join(thread_, nullptr);
    runs_ = false;
  }
  /// In a child that fork made, where there is no such thread.
  void forget() noexcept { runs_ = false; }

 private:
  static void* run(void* self) {
    running = static_cast<thread*>(self);
    return running->function_(running->argument_);
  }

  /// The one that calls; null of those that are not of this class. Visible, so that shared
  /// libraries have one together.
  [[gnu::visibility("default")]] inline static constinit thread_local thread const* running =
      nullptr;

  ::pthread_t thread_{};
  void* (*function_)(void*) = nullptr;
  void* argument_ = nullptr;
  std::atomic<bool> runs_ = false;
};

}  // namespace trainlog::detail

#endif
