// SPDX-License-Identifier: MIT
// Kills a program that logs, with SIGKILL, again and again, and looks for what it was told is safe.
//
//   torture --kills N [--seed S] [--directory D]     kills at random moments
//   torture --points N ...                           N kills at each of the named points of the
//                                                    library; fails if one is never come past
//
// A child writes rows with some threads, and after each write() that returned true stores the row's
// number into a page that it shares with the parent. The parent kills it, reads the log, and
// compares; then another child goes on with the same file, and is killed while it does. Prints, and
// fails if any of the last three is not 0,
//
//   <kills> kills, <rows> rows acknowledged, <lost> lost, <torn> torn, <duplicated> duplicated

#include "kill_here.hpp"

#include "rows.hpp"

#include "trainlog/log.hpp"

#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

#include <array>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace torture {

constexpr std::size_t most_threads = 8;

/// What the child tells, in memory that outlives it. A cache line a thread.
struct acknowledgements {
  struct alignas(64) counter {
    std::atomic<std::uint64_t> rows{0};
  };
  std::array<counter, most_threads> of_thread;
  std::atomic<bool> started{false};
};

template <class T>
T* shared() {
  void* const memory =
      ::mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) std::abort();
  return new (memory) T;
}

struct tally {
  std::uint64_t kills = 0;
  std::uint64_t rows = 0;
  std::uint64_t lost = 0;
  std::uint64_t torn = 0;
  std::uint64_t duplicated = 0;
  std::uint64_t unexpected =
      0;  ///< children that ended by themselves, files that could not be read, points not passed

  bool good() const { return lost + torn + duplicated + unexpected == 0; }
};

/// How a child logs.
struct scenario {
  std::size_t threads = 1;
  trainlog::log_options options;
  int kind = 0;   ///< of row
  int lives = 1;  ///< how many children write the file, one after the other
};

class torturer {
 public:
  torturer(std::string directory, std::uint64_t seed)
      : path_(std::move(directory) + "/torture.tlog"), random_(seed) {
    points = shared<kill_points>();
    acknowledged_ = shared<acknowledgements>();
  }

  void kill_at_random(std::uint64_t kills) {
    while (total_.kills < kills) run_file(random_scenario());
  }

  /// Each point at least so often: killed at its first, second, ... passing. Many scenarios do not
  /// come past some of them.
  void kill_at_points(std::uint64_t each) {
    for (char const* const point : kill_point_names()) {
      std::uint64_t const before = struck_;
      for (std::uint64_t i = 0; i < 20 * each && struck_ < before + each; ++i) {
        points->armed = point;
        points->passes = static_cast<int>(random_() % 3);
        run_file(random_scenario());
      }
      points->armed = nullptr;
      std::printf("%5" PRIu64 " kills at '%s'\n", struck_ - before, point);
      if (struck_ == before) ++total_.unexpected;
    }
  }

  int report() const {
    std::printf("%" PRIu64 " kills, %" PRIu64 " rows acknowledged, %" PRIu64 " lost, %" PRIu64
                " torn, %" PRIu64 " duplicated\n",
                total_.kills, total_.rows, total_.lost, total_.torn, total_.duplicated);
    if (total_.unexpected != 0) std::printf("%" PRIu64 " other failures\n", total_.unexpected);
    return total_.good() ? 0 : 1;
  }

 private:
  template <class T>
  T pick(std::initializer_list<T> of) {
    return of.begin()[random_() % of.size()];
  }

  scenario random_scenario() {
    scenario made;
    made.threads = pick({1U, 4U, 8U});
    made.kind = pick({0, 0, 1, 2});
    made.lives = pick({1, 3, 6});
    made.options.journal_bytes = pick({0U, 1U << 16U, 1U << 18U, 1U << 20U});
    made.options.drain_by = pick({trainlog::drain_by::background, trainlog::drain_by::caller});
    if (made.options.drain_by == trainlog::drain_by::background) {
      made.options.durability =
          pick({trainlog::durability::process, trainlog::durability::interval});
      made.options.interval_ms = 2;
    }
    made.options.journal_kind =
        pick({trainlog::journal_kind::mapped, trainlog::journal_kind::mapped,
              trainlog::journal_kind::written});
    return made;
  }

  /// A new file, written by children that are killed one after the other.
  void run_file(scenario const& how) {
    if (how.kind == 0) run_lives<fixed_row>(how);
    if (how.kind == 1) run_lives<text_row>(how);
    if (how.kind == 2) run_lives<wide_row>(how);
  }

  template <class Row>
  void run_lives(scenario const& how) {
    ::unlink(path_.c_str());
    ::unlink((path_ + "-journal").c_str());
    next_.fill(0);
    for (auto& each : acknowledged_->of_thread) each.rows = 0;
    for (int life = 0; life < how.lives; ++life) {
      acknowledged_->started = false;
      points->struck = false;
      ::pid_t const child = ::fork();
      if (child == 0) write_until_killed<Row>(how);
      if (!kill_child(child)) return;
      check<Row>(how);
    }
  }

  /// The child: opens the log, writes, closes it, again and again. Never returns.
  template <class Row>
  [[noreturn]] void write_until_killed(scenario const& how) {
    std::mt19937_64 random(static_cast<std::uint64_t>(::getpid()));
    for (;;) {
      trainlog::log_writer<Row> log(path_, how.options);
      std::uint64_t const quota = random() % 4 == 0 ? random() % 500 : random() % 200'000;
      write_some<Row>(log, how.threads, quota, random);
      if (random() % 2 == 0) log.close();
    }
  }

