// SPDX-License-Identifier: MIT
// A record with every kind of field that has a total order, for the tests of == and of hashes.
#ifndef TRAINLOG_TESTS_RECORD_WHOLE_HPP
#define TRAINLOG_TESTS_RECORD_WHOLE_HPP

#include <trainlog/record.hpp>

#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace whole_test {

enum class Phase { train, eval };
TRAINLOG_ENUM(Phase, train, eval)

struct Whole {
  int a = 0;
  std::string text;
  std::vector<int> list;
  std::optional<int> maybe;
  std::map<std::string, int> map;
  Phase phase = Phase::train;
  std::chrono::milliseconds took{};
  std::chrono::sys_seconds at{};
  std::array<bool, 2> flags{};
  std::vector<bool> bits;
  TRAINLOG_RECORD(Whole, a, text, list, maybe, map, phase, took, at, flags, bits)
};

/// Each of these differs from Whole{} in one field, and is greater.
inline std::vector<Whole> greater_in_one_field() {
  std::vector<Whole> all(10);
  all[0].a = 1;
  all[1].text = "a";
  all[2].list = {-1};
  all[3].maybe = -1;
  all[4].map["a"] = -1;
  all[5].phase = Phase::eval;
  all[6].took = std::chrono::milliseconds{1};
  all[7].at += std::chrono::seconds{1};
  all[8].flags[1] = true;
  all[9].bits = {false};
  return all;
}

}  // namespace whole_test

#endif
