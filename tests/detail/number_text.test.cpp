// SPDX-License-Identifier: MIT
#include <trainlog/detail/number_text.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>
#include <string_view>

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

#include "catch.hpp"
#include "number_expectations.hpp"

namespace {

using namespace trainlog::detail;

#ifdef NDEBUG
constexpr int effort = 50;
#else
constexpr int effort = 1;
#endif

/// What write(out, v) writes, if it kept within its room.
template <class Write, class T>
std::string written(Write write, T v) {
  char buffer[max_number_text + 32];
  std::fill(std::begin(buffer), std::end(buffer), '#');
  char* const out = buffer + 16;
  std::string const text(out, write(out, v));
  bool const inside =
      std::all_of(buffer, out, [](char c) { return c == '#'; }) &&
      std::all_of(out + max_number_text, std::end(buffer), [](char c) { return c == '#'; });
  return inside ? text : "wrote outside of its room";
}

template <class Integer>
std::string integer_text(Integer v) {
  return written([](char* out, Integer x) { return write_integer(out, x); }, v);
}

template <class Float>
std::string json_text(Float v) {
  return written([](char* out, Float x) { return write_json_float(out, x); }, v);
}

template <class Float>
std::string repr_text(Float v) {
  return written([](char* out, Float x) { return write_repr_float(out, x); }, v);
}

/// The layout of Python's repr, from the digits of the standard library.
template <class Float>
std::string expected(Float v) {
  char text[64];
  char const* const end =
      std::to_chars(text, text + sizeof text, std::fabs(v), std::chars_format::scientific).ptr;
  std::string_view const all(text, static_cast<std::size_t>(end - text));
  std::string digits(all.substr(0, all.find('e')));
  int const exponent = std::stoi(std::string(all.substr(all.find('e') + 1)));
  std::string const sign = std::signbit(v) ? "-" : "";
  if (exponent < -4 || exponent >= 16) return sign + std::string(all);
  digits.erase(std::remove(digits.begin(), digits.end(), '.'), digits.end());
  if (exponent < 0)
    return sign + "0." + std::string(static_cast<unsigned>(-exponent - 1), '0') + digits;
  auto const before = static_cast<std::size_t>(exponent) + 1;
  digits.resize(std::max(digits.size(), before + 1), '0');
  digits.insert(before, 1, '.');  // of a "." g++ 12 would warn at -O3
  return sign + digits;
}

template <class Float>
bool reads_back(Float v, std::string const& text) {
  Float back{};
  auto const result = std::from_chars(text.data(), text.data() + text.size(), back);
  return result.ptr == text.data() + text.size() && back == v &&
         std::signbit(back) == std::signbit(v);
}

template <class Float>
bool writes(Float v) {
  std::string const text = json_text(v);
  bool const good = text == expected(v) && text == repr_text(v) && reads_back(v, text);
  if (!good) UNSCOPED_INFO(text << " should be " << expected(v));
  return good;
}

template <class Integer>
bool integers_agree() {
  std::mt19937_64 random{1};
  using limits = std::numeric_limits<Integer>;
  bool good = integer_text(limits::min()) == std::to_string(limits::min()) &&
              integer_text(limits::max()) == std::to_string(limits::max());
  for (int i = 0; i != 20'000; ++i) {
    auto const v = static_cast<Integer>(random() >> random() % 64);
    auto const negated = static_cast<Integer>(0 - static_cast<std::uint64_t>(v));
    good = good && integer_text(v) == std::to_string(v);
    good = good && integer_text(negated) == std::to_string(negated);
  }
  return good;
}

TEST_CASE("write_integer writes every type of integer") {
  CHECK(integers_agree<signed char>());
  CHECK(integers_agree<unsigned char>());
  CHECK(integers_agree<short>());
  CHECK(integers_agree<unsigned>());
  CHECK(integers_agree<long>());
  CHECK(integers_agree<unsigned long long>());
  CHECK(integer_text(true) == "1");
  CHECK(integer_text('A') == "65");
}

TEST_CASE("write_integer has the right digits around every power of ten") {
  for (std::uint64_t power = 1;; power *= 10) {
    CHECK(integer_text(power - 1) == std::to_string(power - 1));
    CHECK(integer_text(power) == std::to_string(power));
    if (power > std::numeric_limits<std::uint64_t>::max() / 10) break;
  }
}

TEST_CASE("eight_digits splits every number into its digits") {
  for (std::uint32_t v = 0; v < 100'000'000; v += effort == 1 ? 997 : 13) {
    std::uint64_t rest = eight_digits(v);
    std::uint32_t back = 0;
    for (int i = 0; i != 8; ++i, rest >>= 8) back = back * 10 + (rest & 0xff);
    if (back != v) FAIL("wrong digits for " << v);
  }
}

TEST_CASE("write_repr_float writes what Python writes") {
  for (auto const& [bits, text] : double_cases) {
    CHECK(repr_text(std::bit_cast<double>(bits)) == text);
  }
  for (auto const& [bits, text] : float_cases) {
    CHECK(repr_text(std::bit_cast<float>(bits)) == text);
  }
  CHECK(repr_text(-std::numeric_limits<double>::quiet_NaN()) == "nan");
}

TEST_CASE("write_json_float writes a point or an exponent, and what reads back") {
  CHECK(json_text(3.0) == "3.0");
  CHECK(json_text(-0.0F) == "-0.0");
  CHECK(json_text(0.1F) == "0.1");
  CHECK(json_text(1e22) == "1e+22");
  CHECK(json_text(-2.2250738585072014e-308) == "-2.2250738585072014e-308");
  for (int e = -1074; e <= 1023; ++e) CHECK(writes(std::ldexp(1.0, e)));
  for (int e = -149; e <= 127; ++e) CHECK(writes(std::ldexp(-1.0F, e)));
}

/// Every number of digits with every exponent: all layouts, all places of the point.
TEST_CASE("write_json_float puts the point at every place") {
  for (int exponent = -30; exponent <= 20; ++exponent) {
    for (std::string digits = "1"; digits.size() <= 17;
         digits += "9876543210123456"[digits.size() - 1]) {
      std::string const text = digits + "e" + std::to_string(exponent);
      CHECK(writes(std::strtod(text.c_str(), nullptr)));
      CHECK(writes(-std::strtof(text.c_str(), nullptr)));
    }
  }
}

TEST_CASE("write_json_float agrees with std::to_chars on random floats") {
  std::mt19937_64 random{2};
  for (int i = 0; i != 30'000 * effort; ++i) {
    auto const wide = std::bit_cast<double>(random());
    auto const narrow = std::bit_cast<float>(static_cast<std::uint32_t>(random()));
    double const unit = std::ldexp(static_cast<double>(random()), -static_cast<int>(random() % 80));
    if (std::isfinite(wide) && !writes(wide)) FAIL("double");
    if (std::isfinite(narrow) && !writes(narrow)) FAIL("float");
    if (!writes(unit) || !writes(static_cast<float>(unit))) FAIL("near one");
  }
}

static_assert(noexcept(write_json_float(nullptr, 1.0)));
static_assert(noexcept(write_repr_float(nullptr, 1.0F)));
static_assert(noexcept(write_integer(nullptr, 1)));

#if defined(__SSE__)
TEST_CASE("subnormal numbers are written where the processor takes them for zero") {
  unsigned const mode = _mm_getcsr();
  _mm_setcsr(mode | 0x8040U);  // flush to zero, denormals are zero
  auto const least = json_text(std::numeric_limits<double>::denorm_min());
  auto const many = json_text(-1.5e-310);
  auto const single = json_text(std::numeric_limits<float>::denorm_min());
  auto const digits = shortest(std::numeric_limits<double>::denorm_min()).digits;
  _mm_setcsr(mode);
  CHECK(least == "5e-324");
  CHECK(many == "-1.5e-310");
  CHECK(single == "1e-45");
  CHECK(digits == 5);
}
#endif

}  // namespace
