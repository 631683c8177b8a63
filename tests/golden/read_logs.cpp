// SPDX-License-Identifier: MIT
// Reads logs with the library and shows them as read_tlog.py does: read_logs NAME FILE... for files
// that have the rows of the golden log NAME, or are damaged copies of it.
#include <cstdio>
#include <exception>
#include <string>

#include <trainlog/log/log_reader.hpp>

#include "json_lines.hpp"
#include "log_records.hpp"

namespace {

using namespace golden;

std::string counts_line(trainlog::log_report const& report) {
  return "[{\"rows\": " + std::to_string(report.rows) +
         ", \"recovered\": " + std::to_string(report.recovered) +
         ", \"lost\": " + std::to_string(report.lost) +
         ", \"missing\": " + std::to_string(report.missing) +
         ", \"damaged\": " + std::to_string(report.damaged) +
         ", \"closed\": " + (report.closed ? "true" : "false") + "}]\n";
}

template <class T>
std::string text_of(char const* path) {
  std::string text;
  try {
    trainlog::log_reader<T> reader(path);
    for (auto const& row : reader) text += json_line(row);
    return text + counts_line(reader.report());
  } catch (std::exception const& fault) {
    text = "[";
    append_json_string(text, fault.what());
    return text + "]\n";
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  bool known = false;
  for_each_log([&]<class T>(std::string const& name, std::vector<T> const&) {
    if (name != argv[1]) return;
    known = true;
    for (int i = 2; i < argc; ++i) std::fputs(text_of<T>(argv[i]).c_str(), stdout);
  });
  return known ? 0 : 2;
}
