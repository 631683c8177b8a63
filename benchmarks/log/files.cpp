// SPDX-License-Identifier: MIT
// Log files for parquet.py to compare: the sizes of 400,000 rows of training, and how long one
// column of ten million rows takes.
//
//   log_files size     writes size32.tlog, size64.tlog, and the same as .jsonl, .csv,
//                      .events, raw columns
//   log_files column   writes column.tlog and column.bin, prints milliseconds to read the column
//   log_files open     writes a gigabyte, leaves it open, prints milliseconds to its first row

#include <trainlog/csv.hpp>
#include <trainlog/json.hpp>
#include <trainlog/log.hpp>
#include <trainlog/summary.hpp>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "../rows.hpp"

namespace {

/// What a training program logs at each step.
template <class Real>
struct step_row {
  std::int64_t step = 0;
  std::int64_t epoch = 0;
  Real loss = 0;
  Real accuracy = 0;
  Real learning_rate = 0;
  Real grad_norm = 0;
  std::int64_t time_us = 0;
  TRAINLOG_RECORD(step_row, step, epoch, loss, accuracy, learning_rate, grad_norm, time_us)
};

template <class Real>
std::vector<step_row<Real>> step_rows(std::size_t count) {
  std::mt19937_64 random{7};
  std::lognormal_distribution<double> norm(0, 0.3);
  std::normal_distribution<double> jitter(0, 1'500);
  std::vector<step_row<Real>> rows;
  rows.reserve(count);
  std::int64_t time = 1'700'000'000'000'000;
  for (training_run run(count); run.next();) {
    time += 41'000 + static_cast<std::int64_t>(jitter(random));
    rows.push_back({run.step(), run.epoch(), static_cast<Real>(run.loss()),
                    static_cast<Real>(run.accuracy()), static_cast<Real>(run.learning_rate()),
                    static_cast<Real>(norm(random)), time});
  }
  return rows;
}

/// The plain bytes of one field of all rows.
template <class Row, class Get>
void write_column(std::string const& name, std::vector<Row> const& rows, Get const& get) {
  std::ofstream out(name, std::ios::binary);
  for (Row const& row : rows) {
    auto const value = get(row);
    out.write(reinterpret_cast<char const*>(&value), sizeof value);
  }
}

/// An event file of the rows, with this name.
template <class Row>
void write_events(std::string const& path, std::vector<Row> const& rows) {
  namespace summary = trainlog::summary;
  auto const writer = summary::create_file_writer(".", {.policy = summary::write_policy::buffered});
  summary::replay(rows, writer, &Row::step);
  if (!writer.close() || std::rename(writer.status().path.c_str(), path.c_str()) != 0) std::abort();
}

template <class Real>
void write_sizes(std::string const& name) {
  auto const rows = step_rows<Real>(400'000);
  ::unlink((name + ".tlog").c_str());
  trainlog::log_writer<step_row<Real>> log(name + ".tlog");
  for (auto const& row : rows) log.write(row);
  log.close();
  trainlog::save(name + ".jsonl", rows);
  trainlog::save(name + ".csv", rows);
  write_events(name + ".events", rows);
  write_column(name + ".step", rows, [](auto const& r) { return r.step; });
  write_column(name + ".epoch", rows, [](auto const& r) { return r.epoch; });
  write_column(name + ".loss", rows, [](auto const& r) { return r.loss; });
  write_column(name + ".accuracy", rows, [](auto const& r) { return r.accuracy; });
  write_column(name + ".learning_rate", rows, [](auto const& r) { return r.learning_rate; });
  write_column(name + ".grad_norm", rows, [](auto const& r) { return r.grad_norm; });
  write_column(name + ".time_us", rows, [](auto const& r) { return r.time_us; });
}

double milliseconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
      .count();
}

/// The median of some runs, in milliseconds.
template <class Run>
double median_of(int runs, Run const& run) {
  std::vector<double> times;
  for (int i = 0; i != runs; ++i) {
    auto const start = std::chrono::steady_clock::now();
    run();
    times.push_back(milliseconds_since(start));
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

void time_column() {
  auto const rows = training_rows<training_row<double>>(10'000'000);
  ::unlink("column.tlog");
  trainlog::log_writer<training_row<double>> log("column.tlog");
  for (auto const& row : rows) log.write(row);
  log.close();
  write_column("column.bin", rows, [](auto const& r) { return r.loss; });
  std::printf("%.3f\n", median_of(7, [&] {
                auto const column = trainlog::read_column<double>("column.tlog", "loss");
                if (column.size() != rows.size() || column.back() != rows.back().loss) std::abort();
              }));
}

void time_open() {
  auto const rows = training_rows<training_row<double>>(1'000'000);
  ::unlink("open.tlog");
  ::pid_t const child = ::fork();
  if (child == 0) {
    trainlog::log_writer<training_row<double>> log("open.tlog");
    struct ::stat file{};
    while (::stat("open.tlog", &file) == 0 && file.st_size < 1'000'000'000) {
      for (auto const& row : rows) log.write(row);
    }
    ::_exit(0);  // as if killed
  }
  ::waitpid(child, nullptr, 0);
  double const first = median_of(7, [] {
    trainlog::log_reader<training_row<double>> log("open.tlog");
    if (log.begin()->step != 0) std::abort();
  });
  std::printf("log_open: %.2f ms to the first row of a log of 1 GB that was not closed\n", first);
}

}  // namespace

int main(int argc, char** argv) {
  std::string const what = argc > 1 ? argv[1] : "";
  if (what == "size") {
    write_sizes<float>("size32");
    write_sizes<double>("size64");
  } else if (what == "column") {
    time_column();
  } else if (what == "open") {
    time_open();
  } else {
    std::fputs("usage: log_files size|column|open\n", stderr);
    return 2;
  }
}
