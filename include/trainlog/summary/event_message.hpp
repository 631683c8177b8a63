// SPDX-License-Identifier: MIT
// Events, decoded: what a record of an event file holds (event.proto, docs/reference/events.md).
#ifndef TRAINLOG_SUMMARY_EVENT_MESSAGE_HPP
#define TRAINLOG_SUMMARY_EVENT_MESSAGE_HPP

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

#include "trainlog/detail/protobuf.hpp"
#include "trainlog/summary/event.hpp"
#include "trainlog/summary/event_value.hpp"

namespace trainlog::summary {

/// What an event tells.
enum class event_kind : unsigned char {
  none,            ///< nothing that is known here
  file_version,    ///< the first event of a file: "brain.Event:2"
  graph_def,       ///< an encoded GraphDef
  summary,         ///< values
  log_message,     ///< an encoded LogMessage, which nobody writes any more
  session_log,     ///< a session began or ended
  run_metadata,    ///< an encoded RunMetadata, with a tag
  meta_graph_def,  ///< an encoded MetaGraphDef
};

/// What a session did: SessionLog.SessionStatus.
enum class session_log_status : unsigned char { unspecified, start, stop, checkpoint };

/// The content of a session_log.
struct event_session {
  session_log_status status = session_log_status::unspecified;
  std::string_view checkpoint_path{};
  std::string_view message{};
};

/// The values of a summary, decoded one by one. Refers to the bytes of the event.
class event_values {
 public:
  class iterator {
   public:
    using value_type = event_value;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::input_iterator_tag;

    iterator() noexcept : iterator(std::string_view{}) {}
    explicit iterator(std::string_view message) noexcept : reader_(message) { ++*this; }

    event_value const& operator*() const noexcept { return value_; }
    event_value const* operator->() const noexcept { return &value_; }
    iterator& operator++() noexcept {
      for (detail::proto_field field; (has_value_ = reader_.next(field));) {
        if (!field.is(1, detail::proto_type::bytes)) continue;
        if (detail::read_value(field.bytes, value_)) return *this;
      }
      return *this;
    }
    void operator++(int) noexcept { ++*this; }
    bool operator==(std::default_sentinel_t /*end*/) const noexcept { return !has_value_; }

   private:
    detail::proto_reader reader_;
    event_value value_;
    bool has_value_ = false;
  };

  explicit event_values(std::string_view summary) noexcept : summary_(summary) {}
  iterator begin() const noexcept { return iterator(summary_); }
  static std::default_sentinel_t end() noexcept { return {}; }

 private:
  std::string_view summary_;
};

/// One event. It refers to bytes that the reader has until it goes on.
struct event {
  double wall_time = 0;  ///< seconds since 1970
  std::int64_t step = 0;
  event_kind kind = event_kind::none;
  std::string_view content;  ///< of the kind: a text, or an encoded message
  std::string_view tag;      ///< of a run_metadata
  std::string_view writer;   ///< the program that wrote the file; in its first event

  /// Those of a summary; of other events none.
  event_values values() const noexcept {
    return event_values(kind == event_kind::summary ? content : std::string_view{});
  }

  /// Of a session_log.
  event_session session() const noexcept {
    event_session found;
    if (kind != event_kind::session_log) return found;
    detail::proto_reader reader(content);
    for (detail::proto_field field; reader.next(field);) {
      if (field.is(1, detail::proto_type::varint) && field.bits <= 3)
        found.status = static_cast<session_log_status>(field.bits);
      if (field.is(2, detail::proto_type::bytes)) found.checkpoint_path = field.bytes;
      if (field.is(3, detail::proto_type::bytes)) found.message = field.bytes;
    }
    return found;
  }
};

}  // namespace trainlog::summary

namespace trainlog::detail {

inline summary::event_kind kind_of_field(std::uint32_t number) noexcept {
  using enum summary::event_kind;
  switch (number) {
    case event_field::file_version:
      return file_version;
    case event_field::graph_def:
      return graph_def;
    case event_field::summary:
      return summary;
    case 6:
      return log_message;
    case event_field::session_log:
      return session_log;
    case event_field::tagged_run_metadata:
      return run_metadata;
    case 9:
      return meta_graph_def;
    default:
      return none;
  }
}

/// Reads the tag and the bytes of a TaggedRunMetadata, which is the event's content.
inline bool read_run_metadata(summary::event& out) noexcept {
  proto_reader reader(out.content);
  out.content = {};
  for (proto_field field; reader.next(field);) {
    if (field.is(1, proto_type::bytes)) out.tag = field.bytes;
    if (field.is(2, proto_type::bytes)) out.content = field.bytes;
  }
  return !reader.is_malformed();
}

/// True if read_value can read it.
inline bool is_value(std::string_view message) noexcept {
  std::string_view tag;
  float number = 0;
  if (read_plain_scalar(message, tag, number)) return true;
  proto_reader reader(message);
  for (proto_field field; reader.next(field);) {
    if (!field.is(value_field::metadata, proto_type::bytes)) continue;
    summary::summary_metadata metadata;
    if (!read_metadata(field.bytes, metadata)) return false;
  }
  return !reader.is_malformed();
}

/// True if all values of a summary can be read.
inline bool has_good_values(std::string_view message) noexcept {
  proto_reader reader(message);
  for (proto_field field; reader.next(field);) {
    if (field.is(1, proto_type::bytes) && !is_value(field.bytes)) return false;
  }
  return !reader.is_malformed();
}

/// Decodes an Event. False if it or a value in it is malformed, or if it has two contents; bytes of
/// other messages (graphs, tensors) are not looked at.
inline bool decode_event(std::string_view message, summary::event& out) noexcept {
  out = {};
  proto_reader reader(message);
  for (proto_field field; reader.next(field);) {
    if (field.is(event_field::wall_time, proto_type::fixed64)) out.wall_time = field.as_double();
    if (field.is(event_field::step, proto_type::varint)) out.step = field.as_int();
    if (field.type != proto_type::bytes) continue;
    if (field.number == event_field::source_metadata) {
      proto_reader source(field.bytes);
      for (proto_field part; source.next(part);) {
        if (part.is(1, proto_type::bytes)) out.writer = part.bytes;
      }
    }
    auto const kind = kind_of_field(field.number);
    if (kind == summary::event_kind::none) continue;
    if (out.kind != summary::event_kind::none) return false;
    out.kind = kind;
    out.content = field.bytes;
  }
  if (reader.is_malformed()) return false;
  if (out.kind == summary::event_kind::run_metadata) return read_run_metadata(out);
  return out.kind != summary::event_kind::summary || has_good_values(out.content);
}

}  // namespace trainlog::detail

#endif
