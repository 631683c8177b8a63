// SPDX-License-Identifier: MIT
#include <sys/wait.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <trainlog/log/log_writer.hpp>

#include "catch.hpp"
#include "log/allocations.hpp"
#include "log/full_disk.hpp"
#include "log/temporary_directory.hpp"
#include "log/writer_records.hpp"
#include "log/written_log.hpp"

using namespace trainlog;
using namespace writer_test;

namespace {

std::vector<Fixed> fixed_rows(std::int64_t count, std::int64_t first = 0) {
  std::vector<Fixed> rows;
  for (std::int64_t i = first; i < count; ++i) rows.push_back(fixed(i));
  return rows;
}

log_options with_journal(std::uint64_t bytes, durability level = durability::process) {
  log_options options;
  options.journal_bytes = bytes;
  options.durability = level;
  return options;
}

bool exists(std::string const& path) { return std::filesystem::exists(path); }

/// Runs the function in a child that fork made; returns what it returned.
template <class Function>
int in_child(Function function) {
  auto const child = ::fork();
  if (child == 0) ::_exit(function());
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// True if the function says that a child of fork cannot do it.
[[maybe_unused]] bool is_refused(std::function<void()> const& function) {
  try {
    function();
    return false;
  } catch (error const& problem) {
    return std::string_view(problem.what()).ends_with("of the one that opened it");
  }
}

/// Leaves a log behind as a process does that is killed: nothing is closed.
template <class Function>
void killed(Function function) {
  in_child([&] {
    function();
    ::kill(::getpid(), SIGKILL);
    return 0;
  });
}

}  // namespace

TEST_CASE("a closed log is one file with all rows, an index and an end") {
  temporary_directory const directory;
  std::string const path = directory / "a.tlog";
  log_writer<Fixed> writer(path);
  for (auto const& row : fixed_rows(50000)) REQUIRE(writer.write(row));
  writer.close();
  CHECK(directory.count() == 1);
  auto const log = read_log(path);
  CHECK(records_of<Fixed>(log) == fixed_rows(50000));
  CHECK(log.report.closed);
  CHECK(log.report.whole());
  REQUIRE(log.blocks.size() >= 4);
  CHECK(log.blocks.front().is(block_type::schema));
  CHECK(log.blocks[log.blocks.size() - 2].is(block_type::index));
  CHECK(log.blocks.back().row_count == 50000);
}

TEST_CASE("the index says what the blocks say") {
  temporary_directory const directory;
  std::string const path = directory / "a.tlog";
  for (int part = 0; part < 2; ++part) {
    log_writer<Fixed> writer(path);
    for (auto const& row : fixed_rows(30000)) writer.write(row);
  }
  auto const log = read_log(path);
  auto const& index = log.blocks[log.blocks.size() - 2];
  std::string const all = read_file(path);
  CHECK(writer_test::get_le<std::uint64_t>(all.data() + log.blocks.back().payload() + 8) ==
        log.blocks.back().offset - index.offset);
  wire_reader in(std::string_view(all).substr(index.payload(), index.payload_length));
  std::uint64_t value = 0;
  REQUIRE(in.varint(value));
  REQUIRE(value == log.blocks.size() - 2);
  std::uint64_t last = 64;
  for (std::size_t i = 0; i < value; ++i) {
    std::uint64_t type = 0;
    std::uint64_t distance = 0;
    REQUIRE((in.varint(type) && in.varint(distance)));
    CHECK(type == log.blocks[i].type);
    CHECK(last + 8 * distance == log.blocks[i].offset);
    last = log.blocks[i].offset;
    if (!log.blocks[i].has_rows()) continue;
    std::uint64_t schema = 0;
    std::uint64_t rows = 0;
    REQUIRE((in.varint(schema) && in.varint(rows)));
    CHECK(schema == log.blocks[i].schema_id);
    CHECK(rows == log.blocks[i].row_count);
  }
  CHECK(in.remaining() == 0);
}

TEST_CASE("a row is in the journal as soon as write returns, and in the log after flush") {
  auto const kind = GENERATE(journal_kind::automatic, journal_kind::mapped, journal_kind::written);
  temporary_directory const directory;
  std::string const path = directory / "a.tlog";
  log_options options;
  options.journal_kind = kind;
  log_writer<Fixed> writer(path, options);
  CHECK(writer.status().journal_is_mapped == (kind != journal_kind::written));
  CHECK(writer.status().journal_reason.empty() == (kind != journal_kind::written));
  for (std::int64_t i = 0; i < 10; ++i) {
    writer.write(fixed(i));
    auto const log = read_log(path);
    CHECK(records_of<Fixed>(log) == fixed_rows(i + 1));
    CHECK(log.recovered == static_cast<std::size_t>(i + 1));
  }
  CHECK(writer.status().rows_written == 10);
  CHECK(writer.status().rows_in_file == 0);
  writer.flush();
  CHECK(writer.status().rows_written == 10);
  CHECK(writer.status().rows_in_file == 10);
  CHECK(read_log(path).recovered == 0);
  CHECK(records_of<Fixed>(read_log(path)) == fixed_rows(10));
}

TEST_CASE("rows of every size go round a small journal, those larger than it too") {
  auto const level = GENERATE(durability::process, durability::none);
  auto const by = GENERATE(drain_by::background, drain_by::caller);
  temporary_directory const directory;
  std::string const path = directory / "a.tlog";
  auto options = with_journal(4096, level);
  options.drain_by = by;
  log_writer<Varying> writer(path, options);
  std::vector<Varying> rows;
  for (std::int64_t i = 0; i < 3000; ++i) {
    rows.push_back(varying(i, i % 100 == 0 ? 9000 : 90));
    REQUIRE(writer.write(rows.back()));
  }
  CHECK(writer.status().rows_written == 3000);
  writer.close();
  CHECK(records_of<Varying>(read_log(path)) == rows);
  CHECK(directory.count() == 1);
}

TEST_CASE("a log is continued, closed or killed, and rows of a killed writer come first") {
  temporary_directory const directory;
  std::string const path = directory / "a.tlog";
  std::int64_t next = 0;
  for (int round = 0; round < 6; ++round) {
    bool const kills = round % 2 == 0;
    std::int64_t const end = next + 20000 + 7 * round;
    auto const write = [&] {
      log_writer<Fixed> writer(path, with_journal(262144));
      for (std::int64_t i = next; i < end; ++i) writer.write(fixed(i));
      if (kills) ::kill(::getpid(), SIGKILL);
    };
    if (kills) killed(write);
    else write();
    next = end;
    CHECK(exists(path + "-journal") == kills);
    auto const log = read_log(path);
    CHECK(records_of<Fixed>(log) == fixed_rows(next));
    CHECK(log.report.closed == !kills);
    CHECK(log.schemas == 1);
  }
}

TEST_CASE("a log is continued under another record, and under the first again") {
  temporary_directory const directory;
  std::string const path = directory / "a.tlog";
  killed([&] {
    log_writer<Fixed> writer(path);
    writer.write(fixed(1));
    ::kill(::getpid(), SIGKILL);
  });
  killed([&] {
    log_writer<Evolved> writer(path);
    writer.write({2, 0.5, {}});
    ::kill(::getpid(), SIGKILL);
  });
  log_writer<Fixed> writer(path);
  CHECK(writer.status().rows_recovered == 1);
  CHECK(writer.status().rows_in_file == 2);
  writer.write(fixed(3));
  writer.close();
  auto const log = read_log(path);
  CHECK(log.schema == std::vector<std::uint32_t>{0, 1, 0});
  CHECK(log.schemas == 2);
  CHECK(log.rows.at(1) == std::string("\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\xe0\x3f\0", 17));
}

TEST_CASE("a log is not continued under a record of which no record could read both") {
  temporary_directory const directory;
  std::string const path = directory / "a.tlog";
  killed([&] { log_writer<Fixed>(path).write(fixed(1)); });
  killed([&] {
    log_writer<Evolved> writer(path);
    writer.write({2, 0.5, {}});
    ::kill(::getpid(), SIGKILL);
  });
  std::string const before = read_file(path);
  std::string const journal_before = read_file(path + "-journal");
  auto const open = [&] { log_writer<Foreign> const writer(path); };
  CHECK_THROWS_WITH(
      open(), ("trainlog: cannot log rows of Foreign to '" + path +
               "', which has rows of Fixed: $.loss: the file has float64, the record has string; "
               "log to another file, or give up this one by existing::replace"));
  CHECK(read_file(path) == before);
  CHECK(read_file(path + "-journal") == journal_before);
  CHECK(log_writer<Fixed>(path).status().rows_in_file == 2);
  CHECK_THROWS_AS(open(), schema_error);  // of a log that is closed, too
  log_options replacing;
  replacing.existing = existing::replace;
  CHECK(log_writer<Foreign>(path, replacing).status().rows_in_file == 0);
}

TEST_CASE("what an interrupted write left at the end is cut off, a half-made log begins anew") {
  temporary_directory const directory;
  std::string const path = directory / "a.tlog";
  {
    log_writer<Fixed> writer(path);
    for (auto const& row : fixed_rows(100)) writer.write(row);
  }
  std::string const whole = read_file(path);
  auto const last = read_log(path).blocks.back().offset;
  for (auto const size : {last + 1, last + 47, last + 48, last + 60}) {
    std::ofstream(path, std::ios::binary) << whole.substr(0, size);
    {
      log_writer<Fixed> const writer(path);
    }
    CHECK(records_of<Fixed>(read_log(path)) == fixed_rows(100));
    CHECK(read_log(path).report.whole());
  }
  for (std::size_t size = 0; size < 64; ++size) {
    std::ofstream(path, std::ios::binary) << whole.substr(0, size);
    {
      log_writer<Fixed>(path).write(fixed(7));
    }
    CHECK(read_log(path).rows.size() == 1);
  }
}

TEST_CASE("damage at the end of a log is not thrown away when it is continued") {
  temporary_directory const directory;
  std::string const path = directory / "a.tlog";
  {
    log_writer<Fixed>(path).write(fixed(0));
  }
  auto const size = std::filesystem::file_size(path);
  std::ofstream(path, std::ios::binary | std::ios::app) << std::string(1001, 'x');
  {
    log_writer<Fixed>(path).write(fixed(1));
  }
  auto const log = read_log(path);
  CHECK(records_of<Fixed>(log) == fixed_rows(2));
  REQUIRE(log.report.damages == 1);
  CHECK(log.report.damage.at(0).begin == size);
  CHECK(log.report.damage.at(0).end == size + 1008);
}

TEST_CASE("a second writer of the same file is an error that names the process") {
  temporary_directory const directory;
  std::string const path = directory / "a.tlog";
  log_writer<Fixed> first(path);
  CHECK_THROWS_AS(log_writer<Fixed>(path), log_in_use);
  try {
    log_writer<Fixed> const second(path);
  } catch (log_in_use const& problem) {
    CHECK(problem.process() == static_cast<std::uint64_t>(::getpid()));
    CHECK(problem.what() ==
          "trainlog: cannot open '" + path + "': another writer has it open (this process)");
  }
  CHECK(std::string(log_in_use("a", 1).what())
            .ends_with("(process 1); give each process a file of its own"));
  log_writer<Fixed> other(directory / "b.tlog");
  CHECK(first.write(fixed(0)));
  CHECK(other.write(fixed(0)));
  first.close();
  CHECK_NOTHROW(log_writer<Fixed>(path));
}

TEST_CASE("what is no log is an error, and is left alone") {
  temporary_directory const directory;
  std::string const path = directory / "a.tlog";
  CHECK_THROWS_AS(log_writer<Fixed>(directory / "none" + "/a.tlog"), io_error);
  CHECK_THROWS_WITH(log_writer<Fixed>(directory / "none/a.tlog"),
                    Catch::Matchers::Contains("make a log in '" + (directory / "none/'")));
  CHECK_THROWS_AS(log_writer<Fixed>(""), io_error);
  CHECK_THROWS_AS(log_writer<Fixed>(directory.path()), io_error);
  CHECK_THROWS_AS(log_writer<Fixed>("/dev/null"), io_error);
  std::string const text = "step,loss\n" + std::string(100, '1');
  std::ofstream(path) << text;
  CHECK_THROWS_AS(log_writer<Fixed>(path), decode_error);
  CHECK(read_file(path) == text);
  std::ofstream(path) << "short";
  CHECK_THROWS_AS(log_writer<Fixed>(path), decode_error);
  save_binary(path, fixed(1));
  CHECK_THROWS_AS(log_writer<Fixed>(path), error);
  CHECK(load_binary<Fixed>(path) == fixed(1));
  CHECK(directory.count() == 1);
}

TEST_CASE("the journal of another log is moved away, not replaced") {
  temporary_directory const directory;
  std::string const path = directory / "a.tlog";
  killed([&] {
    log_writer<Fixed> writer(path);
    writer.write(fixed(1));
    ::kill(::getpid(), SIGKILL);
  });
  std::filesystem::rename(path, directory / "moved.tlog");
  {
    log_writer<Fixed>(path).write(fixed(2));
  }
  REQUIRE(directory.count() == 3);
  for (auto const& each : std::filesystem::directory_iterator(directory.path())) {
    if (each.path().string().starts_with(path + "-journal-")) {
      std::filesystem::rename(each.path(), directory / "moved.tlog-journal");
    }
  }
  CHECK(records_of<Fixed>(read_log(directory / "moved.tlog")) == std::vector{fixed(1)});
}

TEST_CASE("a closed writer and one that was moved from refuse rows, the moved one goes on") {
  temporary_directory const directory;
  std::string const path = directory / "a.tlog";
  log_writer<Fixed> writer(path);
  writer.write(fixed(0));
  log_writer<Fixed> moved(std::move(writer));
  CHECK_FALSE(writer.write(fixed(9)));  // NOLINT(bugprone-use-after-move)
  CHECK_FALSE(writer.status().is_open);
  CHECK(moved.write(fixed(1)));
  CHECK(moved.status().is_open);
  CHECK(moved.is_open());
  CHECK(moved.path() == path);
  moved.close();
  moved.close();
  moved.flush();
  CHECK_THROWS_AS(moved.sync(), io_error);
  CHECK_THROWS_WITH(moved.sync(),
                    "trainlog: cannot synchronise '" + path + "': the log_writer is closed");
  CHECK_FALSE(moved.is_open());
  CHECK_FALSE(moved.write(fixed(9)));
  CHECK_FALSE(moved.status().is_open);
  CHECK(moved.status().rows_in_file == 2);
  CHECK(moved.status().rows_lost == 0);
  CHECK(records_of<Fixed>(read_log(path)) == fixed_rows(2));
}

// The allocator of g++ 12's address sanitizer may be locked by another thread in a child, for ever.
#ifndef __SANITIZE_ADDRESS__
TEST_CASE("a child of fork cannot write, and takes nothing from its parent") {
  temporary_directory const directory;
  std::string const path = directory / "a.tlog";
  auto const level = GENERATE(durability::process, durability::none, durability::interval);
  {
    log_writer<Fixed> writer(path, with_journal(0, level));
    for (std::int64_t i = 0; i < 100; ++i) writer.write(fixed(i));
    CHECK(in_child([&] {
            bool const refuses = !writer.write(fixed(-1)) && !writer.status().is_open &&
                                 is_refused([&] { writer.flush(); }) &&
                                 is_refused([&] { writer.sync(); });
            writer.close();
            {
              log_writer<Fixed> const gone(std::move(writer));
            }
            log_options options;
            options.drain_by = drain_by::caller;  // ThreadSanitizer allows no threads there
            log_writer<Fixed> own(directory / "child.tlog", options);
            return refuses && own.write(fixed(5)) ? (own.close(), 0) : 1;
          }) == 0);
    CHECK(read_log(directory / "child.tlog").rows.size() == 1);
    CHECK_THROWS_AS(log_writer<Fixed>(path), log_in_use);
    for (std::int64_t i = 100; i < 200; ++i) CHECK(writer.write(fixed(i)));
  }
  CHECK(records_of<Fixed>(read_log(path)) == fixed_rows(200));
}

TEST_CASE("a child that outlives its parent does not keep the log locked") {
  temporary_directory const directory;
  std::string const path = directory / "a.tlog";
  int ends[2];
  int ready[2];
  REQUIRE((::pipe(ends) == 0 && ::pipe(ready) == 0));
  killed([&] {
    log_writer<Fixed> writer(path);
    writer.write(fixed(0));
    if (::fork() == 0) {
      ::close(ends[1]);
      char byte = 0;
      if (::write(ready[1], &byte, 1) != 1) ::_exit(1);
      ::_exit(static_cast<int>(::read(ends[0], &byte, 1)));  // until the test ends
    }
    char byte = 0;
    if (::read(ready[0], &byte, 1) != 1) ::_exit(1);
    ::kill(::getpid(), SIGKILL);
  });
  log_writer<Fixed> writer(path);
  CHECK(writer.status().rows_recovered == 1);
  for (int const each : {ends[0], ends[1], ready[0], ready[1]}) ::close(each);
}

#endif

TEST_CASE("many threads share a writer, each with its rows in order") {
  auto const by = GENERATE(drain_by::background, drain_by::caller);
  temporary_directory const directory;
  std::string const path = directory / "a.tlog";
  auto options = with_journal(65536);
  options.drain_by = by;
  log_writer<Varying> writer(path, options);
  constexpr std::int64_t count = 5000;
  std::vector<std::thread> threads;
  for (std::int64_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (std::int64_t i = 0; i < count; ++i) {
        writer.write(varying(t * count + i, i % 1000 == 999 ? 30000 : 60));
      }
    });
  }
  for (int i = 0; i < 20; ++i) {
    writer.flush();
    if (i % 5 == 0) writer.sync();
    CHECK(writer.status().rows_lost == 0);
  }
  for (auto& each : threads) each.join();
  writer.close();
  std::vector<std::int64_t> next{0, 0, 0, 0};
  auto const rows = records_of<Varying>(read_log(path));
  REQUIRE(rows.size() == 4 * count);
  for (auto const& row : rows) {
    auto const t = static_cast<std::size_t>(row.step / count);
    REQUIRE(row.step == static_cast<std::int64_t>(t) * count + next.at(t));
    REQUIRE(row == varying(row.step, next[t] % 1000 == 999 ? 30000 : 60));
    ++next[t];
  }
}

