// SPDX-License-Identifier: MIT
#include <trainlog/log/follow.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <trainlog/log/log_writer.hpp>

#include "catch.hpp"
#include "log/allocations.hpp"
#include "log/log_parts.hpp"
#include "log/temporary_directory.hpp"

using log_test::journal_of;
using log_test::log_of;
using log_test::some_rows;
using log_test::Step;
using log_test::step_columns;
using log_test::step_of;
using log_test::step_schema;
using log_test::step_slot;
using log_test::temporary;
using trainlog::log_follower;
using trainlog::log_options;
using trainlog::log_writer;

namespace {

/// Takes what there is; checks that rows follow each other from `next` on.
std::size_t poll(log_follower<Step>& follower, std::int64_t& next) {
  return follower.poll([&](Step const& row) { REQUIRE(row == step_of(next++)); });
}

}  // namespace

TEST_CASE("follow: rows of the journal come once, before and after they are in the log") {
  temporary const file;
  ::unlink(file.path().c_str());
  log_follower<Step> follower(file.path());
  std::int64_t next = 0;
  CHECK(poll(follower, next) == 0);
  file.write(log_test::log_header().substr(0, 40));
  CHECK(poll(follower, next) == 0);
  file.write(journal_of({}), "-journal");
  file.write(log_of({step_schema()}));
  CHECK(poll(follower, next) == 0);
  file.write(journal_of(some_rows(0, 5)), "-journal");
  CHECK(poll(follower, next) == 5);
  CHECK(poll(follower, next) == 0);
  file.write(log_of({step_schema(), step_columns(0, 3, {0, 7, 3 * step_slot})}));
  CHECK(poll(follower, next) == 0);
  file.write(journal_of(some_rows(0, 9), {7, 0, 3 * step_slot}), "-journal");
  CHECK(poll(follower, next) == 4);
  auto const blocks =
      std::vector<tlog_test::part>{step_schema(), step_columns(0, 3, {0, 7, 3 * step_slot}),
                                   step_columns(3, 8, {0, 7, 11 * step_slot})};
  auto const more = log_of(blocks);
  for (std::size_t const cut : {100U, 8U, 1U}) {
    file.write(more.substr(0, more.size() - cut));
    CHECK(poll(follower, next) == 0);
  }
  file.write(more);
  CHECK(poll(follower, next) == 2);
  CHECK(next == 11);
  CHECK_FALSE(follower.closed());
  auto closed = blocks;
  closed.push_back(tlog_test::end_part(11));
  file.write(log_of(closed));
  ::unlink((file.path() + "-journal").c_str());
  CHECK(poll(follower, next) == 0);
  CHECK(follower.closed());
  CHECK(follower.next() == nullptr);
  file.write(journal_of(some_rows(11, 1), {9, 11}), "-journal");
  CHECK(poll(follower, next) == 1);
  CHECK_FALSE(follower.closed());
  CHECK(follower.next(5) == nullptr);
}

TEST_CASE("follow: a row waits for the one before it") {
  temporary const file(log_of({step_schema()}));
  file.write(journal_of(some_rows(0, 5), {7, 0, 0, 0, 0, 2}), "-journal");
  log_follower<Step> follower(file.path());
  std::int64_t next = 0;
  CHECK(poll(follower, next) == 2);
  CHECK(poll(follower, next) == 0);
  file.write(journal_of(some_rows(0, 5)), "-journal");
  CHECK(poll(follower, next) == 3);
}

TEST_CASE("follow: a journal that cannot be read is told, until one can") {
  temporary const file(log_of({step_schema(), step_columns(0, 2)}));
  auto damaged = journal_of(some_rows(2, 3), {7, 2});
  damaged[70] ^= 1;
  file.write(damaged, "-journal");
  log_follower<Step> follower(file.path());
  CHECK_FALSE(follower.journal_unreadable());
  std::int64_t next = 0;
  CHECK(poll(follower, next) == 2);
  CHECK(follower.journal_unreadable());
  file.write(journal_of(some_rows(2, 3), {7, 2}), "-journal");
  CHECK(poll(follower, next) == 3);
  CHECK_FALSE(follower.journal_unreadable());
  file.write(damaged, "-journal");
  CHECK(poll(follower, next) == 0);
  CHECK(follower.journal_unreadable());
  ::unlink((file.path() + "-journal").c_str());
  CHECK(poll(follower, next) == 0);
  CHECK_FALSE(follower.journal_unreadable());
}

