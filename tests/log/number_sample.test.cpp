// SPDX-License-Identifier: MIT
#include "trainlog/log/number_sample.hpp"

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "catch.hpp"

using namespace trainlog::detail;

namespace {

/// `count` numbers of `width` bytes, the i-th of them f(i).
template <class F>
std::vector<std::uint64_t> numbers(std::size_t count, std::size_t width, F f) {
  std::vector<std::uint64_t> result;
  for (std::uint64_t i = 0; i < count; ++i) result.push_back(f(i) & ~0ULL >> (64 - 8 * width));
  return result;
}

template <class F>
unsigned order_of(std::size_t count, std::size_t width, F f) {
  return number_sample(numbers(count, width, f), width).best_order();
}

}  // namespace

TEST_CASE("number_sample: differences are taken as often as is of use") {
  for (std::size_t const width : {1U, 2U, 4U, 8U}) {
    for (std::size_t const count : {16U, 128U, 129U, 1000U}) {
      CAPTURE(width, count);
      std::mt19937_64 random(count);
      CHECK(order_of(count, width, [](auto) { return 42U; }) == 0);
      if (count > 16) CHECK(order_of(count, width, [&](auto) { return random() % 100; }) == 0);
      CHECK(order_of(count, width, [](auto i) { return 1000 - 7 * i; }) == 1);
      if (width > 1) CHECK(order_of(count, width, [](auto i) { return i * i; }) == 2);
    }
  }
}

TEST_CASE("number_sample: a few numbers are enough, or one") {
  for (std::size_t count = 1; count < 16; ++count) {
    auto const order = order_of(count, 8, [](auto i) { return i; });
    CHECK(order < count);
    CHECK(order <= max_order);
  }
}

TEST_CASE("number_sample: what a number takes is known by how many different ones there are") {
  auto const bits = [](std::size_t count, auto f) {
    return number_sample(numbers(count, 8, f), 8).bits_by_value();
  };
  CHECK(bits(100, [](auto) { return 9U; }) == 0);
  CHECK(bits(128, [](auto i) { return i % 2; }) == 256);
  CHECK(bits(128, [](auto i) { return (i % 16) << 50U; }) == 4 * 256);
  CHECK(bits(100, [](auto i) { return i; }) == ~std::uint64_t{0});
  CHECK(bits(1, [](auto i) { return i; }) == ~std::uint64_t{0});
  CHECK(bits(5000, [](auto i) { return i / 3; }) > 4 * 256);
}
