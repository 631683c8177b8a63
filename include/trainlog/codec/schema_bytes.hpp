// SPDX-License-Identifier: MIT
// Schemas as bytes, and back (docs/format.md, Schema block).
#ifndef TRAINLOG_CODEC_SCHEMA_BYTES_HPP
#define TRAINLOG_CODEC_SCHEMA_BYTES_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trainlog/detail/wire.hpp"
#include "trainlog/schema/evolution.hpp"
#include "trainlog/schema/schema.hpp"
#include "trainlog/schema/schema_of.hpp"

namespace trainlog::detail {

inline constexpr std::size_t max_types = 65536;

inline constexpr std::string_view goal_names[] = {"", "minimize", "maximize"};
inline constexpr std::string_view reduce_names[] = {"", "mean", "min", "max", "sum", "last"};

// ---- writing

/// Collects the attributes of a field, leaving out those that say nothing.
class attribute_writer {
 public:
  void add(std::string_view key, std::string_view text) {
    if (text.empty()) return;
    append_wire_string(bytes_, key);
    append_wire_string(bytes_, text);
    ++count_;
  }
  void append_to(std::string& out) const {
    append_varint(out, count_);
    out += bytes_;
  }

 private:
  std::string bytes_;
  std::uint64_t count_ = 0;
};

inline void append_attributes(std::string& out, schema_field const& field) {
  attribute_writer attributes;
  attributes.add("default", field.default_json);
  attributes.add("unit", field.unit);
  attributes.add("doc", field.doc);
  for (auto const& name : field.aka) attributes.add("aka", name);
  attributes.add("goal", goal_names[static_cast<std::size_t>(field.goal)]);
  attributes.add("reduce", reduce_names[static_cast<std::size_t>(field.reduce)]);
  attributes.append_to(out);
}

inline void append_type_bytes(std::string& out, schema_type const& type);

inline void append_fields_bytes(std::string& out, std::vector<schema_field> const& fields) {
  append_varint(out, fields.size());
  for (auto const& field : fields) {
    append_wire_string(out, field.name);
    append_type_bytes(out, field.type);
    append_attributes(out, field);
  }
}

inline void append_enum_bytes(std::string& out, schema_type const& type) {
  append_wire_string(out, type.name);
  out += static_cast<char>(type.number);
  append_varint(out, type.enumerators.size());
  for (auto const& each : type.enumerators) {
    append_wire_string(out, each.name);
    append_le(out, each.value);
  }
}

inline void append_type_bytes(std::string& out, schema_type const& type) {
  out += static_cast<char>(type.kind);
  if (type.kind == type_kind::array) append_varint(out, type.length);
  if (!type.element.empty()) append_type_bytes(out, type.element.front());
  if (type.kind == type_kind::enumeration) append_enum_bytes(out, type);
  if (type.kind == type_kind::record) {
    append_wire_string(out, type.name);
    append_fields_bytes(out, type.fields);
  }
  if (type.kind == type_kind::time) out += static_cast<char>(type.utc ? 1 : 0);
  if (is_clock_kind(type.kind)) {
    out += static_cast<char>(type.number);
    append_varint(out, type.numerator);
    append_varint(out, type.denominator);
  }
}

// ---- reading

/// Reads the bytes of one schema, within the limits of the format.
class schema_reader {
 public:
  explicit schema_reader(wire_reader& in) noexcept : in_(in) {}

  bool read(schema& result) { return text(result.name) && fields(result.fields, 0); }

 private:
  bool text(std::string& value) {
    std::string_view bytes;
    if (!in_.string(bytes)) return false;
    value = bytes;
    return true;
  }

  bool fields(std::vector<schema_field>& result, int depth) {
    std::uint64_t count = 0;
    if (!in_.count(count)) return false;
    for (; count > 0; --count) {
      schema_field field;
      if (!text(field.name) || !type(field.type, depth) || !attributes(field)) return false;
      result.push_back(std::move(field));
    }
    return names_differ(result);
  }