TEST_CASE("follow: the journal of a log that is named by a symbolic link") {
  temporary const file(log_of({step_schema(), step_columns(0, 3)}));
  file.write(journal_of(some_rows(3, 4), {7, 3}), "-journal");
  writer_test::temporary_directory const other;
  REQUIRE(::symlink(file.path().c_str(), (other / "latest.tlog").c_str()) == 0);
  log_follower<Step> follower(other / "latest.tlog");
  std::int64_t next = 0;
  CHECK(poll(follower, next) == 7);
}

TEST_CASE("follow: a log whose header is damaged") {
  auto content = log_of({step_schema(), step_columns(0, 3)});
  content[41] ^= 1;  // created_ns
  temporary const file(content);
  file.write(journal_of(some_rows(3, 4), {7, 3}), "-journal");
  log_follower<Step> follower(file.path());
  std::int64_t next = 0;
  CHECK(poll(follower, next) == 7);
}

TEST_CASE("follow: another log under the same name is followed from its first row on") {
  temporary const file(log_of({step_schema(), step_columns(0, 3), tlog_test::end_part(3)}));
  log_follower<Step> follower(file.path());
  std::int64_t next = 0;
  CHECK(poll(follower, next) == 3);
  CHECK(follower.closed());
  ::unlink(file.path().c_str());
  CHECK(poll(follower, next) == 0);
  CHECK(follower.closed());
  file.write(log_test::log_header().substr(0, 40));
  next = 0;
  CHECK(poll(follower, next) == 0);
  CHECK_FALSE(follower.closed());
  file.write(log_of({step_schema(), step_columns(0, 2)}));
  file.write(journal_of(some_rows(2, 2), {9, 2}), "-journal");
  CHECK(poll(follower, next) == 4);
  CHECK(follower.row() == 4);
}

TEST_CASE("follow: a new row takes a look at its part of the journal alone") {
  temporary const file;
  ::unlink(file.path().c_str());
  log_options options;
  options.journal_bytes = 8U << 20U;
  log_writer<Step> writer(file.path(), options);
  log_follower<Step> follower(file.path());
  std::int64_t next = 0;
  log_test::most_allocated = 0;
  for (std::int64_t i = 0; i < 5; ++i) {
    REQUIRE(writer.write(step_of(i)));
    CHECK(poll(follower, next) == 1);
  }
  CHECK(log_test::most_allocated < 200'000);
}

TEST_CASE("follow: from a row on") {
  temporary const file(log_of({step_schema(), step_columns(0, 3), step_columns(3, 4)}));
  file.write(journal_of(some_rows(7, 4), {7, 7}), "-journal");
  for (std::int64_t start = 0; start <= 11; ++start) {
    log_follower<Step> follower(file.path(), static_cast<std::uint64_t>(start));
    std::int64_t next = start;
    poll(follower, next);
    CHECK(next == 11);
  }
}

TEST_CASE("follow: a block that is not whole at the end is waited for") {
  auto const good = log_of({step_schema(), step_columns(0, 3), step_columns(3, 4)});
  std::size_t const last = log_test::offsets_of(good)[2];
  for (std::size_t const size : {8U, 60U, 100U}) {
    temporary const file(std::string(good).replace(last, size, std::string(size, '\0')));
    log_follower<Step> follower(file.path());
    std::int64_t next = 0;
    poll(follower, next);
    CHECK(next == 3);
    file.write(good + std::string(8, '\0'));
    poll(follower, next);
    CHECK(next == 7);
  }
}

TEST_CASE("follow: beside a writer that is slow, fast, drained, closed and opened again") {
  temporary const file;
  ::unlink(file.path().c_str());
  constexpr std::int64_t rounds = 20;
  constexpr std::int64_t rows = 3000;
  std::thread writing([&] {
    std::int64_t i = 0;
    for (std::int64_t round = 0; round < rounds; ++round) {
      log_options options;
      options.journal_bytes = 16384;
      options.drain_by =
          round % 2 == 0 ? trainlog::drain_by::background : trainlog::drain_by::caller;
      log_writer<Step> writer(file.path(), options);
      for (std::int64_t k = 0; k < rows; ++k) {
        while (!writer.write(step_of(i))) ::usleep(100);
        if (++i % 700 == 0) writer.flush();
        if (i % 1000 == 0) ::usleep(2000);
      }
    }
  });
  log_follower<Step> follower(file.path());
  std::int64_t next = 0;
  std::int64_t idle = 0;
  while (next < rounds * rows && idle < 2000) {
    Step const* const row = follower.next(10);
    if (row == nullptr) {
      ++idle;
      if (follower.closed()) ::usleep(1000);
      continue;
    }
    REQUIRE(*row == step_of(next++));
    idle = 0;
  }
  writing.join();
  CHECK(next == rounds * rows);
  CHECK(follower.next() == nullptr);
  CHECK(follower.row() == static_cast<std::uint64_t>(next));
}
