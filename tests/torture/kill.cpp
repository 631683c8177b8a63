// SPDX-License-Identifier: MIT
// A process that logs is killed with SIGKILL, at a random moment or at each of the library's kill
// points, again and again: no acknowledged row may be lost, torn or there twice.
//
// Usage: torture [--kills N] [--seed S]. Ends with the line
//   <N> kills, <R> rows acknowledged, <L> lost, <T> torn, <D> duplicated
// and status 1 if one of the last three is not 0.

#include "torture/kill_points.hpp"

#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <trainlog/log/log_writer.hpp>

#include "log/temporary_directory.hpp"
#include "log/written_log.hpp"

namespace {

using namespace trainlog;

struct Fixed {
  std::uint64_t thread = 0;
  std::uint64_t number = 0;
  double loss = 0;
  std::uint64_t check = 0;
  TRAINLOG_RECORD(Fixed, thread, number, loss, check)
};

struct Text {
  std::uint64_t thread = 0;
  std::uint64_t number = 0;
  std::string note;
  std::vector<float> values;
  TRAINLOG_RECORD(Text, thread, number, note, values)
};

/// 500 fields are an array: the same row on disk, but quick to compile.
struct Wide {
  std::uint64_t thread = 0;
  std::uint64_t number = 0;
  std::array<double, 500> values{};
  TRAINLOG_RECORD(Wide, thread, number, values)
};

template <class T>
T record_of(std::uint64_t thread, std::uint64_t number);
template <>
Fixed record_of(std::uint64_t thread, std::uint64_t number) {
  return {thread, number, 1.0 / static_cast<double>(number + 1),
          (number + thread) * 0x9e3779b97f4a7c15U};
}
template <>
Text record_of(std::uint64_t thread, std::uint64_t number) {
  std::size_t const size = number % 1000 == 77 ? 20000 : number * 7 % 61;
  return {thread, number, std::string(size, static_cast<char>('a' + number % 26)),
          std::vector<float>(size % 9, static_cast<float>(number))};
}
template <>
Wide record_of(std::uint64_t thread, std::uint64_t number) {
  Wide row{thread, number, {}};
  for (std::size_t i = 0; i < row.values.size(); ++i)
    row.values[i] = static_cast<double>(number + i);
  return row;
}

struct options {
  std::size_t threads = 1;
  std::uint64_t journal_bytes = 0;
  drain_by by = drain_by::background;
  durability level = durability::process;
  journal_kind kind = journal_kind::automatic;
  bool syncs = false;
};

/// What a life of the process does: goes on with each thread's rows until it is killed.
template <class T>
[[noreturn]] void live(std::string const& path, options const& how) {
  log_options log;
  log.journal_bytes = how.journal_bytes;
  log.drain_by = how.by;
  log.durability = how.level;
  log.interval_ms = 2;
  log.journal_kind = how.kind;
  auto& shared = torture::page();
  constexpr int rows = sizeof(T) > 1000 ? 120 : 1500;
  for (int round = 0; round < 5; ++round) {
    log_writer<T> writer(path, log);
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < how.threads; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < rows; ++i) {
          std::uint64_t const number = shared.acknowledged[t];
          if (!writer.write(record_of<T>(t, number))) ::_exit(2);
          shared.acknowledged[t] = number + 1;
          if (i % 101 == 100) writer.flush();
          if (how.syncs && i % 113 == 112) writer.sync();
        }
      });
    }
    for (auto& each : threads) each.join();
    writer.close();
  }
  ::_exit(0);
}

struct totals {
  std::uint64_t kills = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t lost = 0;
  std::uint64_t torn = 0;
  std::uint64_t duplicated = 0;
};

/// Compares what is in the log with what was acknowledged. A row that was being written when the
/// process died may be there; it is acknowledged then, so that the next life goes on behind it.
template <class T>
void check(std::string const& path, std::size_t threads, totals& sum) {
  std::vector<std::uint64_t> next(threads, 0);
  // A process that died when it had just made the file had acknowledged nothing.
  bool const is_made = std::filesystem::file_size(path) >= 64;
  auto const log = is_made ? writer_test::read_log(path) : writer_test::written_log{};
  for (auto const& row : writer_test::records_of<T>(log)) {
    if (row.thread >= threads || row != record_of<T>(row.thread, row.number)) {
      ++sum.torn;
    } else if (row.number < next[row.thread]) {
      ++sum.duplicated;
    } else {
      sum.lost += row.number - next[row.thread];
      next[row.thread] = row.number + 1;
    }
  }
  for (std::size_t t = 0; t < threads; ++t) {
    auto& acknowledged = torture::page().acknowledged[t];
    if (next[t] < acknowledged) sum.lost += acknowledged - next[t];
    acknowledged = next[t];
  }
}

