// SPDX-License-Identifier: MIT
// The kill points of the log layer, armed: include this before any header of trainlog.
#ifndef TRAINLOG_TESTS_TORTURE_KILL_HERE_HPP
#define TRAINLOG_TESTS_TORTURE_KILL_HERE_HPP

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <cstring>

namespace torture {

/// The names of the kill points that a program has come past, and which of them is to kill it. In
/// memory that the processes share.
struct kill_points {
  static constexpr std::size_t most = 64;
  std::atomic<std::size_t> count{0};
  char names[most][64]{};
  std::atomic<int> armed{-1};  ///< index of the point that kills; -1 for none
  std::atomic<int> passes{0};  ///< how often it is to be passed before
  std::atomic<bool> struck{false};
  std::atomic_flag adding = ATOMIC_FLAG_INIT;

  /// The index of the name, which is added if it is new.
  std::size_t index_of(char const* name) noexcept {
    while (adding.test_and_set(std::memory_order_acquire)) {
    }
    std::size_t i = 0;
    while (i < count && std::strcmp(names[i], name) != 0) ++i;
    if (i == count && i + 1 < most) {
      std::strncpy(names[i], name, sizeof names[i] - 1);
      ++count;
    }
    adding.clear(std::memory_order_release);
    return i;
  }
};

inline kill_points* points = nullptr;

inline void kill_here(char const* name) noexcept {
  if (points == nullptr) return;
  if (static_cast<int>(points->index_of(name)) != points->armed.load()) return;
  if (points->passes.fetch_sub(1) > 0) return;
  points->struck = true;
  ::kill(::getpid(), SIGKILL);
  for (;;) ::pause();  // the signal is on its way
}

}  // namespace torture

#define TRAINLOG_KILL_POINT(name) ::torture::kill_here(name)

#endif
