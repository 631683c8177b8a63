// SPDX-License-Identifier: MIT
#include "trainlog/log/bit_pack.hpp"

#include <random>
#include <vector>

#include "catch.hpp"

using namespace trainlog::detail;

TEST_CASE("bit_pack: numbers of every width and count come back") {
  std::mt19937_64 random(4);
  for (unsigned bits = 1; bits <= 64; ++bits) {
    for (std::size_t count = 0; count < 150; ++count) {
      std::vector<std::uint64_t> numbers(count);
      for (auto& number : numbers) number = random();
      std::string packed;
      append_bits(packed, numbers, bits);
      REQUIRE(packed.size() == packed_size(count, bits));
      std::vector<char> const exact(packed.begin(), packed.end());
      std::size_t seen = 0;
      visit_bits({exact.data(), exact.size()}, count, bits,
                 [&](std::size_t i, std::uint64_t number) {
                   REQUIRE(i == seen++);
                   REQUIRE(number == (numbers[i] & low_mask(bits)));
                 });
      REQUIRE(seen == count);
    }
  }
}

TEST_CASE("bit_pack: the lowest bits stand first") {
  std::string packed;
  append_bits(packed, std::vector<std::uint64_t>{1, 2, 7}, 3);
  CHECK(packed == std::string("\xd1\x01", 2));
}
