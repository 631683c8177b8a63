// SPDX-License-Identifier: MIT
// The rows in the golden logs.
#ifndef TRAINLOG_TESTS_GOLDEN_LOG_RECORDS_HPP
#define TRAINLOG_TESTS_GOLDEN_LOG_RECORDS_HPP

#include <bit>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "records.hpp"

namespace golden {

/// Numbers that look random, and are the same everywhere.
class noise {
 public:
  explicit noise(std::uint64_t seed) : state_(seed) {}
  std::uint64_t bits() {
    std::uint64_t x = state_ += 0x9e3779b97f4a7c15;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
    x = (x ^ x >> 27) * 0x94d049bb133111eb;
    return x ^ x >> 31;
  }
  std::uint64_t below(std::uint64_t bound) { return bits() % bound; }
  /// From 0 to 1.
  double share() { return static_cast<double>(bits() >> 11) * 0x1p-53; }
  /// Of many small ones and few great ones, from 0 to 63.
  std::uint8_t rare() { return static_cast<std::uint8_t>(std::countl_zero(bits() | 1)); }
  std::uint8_t bell() {
    std::uint64_t const b = bits();
    return static_cast<std::uint8_t>(((b & 63) + (b >> 6 & 63) + (b >> 12 & 63) + (b >> 18 & 63)));
  }

