// SPDX-License-Identifier: MIT
#include "trainlog/detail/crc32.hpp"

#include <string>

#include "catch.hpp"

using trainlog::detail::crc32;

TEST_CASE("crc32 gives the published check values") {
  CHECK(crc32("") == 0);
  CHECK(crc32("123456789") == 0xCBF43926);
  CHECK(crc32("IEND") == 0xAE426082);  // at the end of every PNG file
  CHECK(crc32(std::string(32, '\0')) == 0x190A55AD);
  CHECK(crc32(std::string(32, '\xff')) == 0xFF6CAB0B);
}

TEST_CASE("crc32 agrees with the definition at every length, and goes on where one ended") {
  std::string bytes;
  std::uint32_t state = ~0U;
  for (unsigned i = 0; i < 300; ++i) {
    CHECK(crc32(bytes) == ~state);
    std::string_view const all(bytes);
    CHECK(crc32(all.substr(i / 3), crc32(all.substr(0, i / 3))) == ~state);
    bytes.push_back(static_cast<char>(i * i + 7 * i));
    state ^= static_cast<unsigned char>(bytes.back());
    for (int bit = 0; bit < 8; ++bit) state = (state >> 1U) ^ (0xEDB88320U & (0U - (state & 1U)));
  }
}
