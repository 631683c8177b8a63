// SPDX-License-Identifier: MIT
// Values of a file that nobody asked for, passed over by their type.
#ifndef TRAINLOG_CODEC_ROW_SKIP_HPP
#define TRAINLOG_CODEC_ROW_SKIP_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "trainlog/codec/text_path.hpp"
#include "trainlog/detail/wire.hpp"
#include "trainlog/schema/schema.hpp"

namespace trainlog::detail {

// Steps of a path, for messages. They keep what fails out of the way of what succeeds.

[[gnu::cold, gnu::noinline]] inline bool failed_in_field(wire_reader& in, std::string_view name) {
  std::string step;
  append_member(step, name);
  return in.failed_in(step);
}
[[gnu::cold, gnu::noinline]] inline bool failed_in_element(wire_reader& in, std::size_t index) {
  std::string step;
  append_element(step, index);
  return in.failed_in(step);
}

inline bool skip_value(wire_reader& in, schema_type const& type);

inline bool skip_values(wire_reader& in, schema_type const& type, std::uint64_t count) {
  std::string_view skipped;
  if (is_number_kind(type.kind)) return in.array(count, kind_size(type.kind), skipped);
  for (; count > 0; --count) {
    if (!skip_value(in, type)) return false;
  }
  return true;
}

inline bool skip_map(wire_reader& in, schema_type const& mapped) {
  std::uint64_t count = 0;
  std::string_view key;
  if (!in.count(count)) return false;
  for (std::uint64_t i = 0; i < count; ++i) {
    std::string_view const last = key;
    if (!in.string(key)) return false;
    if (i != 0 && last >= key) return in.fail("keys in ascending order", "another", key.size());
    if (!skip_value(in, mapped)) return false;
  }
  return true;
}

inline bool skip_fields(wire_reader& in, std::vector<schema_field> const& fields) {
  for (auto const& field : fields) {
    if (!skip_value(in, field.type)) return failed_in_field(in, field.name);
  }
  return !fields.empty() || in.zero();
}

/// Passes over a value of the type.
inline bool skip_value(wire_reader& in, schema_type const& type) {
  std::string_view text;
  std::uint64_t count = 0;
  bool flag = false;
  switch (type.kind) {
    case type_kind::boolean:
      return in.flag(flag);
    case type_kind::string:
      return in.string(text);
    case type_kind::optional:
      return in.flag(flag) && (!flag || skip_value(in, type.element.front()));
    case type_kind::list:
      return in.count(count) && skip_values(in, type.element.front(), count);
    case type_kind::array:
      return type.length == 0 ? in.zero() : skip_values(in, type.element.front(), type.length);
    case type_kind::map:
      return skip_map(in, type.element.front());
    case type_kind::record:
      return skip_fields(in, type.fields);
    case type_kind::enumeration:
    case type_kind::duration:
    case type_kind::time:
      return in.bytes(kind_size(type.number), text);
    default:
      return in.bytes(kind_size(type.kind), text);
  }
}

/// True if the bytes are one row of these fields, and no more.
inline bool is_row(std::string_view bytes, std::vector<schema_field> const& fields) {
  wire_reader in(bytes);
  return skip_fields(in, fields) && in.remaining() == 0;
}

}  // namespace trainlog::detail

#endif
