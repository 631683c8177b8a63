// SPDX-License-Identifier: MIT
// Writes the golden logs into a directory, each with the rows that must be read from it. They are
// made once: each run gives other files, as a log has an id of its own.
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include <trainlog/log/log_writer.hpp>

#include "json_lines.hpp"
#include "log_records.hpp"

namespace {

using namespace golden;

trainlog::log_options options(std::uint64_t journal_bytes = 1 << 20) {
  trainlog::log_options result;
  result.journal_bytes = journal_bytes;
  result.drain_by = trainlog::drain_by::caller;
  return result;
}

void expect(bool condition, char const* what) {
  if (condition) return;
  std::fprintf(stderr, "make_golden_logs: %s\n", what);
  std::exit(1);
}

/// The rows, in blocks of at most `block` rows.
template <class T>
void write_rows(trainlog::log_writer<T>& writer, std::span<T const> rows, std::size_t block) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i != 0 && i % block == 0) writer.flush();
    expect(writer.write(rows[i]), "a row was not taken");
  }
}

template <class T>
void write_log(std::string const& path, std::vector<T> const& rows, std::size_t block = 1 << 20) {
  trainlog::log_writer<T> writer(path, options());
  write_rows(writer, std::span(rows), block);
  writer.close();
}

[[noreturn]] void die() {
  ::kill(::getpid(), SIGKILL);
  std::abort();
}

