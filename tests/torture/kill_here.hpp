// SPDX-License-Identifier: MIT
// The kill points of the log layer, armed: include this before any header of trainlog.
#ifndef TRAINLOG_TESTS_TORTURE_KILL_HERE_HPP
#define TRAINLOG_TESTS_TORTURE_KILL_HERE_HPP

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstring>
#include <vector>

namespace torture {

/// The names of all kill points in the headers that were included, whether or not the program comes
/// past them.
inline std::vector<char const*>& kill_point_names() {
  static std::vector<char const*> names;
  return names;
}

/// A text as a template's argument.
template <std::size_t N>
struct point_name {
  char text[N];
  constexpr point_name(char const (&name)[N]) { std::copy_n(name, N, text); }
};

/// Adds its name before main().
template <point_name Name>
struct kill_point {
  static inline bool const is_known = (kill_point_names().push_back(Name.text), true);
};

/// Which point is to kill. In memory that the processes share.
struct kill_points {
  std::atomic<char const*> armed{nullptr};  ///< its name
  std::atomic<int> passes{0};               ///< how often it is to be passed before
  std::atomic<bool> struck{false};
};

inline kill_points* points = nullptr;

inline void kill_here(char const* name) noexcept {
  if (points == nullptr) return;
  char const* const armed = points->armed;
  if (armed == nullptr || std::strcmp(name, armed) != 0) return;
  if (points->passes.fetch_sub(1) > 0) return;
  points->struck = true;
  ::kill(::getpid(), SIGKILL);
  for (;;) ::pause();  // the signal is on its way
}

}  // namespace torture

#define TRAINLOG_KILL_POINT(name) \
  (static_cast<void>(::torture::kill_point<name>::is_known), ::torture::kill_here(name))

#endif
