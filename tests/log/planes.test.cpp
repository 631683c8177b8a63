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
    auto const skewed = bytes_of(size, 240);
    CHECK(read(plane_of(skewed), size) == skewed);
    if (size < 300) continue;
    CHECK(form_of(plane_of(skewed)) == (size < 4096 ? plane_form::coded : plane_form::coded_wide));
    CHECK(plane_of(skewed).size() < size / 2);
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
  CHECK_FALSE(read("\x04xyz", 3));
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
