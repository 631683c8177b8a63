// SPDX-License-Identifier: MIT
#include "trainlog/log/number_decode.hpp"

#include "catch.hpp"
#include "log/number_streams.hpp"

using namespace columns_test;

namespace {

/// Bytes from text: "01 ff".
std::string hex(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 3) {
    bytes += static_cast<char>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

template <class T>
std::optional<std::vector<T>> numbers_in(std::uint8_t encoding, std::string_view text,
                                         std::size_t count) {
  auto const plain = decoded({encoding, hex(text)}, sizeof(T), count);
  if (!plain) return std::nullopt;
  std::vector<T> numbers;
  for (std::size_t i = 0; i < count; ++i) {
    numbers.push_back(get_le<T>(plain->data() + i * sizeof(T)));
  }
  return numbers;
}

template <class T>
void damage_all(std::size_t size) {
  shapes<T> random(sizeof(T) + size);
  for (int shape = 0; shape < shapes<T>::count; ++shape) {
    auto const numbers = random.make(shape, size);
    auto const whole = encoded(numbers);
    for (std::size_t cut = 0; cut < whole.bytes.size(); ++cut) {
      auto part = whole;
      part.bytes.resize(cut);
      REQUIRE_FALSE(decoded(part, sizeof(T), size));
    }
    for (std::size_t bit = 0; bit < 8 * whole.bytes.size(); ++bit) {
      auto flipped = whole;
      flipped.bytes[bit / 8] = static_cast<char>(flipped.bytes[bit / 8] ^ (1 << (bit % 8)));
      decoded(flipped, sizeof(T), size);
    }
    for (unsigned encoding = 0; encoding < 256; ++encoding) {
      decoded({static_cast<std::uint8_t>(encoding), whole.bytes}, sizeof(T), size);
      decoded(whole, sizeof(T), encoding * 3);
    }
  }
}

}  // namespace

// Each of these is written by hand from docs/format.md, and is what it says.
TEST_CASE("number_decode: every encoding is read as the format says") {
  using u16 = std::vector<std::uint16_t>;
  using u32 = std::vector<std::uint32_t>;
  using u8 = std::vector<std::uint8_t>;
  // plain
  CHECK(numbers_in<std::uint16_t>(0x00, "01 00 34 12", 2) == u16{1, 0x1234});
  // packed: base 7, step 1, no rest, no planes
  CHECK(numbers_in<std::uint32_t>(0x01, "07 00 00 00 01 00 00", 3) == u32{7, 7, 7});
  // base 100, step 10, 3 bits: 1, 2, 7
  CHECK(numbers_in<std::uint16_t>(0x01, "64 00 0a 03 00 d1 01", 3) == u16{110, 120, 170});
  // differences: 5, then base 3
  CHECK(numbers_in<std::uint8_t>(0x11, "05 03 01 00 00", 4) == u8{5, 8, 11, 14});
  // differences twice: 1, 4, then all 2: squares
  CHECK(numbers_in<std::uint16_t>(0x21, "01 00 04 00 02 00 01 00 00", 5) == u16{1, 4, 9, 16, 25});
  // 4 bits and a raw plane that is shifted by 4, modulo 2^8
  CHECK(numbers_in<std::uint8_t>(0x01, "01 01 04 01 04 00 01 02 03 ba 0c", 3) ==
        u8{1 + 0x10 + 0xa, 1 + 0x20 + 0xb, 1 + 0x30 + 0xc});
  // a constant plane above a constant plane
  CHECK(numbers_in<std::uint16_t>(0x01, "00 00 01 00 02 08 01 12 00 01 34", 2) ==
        u16{0x1234, 0x1234});
  // dictionary of 1000 and 2000; indices 1, 0, 1
  CHECK(numbers_in<std::uint16_t>(0x02, "02 00 e8 03 d0 07 00 01 00 01", 3) ==
        u16{2000, 1000, 2000});
}

TEST_CASE("number_decode: a coded plane is read as the format says") {
  // Values 0 and 2 with frequencies 1024 each; of 4 bytes each state has one.
  // 65536 -> slot 0 -> value 0, 32768; 66560 -> slot 1024 -> value 2, 32768.
  CHECK(numbers_in<std::uint8_t>(0x01,
                                 "00 01 00 01 00 02 "        // one plane, coded
                                 "02 80 08 00 00 80 08 10 "  // 1024, 0 and none more, 1024
                                 "00 00 01 00 00 04 01 00 00 04 01 00 00 00 01 00",
                                 4) == std::vector<std::uint8_t>{0, 2, 2, 0});
}

TEST_CASE("number_decode: what the format forbids is refused") {
  CHECK_FALSE(numbers_in<std::uint16_t>(0x00, "01 00 34", 2));
  CHECK_FALSE(numbers_in<std::uint16_t>(0x00, "01 00 34 12 00", 2));  // more bytes
  CHECK_FALSE(numbers_in<std::uint8_t>(0x11, "05 03 01 00 00", 1));   // too few to differ
  CHECK_FALSE(numbers_in<std::uint8_t>(0x31, "05 03 01 00 00 03 01 00 00", 9));  // three times
  CHECK_FALSE(numbers_in<std::uint8_t>(0x10, "05 03 01", 3));  // plain differences
  CHECK_FALSE(numbers_in<std::uint8_t>(0x03, "05 03 01", 3));
  CHECK_FALSE(numbers_in<std::uint8_t>(0x01, "05 01 09 00 00 00 00 00", 3));  // 9 bits of 8
  CHECK_FALSE(numbers_in<std::uint8_t>(0x01, "05 01 00 01 40 01 01", 3));     // shift 64
  CHECK_FALSE(numbers_in<std::uint8_t>(0x01, "05 00 00 00", 3));              // step 0
  CHECK_FALSE(numbers_in<std::uint8_t>(0x02, "00 00 00 00 00", 0));           // empty dictionary
  CHECK_FALSE(numbers_in<std::uint8_t>(0x02, "01 00 07 00 01", 1));           // index 1 of 1
}

TEST_CASE("number_decode: no cut or flipped stream is read beyond its end") {
  for (std::size_t const size : {3U, 40U, 300U}) {
    damage_all<std::uint8_t>(size);
    damage_all<std::uint16_t>(size);
    damage_all<std::uint32_t>(size);
    damage_all<std::uint64_t>(size);
  }
}
