// SPDX-License-Identifier: MIT
// The messages of an event file: tensorflow.Event and what it is made of, encoded
// (event.proto, summary.proto, tensor.proto).
#ifndef TRAINLOG_SUMMARY_EVENT_HPP
#define TRAINLOG_SUMMARY_EVENT_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "trainlog/detail/protobuf.hpp"
#include "trainlog/detail/utf8.hpp"

namespace trainlog::summary {

/// SummaryMetadata.data_class: how TensorBoard stores the values of a tag.
enum class data_class : unsigned char { unknown = 0, scalar = 1, tensor = 2, blob_sequence = 3 };

/// TensorProto.dtype.
enum class data_type : unsigned char {
  float32 = 1,
  float64 = 2,
  int32 = 3,
  uint8 = 4,
  int16 = 5,
  int8 = 6,
  string = 7,
  int64 = 9,
  boolean = 10,
  bfloat16 = 14,
  uint16 = 17,
  float16 = 19,
  uint32 = 22,
  uint64 = 23,
};

/// What a tag's values are, for the plugin that shows them. Readers keep the first that they meet
/// of a tag.
struct summary_metadata {
  std::string_view plugin_name{};  ///< "scalars", "text", ...
  std::string_view content{};      ///< the plugin's own, mostly an encoded message
  summary::data_class data_class = summary::data_class::unknown;
  std::string_view display_name{};  ///< shown instead of the tag
  std::string_view description{};   ///< markdown, shown beside it

  bool is_empty() const noexcept {
    return plugin_name.empty() && data_class == summary::data_class::unknown &&
           display_name.empty() && description.empty();
  }
};

}  // namespace trainlog::summary

