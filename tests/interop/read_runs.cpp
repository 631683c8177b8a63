// SPDX-License-Identifier: MIT
// What trainlog reads in event files, which check_reader.py compares with what TensorBoard reads.
// Usage: read_runs PATH                  prints a line for each value
//        read_runs PATH TAG RULE        prints the steps and values of a scalar; RULE is the number
//                                        of a restart_rule
//        read_runs --resume LOGDIR STEP  takes a run up again
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>

#include <trainlog/summary.hpp>

#include "../summary/event_lines.hpp"

namespace summary = trainlog::summary;

namespace {

int print_events(std::string const& path) {
  summary::event_reader reader(path);
  std::cout << summary_test::event_lines(reader);
  return reader.report().whole() ? 0 : 1;
}

int print_scalar(std::string const& path, std::string const& tag, int rule) {
  auto const curve =
      summary::read_scalar(path, tag, {.restarts = static_cast<summary::restart_rule>(rule)});
  for (std::size_t i = 0; i < curve.size(); ++i)
    std::cout << curve.steps[i] << " " << summary_test::bits_of(curve.values[i]) << "\n";
  return 0;
}

int resume(std::string const& logdir, std::int64_t step) {
  return summary::create_file_writer(logdir, {.resume_step = step}).close() ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  if (count == 2) return print_events(arguments[1]);
  if (count != 4) {
    std::cerr << "usage: read_runs PATH [TAG RULE] | read_runs --resume LOGDIR STEP\n";
    return 2;
  }
  if (std::strcmp(arguments[1], "--resume") == 0)
    return resume(arguments[2], std::strtoll(arguments[3], nullptr, 10));
  return print_scalar(arguments[1], arguments[2], std::atoi(arguments[3]));
}
