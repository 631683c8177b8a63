// SPDX-License-Identifier: MIT
#include "trainlog/detail/huffman.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "catch.hpp"

using namespace trainlog::detail;

namespace {

template <std::size_t Size>
std::uint64_t bits_of(std::array<std::uint32_t, Size> const& counts,
                      huffman_code<Size> const& code) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < Size; ++i) bits += std::uint64_t{counts[i]} * code.lengths[i];
  return bits;
}

/// 1 if the lengths fill a tree to the last leaf.
template <std::size_t Size>
double filled(huffman_code<Size> const& code) {
  double sum = 0;
  for (auto const length : code.lengths) sum += length != 0 ? 1.0 / (1U << length) : 0;
  return sum;
}

}  // namespace

TEST_CASE("a Huffman code is as short as can be") {
  // The example of the textbooks (Cormen and others, 16.3): 224 thousand bits.
  std::array<std::uint32_t, 6> const counts{45, 13, 12, 16, 9, 5};
  auto const code = make_huffman_code(counts, 15);
  CHECK(code.lengths == std::array<std::uint8_t, 6>{1, 3, 3, 3, 4, 4});
  CHECK(bits_of(counts, code) == 224);
  CHECK(filled(code) == 1);
}

TEST_CASE("codes are canonical, their first bit lowest") {
  // The example of RFC 1951, 3.2.2.
  huffman_code<8> code{{3, 3, 3, 3, 3, 2, 4, 4}, {}};
  code.assign_codes();
  CHECK(code.codes ==
        std::array<std::uint16_t, 8>{0b010, 0b110, 0b001, 0b101, 0b011, 0b00, 0b0111, 0b1111});
}

TEST_CASE("two symbols at least have a code") {
  CHECK(make_huffman_code(std::array<std::uint32_t, 4>{}, 15).lengths ==
        std::array<std::uint8_t, 4>{1, 1, 0, 0});
  CHECK(make_huffman_code(std::array<std::uint32_t, 4>{0, 0, 7, 0}, 15).lengths ==
        std::array<std::uint8_t, 4>{1, 0, 1, 0});
  CHECK(make_huffman_code(std::array<std::uint32_t, 4>{7, 0, 0, 0}, 15).lengths ==
        std::array<std::uint8_t, 4>{1, 1, 0, 0});
}

TEST_CASE("codes are cut to the limit, and stay complete") {
  std::array<std::uint32_t, 30> fibonacci{1, 1};
  for (std::size_t i = 2; i < 30; ++i) fibonacci[i] = fibonacci[i - 1] + fibonacci[i - 2];
  std::uint64_t last = 0;
  for (unsigned limit = 15; limit >= 5; --limit) {
    auto const code = make_huffman_code(fibonacci, limit);
    CHECK(*std::max_element(code.lengths.begin(), code.lengths.end()) <= limit);
    CHECK(filled(code) == 1);
    CHECK(std::is_sorted(code.lengths.rbegin(), code.lengths.rend()));
    CHECK(bits_of(fibonacci, code) >= last);
    last = bits_of(fibonacci, code);
  }
}
