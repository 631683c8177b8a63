// SPDX-License-Identifier: MIT
// Records for the tests of the writer: record number i is known from i alone.
#ifndef TRAINLOG_TESTS_LOG_WRITER_RECORDS_HPP
#define TRAINLOG_TESTS_LOG_WRITER_RECORDS_HPP

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <trainlog/record.hpp>

namespace writer_test {

/// Fixed size, as in memory.
struct Fixed {
  std::int64_t step = 0;
  std::int64_t epoch = 0;
  double loss = 0;
  double accuracy = 0;
  double rate = 0;
  TRAINLOG_RECORD(Fixed, step, epoch, loss, accuracy, rate)
};

inline Fixed fixed(std::int64_t i) {
  return {i, i / 100, 1.0 / static_cast<double>(i + 1), static_cast<double>(i % 256) / 256, 0.1};
}

/// The same with a field more, a field less, and one that is wider.
struct Evolved {
  std::int64_t step = 0;
  double loss = 0;
  std::optional<double> gradient;
  TRAINLOG_RECORD(Evolved, step, loss, gradient)
};

/// Another program's: no record reads its rows and those of Fixed.
struct Foreign {
  std::int64_t step = 0;
  std::string loss;
  TRAINLOG_RECORD(Foreign, step, loss)
};

/// Every size.
struct Varying {
  std::int64_t step = 0;
  std::string text;
  std::vector<float> values;
  TRAINLOG_RECORD(Varying, step, text, values)
};

inline Varying varying(std::int64_t i, std::size_t most = 40) {
  auto const size = static_cast<std::size_t>(i) * 7 % most;
  return {i, std::string(size, static_cast<char>('a' + i % 26)),
          std::vector<float>(size / 2, static_cast<float>(i))};
}

}  // namespace writer_test

#endif