TEST_CASE("with durability none rows get into the file by themselves, there is no journal") {
  temporary_directory const directory;
  std::string const path = directory / "a.tlog";
  auto options = with_journal(0, durability::none);
  options.interval_ms = 5;
  log_writer<Fixed> writer(path, options);
  CHECK(directory.count() == 1);
  CHECK_FALSE(writer.status().has_journal_file);
  writer.write(fixed(0));
  for (int i = 0; i < 1000 && writer.status().rows_in_file == 0; ++i) ::usleep(1000);
  CHECK(read_log(path).rows.size() == 1);
}

TEST_CASE("a log opened without a journal takes over the one that a killed writer left") {
  temporary_directory const directory;
  std::string const path = directory / "a.tlog";
  killed([&] {
    log_writer<Fixed> writer(path);
    writer.write(fixed(0));
    ::kill(::getpid(), SIGKILL);
  });
  log_writer<Fixed> writer(path, with_journal(0, durability::none));
  CHECK(directory.count() == 1);
  CHECK(read_log(path).rows.size() == 1);
}

TEST_CASE("a log is written through a symbolic link, with its journal beside the file") {
  temporary_directory const directory;
  std::filesystem::create_directory(directory / "d");
  std::filesystem::create_symlink("d/a.tlog", directory / "link.tlog");
  log_writer<Fixed> writer(directory / "link.tlog");
  writer.write(fixed(0));
  CHECK(exists(directory / "d/a.tlog-journal"));
  CHECK(read_log(directory / "d/a.tlog").rows.size() == 1);
}

