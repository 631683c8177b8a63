// SPDX-License-Identifier: MIT
#include "trainlog/detail/standard_integer.hpp"

#include <cstdint>
#include <limits>

#include "catch.hpp"

using trainlog::detail::clamp_to_int64;
using trainlog::detail::standard_integer;

static_assert(standard_integer<signed char> && standard_integer<unsigned char>);
static_assert(standard_integer<long> && standard_integer<unsigned long long>);
static_assert(not standard_integer<bool> && not standard_integer<char>);
static_assert(not standard_integer<wchar_t> && not standard_integer<char8_t>);
static_assert(not standard_integer<char16_t> && not standard_integer<char32_t>);
static_assert(not standard_integer<double>);

TEST_CASE("integers beyond int64 are its largest value") {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  STATIC_REQUIRE(clamp_to_int64(std::int8_t{-7}) == -7);
  STATIC_REQUIRE(clamp_to_int64(static_cast<std::uint64_t>(most)) == most);
  STATIC_REQUIRE(clamp_to_int64(static_cast<std::uint64_t>(most) + 1) == most);
  STATIC_REQUIRE(clamp_to_int64(std::numeric_limits<std::int64_t>::min()) == -most - 1);
}
