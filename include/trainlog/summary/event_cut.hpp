// SPDX-License-Identifier: MIT
// What is left of the events of a run that is taken up again at a step (docs/reference/summary.md).
#ifndef TRAINLOG_SUMMARY_EVENT_CUT_HPP
#define TRAINLOG_SUMMARY_EVENT_CUT_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "trainlog/detail/protobuf.hpp"
#include "trainlog/summary/event.hpp"
#include "trainlog/summary/event_message.hpp"
#include "trainlog/summary/event_value.hpp"

namespace trainlog::detail {

/// Appends a field as it was read.
inline void append_proto_field(std::string& out, proto_field const& field) {
  switch (field.type) {
    case proto_type::varint:
      return append_proto_varint(out, field.number, field.bits);
    case proto_type::fixed64:
      return append_proto_double(out, field.number, field.as_double());
    case proto_type::fixed32:
      append_proto_key(out, field.number, proto_type::fixed32);
      return append_le(out, static_cast<std::uint32_t>(field.bits));
    case proto_type::bytes:
      return append_proto_bytes(out, field.number, field.bytes);
  }
}

/// Takes away what events have from a step on. What belongs to the run and not to a step stays:
/// versions, graphs, sessions, hyperparameters, layouts; but not how the run ended.
///
/// All events are surveyed before the rest of one can be asked for: metadata that stand with a
/// value that goes are given to another one of the tag.
class event_cut {
 public:
  explicit event_cut(std::int64_t step) noexcept : step_(step) {}

  /// Looks at an event of a file. False if there will be less of it.
  bool survey(std::string_view data, std::size_t file) {
    summary::event event;
    if (!decode_event(data, event)) return false;
    bool stays = stays_whole(event);
    if (event.kind != summary::event_kind::summary) return stays;
    proto_reader reader(event.content);
    for (proto_field field; reader.next(field);) {
      summary::event_value value;
      if (!field.is(1, proto_type::bytes) || !read_value(field.bytes, value)) continue;
      auto& tag = tags_[std::string(value.tag)];
      if (value.has_metadata && tag.metadata.empty()) {
        tag.metadata = find_metadata(field.bytes);
        tag.plugin = value.metadata.plugin_name;
      }
      if (!is_kept(event, value)) {
        stays = false;
        continue;
      }
      tag.is_described = tag.is_described || value.has_metadata;
      if (!tag.first_file) tag.first_file = file;
    }
    return stays;
  }

  /// The files of which an event is to be given metadata.
  std::vector<std::size_t> files_to_describe() const {
    std::vector<std::size_t> files;
    for (auto const& [name, tag] : tags_) {
      if (tag.first_file && lacks_metadata(tag)) files.push_back(*tag.first_file);
    }
    return files;
  }

  /// Appends what is left of an event. False if that is nothing.
  bool append_rest(std::string& out, std::string_view data) {
    summary::event event;
    if (!decode_event(data, event)) return false;
    if (event.kind != summary::event_kind::summary) {
      if (!stays_whole(event)) return false;
      out.append(data);
      return true;
    }
    std::string rest;
    bool const has_values = append_values(rest, event);
    if (!has_values && !stays_whole(event)) return false;
    proto_reader reader(data);
    for (proto_field field; reader.next(field);) {
      bool const is_summary = field.is(event_field::summary, proto_type::bytes);
      if (is_summary) field.bytes = rest;
      append_proto_field(out, field);
    }
    return true;
  }

 private:
  struct known_tag {
    std::string metadata;  // encoded; the first of the tag
    std::string plugin;
    bool is_described = false;              // a value that stays has metadata
    std::optional<std::size_t> first_file;  // with a value that stays
  };

  static bool lacks_metadata(known_tag const& tag) noexcept {
    return !tag.is_described && !tag.metadata.empty();
  }

  static std::string find_metadata(std::string_view value) {
    std::string found;
    proto_reader reader(value);
    for (proto_field field; reader.next(field);) {
      if (field.is(value_field::metadata, proto_type::bytes)) found = field.bytes;
    }
    return found;
  }

  /// Of an event without values.
  bool stays_whole(summary::event const& event) const noexcept {
    using enum summary::event_kind;
    if (event.step < step_) return true;
    if (event.kind == run_metadata) return event.step == 0;
    return event.kind != summary;
  }

  bool is_kept(summary::event const& event, summary::event_value const& value) const {
    if (value.tag == "_hparams_/session_end_info") return false;
    if (event.step < step_) return true;
    auto const known = tags_.find(std::string(value.tag));
    std::string_view const plugin =
        known != tags_.end() ? std::string_view(known->second.plugin) : std::string_view{};
    return plugin == "hparams" || plugin == "custom_scalars" || plugin.starts_with("graph");
  }

  /// Appends the fields of a summary that stay. False if there is no value among them.
  bool append_values(std::string& out, summary::event const& event) {
    bool has_values = false;
    proto_reader reader(event.content);
    for (proto_field field; reader.next(field);) {
      summary::event_value value;
      if (!field.is(1, proto_type::bytes)) {
        append_proto_field(out, field);
      } else if (read_value(field.bytes, value) && is_kept(event, value)) {
        append_value(out, field.bytes, tags_[std::string(value.tag)]);
        has_values = true;
      }
    }
    return has_values;
  }

  static void append_value(std::string& out, std::string_view value, known_tag& tag) {
    append_proto_message(
        out, 1,
        [&] {
          out.append(value);
          if (!lacks_metadata(tag)) return;
          append_proto_bytes(out, value_field::metadata, tag.metadata);
          tag.is_described = true;
        },
        value.size());
  }

  std::int64_t step_;
  std::unordered_map<std::string, known_tag> tags_;
};

}  // namespace trainlog::detail

#endif