TEST_CASE("rows at a steady pace, for which the background looks by itself, are all drained") {
  temporary_directory const here;
  std::string const path = here / "steady.tlog";
  constexpr std::int64_t burst = 200;  // about 13 KiB of a journal of 64
  std::int64_t written = 0;
  log_writer<Fixed> log(path, with_journal(65536));
  for (int i = 0; i < 60; ++i) {
    for (std::int64_t end = written + burst; written < end; ++written) {
      REQUIRE(log.write(fixed(written)));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(6));
  }
  auto const status = log.status();
  CHECK(status.rows_lost == 0);
  CHECK(status.rows_in_file > 0);
  log.close();
  CHECK(records_of<Fixed>(read_log(path)) == fixed_rows(written));
}

TEST_CASE("an interval cannot be kept without a thread in the background") {
  temporary_directory const directory;
  auto options = with_journal(0, durability::interval);
  options.drain_by = drain_by::caller;
  CHECK_THROWS_WITH(log_writer<Fixed>(directory / "a.tlog", options),
                    Catch::Matchers::EndsWith("use drain_by::background"));
  CHECK(directory.count() == 0);
  CHECK_NOTHROW(log_writer<Fixed>(directory / "a.tlog", with_journal(0, durability::interval)));
}

TEST_CASE("with when_full::drop a row that has no place is counted, and the log says so") {
  temporary_directory const directory;
  std::string const path = directory / "a.tlog";
  auto options = with_journal(4096);
  options.when_full = when_full::drop;
  std::uint64_t refused = 0;
  {
    log_writer<Fixed> writer(path, options);
    for (std::int64_t i = 0; i < 100000; ++i) refused += writer.write(fixed(i)) ? 0U : 1U;
    CHECK(writer.status().rows_lost == refused);
    CHECK(writer.status().rows_written == 100000 - refused);
    CHECK_FALSE(writer.status().degraded);
  }
  auto const log = read_log(path);
  CHECK(refused > 0);
  CHECK(log.lost == refused);
  CHECK(log.rows.size() == 100000 - refused);
  CHECK(log.report.missing == 0);
}

