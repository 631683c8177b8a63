// SPDX-License-Identifier: MIT
// Sound as WAV files of 16-bit PCM (Microsoft and IBM, "Multimedia Programming Interface and Data
// Specifications 1.0", 1991).
#ifndef TRAINLOG_DETAIL_WAV_HPP
#define TRAINLOG_DETAIL_WAV_HPP

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "trainlog/detail/endian.hpp"
#include "trainlog/detail/float_class.hpp"
#include "trainlog/detail/wire.hpp"

namespace trainlog::detail {

inline constexpr std::size_t wav_head_size = 44;
inline constexpr std::size_t max_wav_samples = (0xFFFFFFFFU - wav_head_size) / 2;
inline constexpr std::size_t max_wav_channels = 32767;

/// A number of [-1, 1] as a sample: -32767 to 32767. What lies outside is clamped, NaN is silence.
template <std::floating_point Float>
std::int16_t pcm16(Float value) noexcept {
  if (is_nan(value)) return 0;
  return static_cast<std::int16_t>(std::lrint(std::clamp<Float>(value, -1, 1) * Float{32767}));
}
/// A sample as it is.
inline std::int16_t pcm16(std::int16_t sample) noexcept { return sample; }

/// Appends a WAV file of samples, float, double or int16, the channels of one moment beside each
/// other. At most max_wav_samples, a multiple of `channels`, of which there are 1 to
/// max_wav_channels.
template <class Sample>
void append_wav(std::string& out, std::span<Sample const> samples, std::uint16_t channels,
                std::uint32_t sample_rate) {
  auto const size = static_cast<std::uint32_t>(2 * samples.size());
  auto const frame_size = static_cast<std::uint16_t>(2 * channels);
  out.append("RIFF");
  append_le(out, static_cast<std::uint32_t>(size + wav_head_size - 8));
  out.append("WAVEfmt ");
  append_le(out, std::uint32_t{16});  // bytes of what follows
  append_le(out, std::uint16_t{1});   // PCM
  append_le(out, channels);
  append_le(out, sample_rate);
  append_le(out, static_cast<std::uint32_t>(sample_rate * frame_size));  // bytes a second
  append_le(out, frame_size);
  append_le(out, std::uint16_t{16});  // bits a sample
  out.append("data");
  append_le(out, size);
  std::size_t at = out.size();
  out.resize(at + size);
  for (Sample const sample : samples) {
    store_le(reinterpret_cast<std::byte*>(out.data()) + at, pcm16(sample));
    at += 2;
  }
}

}  // namespace trainlog::detail

#endif
