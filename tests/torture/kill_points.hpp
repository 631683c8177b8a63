// SPDX-License-Identifier: MIT
// The kill points of the library, made to kill. To be included before any header of trainlog.
#ifndef TRAINLOG_TESTS_TORTURE_KILL_POINTS_HPP
#define TRAINLOG_TESTS_TORTURE_KILL_POINTS_HPP

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace torture {

inline constexpr std::size_t max_points = 64;

/// What a process that is to be killed shares with the one that kills it.
struct shared_page {
  std::atomic<std::uint64_t> acknowledged[8];  ///< rows, of each thread
  std::atomic<bool> done;
  char reached[max_points][32];  ///< the names of the kill points passed
};

inline shared_page& page() {
  static auto* const shared = [] {
    void* const memory = ::mmap(nullptr, sizeof(shared_page), PROT_READ | PROT_WRITE,
                                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) std::abort();
    return new (memory) shared_page{};
  }();
  return *shared;
}

/// The point at which this process is to die, the k-th time that it gets there.
inline std::string& deadly_point() {
  static std::string name;
  return name;
}
inline std::atomic<int>& lives() {
  static std::atomic<int> left{0};
  return left;
}

inline void note_point(std::string_view name) {
  for (auto& known : page().reached) {
    if (known == name) return;
    if (known[0] == '\0') {
      name.copy(known, sizeof known - 1);
      return;
    }
  }
}

inline void pass_point(std::string_view name) {
  note_point(name);
  if (name == deadly_point() && lives().fetch_sub(1) == 1) ::kill(::getpid(), SIGKILL);
}

}  // namespace torture

#define TRAINLOG_KILL_POINT(name) ::torture::pass_point(name)

#endif
