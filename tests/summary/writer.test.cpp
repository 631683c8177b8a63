// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <numeric>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <trainlog/summary.hpp>

#include "catch.hpp"
#include "log/full_disk.hpp"
#include "log/temporary_directory.hpp"
#include "summary/event_files.hpp"

using namespace trainlog;
using namespace summary_test;
using summary::write_policy;
using writer_test::full_disk;
using writer_test::temporary_directory;

namespace {

bool log(summary::writer const& to, std::int64_t step) {
  return summary::scalar(to, "x", step, step);
}

std::size_t count(std::string const& directory) { return events_in(directory).size(); }

/// Runs the function in a child that fork made; true if it said so.
[[maybe_unused]] bool in_child(std::function<bool()> const& function) {
  auto const child = ::fork();
  if (child == 0) ::_exit(function() ? 0 : 1);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/// Until the function says so; false after ten seconds.
bool eventually(std::function<bool()> const& function) {
  for (int i = 0; i < 1000; ++i) {
    if (function()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

}  // namespace

TEST_CASE("a new writer's file says version and writer at once") {
  temporary_directory const directory;
  auto const writer =
      summary::create_file_writer(directory / "deep/run", {.filename_suffix = ".v2"});
  auto const files = files_in(directory / "deep/run");
  REQUIRE(files.size() == 1);
  CHECK(files[0].ends_with(".v2"));
  CHECK(files[0] == writer.status().path);
  auto const records = records_of(files[0]);
  REQUIRE(records.size() == 1);
  CHECK(find_field(records[0], 3).bytes == "brain.Event:2");
  CHECK(find_field(find_field(records[0], 10).bytes, 1).bytes == "trainlog");
}

TEST_CASE("a directory that cannot be made is an io_error of create_file_writer") {
  temporary_directory const directory;
  std::ofstream(directory / "file");
  CHECK_THROWS_AS(summary::create_file_writer(directory / "file"), io_error);
  CHECK_THROWS_AS(summary::create_file_writer(""), io_error);
}

TEST_CASE("written through, an event is in the file when the op returns") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  for (int step = 1; step <= 3; ++step) {
    CHECK(log(writer, step));
    CHECK(count(directory.path()) == static_cast<std::size_t>(step));
  }
  auto const status = writer.status();
  CHECK(status.is_open);
  CHECK_FALSE(status.degraded);
  CHECK(status.events_written == 3);
  CHECK(status.events_waiting == 0);
  CHECK(status.events_lost == 0);
  CHECK(status.error.empty());
}

TEST_CASE("buffered, events wait for the interval, the size, a flush or the end") {
  temporary_directory const directory;
  auto const wait = GENERATE(0, 1, 2, 3);
  {
    auto const writer = summary::create_file_writer(
        directory.path(), {.policy = write_policy::buffered,
                           .flush_interval_ms = wait == 0 ? 20U : 3600000U,
                           .flush_bytes = wait == 1 ? std::size_t{1000} : std::size_t{1} << 20U});
    if (wait != 0) {
      CHECK(log(writer, 1));
      CHECK(count(directory.path()) == 0);
      CHECK(writer.status().events_waiting == 1);
    }
    for (int step = 2; step < 50; ++step) CHECK(log(writer, step));
    if (wait == 0) CHECK(eventually([&] { return count(directory.path()) == 48; }));
    if (wait == 1) CHECK(count(directory.path()) > 20);
    if (wait == 2) {
      CHECK(writer.flush());
      CHECK(count(directory.path()) == 49);
      CHECK(writer.status().events_waiting == 0);
    }
  }
  CHECK(count(directory.path()) == (wait == 0 ? 48 : 49));
}

TEST_CASE("on_error may close the writer, while others close it, too") {
  bool const others_close = GENERATE(false, true);
  temporary_directory const directory;
  summary::writer writer;
  std::atomic<bool> is_told = false;
  std::atomic<bool> says_lost = false;
  summary::file_writer_options options;
  options.policy = write_policy::buffered;
  options.flush_interval_ms = 5;
  options.on_error = [&](auto const&) {  // called by the background
    is_told = true;
    if (others_close) std::this_thread::sleep_for(std::chrono::milliseconds(30));
    says_lost = !writer.close();
  };
  writer = summary::create_file_writer(directory.path(), options);
  full_disk const full(writer.status().path);
  CHECK(log(writer, 1));
  while (!is_told) std::this_thread::yield();
  if (others_close) writer.close();
  while (writer.status().is_open) std::this_thread::yield();
  CHECK_FALSE(log(writer, 2));
  CHECK_FALSE(writer.close());
  CHECK(says_lost);
  CHECK(writer.status().events_lost == 1);
}

TEST_CASE("the end of a default scope flushes") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(
      directory.path(), {.policy = write_policy::buffered, .flush_interval_ms = 3600000});
  {
    auto const scope = writer.as_default();
    summary::scalar("x", 1, 1);
    CHECK(count(directory.path()) == 0);
  }
  CHECK(count(directory.path()) == 1);
}

TEST_CASE("while the disk is full events wait, and are written when there is room") {
  temporary_directory const directory;
  int told = 0;
  summary::writer_status seen;
  auto const writer =
      summary::create_file_writer(directory.path(), {.on_error = [&](auto const& status) {
                                    ++told;
                                    seen = status;
                                    throw std::runtime_error("ignored");
                                  }});
  CHECK(log(writer, 1));
  {
    full_disk const full(writer.status().path);
    CHECK(log(writer, 2));
    CHECK(log(writer, 3));
    CHECK_FALSE(writer.flush());
    CHECK(told == 1);
    CHECK(seen.degraded);
    CHECK(seen.error_number == ENOSPC);
    CHECK(seen.error.find("No space left") != std::string::npos);
    CHECK(writer.status().events_waiting == 2);
  }
  CHECK(writer.flush());
  CHECK(log(writer, 4));
  auto const status = writer.status();
  CHECK_FALSE(status.degraded);
  CHECK(status.error_number == ENOSPC);
  CHECK(status.events_written == 4);
  CHECK(status.events_lost == 0);
  CHECK(count(directory.path()) == 4);
  {
    full_disk const full(writer.status().path);
    CHECK(log(writer, 5));
  }
  CHECK(told == 2);
}

TEST_CASE("beyond what may wait, events are lost and counted") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path(), {.max_waiting_bytes = 100});
  {
    full_disk const full(writer.status().path);
    CHECK(summary::scalar(writer, "x", 1, 1, {.description = "d"}));
    int kept = 0;
    for (int step = 2; step <= 10; ++step) kept += log(writer, step) ? 1 : 0;
    CHECK(kept < 9);
    CHECK(writer.status().events_lost == static_cast<std::uint64_t>(9 - kept));
  }
  CHECK(writer.flush());
  CHECK(writer.status().events_written + writer.status().events_lost == 10);
  CHECK_FALSE(writer.close());
}

