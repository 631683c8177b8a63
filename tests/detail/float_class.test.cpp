// SPDX-License-Identifier: MIT
// Holds with -ffast-math as well: the values are made of bits, and so is each answer.
#include "trainlog/detail/float_class.hpp"

#include <bit>
#include <cstdint>
#include <limits>

#include "catch.hpp"

namespace {

using trainlog::detail::is_finite;
using trainlog::detail::is_nan;

constexpr double wide(std::uint64_t bits) { return std::bit_cast<double>(bits); }
constexpr float narrow(std::uint32_t bits) { return std::bit_cast<float>(bits); }

TEST_CASE("zeros, subnormals and the largest numbers are finite") {
  for (std::uint64_t const sign : {std::uint64_t{0}, std::uint64_t{1} << 63}) {
    for (std::uint64_t const bits :
         {0x0ULL, 0x1ULL, 0x3ff0000000000000ULL, 0x7fefffffffffffffULL}) {
      CHECK(is_finite(wide(bits | sign)));
      CHECK_FALSE(is_nan(wide(bits | sign)));
    }
  }
  for (std::uint32_t const bits : {0x0U, 0x1U, 0x7f7fffffU, 0x80000000U, 0xff7fffffU}) {
    CHECK(is_finite(narrow(bits)));
    CHECK_FALSE(is_nan(narrow(bits)));
  }
}

TEST_CASE("infinities are not finite, and not NaN") {
  for (double const v : {wide(0x7ff0000000000000), wide(0xfff0000000000000)}) {
    CHECK_FALSE(is_finite(v));
    CHECK_FALSE(is_nan(v));
  }
  for (float const v : {narrow(0x7f800000), narrow(0xff800000)}) {
    CHECK_FALSE(is_finite(v));
    CHECK_FALSE(is_nan(v));
  }
}

TEST_CASE("NaNs of any sign and payload are NaN") {
  for (std::uint64_t const bits : {0x7ff0000000000001U, 0x7ff8000000000000U, 0xffffffffffffffffU}) {
    CHECK_FALSE(is_finite(wide(bits)));
    CHECK(is_nan(wide(bits)));
  }
  for (std::uint32_t const bits : {0x7f800001U, 0x7fc00000U, 0xffffffffU}) {
    CHECK_FALSE(is_finite(narrow(bits)));
    CHECK(is_nan(narrow(bits)));
  }
}

}  // namespace