TEST_CASE("rows that a wild pointer hit are not passed on, they are counted") {
  temporary_directory const directory;
  std::string const path = directory / "a.tlog";
  row_format const format{schema_of<Fixed>(), schema_payload<Fixed>(), 40};
  log_core core(path, format, with_journal(4096));
  for (std::int64_t i = 0; i < 10; ++i) {
    auto const slot = core.ring().reserve(40);
    put_value(slot.row, fixed(i));
    core.ring().commit(slot, 40);
    if (i == 4) slot.row[3] ^= 1;
  }
  core.close();
  CHECK(core.status().rows_lost == 1);
  auto const log = read_log(path);
  CHECK(log.lost == 1);
  REQUIRE(log.rows.size() == 9);
  CHECK(records_of<Fixed>(log).at(4) == fixed(5));
}

TEST_CASE("without memory a row that needs some is lost and counted, and on_error says so") {
  temporary_directory const directory;
  std::string const path = directory / "a.tlog";
  int told = 0;
  log_status last;
  auto options = with_journal(4096);
  options.on_error = [&](log_status const& status) {
    ++told;
    last.error_number = status.error_number;
    last.rows_lost = status.rows_lost;
    last.degraded = status.degraded;
  };
  log_writer<Varying> writer(path, options);
  CHECK(writer.write(varying(1)));
  auto const large = varying(8999, 9000);
  log_test::allocations_fail = true;
  bool const kept = writer.write(large);
  auto const status = writer.status();
  log_test::allocations_fail = false;
  CHECK_FALSE(kept);
  CHECK(told == 1);
  CHECK(last.error_number == ENOMEM);
  CHECK(last.degraded);
  CHECK(status.error_number == ENOMEM);
  CHECK(status.rows_lost == 1);
  CHECK(writer.write(varying(2)));
  writer.close();
  auto const log = read_log(path);
  CHECK(records_of<Varying>(log) == std::vector<Varying>{varying(1), varying(2)});
  CHECK(log.lost == 1);
}

