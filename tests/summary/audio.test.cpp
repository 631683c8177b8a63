// SPDX-License-Identifier: MIT
#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <trainlog/summary/audio.hpp>

#include "catch.hpp"
#include "log/temporary_directory.hpp"
#include "summary/media.hpp"

using namespace trainlog;
using namespace summary_test;
using writer_test::temporary_directory;

namespace {

template <class Value>
string_tensor written(Value const& value, summary::audio_options const& options = {}) {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  REQUIRE(summary::audio(writer, "x", value, 8000, 1, options));
  return string_tensor_in(events_in(directory.path()).at(0));
}

std::string wav(std::vector<std::int16_t> const& samples, std::uint16_t channels) {
  std::string file;
  detail::append_wav<std::int16_t>(file, samples, channels, 8000);
  return file;
}

std::string message_of(summary::audio_view const& value, std::int64_t sample_rate = 8000) {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  try {
    summary::audio(writer, "x", value, sample_rate, 1);
  } catch (summary::summary_error const& problem) {
    return problem.what();
  }
  return "nothing thrown";
}

using shape = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("audio is WAV files, to the byte") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  std::array const sample{1.0F};
  REQUIRE(
      summary::audio(writer, "x", summary::audio_view(sample, {1}), 8000, 2, {.wall_time = 1.5}));
  CHECK(events_in(directory.path()).at(0) == unhex("09 00 00 00 00 00 00 f8 3f 10 02 2a 50 0a 4e "
                                                   "0a 01 78 42 38 08 07 12 04 12 02 08 01 42 2e") +
                                                 wav({32767}, 1) + unhex("4a 0f 0a 0b 0a 05") +
                                                 "audio" + unhex("12 02 10 0b 20 03"));
}

TEST_CASE("audio has frames, channels and clips") {
  std::vector<std::int16_t> const all{1, -2, 3, -4, 5, -6};
  using summary::audio_view;
  CHECK(written(audio_view(all, {6})).strings == std::vector<std::string>{wav(all, 1)});
  CHECK(written(audio_view(all, {3, 2})).strings == std::vector<std::string>{wav(all, 2)});
  auto const clips = written([&] { return audio_view(std::span(all), {3, 2, 1}); });
  CHECK(clips.shape == shape{3});
  CHECK(clips.strings ==
        std::vector<std::string>{wav({1, -2}, 1), wav({3, -4}, 1), wav({5, -6}, 1)});
  CHECK(written(audio_view(all, {3, 2, 1}), {.max_outputs = 2}).shape == shape{2});
  CHECK(written(audio_view(all, {3, 2, 1}), {.max_outputs = 0}).shape == shape{1});
}

TEST_CASE("samples beyond [-1, 1] are clamped, and NaN is silence") {
  double const samples[] = {2.0, -2.0, std::nan(""), 0.5};
  CHECK(written(summary::audio_view(samples, {4})).strings.at(0) ==
        wav({32767, -32767, 0, 16384}, 1));
}

TEST_CASE("audio that is none is refused, with what was expected and found") {
  std::vector<float> const five(5);
  using summary::audio_view;
  CHECK(message_of(audio_view(five, {2, 2})) ==
        "trainlog: the audio 'x' has 5 elements, but the shape [2, 2]");
  CHECK(message_of(audio_view(five, {0, 2})) ==
        "trainlog: the audio 'x' has the shape [0, 2]: there is no sample");
  CHECK(message_of(audio_view(five, {})) ==
        "trainlog: the audio 'x' has the shape []: expected 1 to 3 sizes");
  CHECK(message_of(audio_view(five, {1, 40000})) ==
        "trainlog: the audio 'x' has the shape [1, 40000]: expected at most 32767 channels");
  CHECK(message_of(audio_view(five, {5}), 0) ==
        "trainlog: the audio 'x' has the sample rate 0: expected 1 to 4294967295");
  CHECK(message_of(audio_view(five, {5}), -1) != "nothing thrown");
  CHECK(message_of(audio_view(five, {5}), std::int64_t{1} << 32U) != "nothing thrown");
  CHECK_FALSE(summary::audio("x", audio_view(five, {2, 2}), 8000));
}