/// Runs the function in a process of its own, in which it dies.
template <class Function>
void killed(Function function) {
  auto const child = ::fork();
  if (child == 0) {
    function();
    ::_exit(1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  expect(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "a child failed");
}

/// No file can grow to more than so many bytes.
void limit_files(rlim_t bytes) {
  rlimit limit{};
  ::getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = bytes;
  expect(::setrlimit(RLIMIT_FSIZE, &limit) == 0, "the size of files cannot be limited");
}

void write_gap(std::string const& path) {
  ::signal(SIGXFSZ, SIG_IGN);
  auto limited = options(4096);
  limited.when_full = trainlog::when_full::drop;
  trainlog::log_writer<Training> writer(path, limited);
  auto const rows = training(40);
  write_rows(writer, std::span(rows), 20);
  writer.flush();
  limit_files(1);
  std::size_t kept = 0;
  auto const more = training(100, 90);
  while (writer.write(more[kept])) ++kept;
  expect(kept == 51, "the journal has not 51 rows");
  for (std::size_t lost = 1; lost < 25; ++lost)
    expect(!writer.write(Training{}), "a row was taken");
  limit_files(RLIM_INFINITY);
  writer.flush();
  auto const last = training(10, 200);
  write_rows(writer, std::span(last), 20);
  writer.close();
}

void write_unclosed(std::string const& path) {
  killed([&] {
    trainlog::log_writer<Training> writer(path, options(8192));
    auto const rows = training(100);
    write_rows(writer, std::span(rows), 40);
    die();
  });
}

std::string content(std::string const& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Puts bytes in place of those at an offset of the file.
void change(std::string const& path, std::size_t offset, std::string const& bytes) {
  auto const all = content(path).replace(offset, bytes.size(), bytes);
  std::ofstream(path, std::ios::binary) << all;
}

/// A disk that is full keeps the rows in the journal, where they go round the end of the ring.
void write_rotated(std::string const& path) {
  killed([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    trainlog::log_writer<Training> writer(path, options(4096));
    auto const rows = training(80);
    write_rows(writer, std::span(rows).first(50), 100);
    writer.flush();
    limit_files(1);
    write_rows(writer, std::span(rows).subspan(50), 100);
    die();
  });
}

/// The machine failed: the log has its blocks, but the journal is as it was on the disk before,
/// with all rows, and none of them released.
void write_failed_machine(std::string const& path) {
  std::string const journal = path + "-journal";
  std::string old;
  killed([&] {
    trainlog::log_writer<Small> writer(path, options(8192));
    auto const rows = small(100);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      expect(writer.write(rows[i]), "a row was not taken");
      if (i % 30 != 29 && i != 99) continue;
      std::string const now = content(journal);
      if (old.empty()) old = now;
      for (std::size_t at = 4096; at < now.size(); ++at)
        old[at] = static_cast<char>(old[at] | now[at]);
      if (i != 99) writer.flush();
    }
    std::ofstream(journal, std::ios::binary) << old;
    die();
  });
}

/// The machine failed, and the disk has of the journal the newest rows and an old `released`.
void write_released_long_ago(std::string const& path) {
  write_rotated(path);
  change(path + "-journal", 2048, std::string(8, '\0'));
}

/// The machine failed, and the disk has the head of the last block, but not all of its streams;
/// the journal says that its rows are released, and then that they are not.
void write_torn(std::string const& path) {
  killed([&] {
    trainlog::log_writer<Small> writer(path, options(8192));
    auto const rows = small(60);
    write_rows(writer, std::span(rows), 40);
    writer.flush();
    die();
  });
  change(path, content(path).size() - 16, std::string(8, '\xff'));
  change(path + "-journal", 2048, std::string(8, '\0'));
}

/// Rows that stand in no block, as the beginning of the journal tells.
void write_late_journal(std::string const& path) {
  write_unclosed(path);
  std::string const name = path + "-journal";
  auto bytes = content(name).substr(0, 124);
  bytes.replace(64, 1, "\x5a");  // first_row is 90
  trainlog::detail::append_le(bytes, trainlog::detail::crc_of(bytes));
  change(name, 0, bytes);
}

/// A schema that is damaged where it stands first.
void write_schema_again(std::string const& path) {
  write_log(path, small(1500), 150);
  change(path, 64 + 48 + 20, "?");
}

/// Closed, continued and killed, continued from the journal and closed.
void write_continued(std::string const& path) {
  auto const rows = training(60);
  auto const part = [&](std::size_t begin) { return std::span(rows).subspan(begin, 20); };
  auto const write = [&](std::size_t begin, bool closed) {
    trainlog::log_writer<Training> writer(path, options(8192));
    write_rows(writer, part(begin), 15);
    if (!closed) die();
  };
  write(0, true);
  killed([&] { write(20, false); });
  write(40, true);
}

/// What the reader shall count.
struct counted {
  std::size_t recovered = 0;
  std::size_t lost = 0;
  std::size_t missing = 0;
  bool closed = true;
  std::size_t every = 1;  // of how many rows one is kept in the file of those expected
  bool damage = false;
};

std::string counts_line(std::size_t rows, counted const& counts) {
  return "[{\"rows\": " + std::to_string(rows) +
         ", \"recovered\": " + std::to_string(counts.recovered) +
         ", \"lost\": " + std::to_string(counts.lost) +
         ", \"missing\": " + std::to_string(counts.missing) +
         ", \"damaged\": 0, \"closed\": " + (counts.closed ? "true" : "false") + "}, " +
         std::to_string(counts.every) + (counts.damage ? ", true]\n" : "]\n");
}

counted counts_of(std::string const& name) {
  if (name == "log_training") return {.every = 50};
  if (name == "log_skewed") return {.every = 500};
  if (name == "log_texts") return {.every = 20};
  if (name == "log_big_rows") return {.every = 3};
  if (name == "log_gap") return {.lost = 25};
  if (name == "log_unclosed") return {.recovered = 20, .closed = false};
  if (name == "log_rotated") return {.recovered = 30, .closed = false, .every = 5};
  if (name == "log_failed_machine") return {.recovered = 10, .closed = false};
  if (name == "log_released_long_ago") return {.recovered = 30, .closed = false, .every = 5};
  if (name == "log_torn") return {.missing = 20, .closed = false, .damage = true};
  if (name == "log_late_journal") return {.recovered = 20, .missing = 10, .closed = false};
  if (name == "log_schema_again") return {.every = 50, .damage = true};
  return {};
}

template <class T>
void write_expected(std::string const& path, std::string const& name, std::vector<T> const& rows) {
  std::ofstream file(path + name + ".jsonl", std::ios::binary);
  auto const counts = counts_of(name);
  std::size_t first = 0;
  if constexpr (std::same_as<T, Grown>) {
    for (auto const& row : small(40)) file << json_line(row), ++first;
  }
  for (std::size_t i = first; i < rows.size(); ++i) {
    if (i % counts.every == 0) file << json_line(rows[i]);
  }
  file << counts_line(rows.size(), counts);
}

void write_special(std::string const& directory) {
  write_log(directory + "log_evolved.tlog", small(40), 25);
  write_log(directory + "log_evolved.tlog", grown(60, 40), 25);
  write_gap(directory + "log_gap.tlog");
  write_unclosed(directory + "log_unclosed.tlog");
  write_rotated(directory + "log_rotated.tlog");
  write_failed_machine(directory + "log_failed_machine.tlog");
  write_continued(directory + "log_continued.tlog");
  write_released_long_ago(directory + "log_released_long_ago.tlog");
  write_torn(directory + "log_torn.tlog");
  write_late_journal(directory + "log_late_journal.tlog");
  write_schema_again(directory + "log_schema_again.tlog");
  trainlog::log_writer<Sized> writer(directory + "log_big_rows.tlog", options(4096));
  for (auto const& row : sized()) expect(writer.write(row), "a row was not taken");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  std::string const directory = std::string(argv[1]) + "/";
  write_special(directory);
  write_log(directory + "log_small.tlog", small(3));
  write_log(directory + "log_types.tlog", everything(), 5);
  write_log(directory + "log_training.tlog", training(1500), 1000);
  write_log(directory + "log_texts.tlog", texts(), 660);
  write_log(directory + "log_skewed.tlog", skewed(), 22000);
  for_each_log(
      [&](std::string const& name, auto const& rows) { write_expected(directory, name, rows); });
}
