// SPDX-License-Identifier: MIT
// summary::audio: samples, encoded as WAV (docs/reference/summary.md).
#ifndef TRAINLOG_SUMMARY_AUDIO_HPP
#define TRAINLOG_SUMMARY_AUDIO_HPP

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trainlog/detail/wav.hpp"
#include "trainlog/summary/context.hpp"
#include "trainlog/summary/event.hpp"
#include "trainlog/summary/number_span.hpp"
#include "trainlog/summary/options.hpp"
#include "trainlog/summary/shape.hpp"
#include "trainlog/summary/writer.hpp"

namespace trainlog::detail {

template <class T>
concept sample_value =
    std::same_as<T, float> || std::same_as<T, double> || std::same_as<T, std::int16_t>;

/// Contiguous samples: a vector, array, span or C array.
template <class T>
concept sample_span = number_span<T> && sample_value<number_of_span<T>>;

}  // namespace trainlog::detail

namespace trainlog::summary {

/// One or more clips of equal length. It refers to the samples it was made of.
class audio_view {
 public:
  /// Samples of 16 bits, or numbers of [-1, 1]. The shape is [frames], [frames, channels] or
  /// [clips, frames, channels]. The op that writes it throws if the shape is none of these or does
  /// not match.
  template <detail::sample_span Samples>
  audio_view(Samples const& samples, summary::shape const& shape) noexcept
      : audio_view(std::data(samples), std::size(samples), shape) {}

  summary::shape const& shape() const noexcept { return shape_; }

  /// How many samples there are.
  std::size_t count() const noexcept { return count_; }

  /// Calls visit(span of the samples).
  template <class Visit>
  decltype(auto) visit(Visit visit) const {
    if (kind_ == kind::float32) return visit(samples<float>());
    if (kind_ == kind::float64) return visit(samples<double>());
    return visit(samples<std::int16_t>());
  }

 private:
  enum class kind : unsigned char { int16, float32, float64 };

  template <detail::sample_value Sample>
  audio_view(Sample const* data, std::size_t count, summary::shape const& shape) noexcept
      : data_(data),
        count_(count),
        shape_(shape),
        kind_(std::same_as<Sample, float>    ? kind::float32
              : std::same_as<Sample, double> ? kind::float64
                                             : kind::int16) {}

  template <class Sample>
  std::span<Sample const> samples() const noexcept {
    return {static_cast<Sample const*>(data_), count_};
  }

  void const* data_;
  std::size_t count_;
  summary::shape shape_;
  kind kind_;
};

using audio_options = batch_options;

/// An audio_view, or a callable that returns one and is called only if something records. What it
/// refers to must outlive the call.
template <class T>
concept audio_value = std::same_as<detail::evaluated<T>, audio_view>;

}  // namespace trainlog::summary

namespace trainlog::detail {

struct audio_size {
  std::size_t clips = 1;
  std::size_t frames = 0;
  std::size_t channels = 1;
};

/// Throws summary_error for a shape that is none of audio, or does not match the samples.
inline audio_size audio_size_of(std::string_view name, summary::audio_view const& view) {
  auto const& shape = view.shape();
  auto const fail = [&](std::string const& why) {
    throw summary::summary_error("trainlog: the audio '" + std::string(name) + "' has the shape " +
                                 shape.text() + ": " + why);
  };
  auto const at = [&](std::size_t i) { return static_cast<std::size_t>(shape[i]); };
  audio_size size;
  if (shape.rank() == 1) size = {1, at(0), 1};
  else if (shape.rank() == 2) size = {1, at(0), at(1)};
  else if (shape.rank() == 3) size = {at(0), at(1), at(2)};
  else fail("expected 1 to 3 sizes");
  if (shape.count() == 0) fail("there is no sample");
  if (size.channels > max_wav_channels) fail("expected at most 32767 channels");
  if (size.frames > max_wav_samples / size.channels) fail("a WAV file has at most 4 GiB");
  require_count("the audio", name, view.count(), shape);
  return size;
}

/// Throws summary_error for what no WAV file can say.
inline std::uint32_t checked_sample_rate(std::string_view name, std::int64_t rate) {
  if (rate != 0 && std::in_range<std::uint32_t>(rate)) return static_cast<std::uint32_t>(rate);
  throw summary::summary_error("trainlog: the audio '" + std::string(name) +
                               "' has the sample rate " + std::to_string(rate) +
                               ": expected 1 to 4294967295");
}

/// The clips as files. They have no labels beside them, as TensorFlow's have: TensorBoard takes
/// those for clips where a tag says that it is a blob sequence.
std::vector<std::string> make_audio_blobs(std::string_view name,
                                          summary::audio_value auto const& view,
                                          std::int64_t sample_rate, std::size_t max_outputs) {
  auto const size = audio_size_of(name, view);
  auto const rate = checked_sample_rate(name, sample_rate);
  std::size_t const samples = size.frames * size.channels;
  std::vector<std::string> blobs(std::min(size.clips, std::max<std::size_t>(max_outputs, 1)));
  for (std::size_t i = 0; i < blobs.size(); ++i) {
    view.visit([&]<class Sample>(std::span<Sample const> all) {
      append_wav<Sample>(blobs[i], all.subspan(i * samples, samples),
                         static_cast<std::uint16_t>(size.channels), rate);
    });
  }
  return blobs;
}

template <class Value>
bool write_audio(writer_core* to, std::string_view name, Value&& value, std::int64_t sample_rate,
                 summary::event_step step, summary::audio_options const& options) {
  if (to == nullptr) return false;
  auto const head = make_head(name, step, options.wall_time);
  summary::audio_view const view = detail::evaluate(value);
  auto const blobs = make_audio_blobs(name, view, sample_rate, options.max_outputs);
  auto const count = static_cast<std::int64_t>(blobs.size());
  std::size_t const size = blobs.size() * (blobs[0].size() + 8);
  summary::summary_metadata const metadata{.plugin_name = "audio",
                                           .content = "\x10\x0B",  // encoding: WAV
                                           .data_class = summary::data_class::blob_sequence,
                                           .display_name = options.display_name,
                                           .description = options.description};
  return to->write_value(
      head, make_tag(name), metadata,
      [&](std::string& out) { append_string_tensor(out, std::span(&count, 1), blobs, size); },
      size);
}

}  // namespace trainlog::detail

namespace trainlog::summary {

/// Writes sounds, of so many frames a second, which are encoded as WAV of 16 bits here: numbers
/// beyond [-1, 1] are clamped, NaN is silence. Returns and throws as scalar does, and, only if
/// something records, summary_error for audio of no samples, shapes that do not match, and rates
/// that WAV has not.
///   summary::audio("speech", summary::audio_view(samples, {frames, 2}), 16000, step);
template <audio_value Value>
bool audio(writer const& to, std::string_view name, Value&& value, std::int64_t sample_rate,
           event_step step = {}, audio_options const& options = {}) {
  return detail::write_audio(detail::recording(to.core()), name, value, sample_rate, step, options);
}

/// The same, to this thread's default writer.
template <audio_value Value>
bool audio(std::string_view name, Value&& value, std::int64_t sample_rate, event_step step = {},
           audio_options const& options = {}) {
  return detail::write_audio(detail::recording(detail::this_thread_summary.writer), name, value,
                             sample_rate, step, options);
}

}  // namespace trainlog::summary

#endif
