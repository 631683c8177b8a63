// SPDX-License-Identifier: MIT
// How long a thread waits for a row to be logged: bursts of 20 rows, a pause, again.
//
//   log_burst [seconds of each measurement]
//
// Prints nanoseconds a row (a burst's time by 20, the clock's own reading taken off) at the 50th,
// 99th and 99.9th percentile of all bursts, and RATIO lines of the medians.

#include <trainlog/log.hpp>

#include <spdlog/async.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "../rows.hpp"

namespace {

using row = training_row<double>;
using clock_type = std::chrono::steady_clock;

constexpr int rows_in_burst = 20;
constexpr auto pause = std::chrono::microseconds(200);

double ns(clock_type::duration time) {
  return std::chrono::duration<double, std::nano>(time).count();
}

/// What two readings of the clock, one after the other, take.
double clock_cost() {
  std::vector<double> costs(10'001);
  for (double& cost : costs) {
    auto const start = clock_type::now();
    cost = ns(clock_type::now() - start);
  }
  std::nth_element(costs.begin(), costs.begin() + 5'000, costs.end());
  return costs[5'000];
}

struct result {
  double p50 = 0, p99 = 0, p999 = 0;
  long faults = 0;  ///< of pages, in the threads that log, after the first tenth
};

long thread_faults() {
  ::rusage usage{};
  ::getrusage(RUSAGE_THREAD, &usage);
  return usage.ru_minflt + usage.ru_majflt;
}

/// `write(row)` from some threads, each in bursts.
template <class Write>
result measure(int threads, double seconds, Write const& write) {
  static std::vector<row> const pool = training_rows<row>(pool_size);
  static double const cost = clock_cost();
  auto const bursts = static_cast<std::size_t>(seconds * 1e6 / 260);
  std::vector<std::vector<double>> times(static_cast<std::size_t>(threads));
  std::atomic<long> faults{0};
  std::vector<std::thread> running;
  for (auto& mine : times) {
    running.emplace_back([&] {
      mine.assign(bursts, 0);  // touches its pages, which are not the log's
      std::size_t next = 0;
      long before = 0;
      for (std::size_t burst = 0; burst != bursts + bursts / 10; ++burst) {
        auto const start = clock_type::now();
        for (int i = 0; i != rows_in_burst; ++i) write(pool[next++ % pool_size]);
        auto const time = clock_type::now() - start;
        if (burst == bursts / 10) before = thread_faults();
        if (burst >= bursts / 10)
          mine[burst - bursts / 10] = std::max(0.0, ns(time) - cost) / rows_in_burst;
        std::this_thread::sleep_for(pause);
      }
      faults += thread_faults() - before;
    });
  }
  for (auto& each : running) each.join();
  std::vector<double> all;
  for (auto const& mine : times) all.insert(all.end(), mine.begin(), mine.end());
  std::sort(all.begin(), all.end());
  auto const at = [&](double part) {
    return all[static_cast<std::size_t>(part * (static_cast<double>(all.size()) - 1))];
  };
  return {at(0.5), at(0.99), at(0.999), faults};
}

void print(char const* who, int threads, result const& of) {
  std::printf(
      "log_write_burst/%s/%d threads: p50 %.1f ns, p99 %.1f ns, p99.9 %.1f ns, %ld page faults\n",
      who, threads, of.p50, of.p99, of.p999, of.faults);
}

std::map<std::string, double> measure_all(int threads, double seconds) {
  std::map<std::string, double> medians;
  auto const note = [&](char const* who, result const& of) {
    print(who, threads, of);
    medians[who] = of.p50;
  };
  ::unlink("burst.tlog");
  {
    trainlog::log_writer<row> log("burst.tlog");
    note("trainlog", measure(threads, seconds, [&](row const& r) { log.write(r); }));
  }
  {
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> const file(std::fopen("burst.bin", "wb"),
                                                               std::fclose);
    note("fwrite", measure(threads, seconds, [&](row const& r) {
           if (std::fwrite(&r, sizeof r, 1, file.get()) != 1) std::abort();
         }));
  }
  {
    spdlog::init_thread_pool(8192, 1);
    auto const logger = spdlog::basic_logger_mt<spdlog::async_factory>("burst", "burst.log", true);
    logger->set_pattern("%v");
    note("spdlog_async", measure(threads, seconds, [&](row const& r) {
           logger->info("{} {} {} {} {}", r.step, r.epoch, r.loss, r.accuracy, r.learning_rate);
         }));
    spdlog::drop_all();
    spdlog::shutdown();
  }
  for (char const* file : {"burst.tlog", "burst.bin", "burst.log"}) ::unlink(file);
  return medians;
}

}  // namespace

int main(int argc, char** argv) {
  double const seconds = argc > 1 ? std::atof(argv[1]) : 2;
  for (int const threads : {1, 2, 4, 8}) {
    auto const medians = measure_all(threads, seconds);
    std::string const name =
        threads == 1 ? "log_write_burst" : "log_write_burst/" + std::to_string(threads);
    for (auto const& [who, median] : medians) {
      if (who != "trainlog")
        std::printf("RATIO %s %s %.2f\n", name.c_str(), who.c_str(),
                    median / medians.at("trainlog"));
    }
  }
}