TEST_CASE("whichever allocation fails, no row is made up, none lost that was not counted") {
  auto options = with_journal(4096);
  options.drain_by = drain_by::caller;
  bool reached = true;
  int k = 0;
  for (; reached && k < 500; ++k) {
    CAPTURE(k);
    temporary_directory const directory;
    std::string const path = directory / "a.tlog";
    log_writer<Varying> writer(path, options);
    std::vector<Varying> kept;
    auto const log = [&](Varying const& row) {
      if (writer.write(row)) kept.push_back(row);
    };
    for (std::int64_t i = 0; i < 6; ++i) {
      log(varying(i));
      writer.flush();  // so that the index is about to grow in one of the turns
    }
    auto const small_row = varying(10);
    auto const large = varying(8999, 9000);
    kept.reserve(20);
    log_test::allocations_before_failure = k;
    bool const has_small = writer.write(small_row);
    bool const has_large = writer.write(large);
    bool flushed = true;
    try {
      writer.flush();
    } catch (std::exception const&) {
      flushed = false;
    }
    try {
      writer.close();
    } catch (std::exception const&) {
      flushed = false;
    }
    reached = log_test::allocations_before_failure < 0;
    log_test::allocations_before_failure = -1;
    CHECK((flushed || reached));
    if (has_small) kept.push_back(small_row);
    if (has_large) kept.push_back(large);
    auto const result = read_log(path);
    CHECK(records_of<Varying>(result) == kept);
    CHECK(result.report.damages == 0);
    CHECK(result.report.missing == 0);
  }
  CHECK(k > 20);
}

