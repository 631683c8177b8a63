// SPDX-License-Identifier: MIT
// Writes random logs, and the rows that must be read from each: random_logs DIRECTORY FIRST COUNT.
// Number N is the same rows each time. It is written by one to four processes, each of which closes
// it, is killed, or leaves it to its writer's destructor, under any of several records.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include <trainlog/log/log_writer.hpp>
#include <trainlog/schema/clash.hpp>

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

constexpr std::uint64_t kinds = 9;

/// Calls f(a T) of the record of that kind.
template <class F>
auto with_kind(std::uint64_t kind, F f) {
  switch (kind) {
    case 0:
      return f(Numbers{});
    case 1:
      return f(Containers{});
    case 2:
      return f(Everything{});
    case 3:
      return f(Training{});
    case 4:
      return f(Skewed{});
    case 5:
      return f(Texts{});
    case 6:
      return f(Small{});
    case 7:
      return f(Grown{});
    default:
      return f(Nothing{});
  }
}

/// True if a log that has records of the kinds may go on with this one.
bool fits(std::vector<std::uint64_t> const& there, std::uint64_t kind) {
  auto const fields = [](std::uint64_t of) {
    return with_kind(of, []<class T>(T const&) { return trainlog::schema_of<T>().fields; });
  };
  return std::all_of(there.begin(), there.end(), [&](std::uint64_t each) {
    return each == kind || trainlog::detail::find_clashes(fields(each), fields(kind)).empty();
  });
}

/// False if the process did not end as it should.
bool run(session const& what, std::uint64_t kind) {
  auto const child = ::fork();
  if (child == 0) {
    with_kind(kind, [&]<class T>(T const&) { write_some<T>(what); });
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
  std::vector<std::uint64_t> there;
  for (auto i = 1 + random.below(4); i > 0; --i) {
    if (kind == 0 || random.below(3) == 0) kind = random.below(kinds);
    while (!fits(there, kind)) kind = random.below(kinds);
    there.push_back(kind);
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