TEST_CASE("metadata that were lost are written again") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path(), {.max_waiting_bytes = 0});
  {
    full_disk const full(writer.status().path);
    CHECK_FALSE(summary::scalar(writer, "x", 1, 1, {.description = "d"}));
  }
  CHECK(writer.flush());
  CHECK(summary::scalar(writer, "x", 1, 2, {.description = "d"}));
  CHECK(find_field(values_of(events_in(directory.path()).at(0)).at(0), 9).number == 9);
}

TEST_CASE("metadata of an event that was not finished are written with the next one") {
  temporary_directory const directory;
  detail::writer_core core(directory.path(), {});
  auto const write = [&](bool throws) {
    return core.write_value({1.0, 1}, {"", "x"}, {.plugin_name = "mine"}, [&](std::string& out) {
      if (throws) throw std::runtime_error("no");
      detail::append_simple_value(out, 1.0F);
    });
  };
  CHECK_THROWS_AS(write(true), std::runtime_error);
  CHECK(write(false));
  CHECK(find_field(values_of(events_in(directory.path()).at(0)).at(0), 9).number == 9);
}

TEST_CASE("what waits when a writer is closed on a full disk is lost and counted") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  full_disk const full(writer.status().path);
  CHECK(log(writer, 1));
  CHECK_FALSE(writer.close());
  CHECK(writer.status().events_lost == 1);
  CHECK_FALSE(writer.status().is_open);
}

TEST_CASE("writers of one directory have a file each") {
  temporary_directory const directory;
  std::vector<summary::writer> writers;
  for (int i = 0; i < 20; ++i) writers.push_back(summary::create_file_writer(directory.path()));
  for (auto const& each : writers) CHECK(log(each, 1));
  CHECK(files_in(directory.path()).size() == 20);
  for (auto const& path : files_in(directory.path())) CHECK(records_of(path).size() == 2);
}

TEST_CASE("copies share a file, which the last one closes") {
  temporary_directory const directory;
  auto first = summary::create_file_writer(directory.path());
  auto const second = first;
  first = {};
  CHECK_FALSE(log(first, 1));
  CHECK(log(second, 2));
  CHECK(count(directory.path()) == 1);
}

TEST_CASE("other ranks than 0 write nothing and make nothing") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory / "run", {.rank = 1});
  CHECK_FALSE(log(writer, 1));
  CHECK(writer.flush());
  CHECK(writer.close());
  CHECK_FALSE(writer.status().is_open);
  CHECK(writer.status().path.empty());
  CHECK(directory.count() == 0);
}

TEST_CASE("threads share a writer") {
  temporary_directory const directory;
  auto const policy = GENERATE(write_policy::write_through, write_policy::buffered);
  auto const writer = summary::create_file_writer(
      directory.path(), {.policy = policy, .flush_interval_ms = 1, .flush_bytes = 1000});
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      auto const scope = writer.as_default();
      summary::name_scope const name(std::to_string(i));
      for (int step = 0; step < 1000; ++step) summary::scalar("x", step, step);
    });
  }
  for (auto& each : threads) each.join();
  CHECK(writer.close());
  std::vector<std::int64_t> next(4);
  for (auto const& event : events_in(directory.path())) {
    auto const thread = static_cast<std::size_t>(tag_in(event)[0] - '0');
    CHECK(step_of(event) == next.at(thread)++);
  }
  CHECK(next == std::vector<std::int64_t>(4, 1000));
}

