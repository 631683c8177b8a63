// SPDX-License-Identifier: MIT
#include "trainlog/log/planes.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"

using namespace trainlog::detail;

namespace {

std::string plane_of(byte_vector const& bytes) {
  std::string plane;
  append_plane(plane, bytes, count_bytes(bytes));
  return plane;
}

plane_form form_of(std::string const& plane) { return static_cast<plane_form>(plane.at(0)); }

/// What the plane holds, or nothing if it is refused, or something is left of it.
std::optional<byte_vector> read(std::string_view plane, std::size_t size) {
  std::vector<char> const exact(plane.begin(), plane.end());  // a sanitizer sees who reads on
  wire_reader in(std::string_view(exact.data(), exact.size()));
  byte_vector out(size);
  if (!read_plane(in, out) || in.remaining() != 0) return std::nullopt;
  return out;
}

/// Bytes of which `common` of 256 are zeros.
byte_vector bytes_of(std::size_t size, unsigned common, unsigned values = 256) {
  std::mt19937 random(static_cast<unsigned>(size));
  byte_vector bytes(size);
  for (auto& each : bytes) {
    each = static_cast<std::uint8_t>(random() % 256 < common ? 0U : random() % values);
  }
  return bytes;
}

}  // namespace

TEST_CASE("planes: bytes come back in the form that takes the fewest") {
  for (std::size_t const size : {1U, 2U, 3U, 31U, 32U, 33U, 300U, 4095U, 4096U, 4097U, 9000U}) {
    CAPTURE(size);
    byte_vector const same(size, 77);
    CHECK(plane_of(same) == std::string("\x01M"));
    CHECK(read(plane_of(same), size) == same);
    auto const noise = bytes_of(size, 0);
    if (size > 1) CHECK(form_of(plane_of(noise)) == plane_form::raw);
    CHECK(plane_of(noise).size() <= size + 1);
    CHECK(read(plane_of(noise), size) == noise);
    auto const skewed = bytes_of(size, 128, 16);
    CHECK(read(plane_of(skewed), size) == skewed);
    if (size < 300) continue;
    CHECK(form_of(plane_of(skewed)) == (size < 4096 ? plane_form::coded : plane_form::coded_wide));
    CHECK(plane_of(skewed).size() < size / 4 * 3);
  }
}

TEST_CASE("planes: one value and few others are sparse, wherever they are") {
  for (std::size_t const size : {64U, 127U, 128U, 129U, 300U, 4096U, 20000U}) {
    CAPTURE(size);
    byte_vector bytes(size, 7);
    bytes.front() = 1;
    bytes[size / 2] = 255;
    bytes[size / 2 + 1] = 0;
    bytes.back() = 8;
    auto const plane = plane_of(bytes);
    CHECK(form_of(plane) == plane_form::sparse);
    CHECK(plane.size() < 20);
    CHECK(read(plane, size) == bytes);
  }
  // 5, but 9 after two of them, and 6 after no more.
  CHECK(read(std::string_view("\x04\x05\x02\x02\x09\x00\x06", 7), 5) == byte_vector{5, 5, 9, 6, 5});
}

TEST_CASE("planes: a sparse one with a byte behind its end, or cut short, is refused") {
  using namespace std::string_view_literals;
  for (std::string_view const plane : {
           "\x04\x05\x01\x05\x09"sv,                                      // behind the end
           "\x04\x05\x02\x04\x09\x00\x09"sv,                              // the second is
           "\x04\x05\x02\x02\x09"sv,                                      // one of two
           "\x04\x05\x01\x02"sv,                                          // no byte
           "\x04\x05"sv,                                                  // no number
           "\x04\x05\x01\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01\x09"sv,  // far behind
           "\x04\x05\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01\x00\x09"sv,  // very many
       }) {
    CAPTURE(plane);
    CHECK_FALSE(read(plane, 5));
  }
}

TEST_CASE("planes: two values, however rare the one is") {
  for (std::size_t const size : {600U, 5000U, 100000U}) {
    byte_vector bytes(size, 255);
    bytes[size / 3] = 0;
    CHECK(plane_of(bytes).size() < size / 10);
    CHECK(read(plane_of(bytes), size) == bytes);
  }
}

TEST_CASE("planes: an unknown form, and a plane that is cut or has another size, are refused") {
  CHECK_FALSE(read("", 3));
  CHECK_FALSE(read("\x05xyz", 3));
  CHECK_FALSE(read(std::string_view("\0xy", 3), 3));
  CHECK(read(std::string_view("\0", 1), 0) == byte_vector{});
  CHECK_FALSE(read("\x01", 3));
  for (std::size_t const size : {600U, 5000U}) {
    auto const plane = plane_of(bytes_of(size, 200, 20));
    REQUIRE(form_of(plane) != plane_form::raw);
    for (std::size_t cut = 0; cut < plane.size(); ++cut) {
      REQUIRE_FALSE(read(std::string_view(plane).substr(0, cut), size));
    }
    for (std::size_t const other : {size - 1, size + 1, size / 2, 2 * size}) {
      CHECK_FALSE(read(plane, other));
    }
  }
}

TEST_CASE("planes: no flipped bit makes a reader read or write beyond its bytes") {
  auto const plain = bytes_of(700, 200, 9);
  auto const plane = plane_of(plain);
  for (std::size_t bit = 0; bit < 8 * plane.size(); ++bit) {
    auto flipped = plane;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    auto const back = read(flipped, plain.size());
    if (back) CHECK(back->size() == plain.size());
  }
}
