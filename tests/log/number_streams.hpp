// SPDX-License-Identifier: MIT
// Streams of numbers and strings of all kinds, encoded and decoded.
#ifndef TRAINLOG_TESTS_LOG_NUMBER_STREAMS_HPP
#define TRAINLOG_TESTS_LOG_NUMBER_STREAMS_HPP

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "trainlog/log/number_decode.hpp"
#include "trainlog/log/number_encode.hpp"

namespace columns_test {

using namespace trainlog::detail;

struct stream {
  std::uint8_t encoding = 0;
  std::string bytes;
};

template <class T>
std::string plain_of(std::vector<T> const& numbers) {
  std::string bytes(numbers.size() * sizeof(T), '\0');
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    store_le(reinterpret_cast<std::byte*>(&bytes[i * sizeof(T)]), numbers[i]);
  }
  return bytes;
}

inline stream encoded(std::string_view plain, std::size_t width) {
  static number_encoder encoder;
  stream result;
  result.encoding = encoder.append(result.bytes, plain, width);
  return result;
}

template <class T>
stream encoded(std::vector<T> const& numbers) {
  return encoded(plain_of(numbers), sizeof(T));
}

/// What the stream holds, or nothing if it is refused.
inline std::optional<std::string> decoded(stream const& from, std::size_t width,
                                          std::size_t count) {
  // Just as long as the bytes, so that a sanitizer sees who reads on.
  std::vector<char> const bytes(from.bytes.begin(), from.bytes.end());
  wire_reader in(std::string_view(bytes.data(), bytes.size()));
  number_decoder decoder;
  std::string out(count * width, '\x55');
  if (!decoder.read(in, from.encoding, width, out)) return std::nullopt;
  return out;
}

template <class T>
bool comes_back(std::vector<T> const& numbers) {
  return decoded(encoded(numbers), sizeof(T), numbers.size()) == plain_of(numbers);
}

/// Numbers of many shapes, by number; all numbers of a type are among them.
template <class T>
class shapes {
 public:
  static constexpr int count = 14;

  explicit shapes(std::uint64_t seed) : random_(seed) {}

  std::vector<T> make(int shape, std::size_t size) {
    std::vector<T> numbers(size);
    std::uint64_t const scale = random_();
    std::uint64_t const start = random_();
    int const shift = static_cast<int>(random_() % 64);
    std::uint64_t walk = start;
    for (std::size_t i = 0; i < size; ++i) {
      walk += (random_() >> shift);
      numbers[i] = static_cast<T>(at(shape, i, scale, start, shift, walk));
    }
    return numbers;
  }

 private:
  std::uint64_t at(int shape, std::uint64_t i, std::uint64_t scale, std::uint64_t start, int shift,
                   std::uint64_t walk) {
    auto const normal = [&] { return std::normal_distribution<double>(0, 1)(random_); };
    switch (shape) {
      case 0:
        return start;
      case 1:
        return start + i * scale;
      case 2:
        return start + i * i * scale;
      case 3:
        return random_();
      case 4:
        return start + (random_() >> shift);
      case 5:
        return walk;
      case 6:
        return (random_() % 20) * scale + start;  // few values
      case 7:
        return random_() % 100 == 0 ? random_() : start;  // outliers
      case 8:
        return static_cast<std::uint64_t>(static_cast<std::int64_t>(40 * normal()));
      case 9:
        return bits(std::exp(normal()));
      case 10:
        return bits(normal());
      case 11:
        return bits(std::cos(static_cast<double>(i) / 1000));
      case 12:
        return bits(static_cast<double>(random_() % 256) / 256);
      default:
        return i % 97 == 0 ? bits(std::numeric_limits<double>::quiet_NaN()) : bits(2 + normal());
    }
  }

  static std::uint64_t bits(double value) {
    if constexpr (sizeof(T) == 4) return std::bit_cast<std::uint32_t>(static_cast<float>(value));
    else return std::bit_cast<std::uint64_t>(value);
  }

  std::mt19937_64 random_;
};

}  // namespace columns_test

#endif
