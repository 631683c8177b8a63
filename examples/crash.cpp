// SPDX-License-Identifier: MIT
// A training program kills itself with SIGKILL in the middle of a step, and no row of its log is
// missing.
//
//   crash [log file]     default: crash.tlog
//
// A child process trains and logs every step. After each write() it notes the step in memory that
// it shares with its parent: that row is acknowledged. Then it kills itself. The parent reads the
// log, and starts the training again, which goes on in the same file.

#include <trainlog/log.hpp>

#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill() is POSIX
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <new>
#include <random>
#include <stdexcept>
#include <string>

struct StepLog {
  std::int64_t step = 0;
  double loss = 0.0;
  double slope = 0.0;
  double offset = 0.0;
  TRAINLOG_RECORD(StepLog, step, loss, slope, offset)
};
TRAINLOG_META(StepLog, loss, doc("squared error of the step's example"), goal(minimize))

namespace {

constexpr std::int64_t first_run_steps = 123'456;
constexpr std::int64_t all_steps = 200'000;

/// A line is fitted to noisy points, an example a step.
class line_fit {
 public:
  StepLog step() {
    double const x = uniform_(random_);
    double const error = slope_ * x + offset_ - (3 * x - 1 + 0.1 * noise_(random_));
    slope_ -= 0.01 * error * x;
    offset_ -= 0.01 * error;
    return {.step = ++step_, .loss = error * error, .slope = slope_, .offset = offset_};
  }

  /// Goes on after a step that was logged.
  void resume(StepLog const& last) {
    step_ = last.step;
    slope_ = last.slope;
    offset_ = last.offset;
  }

 private:
  std::mt19937_64 random_{1};
  std::uniform_real_distribution<double> uniform_{-1, 1};
  std::normal_distribution<double> noise_;
  std::int64_t step_ = 0;
  double slope_ = 0;
  double offset_ = 0;
};

/// A number that two processes share.
std::atomic<std::int64_t>& shared_number() {
  void* const memory = ::mmap(nullptr, sizeof(std::atomic<std::int64_t>), PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::runtime_error("no memory");
  return *new (memory) std::atomic<std::int64_t>(0);
}

/// Trains until `last_step`, and then is gone, without a word to the log.
[[noreturn]] void train_and_die(std::string const& path, std::int64_t last_step,
                                std::atomic<std::int64_t>& acknowledged) {
  line_fit fit;
  trainlog::log_writer<StepLog> log(path);
  while (acknowledged < last_step) {
    StepLog const row = fit.step();
    if (log.write(row)) acknowledged = row.step;
  }
  ::kill(::getpid(), SIGKILL);
  std::abort();
}

std::string signal_that_ended(::pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) return "signal " + std::to_string(WTERMSIG(status));
  return "exit status " + std::to_string(WEXITSTATUS(status));
}

/// Reads the log; throws if a step is missing, twice there, or out of order.
StepLog read_steps(std::string const& path) {
  trainlog::log_reader<StepLog> log(path);
  StepLog last;
  for (StepLog const& row : log) {
    if (row.step != last.step + 1) {
      throw std::runtime_error("after step " + std::to_string(last.step) + " comes step " +
                               std::to_string(row.step));
    }
    last = row;
  }
  std::cout << "read " << last.step << " rows, " << log.report().recovered
            << " of them from the journal; the last is\n  " << last << '\n';
  return last;
}

void run(std::string const& path) {
  ::unlink(path.c_str());
  auto& acknowledged = shared_number();
  ::pid_t const child = ::fork();
  if (child == 0) train_and_die(path, first_run_steps, acknowledged);
  std::cout << "the training was ended by " << signal_that_ended(child) << " after " << acknowledged
            << " acknowledged rows\n";

  StepLog const last = read_steps(path);
  if (last.step < acknowledged) throw std::runtime_error("rows are missing");

  line_fit fit;
  fit.resume(last);
  {
    trainlog::log_writer<StepLog> log(path);
    for (StepLog row = last; row.step < all_steps;) log.write(row = fit.step());
    log.close();
  }
  std::cout << "\nthe training went on to step " << all_steps << ", in the same file\n";
  if (read_steps(path).step != all_steps) throw std::runtime_error("rows are missing");
}

}  // namespace

int main(int argument_count, char** arguments) {
  try {
    run(argument_count > 1 ? arguments[1] : "crash.tlog");
    return 0;
  } catch (std::exception const& problem) {
    std::cerr << "crash: " << problem.what() << '\n';
    return 1;
  }
}
