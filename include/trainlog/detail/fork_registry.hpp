// SPDX-License-Identifier: MIT
// What must not go on in a child process that fork makes.
#ifndef TRAINLOG_DETAIL_FORK_REGISTRY_HPP
#define TRAINLOG_DETAIL_FORK_REGISTRY_HPP

#include <pthread.h>

#include <vector>

#include "trainlog/detail/threads.hpp"

namespace trainlog::detail {

/// Something that belongs to the process that made it.
class forkable {
 public:
  /// Called in a child that fork made, where other threads are gone, with their locks held.
  virtual void after_fork() noexcept = 0;

 protected:
  ~forkable() = default;
};

/// All of them in this process.
class fork_registry {
 public:
  static void add(forkable* each) {
    auto& self = instance();
    lock_guard const held(self.mutex_);
    self.all_.push_back(each);
  }
  static void remove(forkable* each) noexcept {
    auto& self = instance();
    lock_guard const held(self.mutex_);
    std::erase(self.all_, each);
  }

 private:
  fork_registry() { ::pthread_atfork(before, after_in_parent, after_in_child); }

  /// Never destroyed: writers may be, after all that is.
  static fork_registry& instance() {
    static auto* const only = new fork_registry;
    return *only;
  }

  static void before() noexcept { instance().mutex_.lock(); }
  static void after_in_parent() noexcept { instance().mutex_.unlock(); }
  static void after_in_child() noexcept {
    for (auto* each : instance().all_) each->after_fork();
    instance().all_.clear();
    instance().mutex_.unlock();
  }

  mutex mutex_;
  std::vector<forkable*> all_;
};

}  // namespace trainlog::detail

#endif
