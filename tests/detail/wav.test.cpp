// SPDX-License-Identifier: MIT
#include "trainlog/detail/wav.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include "catch.hpp"

using namespace trainlog::detail;

TEST_CASE("samples are clamped and rounded, and NaN is silence") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  CHECK(pcm16(0.0F) == 0);
  CHECK(pcm16(1.0F) == 32767);
  CHECK(pcm16(-1.0F) == -32767);
  CHECK(pcm16(0.5F) == 16384);
  CHECK(pcm16(1.5F / 32767) == 2);
  CHECK(pcm16(1e30) == 32767);
  CHECK(pcm16(-infinity) == -32767);
  CHECK(pcm16(infinity) == 32767);
  CHECK(pcm16(std::nanf("")) == 0);
  CHECK(pcm16(std::int16_t{-32768}) == -32768);
}

TEST_CASE("a WAV file of two channels, to the byte") {
  std::array const samples{1.0F, -1.0F, 0.0F, 0.25F};
  std::string file;
  append_wav<float>(file, samples, 2, 44100);
  CHECK(file == std::string("RIFF\x2c\0\0\0WAVEfmt \x10\0\0\0\x01\0\x02\0\x44\xac\0\0\x10\xb1\x02\0"
                            "\x04\0\x10\0"
                            "data\x08\0\0\0\xff\x7f\x01\x80\0\0\0\x20",
                            52));
}

TEST_CASE("a WAV file of no samples is a head") {
  std::string file;
  append_wav<double>(file, {}, 1, 8000);
  CHECK(file.size() == wav_head_size);
}
