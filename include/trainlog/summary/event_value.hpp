// SPDX-License-Identifier: MIT
// Values of summaries, decoded: numbers, texts, histograms, images and sounds, in the forms of all
// writers (summary.proto, docs/reference/events.md).
#ifndef TRAINLOG_SUMMARY_EVENT_VALUE_HPP
#define TRAINLOG_SUMMARY_EVENT_VALUE_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "trainlog/detail/endian.hpp"
#include "trainlog/detail/protobuf.hpp"
#include "trainlog/summary/event.hpp"
#include "trainlog/summary/event_tensor.hpp"

namespace trainlog::summary {

/// How a value is stored.
enum class value_kind : unsigned char { none, simple_value, image, histogram, audio, tensor };

/// A part of a histogram: how many values there are of [left, right), or [left, right].
struct event_bucket {
  double left = 0;
  double right = 0;
  double count = 0;
};

struct event_histogram {
  std::vector<event_bucket> buckets;
  /// Those that the writer has stored; only HistogramProto has them, TensorFlow 2's form has not.
  std::optional<double> min, max, count, sum, sum_squares;
};

struct event_image {
  std::int64_t width = 0;
  std::int64_t height = 0;
  std::string_view file;  ///< a PNG, JPEG or GIF file
};

struct event_sound {
  std::string_view file;         ///< a WAV file, mostly
  std::optional<double> rate{};  ///< samples a second, where the event says so
  std::string_view label{};      ///< text that belongs to it
};

/// A value with its tag. It refers to the bytes of the event.
struct event_value {
  std::string_view tag;
  value_kind kind = value_kind::none;
  float simple = 0;           ///< of a simple_value
  std::string_view content;   ///< of the others: the encoded message
  bool has_metadata = false;  ///< writers give them once for each tag
  summary_metadata metadata;

  /// The number of a simple_value, or of a tensor of any type that has but one.
  std::optional<double> scalar() const {
    if (kind == value_kind::simple_value) return double{simple};
    auto const found = tensor();
    return found ? found->number() : std::nullopt;
  }

  std::optional<event_tensor> tensor() const {
    return kind == value_kind::tensor ? event_tensor::decode(content) : std::nullopt;
  }

  /// The strings of a tensor: a text, or the cells of a table.
  std::vector<std::string_view> texts() const {
    auto const found = tensor();
    return found ? found->strings() : std::vector<std::string_view>{};
  }

  /// Of a HistogramProto, without the empty buckets at its ends and bounded by its min and max, as
  /// TensorBoard shows it; or of a tensor of shape [n, 3].
  std::optional<event_histogram> histogram() const;

  /// Of an Image, or of a tensor of the strings width, height, file, file...
  std::vector<event_image> images() const;

  /// Of an Audio, or of a tensor of shape [n] with files, or [n, 2] with files and labels: one of
  /// the plugin "audio", or, where the metadata stand elsewhere, of WAV files alone.
  std::vector<event_sound> sounds() const;
};

}  // namespace trainlog::summary

namespace trainlog::detail {

inline bool read_metadata(std::string_view message, summary::summary_metadata& out) noexcept {
  out = {};
  proto_reader reader(message);
  for (proto_field field; reader.next(field);) {
    if (field.is(1, proto_type::bytes)) {
      proto_reader plugin(field.bytes);
      for (proto_field part; plugin.next(part);) {
        if (part.is(1, proto_type::bytes)) out.plugin_name = part.bytes;
        if (part.is(2, proto_type::bytes)) out.content = part.bytes;
      }
      if (plugin.is_malformed()) return false;
    }
    if (field.is(2, proto_type::bytes)) out.display_name = field.bytes;
    if (field.is(3, proto_type::bytes)) out.description = field.bytes;
    if (field.is(4, proto_type::varint) && field.bits <= 3)
      out.data_class = static_cast<summary::data_class>(field.bits);
  }
  return !reader.is_malformed();
}

/// Reads a value that is a tag and a simple_value and nothing more, as most are.
inline bool read_plain_scalar(std::string_view message, std::string_view& tag,
                              float& number) noexcept {
  constexpr std::size_t around_tag = 2 + 1 + sizeof number;
  if (message.size() < around_tag || message[0] != proto_key(value_field::tag, proto_type::bytes))
    return false;
  std::size_t const size = message.size() - around_tag;
  if (size >= 0x80 || message[1] != static_cast<char>(size) ||
      message[2 + size] != proto_key(value_field::simple_value, proto_type::fixed32)) {
    return false;
  }
  tag = message.substr(2, size);
  number = load_le<float>(reinterpret_cast<std::byte const*>(message.data() + 3 + size));
  return true;
}

/// A Summary.Value. False if it is malformed; what is inside of a tensor is not looked at.
inline bool read_value(std::string_view message, summary::event_value& out) noexcept {
  using enum summary::value_kind;
  out = {};
  if (read_plain_scalar(message, out.tag, out.simple)) return out.kind = simple_value, true;
  proto_reader reader(message);
  for (proto_field field; reader.next(field);) {
    auto const is_bytes = field.type == proto_type::bytes;
    auto const take = [&](summary::value_kind kind) { out.kind = kind, out.content = field.bytes; };
    if (field.is(value_field::simple_value, proto_type::fixed32)) {
      out.kind = simple_value;
      out.simple = field.as_float();
    }
    if (!is_bytes) continue;
    if (field.number == value_field::tag) out.tag = field.bytes;
    if (field.number == value_field::image) take(image);
    if (field.number == value_field::histogram) take(histogram);
    if (field.number == value_field::audio) take(audio);
    if (field.number == value_field::tensor) take(tensor);
    if (field.number == value_field::metadata) {
      out.has_metadata = true;
      if (!read_metadata(field.bytes, out.metadata)) return false;
    }
  }
  return !reader.is_malformed();
}

/// The numbers of a HistogramProto as they stand in it.
struct stored_histogram {
  summary::event_histogram fields;
  std::vector<double> limits;
  std::vector<double> counts;

