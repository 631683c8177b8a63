// SPDX-License-Identifier: MIT
// Event files: what an op costs, and a record of five fields beside libprotobuf.
//
//   summary_events scalar_write|scalar_write_buffered [RUNS]   prints nanoseconds a call
//   summary_events histogram_1m [RUNS]                         prints nanoseconds of one with a
//                                                              million float32
//   summary_events event_read [RUNS]                           makes the run "read" of 100,000
//                                                              events, and prints nanoseconds for
//                                                              reading it
//   summary_events record [RUNS]                               prints what a record costs, and
//                                                              RATIO lines
//
// Medians of 9 or RUNS runs, each of which ends with all events in the file.

#include <trainlog/detail/crc32c.hpp>
#include <trainlog/record.hpp>
#include <trainlog/summary.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../rows.hpp"
#include "event.pb.h"

namespace {

namespace summary = trainlog::summary;
using row = training_row<double>;

int runs = 9;
constexpr std::int64_t calls = 100'000;
constexpr char const* directory = "events.benchmark";

/// The median time of `what`, which makes that many calls, in nanoseconds a call.
template <class What>
double median_ns(What const& what, std::int64_t of_calls = calls) {
  std::vector<double> times;
  for (int run = 0; run < runs; ++run) {
    auto const start = std::chrono::steady_clock::now();
    what();
    auto const time = std::chrono::steady_clock::now() - start;
    times.push_back(std::chrono::duration<double, std::nano>(time).count() /
                    static_cast<double>(of_calls));
    std::filesystem::remove_all(directory);
  }
  std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2),
                   times.end());
  return times[times.size() / 2];
}

double time_scalars(summary::write_policy policy) {
  return median_ns([&] {
    auto const writer = summary::create_file_writer(directory, {.policy = policy});
    for (std::int64_t step = 0; step < calls; ++step) {
      summary::scalar(writer, "loss", 1.0 / static_cast<double>(step + 1), step);
    }
    if (!writer.close()) std::abort();
  });
}

double time_records(summary::write_policy policy, std::vector<row> const& rows) {
  return median_ns([&] {
    auto const writer = summary::create_file_writer(directory, {.policy = policy});
    for (std::int64_t step = 0; step < calls; ++step) {
      auto const& each = rows[static_cast<std::size_t>(step) % pool_size];
      summary::record(writer, each, each.step);
    }
    if (!writer.close()) std::abort();
  });
}

double time_histogram() {
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  std::vector<float> weights(1'000'000);
  for (float& each : weights) each = normal(random);
  return median_ns(
      [&] {
        auto const writer = summary::create_file_writer(directory);
        if (!summary::histogram(writer, "weights", weights, 1)) std::abort();
        if (!writer.close()) std::abort();
      },
      1);
}

double time_reading() {
  {
    auto const writer =
        summary::create_file_writer("read", {.policy = summary::write_policy::buffered});
    for (std::int64_t step = 0; step < calls; ++step) {
      summary::scalar(writer, "loss", 1.0 / static_cast<double>(step + 1), step);
    }
  }
  return median_ns(
      [] {
        if (summary::read_scalar("read", "loss").size() != calls) std::abort();
      },
      1);
}

std::uint32_t masked_crc(std::string_view bytes) {
  std::uint32_t const crc = trainlog::detail::crc32c(std::as_bytes(std::span(bytes)));
  return ((crc >> 15U) | (crc << 17U)) + 0xA282EAD8U;
}

/// A program's own logger: libprotobuf's messages, framed, and written by one call each, or when
/// `most_waiting` bytes wait.
class protobuf_logger {
 public:
  explicit protobuf_logger(std::size_t most_waiting) : most_waiting_(most_waiting) {
    ::mkdir(directory, 0755);
    file_ =
        ::open((std::string(directory) + "/events").c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0644);
    if (file_ < 0) std::abort();
  }
  protobuf_logger(protobuf_logger const&) = delete;
  protobuf_logger& operator=(protobuf_logger const&) = delete;
  ~protobuf_logger() {
    flush();
    ::close(file_);
  }

  void record(row const& each) {
    event_benchmark::Event event;
    event.set_wall_time(
        std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count());
    event.set_step(each.step);
    add(event, "step", static_cast<float>(each.step));
    add(event, "epoch", static_cast<float>(each.epoch));
    add(event, "loss", static_cast<float>(each.loss));
    add(event, "accuracy", static_cast<float>(each.accuracy));
    add(event, "learning_rate", static_cast<float>(each.learning_rate));
    event.SerializeToString(&bytes_);
    std::uint64_t const size = bytes_.size();
    append(size);
    append(masked_crc({reinterpret_cast<char const*>(&size), sizeof size}));
    waiting_ += bytes_;
    append(masked_crc(bytes_));
    if (waiting_.size() >= most_waiting_) flush();
  }

 private:
  static void add(event_benchmark::Event& event, char const* tag, float number) {
    auto* const value = event.mutable_summary()->add_value();
    value->set_tag(tag);
    value->set_simple_value(number);
  }
  template <class Number>
  void append(Number number) {
    waiting_.append(reinterpret_cast<char const*>(&number), sizeof number);
  }
  void flush() {
    auto const size = static_cast<::ssize_t>(waiting_.size());
    if (::write(file_, waiting_.data(), waiting_.size()) != size) std::abort();
    waiting_.clear();
  }

  std::size_t most_waiting_;
  int file_;
  std::string bytes_;
  std::string waiting_;
};

double time_protobuf(std::size_t most_waiting, std::vector<row> const& rows) {
  return median_ns([&] {
    protobuf_logger logger(most_waiting);
    for (std::int64_t step = 0; step < calls; ++step) {
      logger.record(rows[static_cast<std::size_t>(step) % pool_size]);
    }
  });
}

void compare_records() {
  auto const rows = training_rows<row>(pool_size);
  summary::file_writer_options const defaults;
  struct {
    char const* name;
    summary::write_policy policy;
    std::size_t most_waiting;
  } const cases[] = {
      {"record_event", summary::write_policy::write_through, 1},
      {"record_event_buffered", summary::write_policy::buffered, defaults.flush_bytes}};
  for (auto const& each : cases) {
    double const ours = time_records(each.policy, rows);
    double const protobuf = time_protobuf(each.most_waiting, rows);
    std::printf("%s: trainlog %.0f ns, libprotobuf %.0f ns\n", each.name, ours, protobuf);
    std::printf("RATIO %s protobuf %.2f\n", each.name, protobuf / ours);
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::string const what = argc > 1 ? argv[1] : "";
  if (argc > 2) runs = std::max(1, std::atoi(argv[2]));
  if (what == "scalar_write") {
    std::printf("%.1f\n", time_scalars(summary::write_policy::write_through));
  } else if (what == "scalar_write_buffered") {
    std::printf("%.1f\n", time_scalars(summary::write_policy::buffered));
  } else if (what == "histogram_1m") {
    std::printf("%.1f\n", time_histogram());
  } else if (what == "event_read") {
    std::printf("%.1f\n", time_reading());
  } else if (what == "record") {
    compare_records();
  } else {
    std::fputs(
        "usage: summary_events scalar_write|scalar_write_buffered|histogram_1m|event_read|record "
        "[RUNS]\n",
        stderr);
    return 2;
  }
}
