// SPDX-License-Identifier: MIT
// Records as JSON (RFC 8259) and JSON Lines text.
#ifndef TRAINLOG_CODEC_JSON_WRITE_HPP
#define TRAINLOG_CODEC_JSON_WRITE_HPP

#include <array>
#include <string>
#include <string_view>
#include <type_traits>

#include "trainlog/codec/json_writer.hpp"
#include "trainlog/codec/record_range.hpp"
#include "trainlog/record/descriptor.hpp"
#include "trainlog/record/serializable.hpp"

namespace trainlog {
namespace detail {

/// Appends any field's value.
template <class T>
void append_json_field(std::string& out, T const& field, json_options options) {
  json_writer writer(out, options);
  writer.finish(writer.value(writer.room(writer.start(), json_width<T>()), field));
}

/// Appends one object a record, with these texts before, between and after them.
template <class Range>
void append_json_objects(std::string& out, Range&& records, json_options options,
                         std::array<std::string_view, 3> around) {
  json_writer writer(out, options);
  char* at = writer.verbatim(writer.start(), around[0]);
  bool empty = true;
  for (auto const& record : records) {
    if (!empty) at = writer.verbatim(at, around[1]);
    empty = false;
    at = writer.object(at, record);
  }
  if (!empty || !around[0].empty()) at = writer.verbatim(at, around[2]);
  writer.finish(at);
}

}  // namespace detail

/// Appends the record as a JSON object on one line: every field under its name in files, in
/// declaration order; floats in the fewest digits that read back the same, always with a point or
/// an exponent; text that is not UTF-8 with U+FFFD for what is wrong. `out` is unchanged if this
/// throws: std::bad_alloc, or trainlog::error as the options want it.
template <record T>
void append_json(std::string& out, T const& record, json_options options = {}) {
  if constexpr (detail::require_serializer<T>()) detail::append_json_field(out, record, options);
}

/// Appends the records as a JSON array.
template <record_range Range>
void append_json(std::string& out, Range&& records, json_options options = {}) {
  if constexpr (detail::require_serializer<detail::range_value<Range>>())
    detail::append_json_objects(out, records, options, {"[", ",", "]"});
}

template <detail::no_records T>
void append_json(std::string&, T&&, json_options = {}) {
  detail::refuse_type<T>();
}

/// A record as a JSON object, or a range of records as a JSON array; see append_json.
template <class T>
  requires record<std::remove_cvref_t<T>> || record_range<T>
[[nodiscard]] std::string to_json(T&& value, json_options options = {}) {
  std::string out;
  trainlog::append_json(out, value, options);
  return out;
}

template <detail::no_records T>
std::string to_json(T&&, json_options = {}) {
  detail::refuse_type<T>();
}

/// A range of records as JSON Lines: an object and a newline a record.
template <record_range Range>
[[nodiscard]] std::string to_jsonl(Range&& records, json_options options = {}) {
  std::string out;
  if constexpr (detail::require_serializer<detail::range_value<Range>>())
    detail::append_json_objects(out, records, options, {"", "\n", "\n"});
  return out;
}

template <class T>
  requires(!record_range<T>)
std::string to_jsonl(T&&, json_options = {}) {
  detail::refuse_type<T>();
}

}  // namespace trainlog

#endif