namespace trainlog::detail {

/// The bytes of an element of a tensor; 0 of strings, which differ.
constexpr std::size_t element_size(summary::data_type type) noexcept {
  using enum summary::data_type;
  switch (type) {
    case uint8:
    case int8:
    case boolean:
      return 1;
    case int16:
    case uint16:
    case bfloat16:
    case float16:
      return 2;
    case float32:
    case int32:
    case uint32:
      return 4;
    case float64:
    case int64:
    case uint64:
      return 8;
    case string:
      break;
  }
  return 0;
}

/// Numbers of the fields of the messages.
namespace event_field {
inline constexpr std::uint32_t wall_time = 1, step = 2, file_version = 3, graph_def = 4,
                               summary = 5, session_log = 7, tagged_run_metadata = 8,
                               source_metadata = 10;
}
namespace value_field {
inline constexpr std::uint32_t tag = 1, simple_value = 2, image = 4, histogram = 5, audio = 6,
                               tensor = 8, metadata = 9;
}

/// A tag: names that stand one behind the other, "train/" and "loss".
struct summary_tag {
  std::string_view scope;
  std::string_view name;
};

/// A string of a message: bytes that are no UTF-8, for which readers would refuse the whole event,
/// become U+FFFD.
inline void append_proto_text(std::string& out, std::uint32_t field, std::string_view text) {
  if (is_valid_utf8(text)) return append_proto_bytes(out, field, text);
  append_proto_message(out, field, [&] { append_utf8_sanitized(out, text); }, text.size());
}

/// Appends the fields of an Event up to its content.
inline void append_event_head(std::string& out, double wall_time, std::int64_t step) {
  char bytes[20];
  char* end = bytes;
  *end++ = proto_key(event_field::wall_time, proto_type::fixed64);
  end = put_le(end, wall_time);
  if (step != 0) {
    *end++ = proto_key(event_field::step, proto_type::varint);
    end = put_varint(end, static_cast<std::uint64_t>(step));
  }
  out.append(bytes, static_cast<std::size_t>(end - bytes));
}

/// Appends the first event of a file.
inline void append_file_version(std::string& out, double wall_time) {
  append_event_head(out, wall_time, 0);
  append_proto_bytes(out, event_field::file_version, "brain.Event:2");
  append_proto_message(out, event_field::source_metadata,
                       [&] { append_proto_bytes(out, 1, "trainlog"); });
}

inline void append_summary_metadata(std::string& out, summary::summary_metadata const& metadata) {
  append_proto_message(out, value_field::metadata, [&] {
    if (!metadata.plugin_name.empty()) {
      append_proto_message(out, 1, [&] {
        append_proto_text(out, 1, metadata.plugin_name);
        if (!metadata.content.empty()) append_proto_bytes(out, 2, metadata.content);
      });
    }
    if (!metadata.display_name.empty()) append_proto_text(out, 2, metadata.display_name);
    if (!metadata.description.empty()) append_proto_text(out, 3, metadata.description);
    if (metadata.data_class != summary::data_class::unknown)
      append_proto_varint(out, 4, static_cast<std::uint64_t>(metadata.data_class));
  });
}

inline void append_summary_tag(std::string& out, summary_tag tag) {
  if (is_valid_utf8(tag.scope) && is_valid_utf8(tag.name)) {
    append_proto_key(out, value_field::tag, proto_type::bytes);
    append_varint(out, tag.scope.size() + tag.name.size());
    out.append(tag.scope).append(tag.name);
  } else {
    append_proto_text(out, value_field::tag, std::string(tag.scope).append(tag.name));
  }
}

/// Appends a value with its tag to a Summary. `append_content()` appends the value itself.
template <class AppendContent>
void append_summary_value(std::string& out, summary_tag tag, AppendContent append_content,
                          std::size_t about = 0) {
  append_proto_message(out, 1, [&] { append_summary_tag(out, tag), append_content(); }, about);
}

inline void append_simple_value(std::string& out, float value) {
  append_proto_float(out, value_field::simple_value, value);
}

/// Appends a value that is a number and has no metadata, in one piece: scalars are what a loop
/// writes most.
inline void append_scalar_value(std::string& out, summary_tag tag, float number) {
  std::size_t const tag_size = tag.scope.size() + tag.name.size();
  std::size_t const size = 1 + wire_string_size(tag_size) + 1 + sizeof number;
  std::size_t const begin = out.size();
  out.resize(begin + 1 + wire_string_size(size));
  char* to = out.data() + begin;
  *to++ = proto_key(1, proto_type::bytes);
  to = put_varint(to, size);
  *to++ = proto_key(value_field::tag, proto_type::bytes);
  to = put_varint(to, tag_size);
  std::string_view const text(to, tag_size);
  to = put_bytes(to, tag.scope.data(), tag.scope.size());
  to = put_bytes(to, tag.name.data(), tag.name.size());
  *to++ = proto_key(value_field::simple_value, proto_type::fixed32);
  put_le(to, number);
  if (is_valid_utf8(text)) return;
  out.resize(begin);
  append_summary_value(out, tag, [&] { append_simple_value(out, number); });
}

/// Appends the fields of a TensorShapeProto.
template <class Sizes>
void append_tensor_shape(std::string& out, Sizes const& shape) {
  for (std::int64_t const size : shape) {
    append_proto_message(out, 2, [&] {
      if (size != 0) append_proto_int(out, 1, size);
    });
  }
}

/// Appends a TensorProto, as the value of a summary. `append_elements()` appends them.
template <class AppendElements>
void append_tensor(std::string& out, summary::data_type type, std::span<std::int64_t const> shape,
                   AppendElements append_elements, std::size_t about = 0) {
  append_proto_message(
      out, value_field::tensor,
      [&] {
        append_proto_varint(out, 1, static_cast<std::uint64_t>(type));
        append_proto_message(out, 2, [&] { append_tensor_shape(out, shape); });
        append_elements();
      },
      about);
}

/// A tensor of numbers, given by their little-endian bytes, the last index running fastest.
inline void append_number_tensor(std::string& out, summary::data_type type,
                                 std::span<std::int64_t const> shape, std::string_view content) {
  append_tensor(
      out, type, shape, [&] { append_proto_bytes(out, 4, content); }, content.size() + 16);
}

/// A tensor of strings or byte strings, any range of what std::string_view can be made of.
template <class Strings>
void append_string_tensor(std::string& out, std::span<std::int64_t const> shape,
                          Strings const& strings, std::size_t about = 0) {
  append_tensor(
      out, summary::data_type::string, shape,
      [&] {
        for (auto const& each : strings) append_proto_bytes(out, 8, each);
      },
      about);
}

}  // namespace trainlog::detail

#endif