TEST_CASE("a program that changes its directory removes its own journal and no other") {
  temporary_directory const directory;
  auto const here = std::filesystem::current_path();
  for (auto const* name : {"A", "B"}) std::filesystem::create_directory(directory / name);
  std::string const other = directory / "B/a.tlog";
  killed([&] { (new log_writer<Fixed>(other))->write(fixed(0)); });
  std::filesystem::current_path(directory / "A");
  log_writer<Fixed> writer("a.tlog");
  std::filesystem::current_path(directory / "B");
  writer.write(fixed(1));
  writer.close();
  std::filesystem::current_path(here);
  CHECK_FALSE(exists(directory / "A/a.tlog-journal"));
  CHECK(records_of<Fixed>(read_log(other)) == fixed_rows(1));
}

TEST_CASE("threads close a log at once, and it is closed for each of them") {
  temporary_directory const directory;
  std::string const path = directory / "a.tlog";
  log_writer<Fixed> writer(path);
  for (auto const& row : fixed_rows(1000)) writer.write(row);
  std::atomic<int> closed = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      writer.close();
      closed += exists(path + "-journal") ? 0 : 1;
    });
  }
  for (auto& each : threads) each.join();
  CHECK(closed == 4);
  CHECK(records_of<Fixed>(read_log(path)) == fixed_rows(1000));
}