// The allocator of g++ 12's address sanitizer may be locked by another thread in a child, for ever;
// the thread sanitizer lets a child have no threads.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST_CASE("a child of fork writes nothing into its parent's file, and may have its own") {
  temporary_directory const directory;
  auto const policy = GENERATE(write_policy::write_through, write_policy::buffered);
  auto const writer = summary::create_file_writer(directory / "parent", {.policy = policy});
  CHECK(log(writer, 1));
  CHECK(in_child([&] {
    auto const own = summary::create_file_writer(directory / "child", {.policy = policy});
    return !log(writer, 2) && !writer.flush() && writer.close() && !writer.status().is_open &&
           log(own, 3) && own.close();
  }));
  CHECK(log(writer, 4));
  CHECK(writer.close());
  CHECK(count(directory / "parent") == 2);
  CHECK(count(directory / "child") == 1);
}

TEST_CASE("when a file may not grow, a new one is begun, and no event lost") {
  temporary_directory const directory;
  auto const policy = GENERATE(write_policy::write_through, write_policy::buffered);
  CHECK(in_child([&] {
    ::rlimit const small{4096, 4096};
    ::setrlimit(RLIMIT_FSIZE, &small);
    std::signal(SIGXFSZ, SIG_IGN);
    int told = 0;
    auto const writer = summary::create_file_writer(
        directory.path(),
        {.policy = policy, .flush_bytes = 6000, .on_error = [&](auto const&) { ++told; }});
    for (int step = 0; step < 300; ++step) {
      if (!log(writer, step)) return false;
      if (step % 10 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    for (int i = 0; i < 20 && !writer.flush(); ++i) {
    }
    return told > 0 && writer.status().events_lost == 0 && writer.status().events_written == 300;
  }));
  std::vector<std::int64_t> steps;
  auto const files = files_in(directory.path());
  CHECK(files.size() > 2);
  CHECK(files.size() < 10);
  for (auto const& path : files) {
    auto const records = records_of(path);
    for (std::size_t i = 1; i < records.size(); ++i) steps.push_back(step_of(records[i]));
  }
  std::vector<std::int64_t> expected(300);
  std::iota(expected.begin(), expected.end(), 0);
  CHECK(steps == expected);
}

TEST_CASE("an event that is too large for any file is lost, and those after it are not") {
  temporary_directory const directory;
  CHECK(in_child([&] {
    ::rlimit const small{4096, 4096};
    ::setrlimit(RLIMIT_FSIZE, &small);
    std::signal(SIGXFSZ, SIG_IGN);
    auto const writer = summary::create_file_writer(directory.path());
    log(writer, 1);
    summary::text(writer, "large", std::string(10000, 'x'), 2);
    log(writer, 3);
    for (int i = 0; i < 20 && !writer.flush(); ++i) {
    }
    auto const status = writer.status();
    return status.events_lost == 1 && status.events_written == 2 && status.events_waiting == 0;
  }));
  CHECK(files_in(directory.path()).size() == 2);
  for (auto const& path : files_in(directory.path())) CHECK(records_of(path).size() == 2);
}

TEST_CASE("a normal exit loses nothing, though nobody destroys the writer") {
  temporary_directory const directory;
  summary::file_writer_options const slow{.policy = write_policy::buffered,
                                          .flush_interval_ms = 3600000};
  CHECK(in_child([&] {
    auto const writer = summary::create_file_writer(directory.path(), slow);
    bool const kept = log(writer, 1);
    // Catch2's own handlers must not run: only this one's are of interest.
    detail::exit_registry::write_all();
    return kept && log(writer, 2) && count(directory.path()) == 2;
  }));
  CHECK(count(directory.path()) == 2);
}

TEST_CASE("written through, SIGKILL loses no event whose op has returned") {
  // NOLINTNEXTLINE(performance-no-int-to-ptr): MAP_FAILED
  void* const shared = ::mmap(nullptr, sizeof(std::atomic<std::int64_t>), PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  REQUIRE(shared != MAP_FAILED);
  auto& returned = *new (shared) std::atomic<std::int64_t>(0);
  for (int i = 0; i < 20; ++i) {
    temporary_directory const directory;
    returned = 0;
    auto const child = ::fork();
    if (child == 0) {
      auto const writer = summary::create_file_writer(directory.path());
      for (std::int64_t step = 1;; ++step) {
        if (log(writer, step)) returned = step;
      }
    }
    REQUIRE(eventually([&] { return returned > 100 * i; }));
    ::kill(child, SIGKILL);
    REQUIRE(::waitpid(child, nullptr, 0) == child);
    // The kernel may stop a write at the end of a page.
    auto const records = records_of(files_in(directory.path()).at(0), true);
    CHECK(static_cast<std::int64_t>(records.size()) > returned);
    CHECK(step_of(records.back()) == static_cast<std::int64_t>(records.size()) - 1);
  }
  ::munmap(shared, sizeof(std::atomic<std::int64_t>));
}

#endif