  template <class Row>
  void write_some(trainlog::log_writer<Row>& log, std::size_t count, std::uint64_t quota,
                  std::mt19937_64& random) {
    std::atomic<std::size_t> writing{count};
    std::vector<std::thread> threads;
    for (std::size_t thread = 0; thread < count; ++thread) {
      threads.emplace_back([&, thread] {
        auto& done = acknowledged_->of_thread[thread].rows;
        std::uint64_t sequence = std::max<std::uint64_t>(done, next_[thread]);
        for (std::uint64_t const end = sequence + quota; sequence != end; ++sequence) {
          if (!log.write(Row::of(thread, sequence))) give_up(log.status());
          done.store(sequence + 1, std::memory_order_relaxed);
          acknowledged_->started.store(true, std::memory_order_relaxed);
        }
        --writing;
      });
    }
    while (writing != 0) {  // what a program does besides logging
      nap(random() % 2000);
      if (random() % 4 == 0) log.flush();
      if (random() % 16 == 0) log.sync();
    }
    for (auto& each : threads) each.join();
  }

  /// Nothing that a child does to a healthy disk makes write() refuse a row.
  [[noreturn]] static void give_up(trainlog::log_status const& status) {
    std::fprintf(stderr, "a row was refused: %s (lost %" PRIu64 ", errno %d)\n",
                 status.error.c_str(), status.rows_lost, status.error_number);
    std::abort();
  }

  static void nap(std::uint64_t microseconds) {
    ::timespec const time{static_cast<time_t>(microseconds / 1'000'000),
                          static_cast<long>(microseconds % 1'000'000 * 1000)};
    ::nanosleep(&time, nullptr);
  }

  /// Kills the child after a random while, or waits until it has killed itself. False if it died of
  /// something else.
  bool kill_child(::pid_t child) {
    int status = 0;
    bool dead = false;
    std::uint64_t const wait = random_() % 8 == 0 ? random_() % 1'000 : random_() % 15'000;
    if (points->armed != nullptr) {
      for (int i = 0; i < 400 && !dead; ++i) {
        nap(500);
        dead = ::waitpid(child, &status, WNOHANG) == child;
      }
    } else {
      nap(wait);
    }
    if (!dead) {
      ::kill(child, SIGKILL);
      ::waitpid(child, &status, 0);
    }
    if (points->struck) ++struck_;
    ++total_.kills;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) return true;
    std::printf("a child ended by itself, status %d\n", status);
    ++total_.unexpected;
    return false;
  }

  /// Reads the log as anybody would, and compares each row with what it must be.
  template <class Row>
  void check(scenario const& how) {
    std::array<std::uint64_t, most_threads> found{};
    try {
      for (Row const& row : trainlog::log_reader<Row>(path_)) {
        if (row.thread >= how.threads ||
            !trainlog::identical(row, Row::of(row.thread, row.sequence))) {
          ++total_.torn;
          continue;
        }
        auto& next = found[row.thread];
        if (row.sequence < next) ++total_.duplicated;
        if (row.sequence > next) total_.lost += row.sequence - next;
        if (row.sequence >= next) next = row.sequence + 1;
      }
    } catch (trainlog::error const& problem) {
      // Killed before there was a log: nothing was acknowledged.
      if (acknowledged_->started) {
        std::printf("%s\n", problem.what());
        ++total_.unexpected;
      }
    }
    for (std::size_t thread = 0; thread < how.threads; ++thread) {
      std::uint64_t const acknowledged = acknowledged_->of_thread[thread].rows;
      total_.rows += acknowledged - std::min(next_[thread], acknowledged);
      if (found[thread] < acknowledged) total_.lost += acknowledged - found[thread];
      next_[thread] = std::max(found[thread], acknowledged);
      acknowledged_->of_thread[thread].rows = next_[thread];
    }
  }

  std::string path_;
  std::mt19937_64 random_;
  acknowledgements* acknowledged_;
  std::array<std::uint64_t, most_threads> next_{};  // the sequence with which each thread goes on
  std::uint64_t struck_ = 0;
  tally total_;
};

}  // namespace torture

int main(int argc, char** argv) {
  std::uint64_t kills = 0;
  std::uint64_t each_point = 0;
  std::uint64_t seed = static_cast<std::uint64_t>(::time(nullptr));
  std::string directory = ".";
  for (int i = 1; i + 1 < argc; i += 2) {
    std::string const option = argv[i];
    if (option == "--kills") kills = std::strtoull(argv[i + 1], nullptr, 10);
    else if (option == "--points") each_point = std::strtoull(argv[i + 1], nullptr, 10);
    else if (option == "--seed") seed = std::strtoull(argv[i + 1], nullptr, 10);
    else if (option == "--directory") directory = argv[i + 1];
    else return std::fprintf(stderr, "torture: no option '%s'\n", argv[i]), 2;
  }
  if (kills + each_point == 0) {
    std::fputs("usage: torture (--kills N | --points N) [--seed S] [--directory D]\n", stderr);
    return 2;
  }
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  torture::torturer torturer(directory, seed);
  if (each_point != 0) torturer.kill_at_points(each_point);
  torturer.kill_at_random(kills);
  std::printf("seed %" PRIu64 "\n", seed);
  return torturer.report();
}
