// SPDX-License-Identifier: MIT
// Named tuples: built in a loop, collected, printed, unpacked, replaced.
// docs/from-python.md shows it beside the Python program it follows line by line.

#include <algorithm>
#include <cstdint>
#include <iostream>
#include <tuple>
#include <vector>

#include <trainlog/trainlog.hpp>

TRAINLOG_NAMEDTUPLE(LogEntry, (std::int64_t, epoch), (double, loss), (double, accuracy),
                    (double, learning_rate, 0.001))

using namespace trainlog;
using namespace trainlog::literals;

int main() {
  std::vector<LogEntry> log;
  for (int epoch = 1; epoch < 6; ++epoch) {
    double const loss = 1.0 / (epoch + 1);
    LogEntry const entry{epoch, loss, 1.0 - loss / 2};
    log.push_back(entry);
  }
  for (LogEntry const& entry : log) std::cout << entry << '\n';

  LogEntry const last = log.back();
  for (auto const name : field_names<LogEntry>()) std::cout << name << ' ';
  std::cout << field_defaults<LogEntry>() << '\n';
  std::cout << repr(last.loss()) << ' ' << repr(get<1>(last)) << ' ' << at(last, -1) << '\n';

  auto const [epoch, loss, accuracy, learning_rate] = last;
  std::cout << epoch << ' ' << repr(loss) << ' ' << repr(accuracy) << ' ' << learning_rate << '\n';

  std::cout << replace(last, "loss"_field = 0.15) << '\n';
  std::cout << asdict(last) << '\n';
  std::cout << make_from_tuple<LogEntry>(std::tuple{6, 0.14, 0.93, 0.0005}) << '\n';
  auto const less_accurate = [](auto& a, auto& b) { return a.accuracy() < b.accuracy(); };
  auto const best = *std::max_element(log.begin(), log.end(), less_accurate);
  std::cout << repr(best == last) << ' ' << repr(log[0] < log[1]) << '\n';
}
