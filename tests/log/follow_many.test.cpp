// SPDX-License-Identifier: MIT
// Many followers beside many that write: whenever one looks, it sees of each thread the first rows,
// in their order, each once and whole. To be run under ThreadSanitizer, too.
#include <trainlog/log/follow.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include <trainlog/log/log_reader.hpp>
#include <trainlog/log/log_writer.hpp>
#include <trainlog/record.hpp>

#include "catch.hpp"
#include "log/temporary_directory.hpp"

using trainlog::log_follower;
using trainlog::log_options;
using trainlog::log_writer;
using writer_test::temporary_directory;

namespace {

/// All of it is known from thread and number.
struct Mark {
  std::int32_t thread = 0;
  std::int64_t number = 0;
  std::uint64_t mix = 0;
  std::string text;
  TRAINLOG_RECORD(Mark, thread, number, mix, text)
};

Mark mark(std::int32_t thread, std::int64_t number) {
  auto const mix = static_cast<std::uint64_t>(number * 8 + thread + 1) * 0x9E3779B97F4A7C15U;
  return {thread, number, mix, std::string(mix % 40, static_cast<char>('a' + thread))};
}

constexpr std::size_t many = 8;

/// How long a test writes, in milliseconds: TRAINLOG_FOLLOW_MS, if it is set.
std::int64_t duration_ms() {
  char const* const asked = std::getenv("TRAINLOG_FOLLOW_MS");
  return asked != nullptr ? std::atoll(asked) : 300;
}

/// Writes rows of one thread, from number `i` on, until it is time to stop, but some in each case;
/// returns the next one's.
std::int64_t write_rows(log_writer<Mark>& writer, std::int32_t thread, std::int64_t i,
                        std::int64_t end_ms) {
  for (; i == 0 || i % 64 != 0 || trainlog::detail::steady_ns() / 1'000'000 < end_ms; ++i) {
    if (!writer.write(mark(thread, i))) std::abort();
    if (i % 5000 == 4999) writer.flush();
    if (i % 512 == 0) ::usleep(1000);
  }
  return i;
}

log_options small_journal(std::size_t i) {
  log_options options;
  options.journal_bytes = i % 2 == 0 ? 65536 : 16384;
  options.drain_by = i % 4 < 2 ? trainlog::drain_by::background : trainlog::drain_by::caller;
  return options;
}

/// How many rows of each thread a follower has seen.
struct view {
  std::array<std::int64_t, many> next{};
  bool right = true;

  void see(Mark const& row) {
    auto const thread = static_cast<std::size_t>(row.thread);
    right = right && thread < many && row == mark(row.thread, next[thread]);
    if (right) ++next[thread];
  }
};

/// Follows a log until it is closed.
view follow(std::string const& path, std::atomic<bool> const* written = nullptr) {
  view seen;
  log_follower<Mark> follower(path);
  for (std::int64_t idle = 0; idle < 1000 && seen.right; ++idle) {
    auto const* const row = follower.next(10);
    if (row != nullptr) seen.see(*row), idle = 0;
    else if (follower.closed() && (written == nullptr || written->load())) break;
  }
  return seen;
}

/// Runs the function in a process of its own, which is to end with 0.
template <class Function>
::pid_t start(Function function) {
  auto const child = ::fork();
  if (child == 0) ::_exit(function());
  return child;
}

bool ended_well(::pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

TEST_CASE("follow many: processes that follow processes that write") {
  temporary_directory const directory;
  auto const end = trainlog::detail::steady_ns() / 1'000'000 + duration_ms();
  std::vector<::pid_t> children;
  for (std::size_t i = 0; i < many; ++i) {
    std::string const path = directory / ("rank" + std::to_string(i) + ".tlog");
    children.push_back(start([&] {
      log_writer<Mark> writer(path, small_journal(i));
      write_rows(writer, static_cast<std::int32_t>(i), 0, end);
      writer.close();
      return 0;
    }));
    children.push_back(start([&] {
      auto const seen = follow(path);
      auto const rows = trainlog::log_reader<Mark>(path).size();
      return seen.right && static_cast<std::uint64_t>(seen.next[i]) == rows && rows > 0 ? 0 : 1;
    }));
  }
  for (auto const child : children) CHECK(ended_well(child));
}

TEST_CASE("follow many: threads that follow a log that threads write") {
  temporary_directory const directory;
  std::string const path = directory / "a.tlog";
  auto const end = trainlog::detail::steady_ns() / 1'000'000 + duration_ms();
  std::array<std::int64_t, many> written{};
  std::array<view, many> seen;
  std::atomic<bool> done = false;
  std::vector<std::thread> followers;
  for (auto& each : seen) followers.emplace_back([&] { each = follow(path, &done); });
  // In two rounds: the log is closed between them, and continued.
  for (std::size_t round = 0; round < 2; ++round) {
    log_writer<Mark> writer(path, small_journal(2 * round));
    std::vector<std::thread> threads;
    auto const stop = round == 0 ? end - duration_ms() / 2 : end;
    for (std::size_t i = 0; i < many; ++i) {
      threads.emplace_back([&writer, &written, i, stop] {
        written[i] = write_rows(writer, static_cast<std::int32_t>(i), written[i], stop);
      });
    }
    for (auto& each : threads) each.join();
    writer.close();
  }
  done = true;
  for (auto& each : followers) each.join();
  for (auto const& each : seen) {
    CHECK(each.right);
    CHECK(each.next == written);
  }
}
