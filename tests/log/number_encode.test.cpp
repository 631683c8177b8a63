// SPDX-License-Identifier: MIT
#include "trainlog/log/number_encode.hpp"

#include "catch.hpp"
#include "log/number_streams.hpp"

using namespace columns_test;

namespace {

constexpr std::size_t sizes[] = {1, 2, 3, 4, 5, 7, 17, 31, 33, 127, 129, 500, 2047, 4099, 8192};

template <class T>
void check_shapes() {
  shapes<T> random(sizeof(T));
  for (int shape = 0; shape < shapes<T>::count; ++shape) {
    for (auto const size : sizes) {
      for (int repeat = size < 1000 ? 5 : 1; repeat != 0; --repeat) {
        auto const numbers = random.make(shape, size);
        INFO("shape " << shape << " of " << size << " numbers of " << sizeof(T) << " bytes");
        REQUIRE(comes_back(numbers));
        REQUIRE(encoded(numbers).bytes.size() <= size * sizeof(T));
      }
    }
  }
}

/// Bytes that numbers of the shape take each.
template <class T>
double size_of(int shape) {
  auto const numbers = shapes<T>(1).make(shape, 8192);
  return static_cast<double>(encoded(numbers).bytes.size()) / 8192;
}

}  // namespace

TEST_CASE("number_encode: numbers of every width and many shapes come back") {
  check_shapes<std::uint8_t>();
  check_shapes<std::uint16_t>();
  check_shapes<std::uint32_t>();
  check_shapes<std::uint64_t>();
}

TEST_CASE("number_encode: the corners of every width come back") {
  auto const check = [](auto zero) {
    using number = decltype(zero);
    constexpr auto most = std::numeric_limits<number>::max();
    constexpr auto half = static_cast<number>(most / 2);
    CHECK(comes_back(std::vector<number>{}));
    CHECK(comes_back(std::vector<number>(100, most)));
    std::vector<number> ends;
    std::vector<number> middle;
    for (int i = 0; i < 1000; ++i) {
      ends.push_back(i % 3 == 0 ? most : number{0});
      middle.push_back(static_cast<number>(half + (i % 2 == 0 ? 1U : 0U)));
    }
    CHECK(comes_back(ends));
    CHECK(comes_back(middle));
  };
  check(std::uint8_t{});
  check(std::uint16_t{});
  check(std::uint32_t{});
  check(std::uint64_t{});
}

TEST_CASE("number_encode: every class of float bit patterns comes back") {
  std::vector<std::uint32_t> patterns;
  for (std::uint64_t bits = 0; bits < (std::uint64_t{1} << 32); bits += 104729) {
    patterns.push_back(static_cast<std::uint32_t>(bits));
  }
  for (std::uint32_t const exponent : {0x00000000U, 0x00800000U, 0x7f000000U, 0x7f800000U}) {
    for (std::uint32_t const fraction : {0U, 1U, 0x3fffffU, 0x400000U, 0x7fffffU}) {
      patterns.push_back(exponent | fraction);
      patterns.push_back(0x80000000U | exponent | fraction);
    }
  }
  std::vector<std::uint64_t> wide;
  for (auto const bits : patterns) {
    wide.push_back((std::uint64_t{bits} << 32) | (bits * 2654435761U));
  }
  CHECK(comes_back(patterns));
  CHECK(comes_back(wide));
  for (std::size_t i = 0; i + 256 <= patterns.size(); i += 4096) {
    auto const at = patterns.begin() + static_cast<long>(i);
    REQUIRE(comes_back(std::vector<std::uint32_t>(at, at + 256)));
  }
}

TEST_CASE("number_encode: what is regular takes next to nothing") {
  CHECK(size_of<std::uint64_t>(0) < 0.01);
  CHECK(size_of<std::uint64_t>(1) < 0.01);
  CHECK(size_of<std::uint64_t>(2) < 0.01);
  CHECK(size_of<std::uint64_t>(6) < 0.65);   // one of 20 values: 4.3 bits
  CHECK(size_of<std::uint64_t>(12) < 1.17);  // k/256: 8 bits, and a table of values
  CHECK(size_of<std::uint32_t>(11) < 0.6);
}

TEST_CASE("number_encode: noise takes its bits and no more") {
  CHECK(size_of<std::uint64_t>(3) == 8);
  // A normal distribution of deviation 40 has 7.37 bits.
  CHECK(size_of<std::uint64_t>(8) < 0.96);
  CHECK(size_of<std::uint8_t>(8) < 0.96);
  // 46 bits of a double's fraction are noise; the rest is as dense as exp of a normal one.
  CHECK(size_of<std::uint64_t>(9) < 6.9);
  CHECK(size_of<std::uint32_t>(9) < 3.3);
}

TEST_CASE("number_encode: an encoder has no memory of the stream before") {
  shapes<std::uint32_t> random(9);
  auto const numbers = random.make(9, 1000);
  auto const first = encoded(numbers);
  encoded(random.make(6, 3000));
  auto const second = encoded(numbers);
  CHECK(first.bytes == second.bytes);
  CHECK(first.encoding == second.encoding);
}