  bool names_differ(std::vector<schema_field> const& all) {
    std::vector<std::string_view> names;
    names.reserve(all.size());
    for (auto const& field : all) names.push_back(field.name);
    std::sort(names.begin(), names.end());
    return std::adjacent_find(names.begin(), names.end()) == names.end() ||
           in_.fail("fields of different names", "two of the same name");
  }

  bool attributes(schema_field& field) {
    std::uint64_t count = 0;
    if (!in_.count(count)) return false;
    for (; count > 0; --count) {
      std::string_view key;
      std::string_view value;
      if (!in_.string(key) || !in_.string(value)) return false;
      set_attribute(field, key, value);
    }
    return true;
  }

  static void set_attribute(schema_field& field, std::string_view key, std::string_view value) {
    if (key == "default") field.default_json = value;
    if (key == "unit") field.unit = value;
    if (key == "doc") field.doc = value;
    if (key == "aka") field.aka.emplace_back(value);
    if (key == "goal") field.goal = static_cast<direction>(index_in(goal_names, value));
    if (key == "reduce") field.reduce = static_cast<reduction>(index_in(reduce_names, value));
  }

  /// The index of the name; 0, which stands for none, if it is unknown.
  static std::size_t index_in(std::span<std::string_view const> names, std::string_view name) {
    auto const found = std::find(names.begin(), names.end(), name);
    return found == names.end() ? 0 : static_cast<std::size_t>(found - names.begin());
  }

  bool kind(type_kind& result, type_kind first, type_kind last) {
    std::uint8_t byte = 0;
    if (!in_.number(byte)) return false;
    result = static_cast<type_kind>(byte);
    return (result >= first && result <= last) ||
           in_.fail("a kind of type", "the byte " + std::to_string(byte), 1);
  }

  bool type(schema_type& result, int depth) {
    if (++types_ > max_types) return in_.fail("at most 65536 types", "more");
    if (depth >= max_type_depth) return in_.fail("at most 64 nested types", "more");
    if (!kind(result.kind, type_kind::boolean, type_kind::time)) return false;
    switch (result.kind) {
      case type_kind::enumeration:
        return enumeration(result);
      case type_kind::array:
        return in_.varint(result.length) && element(result, depth);
      case type_kind::optional:
      case type_kind::list:
      case type_kind::map:
        return element(result, depth);
      case type_kind::record:
        return text(result.name) && fields(result.fields, depth + 1);
      case type_kind::time:
        return in_.flag(result.utc) && clock(result);
      case type_kind::duration:
        return clock(result);
      default:
        return true;
    }
  }

  bool element(schema_type& result, int depth) {
    result.element.emplace_back();
    return type(result.element.front(), depth + 1);
  }

  bool enumeration(schema_type& result) {
    std::uint64_t count = 0;
    if (!text(result.name) || !kind(result.number, type_kind::int8, type_kind::uint64) ||
        !in_.count(count)) {
      return false;
    }
    for (; count > 0; --count) {
      enumerator each;
      if (!text(each.name) || !in_.number(each.value)) return false;
      result.enumerators.push_back(std::move(each));
    }
    return true;
  }

  bool clock(schema_type& result) {
    return kind(result.number, type_kind::int8, type_kind::float64) &&
           in_.varint(result.numerator) && in_.varint(result.denominator) &&
           ((result.numerator != 0 && result.denominator != 0) ||
            in_.fail("a period of time", "zero"));
  }

  wire_reader& in_;
  std::size_t types_ = 0;
};

/// Appends name and fields of the schema. Throws schema_error if no reader would accept them.
inline void append_schema(std::string& out, schema const& of) {
  std::string bytes;
  append_wire_string(bytes, of.name);
  append_fields_bytes(bytes, of.fields);
  wire_reader in(bytes);
  schema back;
  bool const good = schema_reader(in).read(back) &&
                    (in.remaining() == 0 || in.fail("the end of the schema", "more bytes"));
  if (!good) {
    throw schema_error("trainlog: the schema of " + shortened(of.name) + " cannot be written: " +
                           "expected " + in.expected() + ", found " + in.found(),
                       of, {});
  }
  out += bytes;
}

}  // namespace trainlog::detail

#endif