TEST_CASE("on_error may close the log, while others close it, too") {
  bool const others_close = GENERATE(false, true);
  temporary_directory const directory;
  std::string const path = directory / "a.tlog";
  std::atomic<log_writer<Fixed>*> self = nullptr;
  std::atomic<int> refused = 0;
  std::atomic<bool> is_told = false;
  auto const close = [&] {
    try {
      self.load()->close();
    } catch (io_error const&) {
      ++refused;
    }
  };
  auto options = with_journal(4096, durability::interval);
  options.interval_ms = 5;
  options.on_error = [&](log_status const&) {  // called by the background
    is_told = true;
    if (others_close) std::this_thread::sleep_for(std::chrono::milliseconds(30));
    close();
  };
  {
    log_writer<Fixed> writer(path, options);
    self = &writer;
    full_disk const full(path);
    REQUIRE(writer.write(fixed(0)));
    while (!is_told) std::this_thread::yield();
    if (others_close) close();
    while (writer.is_open()) std::this_thread::yield();
    CHECK_FALSE(writer.write(fixed(1)));
    close();
    CHECK(refused == (others_close ? 3 : 2));
  }
  log_writer<Fixed> again(path);
  CHECK(again.status().rows_recovered == 1);
}

TEST_CASE("a log is closed while threads write, and has what it took") {
  temporary_directory const directory;
  std::string const path = directory / "a.tlog";
  auto options = with_journal(4096);
  options.existing = existing::replace;
  auto const row = fixed_rows(1).front();
  for (int round = 0; round < 20; ++round) {
    log_writer<Fixed> writer(path, options);
    std::atomic<std::uint64_t> taken = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        while (writer.write(row)) ++taken;
      });
    }
    while (taken < 10000) std::this_thread::yield();
    writer.close();
    for (auto& each : threads) each.join();
    REQUIRE(records_of<Fixed>(read_log(path)).size() == taken);
  }
}

