// SPDX-License-Identifier: MIT
// NaN and infinities in a program that is compiled with -ffast-math, where std::isnan is false of
// all numbers.
#include <bit>
#include <cstdint>
#include <variant>
#include <vector>

#include <trainlog/detail/wav.hpp>
#include <trainlog/summary/histogram_builder.hpp>
#include <trainlog/summary/hparams.hpp>
#include <trainlog/summary/image_view.hpp>
#include <trainlog/summary/wall_time.hpp>

#include "catch.hpp"

using namespace trainlog;

namespace {

// Made of bits that the compiler cannot know.
double number_of(std::uint64_t bits) {
  std::uint64_t volatile unknown = bits;
  return std::bit_cast<double>(std::uint64_t{unknown});
}
double const not_a_number = number_of(0x7FF8000000000000);
double const infinity = number_of(0x7FF0000000000000);

}  // namespace

TEST_CASE("numbers that are not finite are known with -ffast-math, too") {
  for (double const number : {not_a_number, infinity}) {
    CHECK(detail::is_finite(detail::wall_time_or_now(number)));
    CHECK(std::holds_alternative<std::monostate>(summary::hparam_value(number).get()));
    CHECK(std::holds_alternative<std::monostate>(
        summary::hparam_value(static_cast<float>(number)).get()));
  }
  CHECK(detail::to_pixel(not_a_number) == 0);
  CHECK(detail::to_pixel(static_cast<float>(not_a_number)) == 0);
  CHECK(detail::to_pixel(infinity) == 255);
  CHECK(detail::pcm16(not_a_number) == 0);
  CHECK(detail::pcm16(infinity) == 32767);
  CHECK(detail::pcm16(-infinity) == -32767);
  summary::histogram_builder builder;
  builder.add(std::vector<double>{not_a_number, 1.0, infinity, 3.0});
  builder.add(not_a_number);
  CHECK(builder.count() == 2);
  CHECK(builder.non_finite() == 3);
  CHECK(builder.rows(1) == std::vector<double>{1.0, 3.0, 2.0});
}