 private:
  std::uint64_t state_;
};

/// All types.
struct Everything {
  std::string text;
  Numbers numbers;
  Containers containers;
  TRAINLOG_RECORD(Everything, text, numbers, containers)
};

inline std::vector<Everything> everything() {
  std::vector<Everything> rows;
  auto const some = numbers();
  auto const others = containers();
  for (std::size_t i = 0; i < 12; ++i) {
    rows.push_back({"row " + std::to_string(i), some[i % some.size()], others[i * i % 3 % 2]});
    rows.back().numbers.i64 += static_cast<std::int64_t>(i);
  }
  return rows;
}

using microseconds = std::chrono::sys_time<std::chrono::microseconds>;

/// What training logs: counted, constant, smooth and noisy numbers.
struct Training {
  std::int64_t step = 0;
  std::int32_t epoch = 0;
  std::int64_t squares = 0;
  double loss = 0;
  float gradient = 0;
  double accuracy = 0;
  double rate = 0;
  std::uint8_t worker = 0;
  std::uint32_t samples = 0;
  std::uint64_t shuffle = 0;
  microseconds at{};
  TRAINLOG_RECORD(Training, step, epoch, squares, loss, gradient, accuracy, rate, worker, samples,
                  shuffle, at)
};

inline std::vector<Training> training(std::int64_t count, std::int64_t first = 0) {
  std::vector<Training> rows;
  noise random(static_cast<std::uint64_t>(first) + 1);
  microseconds at{std::chrono::microseconds(1'700'000'000'000'000 + first * 1000)};
  for (std::int64_t i = first; i < first + count; ++i) {
    auto const x = static_cast<double>(i);
    at += std::chrono::microseconds(900 + random.bell());
    rows.push_back({i, static_cast<std::int32_t>(i / 100), i * i,
                    2 / (1 + x / 100) + random.share() / 8, static_cast<float>(1 + random.share()),
                    static_cast<double>(random.below(257)) / 256, 1e-3 / (1 + std::floor(x / 50)),
                    7, static_cast<std::uint32_t>(64 * random.below(100)),
                    noise(random.below(300)).bits(), at});
  }
  return rows;
}

/// Bytes worth coding, in planes short and long.
struct Skewed {
  std::uint8_t rare = 0;
  std::uint16_t bell = 0;
  TRAINLOG_RECORD(Skewed, rare, bell)
};

inline std::vector<Skewed> skewed() {
  std::vector<Skewed> rows;
  noise random(3);
  for (int i = 0; i < 24000; ++i) {
    rows.push_back({random.rare(), static_cast<std::uint16_t>(random.bell() / 8 * 256)});
  }
  return rows;
}

/// Strings that repeat, that are alike, and that are neither; and numbers that repeat.
struct Texts {
  std::string phase;
  std::string message;
  std::string key;
  double rate = 0;
  std::uint64_t id = 0;
  std::vector<std::string> tags;
  std::map<std::string, double> metrics;
  std::optional<std::string> note;
  TRAINLOG_RECORD(Texts, phase, message, key, rate, id, tags, metrics, note)
};

inline std::string random_bytes(noise& random, std::size_t size) {
  static constexpr char alphabet[] =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
  std::string bytes;
  while (bytes.size() < size) bytes += alphabet[random.below(64)];
  return bytes;
}

inline std::vector<Texts> texts() {
  static constexpr char const* words[] = {"train", "eval",     "h\xc3\xa9llo",
                                          "",      "\xff\xfe", "the longest"};
  std::vector<Texts> rows;
  noise random(4);
  for (int i = 0; i < 700; ++i) {
    Texts row;
    row.phase = words[i / 120];
    auto const* const word = words[random.below(6)];
    row.message = "loss of step " + std::to_string(random.below(100000)) + " is " + word;
    noise chosen(random.below(330));
    row.key = random_bytes(chosen, 1 + chosen.below(8));
    row.rate = static_cast<double>(random.below(5)) * 0.1;
    row.id = random.below(300) * 0x123456789abcdef1;
    for (auto left = random.below(3); left > 0; --left)
      row.tags.emplace_back(words[random.below(6)]);
    if (i % 3 == 0) row.metrics = {{"a", i}, {words[random.below(6)], random.share()}};
    if (i % 5 == 0) row.note = words[random.below(6)];
    rows.push_back(row);
  }
  return rows;
}

struct Small {
  std::int32_t step = 0;
  float loss = 0;
  TRAINLOG_RECORD(Small, step, loss)
};

inline std::vector<Small> small(std::int32_t count, std::int32_t first = 0) {
  std::vector<Small> rows;
  for (std::int32_t i = first; i < first + count; ++i)
    rows.push_back({i, 1 / static_cast<float>(i + 1)});
  return rows;
}

/// Small, a version later.
struct Grown {
  std::int64_t step = 0;
  std::string phase = "train";
  std::optional<float> loss;
  TRAINLOG_RECORD(Grown, step, phase, loss)
};

inline std::vector<Grown> grown(std::int32_t count, std::int32_t first) {
  std::vector<Grown> rows;
  for (auto const& each : small(count, first)) {
    rows.push_back({each.step, each.step % 3 == 0 ? "eval" : "train", {}});
    if (each.step % 2 == 0) rows.back().loss = each.loss;
  }
  return rows;
}

inline std::vector<Grown> as_grown(std::vector<Small> const& before) {
  std::vector<Grown> rows;
  for (auto const& each : before) rows.push_back({each.step, "train", each.loss});
  return rows;
}

/// Rows smaller and larger than a journal.
struct Sized {
  std::int32_t step = 0;
  std::string blob;
  TRAINLOG_RECORD(Sized, step, blob)
};

inline std::vector<Sized> sized() {
  std::vector<Sized> rows;
  noise random(5);
  for (std::int32_t i = 0; i < 24; ++i) {
    auto const size = i % 8 == 5 ? 3000 : i % 8 == 6 ? 9000 : static_cast<std::size_t>(i) * 3;
    rows.push_back({i, i % 8 == 5 ? random_bytes(random, size) : std::string(size, 'x')});
  }
  return rows;
}

template <class T>
std::vector<T> operator+(std::vector<T> a, std::vector<T> const& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// Calls f(name, rows), of the rows that can be read, for every golden log.
template <class F>
void for_each_log(F f) {
  f("log_small", small(3));
  f("log_types", everything());
  f("log_training", training(1500));
  f("log_skewed", skewed());
  f("log_texts", texts());
  f("log_evolved", as_grown(small(40)) + grown(60, 40));
  f("log_gap", training(40) + training(51, 90) + training(10, 200));
  f("log_big_rows", sized());
  f("log_unclosed", training(100));
  f("log_rotated", training(80));
  f("log_failed_machine", small(100));
  f("log_continued", training(60));
  f("log_released_long_ago", training(80));
  f("log_torn", small(40));
  f("log_late_journal", training(100));
  f("log_schema_again", small(1500));
}

}  // namespace golden

#endif
