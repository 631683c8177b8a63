// SPDX-License-Identifier: MIT
#include "trainlog/log/unpack_avx2.hpp"

#include "trainlog/log/bit_pack.hpp"

#include "catch.hpp"

#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace {

using trainlog::detail::low_mask;
using trainlog::detail::packed_parts;

/// The numbers that the parts say, one at a time.
std::vector<std::uint64_t> slowly(packed_parts const& from,
                                  std::vector<std::uint64_t> const& rest) {
  std::vector<std::uint64_t> numbers;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    std::uint64_t number = rest[i];
    for (std::size_t p = 0; p < from.planes; ++p) {
      number += std::uint64_t{from.plane[p][i]} << from.shift[p];
    }
    numbers.push_back(from.base + from.step * number);
  }
  return numbers;
}

template <std::size_t Width>
void check_width(packed_parts const& from, std::vector<std::uint64_t> const& rest) {
  std::string out(rest.size() * Width, '\x55');
  auto const done = trainlog::detail::unpack_avx2<Width>(from, rest.size(), out.data());
  bool const is_within = done <= rest.size();
  REQUIRE(is_within);
  REQUIRE(done % 8 == 0);
  if (from.rest_bits == 0 && trainlog::detail::unpack_avx2<Width>(from, 8, out.data()) == 8) {
    CHECK(done == rest.size() / 8 * 8);
  }
  auto const wanted = slowly(from, rest);
  for (std::size_t i = 0; i < done; ++i) {
    std::uint64_t number = 0;
    std::memcpy(&number, out.data() + i * Width, Width);
    REQUIRE(number == (wanted[i] & low_mask(8 * Width)));
  }
  REQUIRE(out.find_first_not_of('\x55', done * Width) == out.npos);
}

}  // namespace

TEST_CASE("numbers of all sizes are unpacked at once as they are one at a time") {
  std::mt19937_64 random(1);
  for (unsigned bits = 0; bits <= 57; ++bits) {
    for (std::size_t const planes : {0U, 1U, 2U, 8U}) {
      for (std::size_t const count : {8U, 9U, 40U, 203U}) {
        std::vector<std::uint64_t> rest(count);
        for (auto& each : rest) each = random() & low_mask(bits);
        std::string packed;
        if (bits != 0) trainlog::detail::append_bits(packed, rest, bits);
        packed.shrink_to_fit();
        std::vector<std::vector<std::uint8_t>> bytes(planes, std::vector<std::uint8_t>(count));
        packed_parts parts;
        parts.base = random();
        parts.step = count % 2 == 0 ? 1 : random();
        parts.rest = packed;
        parts.rest_bits = bits;
        parts.planes = planes;
        for (std::size_t p = 0; p < planes; ++p) {
          for (auto& each : bytes[p]) each = static_cast<std::uint8_t>(random());
          parts.plane[p] = bytes[p].data();
          parts.shift[p] = static_cast<std::uint8_t>(random() % 64);
        }
        check_width<8>(parts, rest);
        check_width<4>(parts, rest);
      }
    }
  }
}
