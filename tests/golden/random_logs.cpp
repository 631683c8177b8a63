// SPDX-License-Identifier: MIT
// Writes random logs, and the rows that must be read from each: random_logs DIRECTORY FIRST COUNT.
// Number N is the same rows each time. It is written by one to four processes, each of which closes
// it, is killed, or leaves it to its writer's destructor, under any of several records.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include <trainlog/log/log_writer.hpp>

#include "json_lines.hpp"
#include "log_records.hpp"
#include "random_rows.hpp"

namespace {

using namespace golden;

struct session {
  std::string path;  // without .tlog
  std::uint64_t seed;
  bool closes;
};

trainlog::log_options random_options(noise& random, bool closes) {
  trainlog::log_options options;
  options.journal_bytes = std::uint64_t{4096} << random.below(8);
  if (random.below(2) == 0) options.drain_by = trainlog::drain_by::caller;
  if (random.below(3) == 0) options.journal_kind = trainlog::journal_kind::written;
  if (random.below(4) == 0 && closes) options.durability = trainlog::durability::none;
  return options;
}

std::uint64_t random_count(noise& random) {
  static constexpr std::uint64_t most[] = {1, 2, 10, 60, 300, 1500};
  return random.below(most[random.below(6)] + 1);
}

[[noreturn]] void die() {
  ::kill(::getpid(), SIGKILL);
  std::abort();
}

/// One writer's life. What it has written is on record before it dies.
template <class T>
void write_some(session const& what) {
  noise random(what.seed);
  random_rows rows(random.bits());
  std::ofstream expected(what.path + ".jsonl", std::ios::binary | std::ios::app);
  trainlog::log_writer<T> writer(what.path + ".tlog", random_options(random, what.closes));
  bool const flushes = random.below(3) == 0;
  std::uint64_t left = random_count(random);
  if (random.below(20) == 0 && sizeof(T) < 100) left *= 20;
  for (; left > 0; --left) {
    T const row = rows.next<T>();
    if (!writer.write(row)) std::exit(1);
    expected << json_line(row);
    if (flushes && random.below(100) == 0) writer.flush();
  }
  expected.close();
  if (!what.closes) die();
  if (random.below(2) == 0) writer.close();
}

void write_some(session const& what, std::uint64_t kind) {
  switch (kind) {
    case 0:
      return write_some<Numbers>(what);
    case 1:
      return write_some<Containers>(what);
    case 2:
      return write_some<Everything>(what);
    case 3:
      return write_some<Training>(what);
    case 4:
      return write_some<Skewed>(what);
    case 5:
      return write_some<Texts>(what);
    case 6:
      return write_some<Small>(what);
    case 7:
      return write_some<Grown>(what);
    default:
      return write_some<Nothing>(what);
  }
}

/// False if the process did not end as it should.
bool run(session const& what, std::uint64_t kind) {
  auto const child = ::fork();
  if (child == 0) {
    write_some(what, kind);
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return what.closes ? WIFEXITED(status) && WEXITSTATUS(status) == 0
                     : WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

bool write_file(std::string const& path, std::uint64_t number) {
  noise random(number);
  bool closes = false;
  std::uint64_t kind = 0;
  for (auto i = 1 + random.below(4); i > 0; --i) {
    if (kind == 0 || random.below(3) == 0) kind = random.below(9);
    closes = random.below(2) == 0;
    if (!run({path, random.bits(), closes}, kind)) return false;
  }
  std::ofstream(path + ".jsonl", std::ios::binary | std::ios::app)
      << "[{\"closed\": " << (closes ? "true" : "false") << "}]\n";
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  std::uint64_t const first = std::strtoull(argv[2], nullptr, 10);
  std::uint64_t const count = std::strtoull(argv[3], nullptr, 10);
  for (std::uint64_t i = first; i < first + count; ++i) {
    if (write_file(argv[1] + ("/" + std::to_string(i)), i)) continue;
    std::fprintf(stderr, "random_logs: a writer of file %lu failed\n", i);
    return 1;
  }
}
