// SPDX-License-Identifier: MIT
// JSON Schema (draft 2020-12) of a record's JSON form.
#ifndef TRAINLOG_SCHEMA_JSON_SCHEMA_HPP
#define TRAINLOG_SCHEMA_JSON_SCHEMA_HPP

#include <cstdint>
#include <string>
#include <string_view>

#include "trainlog/detail/append_number.hpp"
#include "trainlog/detail/json_text.hpp"
#include "trainlog/schema/json_value.hpp"
#include "trainlog/schema/schema.hpp"
#include "trainlog/schema/schema_of.hpp"

namespace trainlog {
namespace detail {

inline void append_json_type(std::string& out, schema_type const& type);

inline void append_json_member(std::string& out, std::string_view key, std::string_view text) {
  if (text.empty()) return;
  append_json_string(out += ',', key);
  append_json_string(out += ':', text);
}

inline void append_integer_schema(std::string& out, type_kind kind) {
  auto const bits = kind_size(kind) * 8;
  out += R"("type":"integer","minimum":)";
  if (is_signed_kind(kind)) {
    append_integer(out, std::int64_t{-1} << (bits - 1));
    append_integer(out += R"(,"maximum":)", (std::uint64_t{1} << (bits - 1)) - 1);
  } else {
    append_integer(out += R"(0,"maximum":)", ~std::uint64_t{0} >> (64 - bits));
  }
}

inline void append_enum_schema(std::string& out, schema_type const& type) {
  out += R"("anyOf":[{"enum":[)";
  for (auto const& each : type.enumerators) {
    if (out.back() != '[') out += ',';
    append_json_string(out, each.name);
  }
  append_integer_schema(out += "]},{", type.number);
  out += "}]";
}

inline void append_optional_schema(std::string& out, schema_type const& type) {
  append_json_type(out += R"("anyOf":[)", type.element.front());
  out += R"(,{"type":"null"}])";
}

inline void append_array_schema(std::string& out, schema_type const& type) {
  append_json_type(out += R"("type":"array","items":)", type.element.front());
  if (type.kind != type_kind::array) return;
  append_integer(out += R"(,"minItems":)", type.length);
  append_integer(out += R"(,"maxItems":)", type.length);
}

/// The default as to_json writes it; of a schema from a file, as the file has it.
inline std::string written_default(schema_field const& field) {
  return field.default_value ? json_text(*field.default_value, nonfinite_form::null)
                             : field.default_json;
}

inline void append_property(std::string& out, schema_field const& field) {
  append_json_string(out, field.name);
  append_json_type(out += ':', field.type);
  out.pop_back();  // the brace that closes the type: the field's own keywords go before it
  append_json_member(out, "description", field.doc);
  bool const seconds = is_clock_kind(field.type.kind) && !field.type.utc;
  append_json_member(out, "unit", field.unit.empty() && seconds ? "s" : field.unit);
  if (!field.default_json.empty()) out.append(R"(,"default":)").append(written_default(field));
  out += '}';
}

inline void append_object_schema(std::string& out, schema_type const& type) {
  out += R"("type":"object","title":)";
  append_json_string(out, type.name);
  out += R"(,"properties":{)";
  for (auto const& field : type.fields) {
    if (&field != type.fields.data()) out += ',';
    append_property(out, field);
  }
  out += R"(},"required":[)";
  for (auto const& field : type.fields) {
    if (!field.required) continue;
    if (out.back() != '[') out += ',';
    append_json_string(out, field.name);
  }
  out += ']';
}

inline void append_json_type(std::string& out, schema_type const& type) {
  out += '{';
  if (type.kind == type_kind::boolean) out += R"("type":"boolean")";
  else if (is_integer_kind(type.kind)) append_integer_schema(out, type.kind);
  else if (is_number_kind(type.kind)) out += R"("type":["number","null"])";
  else if (type.kind == type_kind::string) out += R"("type":"string")";
  else if (type.kind == type_kind::enumeration) append_enum_schema(out, type);
  else if (type.kind == type_kind::optional) append_optional_schema(out, type);
  else if (type.kind == type_kind::list || type.kind == type_kind::array)
    append_array_schema(out, type);
  else if (type.kind == type_kind::map)
    append_json_type(out += R"("type":"object","additionalProperties":)", type.element.front());
  else if (type.kind == type_kind::record) append_object_schema(out, type);
  else if (type.kind == type_kind::time && type.utc)
    out += R"("type":["string","number","null"],"format":"date-time")";
  else if (is_integer_kind(type.number)) out += R"("type":"number")";
  else out += R"("type":["number","null"])";
  out += '}';
}

}  // namespace detail

/// The JSON Schema (draft 2020-12) that every JSON text written of such a record, with the default
/// options, meets. Numbers that may be NaN or infinite are nullable; defaults, units and
/// descriptions are included. Bounds (ge, le, finite), which writers do not check, goal and reduce
/// are left out.
[[nodiscard]] inline std::string json_schema(schema const& of) {
  std::string out;
  detail::append_json_type(out, detail::record_type(of));
  out.insert(1, R"("$schema":"https://json-schema.org/draft/2020-12/schema",)");
  return out;
}

/// The same of the record type T.
template <class T>
[[nodiscard]] std::string json_schema() {
  return json_schema(schema_of<T>());
}

}  // namespace trainlog

#endif
