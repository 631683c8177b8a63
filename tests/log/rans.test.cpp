// SPDX-License-Identifier: MIT
#include "trainlog/log/rans.hpp"

#include <random>
#include <vector>

#include "catch.hpp"

using namespace trainlog::detail;
using bytes = std::vector<std::uint8_t>;

namespace {

/// Bytes of which `skew` of 256 are one value.
bytes noise(std::size_t size, unsigned skew, unsigned values, std::uint64_t seed = 1) {
  std::mt19937_64 random(seed);
  bytes result(size);
  for (auto& byte : result) {
    byte = static_cast<std::uint8_t>(random() % 256 < skew ? 7 : random() % values);
  }
  if (size > 1) result[size - 1] = static_cast<std::uint8_t>(result[0] + 1);
  return result;
}

template <std::size_t States>
std::string code_of(bytes const& plain, byte_counts const& frequencies) {
  std::string code;
  append_rans<States>(code, plain, frequencies);
  return code;
}

template <std::size_t States>
bool decodes(std::string const& code, byte_counts const& frequencies, bytes& out) {
  std::vector<char> const exact(code.begin(), code.end());  // a sanitizer sees who reads on
  rans_table table;
  fill_rans_table(table, frequencies);
  wire_reader in(std::string_view(exact.data(), exact.size()));
  return read_rans<States>(in, table, out);
}

template <std::size_t States>
void check_all() {
  for (std::size_t const size : {2U, 3U, 4U, 5U, 31U, 32U, 33U, 64U, 100U, 1000U, 5000U, 8192U}) {
    for (unsigned const skew : {0U, 128U, 250U, 255U}) {
      for (unsigned const values : {2U, 16U, 256U}) {
        auto const plain = noise(size, skew, values);
        auto const counts = count_bytes(plain);
        auto const frequencies = frequencies_of(counts);
        auto const code = code_of<States>(plain, frequencies);
        bytes back(size);
        REQUIRE(decodes<States>(code, frequencies, back));
        REQUIRE(back == plain);
        auto const room = entropy_of(counts) / 2048 + size / 40 + 4 * States + 8;
        REQUIRE(code.size() <= room);
      }
    }
  }
}

template <std::size_t States>
void damage_all() {
  auto const plain = noise(200, 100, 256);
  auto const frequencies = frequencies_of(count_bytes(plain));
  auto const code = code_of<States>(plain, frequencies);
  bytes back(plain.size());
  for (std::size_t cut = 0; cut < code.size(); ++cut) {
    REQUIRE_FALSE(decodes<States>(code.substr(0, cut), frequencies, back));
  }
  REQUIRE_FALSE(decodes<States>(code + '\0', frequencies, back));
  for (std::size_t bit = 0; bit < 8 * code.size(); ++bit) {
    auto flipped = code;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    decodes<States>(flipped, frequencies, back);
  }
}

}  // namespace

TEST_CASE("rans: bytes come back, in about as many bits as they have") {
  check_all<4>();
  check_all<32>();
}

TEST_CASE("rans: every frequency is divided by exactly") {
  std::mt19937_64 random(2);
  for (std::uint32_t frequency = 1; frequency < frequency_sum; ++frequency) {
    auto const symbol = make_rans_symbol(frequency, 0);
    for (int i = 0; i < 50; ++i) {
      std::uint32_t const most = i == 0 ? symbol.limit : i == 1 ? frequency : rans_low;
      auto const x = i < 3 ? most : static_cast<std::uint32_t>(random() % (symbol.limit + 1ULL));
      if (x == 0) continue;
      auto const quotient = static_cast<std::uint32_t>(
          ((std::uint64_t{x} * symbol.reciprocal) >> 32) >> symbol.shift);
      if (x <= symbol.limit) {
        REQUIRE(x + symbol.offset + quotient * symbol.rest ==
                frequency_sum * (x / frequency) + x % frequency);
      }
    }
  }
}

TEST_CASE("rans: a processor's own path decodes what the portable one does") {
  auto const plain = noise(5003, 60, 200);
  auto const frequencies = frequencies_of(count_bytes(plain));
  auto const code = code_of<32>(plain, frequencies);
  rans_table table;
  fill_rans_table(table, frequencies);
  auto const run = [&](bool fast) {
    std::array<std::uint32_t, 32> states{};
    wire_reader in(code);
    REQUIRE(read_rans_states(in, states));
    auto rest = std::string_view(code).substr(128);
    bytes out(plain.size());
    std::size_t done = fast ? decode_rans_avx2(out, rest, table.data(), states.data()) : 0;
    done += decode_rans<32>(std::span(out).subspan(done), rest, table, states);
    CHECK(done == out.size());
    CHECK(rest.empty());
    CHECK(states == [] {
      std::array<std::uint32_t, 32> low{};
      low.fill(rans_low);
      return low;
    }());
    return out;
  };
  CHECK(run(false) == plain);
  CHECK(run(true) == plain);
}

TEST_CASE("rans: the tail is decoded by each path, and none of a code that is cut or goes on") {
  // The code of bytes that are nearly all the same ends long before they do.
  for (unsigned const skew : {0U, 200U, 254U}) {
    for (std::size_t size = 2; size < 260; ++size) {
      auto const plain = noise(size, skew, 250, size);
      auto const frequencies = frequencies_of(count_bytes(plain));
      auto const code = code_of<32>(plain, frequencies);
      bytes back(size);
      REQUIRE(decodes<32>(code, frequencies, back));
      REQUIRE(back == plain);
      REQUIRE_FALSE(decodes<32>(code + "12", frequencies, back));
      for (std::size_t cut = 1; cut < std::min<std::size_t>(code.size(), 70); cut += 3) {
        REQUIRE_FALSE(decodes<32>(code.substr(0, code.size() - cut), frequencies, back));
      }
      for (std::size_t const other : {size - 1, size + 1, size + 32}) {
        bytes wrong(other);
        REQUIRE_FALSE(decodes<32>(code, frequencies, wrong));
      }
    }
  }
}

TEST_CASE("rans: a state out of range is refused") {
  auto const reads = [](std::uint32_t state) {
    std::string code;
    append_le(code, rans_low);
    append_le(code, state);
    std::array<std::uint32_t, 2> states{};
    wire_reader in(code);
    return read_rans_states(in, states);
  };
  CHECK_FALSE(reads(0));
  CHECK_FALSE(reads(32767));
  CHECK(reads(32768));
  CHECK(reads(0x7FFFFFFF));
  CHECK_FALSE(reads(0x80000000));
  CHECK_FALSE(reads(0xFFFFFFFF));
}

TEST_CASE("rans: no cut or flipped code is read beyond its end") {
  damage_all<4>();
  damage_all<32>();
}
