// SPDX-License-Identifier: MIT
#include <trainlog/detail/shortest_decimal.hpp>

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>

#include "catch.hpp"

namespace {

using namespace trainlog::detail;

#ifdef NDEBUG
constexpr int effort = 50;
#else
constexpr int effort = 1;
#endif

constexpr bool operator==(decimal const& a, decimal const& b) {
  return a.digits == b.digits && a.exponent == b.exponent && a.negative == b.negative;
}

/// What the standard library makes of v.
template <class Float>
decimal expected(Float v) {
  char text[64];
  char const* const end =
      std::to_chars(text, text + sizeof text, v, std::chars_format::scientific).ptr;
  decimal result{0, 0, text[0] == '-'};
  char const* p = text + (result.negative ? 1 : 0);
  for (bool point = false; *p != 'e'; ++p) {
    if (*p == '.') {
      point = true;
      continue;
    }
    result.digits = result.digits * 10 + static_cast<unsigned>(*p - '0');
    result.exponent -= point ? 1 : 0;
  }
  int exponent = 0;
  std::from_chars(p + (p[1] == '+' ? 2 : 1), end, exponent);
  result.exponent += exponent;
  while (result.digits != 0 && result.digits % 10 == 0) {
    result.digits /= 10;
    ++result.exponent;
  }
  return result;
}

/// Both ways to it must give the right decimal.
template <class Float>
bool agrees(Float v) {
  decimal const right = expected(v);
  if (v == 0) return shortest(v) == right;
  float_parts<Float> const parts{v};
  return shortest(v) == right && without_zeros(schubfach(parts), parts.negative) == right;
}

/// Checks v, its neighbours and their negatives.
template <class Float>
bool agrees_around(Float v) {
  constexpr Float infinity = std::numeric_limits<Float>::infinity();
  for (Float const x : {std::nextafter(v, Float{}), v, std::nextafter(v, infinity)}) {
    if (std::isfinite(x) && !(agrees(x) && agrees(-x))) {
      UNSCOPED_INFO("fails for " << std::hexfloat << x);
      return false;
    }
  }
  return true;
}

TEST_CASE("the logarithms are exact where they are used") {
  for (int e = -1100; e <= 1100; ++e) {
    CHECK(floor_log10_pow2(e) == std::floor(e * std::log10(2.0L)));
    CHECK(floor_log10_three_quarters_pow2(e) ==
          std::floor(e * std::log10(2.0L) + std::log10(0.75L)));
  }
  for (int n = -330; n <= 330; ++n) CHECK(floor_log2_pow10(n) == std::floor(n * std::log2(10.0L)));
}

TEST_CASE("128-bit products are the same with and without 128-bit integers") {
  std::mt19937_64 random{3};
  for (int i = 0; i != 10'000; ++i) {
    std::uint64_t const a = random() >> random() % 64;
    std::uint64_t const b = ~(random() >> random() % 64);
    product const left = multiply(a, b);
    product const right = multiply_halves(a, b);
    if (left.high != right.high || left.low != right.low) FAIL(a << " * " << b);
  }
  constexpr std::uint64_t all = ~std::uint64_t{0};
  CHECK(multiply_halves(all, all).high == all - 1);
  CHECK(multiply_halves(all, all).low == 1);
}

TEST_CASE("shortest agrees with std::to_chars at every power of two and ten") {
  for (int e = -1074; e <= 1023; ++e) CHECK(agrees_around(std::ldexp(1.0, e)));
  for (int e = -149; e <= 127; ++e) CHECK(agrees_around(std::ldexp(1.0F, e)));
  for (int n = -323; n <= 308; ++n)
    CHECK(agrees_around(std::strtod(("1e" + std::to_string(n)).c_str(), nullptr)));
  for (int n = -37; n <= 38; ++n)
    CHECK(agrees_around(std::strtof(("1e" + std::to_string(n)).c_str(), nullptr)));
}

TEST_CASE("shortest agrees with std::to_chars at the limits") {
  CHECK(agrees_around(std::numeric_limits<double>::max()));
  CHECK(agrees_around(std::numeric_limits<double>::min()));
  CHECK(agrees_around(std::numeric_limits<float>::max()));
  CHECK(agrees_around(std::numeric_limits<float>::min()));
  CHECK(agrees(-0.0));
  CHECK(agrees(0.0F));
  for (std::uint64_t bits = 1; bits != 2000; ++bits) {
    CHECK(agrees(std::bit_cast<double>(bits)));
    CHECK(agrees(std::bit_cast<float>(static_cast<std::uint32_t>(bits))));
  }
}

/// Checks `count` values that next() makes.
template <class Next>
bool all_agree(int count, Next next) {
  for (int i = 0; i != count; ++i) {
    if (!agrees_around(next())) return false;
  }
  return true;
}

TEST_CASE("shortest agrees with std::to_chars on random bits, integers, halves and decimals") {
  std::mt19937_64 random{1};
  auto const finite = [&random] {
    for (;;) {
      auto const v = std::bit_cast<double>(random());
      if (std::isfinite(v)) return v;
    }
  };
  CHECK(all_agree(40'000 * effort, finite));
  CHECK(all_agree(4'000 * effort, [&] { return static_cast<double>(random() >> random() % 64); }));
  CHECK(all_agree(4'000 * effort, [&] { return static_cast<double>(random() >> 12) / 2; }));
  CHECK(all_agree(4'000 * effort, [&] { return static_cast<double>(random() % 65536) / 256; }));
  CHECK(all_agree(4'000 * effort, [&] { return static_cast<double>(random() >> 30) / 1e7; }));
  CHECK(all_agree(4'000 * effort, [&] {
    return std::ldexp(static_cast<double>(random() % 100000),
                      static_cast<int>(random() % 300) - 150);
  }));
}

// Values a tie or an interval's end away from a shorter decimal, where only exact arithmetic
// decides.
TEST_CASE("shortest agrees with std::to_chars where decimals are equally near") {
  for (double const v : {9007199254740993.0, 0x1p54 + 4, 0x1.8p55, 1e23, 9.5e22, 5e-324, 0x1p-44,
                         2251799813685248.5, 4503599627370496.5, 131073.0 / 0x1p17, 0x1p60, 9e15}) {
    CHECK(agrees_around(v));
  }
  for (int odd = 65537; odd < 131072; odd += 1234) CHECK(agrees(odd / 0x1p17));
}

TEST_CASE("shortest agrees with std::to_chars on a stride through all floats") {
  constexpr std::uint32_t stride = effort == 1 ? 20011 : 257;
  std::uint64_t wrong = 0;
  for (std::uint32_t bits = 1; bits < 0x7f800000U; bits += stride) {
    wrong += agrees(std::bit_cast<float>(bits)) ? 0U : 1U;
  }
  CHECK(wrong == 0);
}

static_assert(shortest(0.1) == decimal{1, -1, false});
static_assert(shortest(-1500.0F) == decimal{15, 2, true});
static_assert(not ieee_float<long double> or sizeof(long double) == 8);
static_assert(not ieee_float<int>);

}  // namespace
