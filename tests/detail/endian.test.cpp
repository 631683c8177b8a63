// SPDX-License-Identifier: MIT
#include "trainlog/detail/endian.hpp"

#include <array>
#include <limits>

#include "catch.hpp"

namespace {

using namespace trainlog::detail;

template <class T, std::size_t N = sizeof(T)>
constexpr std::array<std::byte, N> stored(T value) {
  std::array<std::byte, N> bytes{};
  store_le(bytes.data(), value);
  return bytes;
}

template <class... Bytes>
constexpr std::array<std::byte, sizeof...(Bytes)> bytes_of(Bytes... values) {
  return {static_cast<std::byte>(values)...};
}

template <class T>
constexpr bool survives(T value) {
  return load_le<T>(stored(value).data()) == value;
}

// The shifts of other machines run here at compile time, the memcpy of this one in the test below.
static_assert(stored(std::uint32_t{0x01020304}) == bytes_of(4, 3, 2, 1));
static_assert(stored(std::int16_t{-2}) == bytes_of(0xfe, 0xff));
static_assert(stored(1.0F) == bytes_of(0, 0, 0x80, 0x3f));
static_assert(stored(-2.0) == bytes_of(0, 0, 0, 0, 0, 0, 0, 0xc0));
static_assert(survives(std::numeric_limits<std::int64_t>::min()));
static_assert(survives(std::numeric_limits<std::uint64_t>::max()));
static_assert(survives('x') && survives(-0.1) && survives(3.5F) && survives(std::int8_t{-1}));
static_assert(not storable_number<bool> && not storable_number<long double>);
static_assert(not storable_number<char*>);

TEST_CASE("numbers are stored least significant byte first") {
  CHECK((stored(std::uint8_t{7}) == bytes_of(7)));
  CHECK((stored(std::uint16_t{0x0102}) == bytes_of(2, 1)));
  CHECK((stored(std::uint32_t{0x01020304}) == bytes_of(4, 3, 2, 1)));
  CHECK((stored(std::int64_t{-2}) == bytes_of(0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)));
  CHECK((stored(1.0F) == bytes_of(0, 0, 0x80, 0x3f)));
  CHECK((stored(-2.0) == bytes_of(0, 0, 0, 0, 0, 0, 0, 0xc0)));
}

TEST_CASE("numbers are loaded from any address") {
  std::array<std::byte, 16> bytes{};
  for (std::size_t at = 0; at <= 8; ++at) {
    store_le(bytes.data() + at, std::uint64_t{0x0102030405060708});
    CHECK(load_le<std::uint64_t>(bytes.data() + at) == 0x0102030405060708);
    CHECK(load_le<std::uint32_t>(bytes.data() + at) == 0x05060708);
  }
}

TEST_CASE("every bit of a float survives") {
  const auto bits = std::uint64_t{0x7ff0000000000123};  // a signalling NaN with a payload
  const auto bytes = stored(bits);
  CHECK((stored(load_le<double>(bytes.data())) == bytes));
}

}  // namespace
