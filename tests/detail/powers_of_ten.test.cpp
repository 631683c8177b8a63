// SPDX-License-Identifier: MIT
#include <trainlog/detail/powers_of_ten.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

#include "catch.hpp"

namespace {

using namespace trainlog::detail;

/// A natural number of any size, in 32-bit digits, the lowest first.
class natural {
 public:
  explicit natural(std::uint32_t v) : digits_{v} {}

  natural& operator*=(std::uint32_t factor) {
    std::uint64_t carry = 0;
    for (std::uint32_t& digit : digits_) {
      carry += std::uint64_t{digit} * factor;
      digit = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    if (carry != 0) digits_.push_back(static_cast<std::uint32_t>(carry));
    return *this;
  }

  natural& operator<<=(unsigned places) {
    digits_.insert(digits_.begin(), places / 32, 0);
    return *this *= std::uint32_t{1} << (places % 32);
  }

  friend bool operator<=(natural const& a, natural const& b) {
    if (a.digits_.size() != b.digits_.size()) return a.digits_.size() < b.digits_.size();
    return !std::lexicographical_compare(b.digits_.rbegin(), b.digits_.rend(), a.digits_.rbegin(),
                                         a.digits_.rend());
  }

  static natural of(std::uint64_t high, std::uint64_t low) {
    natural v{0};
    v.digits_ = {static_cast<std::uint32_t>(low), static_cast<std::uint32_t>(low >> 32),
                 static_cast<std::uint32_t>(high), static_cast<std::uint32_t>(high >> 32)};
    return v;
  }

 private:
  std::vector<std::uint32_t> digits_;
};

/// x * 2^r, or what both sides of a comparison have in common with it: see the test.
natural scaled(natural x, int times_ten, int twos) {
  for (; times_ten > 0; --times_ten) x *= 10;
  x <<= static_cast<unsigned>(twos > 0 ? twos : 0);
  return x;
}

/// floor(log2(10^n)) - 127, by the digits of log2(10).
int binary_exponent(int n) { return static_cast<int>((n * 1741647LL) >> 19) - 127; }

/// g - 1 <= 10^n / 2^r < g, in natural numbers.
bool is_exact(int n) {
  power_of_ten const g = power_of_ten_for(n);
  std::uint64_t const below = g.low - 1;
  int const r = binary_exponent(n);
  natural const power = scaled(natural{1}, n, -r);
  natural const lower = scaled(natural::of(g.high - (g.low == 0 ? 1 : 0), below), -n, r);
  natural const upper = scaled(natural::of(g.high, g.low), -n, r);
  return lower <= power && !(upper <= power);
}

TEST_CASE("each power of ten is floor(beta) + 1 of its 128 leading bits") {
  for (int n = smallest_power_of_ten; n <= largest_power_of_ten; ++n) {
    INFO("10^" << n);
    CHECK(power_of_ten_for(n).high >> 63 == 1);
    CHECK(is_exact(n));
  }
}

static_assert(power_of_ten_for(0).high == 0x8000000000000000U && power_of_ten_for(0).low == 1);
static_assert(power_of_ten_for(3).high == 0xfa00000000000000U && power_of_ten_for(3).low == 1);

}  // namespace
