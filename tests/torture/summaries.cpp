// SPDX-License-Identifier: MIT
// Kills a program that logs summaries, with SIGKILL, again and again, and looks for the events that
// it was told are in the file.
//
//   summaries --kills N [--seed S] [--directory D]
//
// Children log scalars with some threads into one directory, one or two of them at a time; after
// each op that returned true a thread stores the step into a page that it shares with the parent.
// The parent kills them, reads the run, and compares. Some children resume the run first. Prints,
// and fails if one of the last three is not 0,
//
//   <kills> kills, <events> events acknowledged, <lost> lost, <damaged> damaged, <others> other
//   failures

#include "trainlog/summary.hpp"

#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cinttypes>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace summary = trainlog::summary;

constexpr std::size_t most_threads = 4;
constexpr std::size_t most_writers = 2;

/// What the children tell, in memory that outlives them: the step that each thread logs next.
struct acknowledgements {
  struct alignas(64) counter {
    std::atomic<std::int64_t> next{0};
  };
  std::array<std::array<counter, most_threads>, most_writers> of;
};

std::string tag_of(std::size_t writer, std::size_t thread) {
  return "writer " + std::to_string(writer) + "/" + std::to_string(thread);
}

float value_of(std::int64_t step) { return static_cast<float>(step % 1000) / 8; }

void nap(std::uint64_t microseconds) {
  ::timespec const time{0, static_cast<long>(microseconds * 1000)};
  ::nanosleep(&time, nullptr);
}

class torturer {
 public:
  torturer(std::string const& directory, std::uint64_t seed)
      : logdir_(directory + "/torture.summaries"), random_(seed) {
    void* const memory = ::mmap(nullptr, sizeof(acknowledgements), PROT_READ | PROT_WRITE,
                                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) std::abort();
    acknowledged_ = new (memory) acknowledgements;
  }

  int run(std::uint64_t kills) {
    while (kills_ < kills) run_directory();
    std::filesystem::remove_all(logdir_);
    std::printf("%" PRIu64 " kills, %" PRIu64 " events acknowledged, %" PRIu64 " lost, %" PRIu64
                " damaged, %" PRIu64 " other failures\n",
                kills_, events_, lost_, damaged_, others_);
    return lost_ + damaged_ + others_ == 0 ? 0 : 1;
  }

 private:
  /// A new run, into which children log that are killed.
  void run_directory() {
    std::filesystem::remove_all(logdir_);
    for (auto& writer : acknowledged_->of) {
      for (auto& each : writer) each.next = 0;
    }
    for (int life = 0; life < 4; ++life) {
      std::size_t const writers = 1 + random_() % most_writers;
      // Two that resume one run at the same time are refused.
      resumes_ = writers == 1 && life != 0 && random_() % 2 == 0;
      threads_ = random_() % 2 == 0 ? 1 : most_threads;
      auto const before = count();
      std::vector<::pid_t> children;
      for (std::size_t writer = 0; writer < writers; ++writer) {
        ::pid_t const child = ::fork();
        if (child == 0) log_until_killed(writer);
        children.push_back(child);
      }
      nap(random_() % 20'000);
      for (auto const child : children) kill_child(child);
      check();
      events_ += count() - std::min(before, count());
    }
  }

  std::uint64_t count() const {
    std::int64_t sum = 0;
    for (auto const& writer : acknowledged_->of) {
      for (auto const& each : writer) sum += each.next;
    }
    return static_cast<std::uint64_t>(sum);
  }

  void kill_child(::pid_t child) {
    int status = 0;
    ::kill(child, SIGKILL);
    ::waitpid(child, &status, 0);
    ++kills_;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) return;
    std::printf("a child ended by itself, status %d\n", status);
    ++others_;
  }

  /// The child. Never returns.
  [[noreturn]] void log_until_killed(std::size_t self) {
    auto& mine = acknowledged_->of[self];
    summary::file_writer_options options;
    if (resumes_) {
      std::int64_t least = mine[0].next;
      for (auto const& writer : acknowledged_->of) {
        for (auto const& each : writer) least = std::min<std::int64_t>(least, each.next);
      }
      options.resume_step = least;  // nothing before it may go
      for (auto& writer : acknowledged_->of) {
        for (auto& each : writer) each.next = least;
      }
    }
    auto const writer = summary::create_file_writer(logdir_, options);
    std::vector<std::thread> threads;
    for (std::size_t thread = 0; thread < threads_; ++thread) {
      threads.emplace_back([&, thread] {
        std::string const tag = tag_of(self, thread);
        for (auto step = mine[thread].next.load();; ++step) {
          if (!summary::scalar(writer, tag, value_of(step), step)) std::abort();
          mine[thread].next = step + 1;
        }
      });
    }
    for (auto& each : threads) each.join();
    std::abort();
  }

  /// Reads the run as anybody would.
  void check() {
    try {
      summary::event_report report;
      if (!std::filesystem::exists(logdir_)) return;  // killed before there was one
      auto const curves = summary::read_scalars(logdir_, {.report = &report});
      damaged_ += report.damages;
      for (std::size_t writer = 0; writer < most_writers; ++writer) {
        for (std::size_t thread = 0; thread < most_threads; ++thread) {
          auto const found = curves.find(tag_of(writer, thread));
          check_curve(found == curves.end() ? summary::scalar_columns{} : found->second,
                      acknowledged_->of[writer][thread].next);
        }
      }
    } catch (trainlog::error const& problem) {
      std::printf("%s\n", problem.what());
      ++others_;
    }
  }

  /// Each acknowledged step is there; at most, one more than these, which was being written.
  void check_curve(summary::scalar_columns const& curve, std::int64_t acknowledged) {
    std::vector<bool> seen(static_cast<std::size_t>(acknowledged));
    for (std::size_t i = 0; i < curve.size(); ++i) {
      if (curve.values[i] != static_cast<double>(value_of(curve.steps[i]))) ++damaged_;
      if (curve.steps[i] < acknowledged) seen[static_cast<std::size_t>(curve.steps[i])] = true;
    }
    lost_ += static_cast<std::uint64_t>(std::count(seen.begin(), seen.end(), false));
  }

  std::string logdir_;
  std::mt19937_64 random_;
  acknowledgements* acknowledged_;
  bool resumes_ = false;
  std::size_t threads_ = 1;
  std::uint64_t kills_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t lost_ = 0;
  std::uint64_t damaged_ = 0;
  std::uint64_t others_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t kills = 0;
  std::uint64_t seed = static_cast<std::uint64_t>(::time(nullptr));
  std::string directory = ".";
  for (int i = 1; i + 1 < argc; i += 2) {
    std::string const option = argv[i];
    if (option == "--kills") kills = std::strtoull(argv[i + 1], nullptr, 10);
    else if (option == "--seed") seed = std::strtoull(argv[i + 1], nullptr, 10);
    else if (option == "--directory") directory = argv[i + 1];
    else return std::fprintf(stderr, "summaries: no option '%s'\n", argv[i]), 2;
  }
  if (kills == 0) {
    std::fputs("usage: summaries --kills N [--seed S] [--directory D]\n", stderr);
    return 2;
  }
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  std::printf("seed %" PRIu64 "\n", seed);
  return torturer(directory, seed).run(kills);
}
