// SPDX-License-Identifier: MIT
#include "trainlog/log/frequencies.hpp"

#include <cmath>
#include <numeric>
#include <random>
#include <vector>

#include "catch.hpp"

using namespace trainlog::detail;

namespace {

byte_counts skewed(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  byte_counts counts{};
  counts[0] = 1;
  for (std::size_t v = 1; v < 256; v += 1 + random() % (1 + seed % 9)) {
    counts[v] = static_cast<std::uint32_t>(1 + (random() % 100000 >> (random() % 17)));
  }
  return counts;
}

std::string bytes_of(byte_counts const& frequencies) {
  std::string bytes;
  append_frequencies(bytes, frequencies);
  return bytes;
}

bool reads(std::string const& bytes, byte_counts& out) {
  wire_reader in(bytes);
  return read_frequencies(in, out) && in.remaining() == 0;
}

}  // namespace

TEST_CASE("frequencies: log2_of is the logarithm") {
  for (std::uint64_t x = 1; x < (std::uint64_t{1} << 60); x += x / 16 + 1) {
    REQUIRE(std::abs(static_cast<double>(log2_of(x)) - 256 * std::log2(static_cast<double>(x))) <
            3);
  }
  CHECK(log2_of(1) == 0);
  CHECK(log2_of(2) == 256);
  CHECK(log2_of(~std::uint64_t{0}) < 64 * 256);
}

TEST_CASE("frequencies: the entropy is that of the definition") {
  auto const counts = skewed(3);
  double const sum = std::accumulate(counts.begin(), counts.end(), 0.0);
  double bits = 0;
  for (auto const count : counts) {
    if (count != 0) bits += count * std::log2(sum / count);
  }
  CHECK(static_cast<double>(entropy_of(counts)) / 256 == Approx(bits).epsilon(0.002));
}

TEST_CASE("frequencies: bytes are counted at every length") {
  std::vector<std::uint8_t> bytes;
  byte_counts expected{};
  for (unsigned i = 0; i < 70; ++i) {
    REQUIRE(count_bytes(bytes) == expected);
    bytes.push_back(static_cast<std::uint8_t>(i * i));
    ++expected[bytes.back()];
  }
}

TEST_CASE("frequencies: they have their sum, and what comes has one") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    auto const counts = skewed(seed);
    auto const frequencies = frequencies_of(counts);
    REQUIRE(std::accumulate(frequencies.begin(), frequencies.end(), 0U) == frequency_sum);
    for (std::size_t v = 0; v < 256; ++v) REQUIRE((frequencies[v] != 0) == (counts[v] != 0));
    byte_counts back{};
    REQUIRE(reads(bytes_of(frequencies), back));
    REQUIRE(back == frequencies);
  }
}

TEST_CASE("frequencies: a table that is not right is refused") {
  byte_counts out{};
  CHECK(reads({"\x01\x80\x08\x80\x08", 5}, out));                // 1024, 1024
  CHECK_FALSE(reads({"\x01\x80\x08\x81\x08", 5}, out));          // 2049 in sum
  CHECK_FALSE(reads({"\x00\x80\x10", 3}, out));                  // one value alone
  CHECK_FALSE(reads({"\x02\x80\x08\x80\x08\x00\x00", 7}, out));  // the last is none
  CHECK_FALSE(reads({"\x03\x80\x08\x00\xff\x80\x08", 7}, out));  // beyond the last
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    auto const bytes = bytes_of(frequencies_of(skewed(seed)));
    for (std::size_t cut = 0; cut < bytes.size(); ++cut)
      REQUIRE_FALSE(reads(bytes.substr(0, cut), out));
  }
}