  bool read(std::string_view message) {
    proto_reader reader(message);
    bool good = true;
    for (proto_field field; good && reader.next(field);) {
      auto const append = [&](std::vector<double>& to) {
        return for_each_in_field(field, proto_type::fixed64, [&](std::uint64_t bits) {
          to.push_back(std::bit_cast<double>(bits));
        });
      };
      if (field.number == 6) good = append(limits);
      if (field.number == 7) good = append(counts);
      if (field.type != proto_type::fixed64) continue;
      if (field.number == 1) fields.min = field.as_double();
      if (field.number == 2) fields.max = field.as_double();
      if (field.number == 3) fields.count = field.as_double();
      if (field.number == 4) fields.sum = field.as_double();
      if (field.number == 5) fields.sum_squares = field.as_double();
    }
    return good && !reader.is_malformed() && limits.size() == counts.size();
  }
};

inline std::optional<summary::event_histogram> decode_histogram_proto(std::string_view message) {
  stored_histogram stored;
  if (!stored.read(message)) return {};
  auto& made = stored.fields;
  auto const& counts = stored.counts;
  std::size_t begin = 0;
  std::size_t end = counts.size();
  while (begin != end && !(counts[begin] > 0)) ++begin;
  while (begin != end && !(counts[end - 1] > 0)) --end;
  for (std::size_t i = begin; i != end; ++i) {
    double const left = i == begin ? made.min.value_or(0) : stored.limits[i - 1];
    double const right = i + 1 == end ? made.max.value_or(0) : stored.limits[i];
    made.buckets.push_back({left, right, counts[i]});
  }
  return std::move(made);
}

inline std::optional<summary::event_histogram> decode_histogram_tensor(
    summary::event_tensor const& tensor) {
  auto const& shape = tensor.shape();
  if (shape.rank() != 2 || shape[1] != 3 || tensor.type() == summary::data_type::string) return {};
  auto const numbers = tensor.numbers();
  summary::event_histogram made;
  made.buckets.reserve(numbers.size() / 3);
  for (std::size_t i = 0; i + 2 < numbers.size(); i += 3)
    made.buckets.push_back({numbers[i], numbers[i + 1], numbers[i + 2]});
  return made;
}

/// True of the bytes of a WAV file, which are the only sounds in tensors that TensorBoard plays.
inline bool is_wav(std::string_view file) noexcept {
  return file.starts_with("RIFF") && file.size() >= 12 && file.substr(8, 4) == "WAVE";
}

/// A number of pixels in decimal digits; -1 if it is none.
inline std::int64_t pixels_of(std::string_view text) noexcept {
  if (text.empty() || text.size() > 10) return -1;
  std::int64_t number = 0;
  for (char const digit : text) {
    if (digit < '0' || digit > '9') return -1;
    number = 10 * number + (digit - '0');
  }
  return number;
}

}  // namespace trainlog::detail

namespace trainlog::summary {

inline std::optional<event_histogram> event_value::histogram() const {
  if (kind == value_kind::histogram) return detail::decode_histogram_proto(content);
  auto const found = tensor();
  return found ? detail::decode_histogram_tensor(*found) : std::nullopt;
}

inline std::vector<event_image> event_value::images() const {
  std::vector<event_image> all;
  if (kind == value_kind::image) {
    event_image one;
    detail::proto_reader reader(content);
    for (detail::proto_field field; reader.next(field);) {
      if (field.is(1, detail::proto_type::varint)) one.height = field.as_int();
      if (field.is(2, detail::proto_type::varint)) one.width = field.as_int();
      if (field.is(4, detail::proto_type::bytes)) one.file = field.bytes;
    }
    if (!reader.is_malformed()) all.push_back(one);
    return all;
  }
  auto const strings = texts();
  if (strings.size() < 2) return all;
  std::int64_t const width = detail::pixels_of(strings[0]);
  std::int64_t const height = detail::pixels_of(strings[1]);
  if (width < 0 || height < 0) return all;
  for (std::size_t i = 2; i < strings.size(); ++i) all.push_back({width, height, strings[i]});
  return all;
}

inline std::vector<event_sound> event_value::sounds() const {
  std::vector<event_sound> all;
  if (kind == value_kind::audio) {
    event_sound one;
    detail::proto_reader reader(content);
    for (detail::proto_field field; reader.next(field);) {
      if (field.is(1, detail::proto_type::fixed32)) one.rate = field.as_float();
      if (field.is(4, detail::proto_type::bytes)) one.file = field.bytes;
    }
    if (!reader.is_malformed()) all.push_back(one);
    return all;
  }
  auto const found = tensor();
  if (!found) return all;
  bool const labelled = found->shape().rank() == 2 && found->shape()[1] == 2;
  auto const strings = found->strings();
  auto const& plugin = metadata.plugin_name;
  if (!plugin.empty() && plugin != "audio") return all;
  for (std::size_t i = 0; i < strings.size(); i += labelled ? 2 : 1) {
    if (plugin.empty() && !detail::is_wav(strings[i])) return {};
    all.push_back({.file = strings[i], .label = labelled ? strings[i + 1] : std::string_view{}});
  }
  return all;
}

}  // namespace trainlog::summary

#endif
