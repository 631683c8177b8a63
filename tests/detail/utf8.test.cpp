// SPDX-License-Identifier: MIT
#include "trainlog/detail/utf8.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include "catch.hpp"
#include "text_helpers.hpp"
#include "utf8_expectations.hpp"

namespace {

using namespace trainlog::detail;

std::string sanitized(std::string_view in) {
  std::string out;
  append_utf8_sanitized(out, in);
  return out;
}

std::string encoded(std::uint32_t code) {
  const auto tail = [code](int shift) {
    return static_cast<char>(0x80 | ((code >> shift) & 0x3f));
  };
  if (code < 0x80) return {static_cast<char>(code)};
  if (code < 0x800) return {static_cast<char>(0xC0 | (code >> 6)), tail(0)};
  if (code < 0x10000) return {static_cast<char>(0xE0 | (code >> 12)), tail(6), tail(0)};
  return {static_cast<char>(0xF0 | (code >> 18)), tail(12), tail(6), tail(0)};
}

TEST_CASE("the code points of Unicode are valid, surrogates and larger numbers are not") {
  for (std::uint32_t code = 0; code < 0x120000; ++code) {
    const bool scalar = code < 0xD800 || (code > 0xDFFF && code <= 0x10FFFF);
    const std::string text = encoded(code);
    if (is_valid_utf8(text) != scalar) FAIL("U+" << std::hex << code);
    if (scalar && valid_utf8_prefix(text + "\x80") != text.size()) FAIL("U+" << std::hex << code);
  }
}

TEST_CASE("the valid prefix ends before the first ill-formed sequence, wherever it stands") {
  CHECK(valid_utf8_prefix({}) == 0);
  const std::string bad[] = {"\x80", "\xC0\xAF", "\xE2\x82", "\xED\xA0\x80", "\xF4\x90\x80\x80"};
  for (std::size_t before = 0; before != 40; ++before) {
    for (std::size_t after = 0; after != 20; ++after) {
      for (std::string const& middle : bad) {
        const std::string text = std::string(before, 'a') + middle + std::string(after, 'b');
        REQUIRE(valid_utf8_prefix(text) == before);
        REQUIRE_FALSE(is_valid_utf8(text));
      }
      const std::string good = std::string(before, 'a') + "\xE2\x82\xAC" + std::string(after, 'b');
      REQUIRE(is_valid_utf8(good));
    }
  }
}

TEST_CASE("ill-formed text is replaced as CPython's errors='replace' does") {
  for (auto const& [in, expected] : utf8_cases) {
    INFO(in);
    CHECK(to_hex(sanitized(from_hex(in))) == expected);
  }
}

TEST_CASE("all strings of edge bytes are replaced as CPython does") {
  const std::string edges = from_hex("417f808f909fa0bfc0c1c2dfe0e1ecedeeeff0f1f3f4f5ff");
  line_digest digest;
  for_each_string(edges, 4, [&](std::string const& in) { digest.add(sanitized(in)); });
  CHECK(digest.value() == utf8_edges_digest);
}

TEST_CASE("sanitizing appends, and leaves valid text alone") {
  std::string out = "x";
  append_utf8_sanitized(out, "d\xC3\xA9j\xC3\xA0 \xF0\x9F\x98\x80");
  append_utf8_sanitized(out, {});
  CHECK(out == "xd\xC3\xA9j\xC3\xA0 \xF0\x9F\x98\x80");
  CHECK(sanitized(std::string("a\0b", 3)) == std::string("a\0b", 3));
}

}  // namespace
