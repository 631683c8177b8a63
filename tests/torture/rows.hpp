// SPDX-License-Identifier: MIT
// The rows that a tortured writer logs: each is made of a thread's number and a sequence number
// alone, so that whoever reads one back knows what it must be.
#ifndef TRAINLOG_TESTS_TORTURE_ROWS_HPP
#define TRAINLOG_TESTS_TORTURE_ROWS_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "trainlog/record.hpp"

namespace torture {

/// A number that looks like noise.
constexpr std::uint64_t scramble(std::uint64_t thread, std::uint64_t sequence) noexcept {
  std::uint64_t x = (thread + 1) * 0x9E3779B97F4A7C15U + sequence * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 30U)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31U);
}

/// A number of [0, 1).
constexpr double noise(std::uint64_t thread, std::uint64_t sequence) noexcept {
  return static_cast<double>(scramble(thread, sequence) >> 11U) * 0x1p-53;
}

/// Five numbers, 40 bytes.
struct fixed_row {
  std::uint64_t thread = 0;
  std::uint64_t sequence = 0;
  double loss = 0;
  double accuracy = 0;
  double learning_rate = 0;
  TRAINLOG_RECORD(fixed_row, thread, sequence, loss, accuracy, learning_rate)

  static fixed_row of(std::uint64_t thread, std::uint64_t sequence) {
    double const x = noise(thread, sequence);
    return {thread, sequence, x, static_cast<double>(sequence % 257) / 256, 1e-3 / (1 + x)};
  }
};

struct position {
  float x = 0;
  float y = 0;
  TRAINLOG_RECORD(position, x, y)
};

/// Texts, lists and what may be missing: a row has from about 30 to some hundred bytes, and every
/// thousandth one more than 100,000, which is more than the smallest rings take.
struct text_row {
  std::uint64_t thread = 0;
  std::uint64_t sequence = 0;
  std::string phase;
  std::vector<float> norms;
  std::optional<double> evaluation;
  position where;
  TRAINLOG_RECORD(text_row, thread, sequence, phase, norms, evaluation, where)

  static text_row of(std::uint64_t thread, std::uint64_t sequence) {
    std::uint64_t const x = scramble(thread, sequence);
    text_row row{thread, sequence, {}, {}, {}, {}};
    row.phase = x % 7 == 0 ? "validation after " + std::to_string(sequence) + " steps" : "train";
    row.norms.resize(x % 1000 == 0 ? 30'000 : x % 13);
    for (std::size_t i = 0; i < row.norms.size(); ++i) {
      row.norms[i] = static_cast<float>(noise(sequence, i));
    }
    if (x % 3 == 0) row.evaluation = noise(sequence, thread);
    row.where = {static_cast<float>(x % 100), -1.5F};
    return row;
  }
};

#define TORTURE_10(p) p##0, p##1, p##2, p##3, p##4, p##5, p##6, p##7, p##8, p##9
#define TORTURE_100(p)                                                                      \
  TORTURE_10(p##0), TORTURE_10(p##1), TORTURE_10(p##2), TORTURE_10(p##3), TORTURE_10(p##4), \
      TORTURE_10(p##5), TORTURE_10(p##6), TORTURE_10(p##7), TORTURE_10(p##8), TORTURE_10(p##9)
#define TORTURE_500 \
  TORTURE_100(m0), TORTURE_100(m1), TORTURE_100(m2), TORTURE_100(m3), TORTURE_100(m4)
// Its arguments are expanded before TRAINLOG_RECORD makes names of them.
#define TORTURE_RECORD(...) TRAINLOG_RECORD(__VA_ARGS__)

/// 502 numbers, about 4,000 bytes.
struct wide_row {
  std::uint64_t thread = 0;
  std::uint64_t sequence = 0;
  double TORTURE_500;
  TORTURE_RECORD(wide_row, thread, sequence, TORTURE_500)

  static wide_row of(std::uint64_t thread, std::uint64_t sequence) {
    wide_row row{};
    row.thread = thread;
    row.sequence = sequence;
    double const x = noise(thread, sequence);
    trainlog::for_each_field(row, [&, i = 0](auto, auto& field) mutable {
      if (++i > 2) field = static_cast<std::remove_reference_t<decltype(field)>>(x * i);
    });
    return row;
  }
};

}  // namespace torture

#endif
