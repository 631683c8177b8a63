// SPDX-License-Identifier: MIT
// Rows as fast as one thread can write them, close included, and all of them read back.
//
//   log_throughput [million rows]
//
// Prints nanoseconds a row, medians of several runs, and RATIO lines.

#include <trainlog/json.hpp>
#include <trainlog/log.hpp>

#include <spdlog/async.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "../rows.hpp"

namespace {

using row = training_row<double>;

/// The median of some runs, in nanoseconds a row.
template <class Run>
double median_of(int runs, std::size_t rows, Run const& run) {
  std::vector<double> times;
  for (int i = 0; i != runs; ++i) {
    auto const start = std::chrono::steady_clock::now();
    run();
    std::chrono::duration<double, std::nano> const taken = std::chrono::steady_clock::now() - start;
    times.push_back(taken.count() / static_cast<double>(rows));
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

template <class Write>
void write_rows(std::vector<row> const& pool, std::size_t count, Write const& write) {
  for (std::size_t i = 0; i != count; ++i) write(pool[i % pool.size()]);
}

void write_trainlog(std::vector<row> const& pool, std::size_t count) {
  ::unlink("throughput.tlog");
  trainlog::log_writer<row> log("throughput.tlog");
  write_rows(pool, count, [&](row const& r) { log.write(r); });
  log.close();
}

void write_spdlog(std::vector<row> const& pool, std::size_t count) {
  spdlog::init_thread_pool(8192, 1);
  auto const logger =
      spdlog::basic_logger_mt<spdlog::async_factory>("throughput", "throughput.log", true);
  logger->set_pattern("%v");
  write_rows(pool, count, [&](row const& r) {
    logger->info("{} {} {} {} {}", r.step, r.epoch, r.loss, r.accuracy, r.learning_rate);
  });
  spdlog::drop_all();
  spdlog::shutdown();  // writes what is waiting
}

void write_fwrite(std::vector<row> const& pool, std::size_t count) {
  std::FILE* const file = std::fopen("throughput.bin", "wb");
  if (file == nullptr) std::abort();
  write_rows(pool, count, [&](row const& r) {
    if (std::fwrite(&r, sizeof r, 1, file) != 1) std::abort();
  });
  std::fclose(file);
}

/// Reads all rows, and looks at each.
std::size_t read_trainlog() {
  std::size_t rows = 0;
  double sum = 0;
  for (row const& r : trainlog::log_reader<row>("throughput.tlog")) {
    ++rows;
    sum += r.loss;
  }
  if (!(sum > 0)) std::abort();
  return rows;
}

}  // namespace

int main(int argc, char** argv) {
  auto const count = static_cast<std::size_t>((argc > 1 ? std::atof(argv[1]) : 10) * 1e6);
  // The run's own order, so that columns are what they are in a run.
  auto const pool = training_rows<row>(std::min<std::size_t>(count, 1'000'000));

  double const ours = median_of(3, count, [&] { write_trainlog(pool, count); });
  double const plain = median_of(3, count, [&] { write_fwrite(pool, count); });
  std::size_t const fewer = std::max<std::size_t>(count / 10, 1);
  double const spdlog_async = median_of(3, fewer, [&] { write_spdlog(pool, fewer); });
  std::printf("log_write_sustained: trainlog %.1f ns a row, fwrite %.1f, spdlog_async %.1f\n", ours,
              plain, spdlog_async);
  std::printf("RATIO log_write_sustained spdlog_async %.2f\n", spdlog_async / ours);
  std::printf("RATIO log_write_sustained fwrite %.2f\n", plain / ours);

  double const read = median_of(5, count, [&] {
    if (read_trainlog() != count) std::abort();
  });
  std::vector<row> const few(
      pool.begin(),
      pool.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(pool.size(), 200'000)));
  trainlog::save("throughput.jsonl", few);
  double const jsonl = median_of(5, few.size(), [&] {
    if (trainlog::load<std::vector<row>>("throughput.jsonl").size() != few.size()) std::abort();
  });
  std::printf("log_read: trainlog %.2f ns a row, jsonl %.1f\n", read, jsonl);
  std::printf("RATIO log_read jsonl %.2f\n", jsonl / read);
  for (char const* file :
       {"throughput.tlog", "throughput.log", "throughput.bin", "throughput.jsonl"}) {
    ::unlink(file);
  }
}