/// One life and death. An empty point is a random moment.
template <class T>
void kill_once(std::string const& path, options const& how, std::string const& point, int lives,
               std::uint64_t microseconds, totals& sum) {
  auto const child = ::fork();
  if (child == 0) {
    torture::deadly_point() = point;
    torture::lives() = lives;
    live<T>(path, how);
  }
  if (point.empty()) {
    ::usleep(static_cast<::useconds_t>(microseconds));
    ::kill(child, SIGKILL);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (WIFEXITED(status) && WEXITSTATUS(status) != 0) {
    std::fprintf(stderr, "a process that was to be killed failed by itself\n");
    std::exit(2);
  }
  sum.kills += WIFSIGNALED(status);
  if (::access(path.c_str(), F_OK) == 0) check<T>(path, how.threads, sum);
}

/// A log that is written and killed several times.
template <class T>
void torment(options const& how, std::vector<std::string> const& points, std::mt19937& random,
             totals& sum) {
  writer_test::temporary_directory const directory;
  for (auto& each : torture::page().acknowledged) each = 0;
  for (auto const& point : points) {
    kill_once<T>(directory / "a.tlog", how, point, 1 + static_cast<int>(random() % 4),
                 1 + random() % 20000, sum);
  }
  for (auto const& each : torture::page().acknowledged) sum.acknowledged += each;
}

options random_options(std::mt19937& random) {
  constexpr std::size_t threads[] = {1, 4, 8};
  constexpr std::uint64_t bytes[] = {65536, 131072, 1U << 20U};
  options how;
  how.threads = threads[random() % 3];
  how.journal_bytes = bytes[random() % 3];
  how.by = random() % 3 == 0 ? drain_by::caller : drain_by::background;
  if (how.by == drain_by::background && random() % 2 == 0) how.level = durability::interval;
  how.kind = random() % 4 == 0 ? journal_kind::written : journal_kind::automatic;
  how.syncs = random() % 3 == 0;
  return how;
}

void torment_any(std::vector<std::string> const& points, std::mt19937& random, totals& sum) {
  options const how = random_options(random);
  switch (random() % 3) {
    case 0:
      return torment<Fixed>(how, points, random, sum);
    case 1:
      return torment<Text>(how, points, random, sum);
    default:
      return torment<Wide>(how, points, random, sum);
  }
}

}  // namespace

int main(int count, char** arguments) {
  std::uint64_t kills = 300;
  unsigned seed = 1;
  for (int i = 1; i + 1 < count; i += 2) {
    if (std::string(arguments[i]) == "--kills")
      kills = std::strtoull(arguments[i + 1], nullptr, 10);
    if (std::string(arguments[i]) == "--seed") {
      seed = static_cast<unsigned>(std::strtoul(arguments[i + 1], nullptr, 10));
    }
  }
  std::mt19937 random(seed);
  totals sum;
  std::vector<std::string> points;
  while (sum.kills < kills) {
    // At random moments, then at points that have been seen, each followed by random ones.
    torment_any(std::vector<std::string>(6), random, sum);
    for (auto const& reached : torture::page().reached) {
      std::string const point = reached;
      if (point.empty() || sum.kills >= kills) break;
      if (std::find(points.begin(), points.end(), point) == points.end()) points.push_back(point);
      torment_any({"", point, point, ""}, random, sum);
    }
    std::fprintf(stderr, "%llu kills\n", static_cast<unsigned long long>(sum.kills));
    if (sum.lost + sum.torn + sum.duplicated != 0) break;
  }
  std::printf("kill points:");
  for (auto const& point : points) std::printf(" [%s]", point.c_str());
  std::printf("\n%llu kills, %llu rows acknowledged, %llu lost, %llu torn, %llu duplicated\n",
              static_cast<unsigned long long>(sum.kills),
              static_cast<unsigned long long>(sum.acknowledged),
              static_cast<unsigned long long>(sum.lost), static_cast<unsigned long long>(sum.torn),
              static_cast<unsigned long long>(sum.duplicated));
  return sum.lost + sum.torn + sum.duplicated == 0 ? 0 : 1;
}