TEST_CASE("rows go on behind one whose word a wild pointer zeroed or gave another size") {
  temporary_directory const directory;
  std::string const path = directory / "a.tlog";
  row_format const format{schema_of<Fixed>(), schema_payload<Fixed>(), 40};
  auto const size = GENERATE(std::uint32_t{0}, std::uint32_t{8}, std::uint32_t{48},
                             std::uint32_t{60000}, std::uint32_t{0xFFFFFFFF});
  CAPTURE(size);
  log_core core(path, format, with_journal(65536));
  for (std::int64_t i = 0; i < 100; ++i) {
    auto const slot = core.ring().reserve(40);
    put_value(slot.row, fixed(i));
    core.ring().commit(slot, 40);
    if (i == 10 && size == 0) std::memset(slot.row - 8, 0, 8);
    if (i == 10 && size != 0) std::memcpy(slot.row - 4, &size, 4);
  }
  core.close();
  auto const lost = core.status().rows_lost;  // a size may lead to what looks like another slot
  CHECK((lost == 1 || (size == 8 && lost == 2)));
  auto const log = read_log(path);
  CHECK(log.lost == lost);
  REQUIRE(log.rows.size() == 99);
  CHECK(records_of<Fixed>(log).at(10) == fixed(11));
}

TEST_CASE("a row that is never finished stops neither flush nor write, and close passes it by") {
  temporary_directory const directory;
  std::string const path = directory / "a.tlog";
  row_format const format{schema_of<Fixed>(), schema_payload<Fixed>(), 40};
  auto options = with_journal(4096);
  options.drain_by = GENERATE(drain_by::background, drain_by::caller);
  std::atomic<int> told = 0;
  options.on_error = [&](log_status const& status) {
    CHECK(status.error.find("cannot drain the journal of") != std::string::npos);
    ++told;
  };
  log_core core(path, format, options);
  auto const write = [&](std::int64_t i) {
    auto const row = fixed(i);
    return core.write_slowly({&row, 40, [](char* out, void const* each) noexcept {
                                put_value(out, *static_cast<Fixed const*>(each));
                              }});
  };
  std::int64_t kept = 0;
  while (kept < 10) REQUIRE(write(kept++));
  std::memset(const_cast<char*>(core.ring().row_at(3 * 48)) - 8, 0, 8);
  CHECK_THROWS_AS(core.flush(), io_error);
  CHECK(core.status().degraded);
  std::uint64_t refused = 0;
  for (int i = 0; i < 200; ++i) write(kept) ? ++kept : static_cast<std::int64_t>(++refused);
  CHECK(refused > 0);
  CHECK(told == 1);
  core.close();
  CHECK(core.status().rows_lost == refused + 1);
  auto const log = read_log(path);
  CHECK(log.report.closed);
  CHECK(log.lost == refused + 1);
  auto rows = fixed_rows(kept);
  rows.erase(rows.begin() + 3);
  CHECK(records_of<Fixed>(log) == rows);
}
