// SPDX-License-Identifier: MIT
// A record's description as a value: field names, types, defaults, metadata (docs/format.md,
// Types).
#ifndef TRAINLOG_SCHEMA_SCHEMA_HPP
#define TRAINLOG_SCHEMA_SCHEMA_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trainlog/detail/append_number.hpp"
#include "trainlog/record/meta.hpp"
#include "trainlog/record/names.hpp"
#include "trainlog/record/value.hpp"

namespace trainlog {

/// The kinds of types, numbered as in the file format.
enum class type_kind : std::uint8_t {
  boolean = 1,
  int8,
  int16,
  int32,
  int64,
  uint8,
  uint16,
  uint32,
  uint64,
  float32,
  float64,
  string,
  enumeration,
  optional,
  list,
  array,
  map,
  record,
  duration,
  time,
};

/// A named value of an enumeration. A value of an unsigned type is kept by its 64 bits.
struct enumerator {
  std::string name;
  std::int64_t value = 0;

  friend bool operator==(enumerator const&, enumerator const&) = default;
};

struct schema_field;

/// The type of a field.
struct schema_type {
  type_kind kind = type_kind::boolean;
  std::string name;                     ///< of a record or an enumeration
  std::vector<schema_type> element;     ///< of an optional, list, array or map: exactly one
  std::uint64_t length = 0;             ///< of an array
  type_kind number = type_kind::int64;  ///< what an enumeration, a duration or a time is stored as
  std::uint64_t numerator = 1;          ///< a duration or time counts numerator/denominator seconds
  std::uint64_t denominator = 1;
  bool utc = false;  ///< of a time: counted from 1970-01-01T00:00:00Z
  std::vector<enumerator> enumerators;
  std::vector<schema_field> fields;  ///< of a record
};

/// A field of a record.
struct schema_field {
  std::string name;  ///< as in files: the member's name, or what TRAINLOG_META renames it to
  schema_type type;
  bool required = false;               ///< has no default: must be given
  std::optional<value> default_value;  ///< of a record type in the program
  std::string default_json;            ///< as JSON text; what files keep of it
  std::string unit;
  std::string doc;
  std::vector<std::string> aka;  ///< earlier names, as declared
  std::string former_name;  ///< of a renamed member: its own, read like a last aka; not in files
  direction goal = direction::none;
  reduction reduce = reduction::none;
};

/// The description of a record type, or of the rows of a file.
struct schema {
  std::string name;  ///< of the record type, for people
  std::vector<schema_field> fields;
};

namespace detail {

constexpr bool is_integer_kind(type_kind kind) noexcept {
  return kind >= type_kind::int8 && kind <= type_kind::uint64;
}
constexpr bool is_signed_kind(type_kind kind) noexcept {
  return kind >= type_kind::int8 && kind <= type_kind::int64;
}
constexpr bool is_number_kind(type_kind kind) noexcept {
  return kind >= type_kind::int8 && kind <= type_kind::float64;
}

constexpr bool is_clock_kind(type_kind kind) noexcept {
  return kind == type_kind::duration || kind == type_kind::time;
}

/// The bytes of a value of a kind that always has the same number of them; else 0.
constexpr std::size_t kind_size(type_kind kind) noexcept {
  constexpr std::uint8_t sizes[] = {0, 1, 1, 2, 4, 8, 1, 2, 4, 8, 4, 8};
  return kind <= type_kind::float64 ? sizes[static_cast<std::size_t>(kind)] : 0U;
}

/// The names of the kinds, in their order.
inline constexpr std::array<std::string_view, 21> kind_names{
    "",         "bool",   "int8",   "int16",   "int32",   "int64",    "uint8",
    "uint16",   "uint32", "uint64", "float32", "float64", "string",   "enum",
    "optional", "list",   "array",  "map",     "record",  "duration", "time"};

constexpr std::string_view kind_name(type_kind kind) noexcept {
  return kind_names[static_cast<std::size_t>(kind)];
}

void append_type(std::string& out, schema_type const& type);

inline void append_fields(std::string& out, std::vector<schema_field> const& fields) {
  out += '{';
  for (auto const& field : fields) {
    if (out.back() != '{') out += ',';
    append_type(out.append(field.name) += ':', field.type);
  }
  out += '}';
}

inline void append_enumerators(std::string& out, schema_type const& type) {
  out.append("<").append(kind_name(type.number)) += ">{";
  for (auto const& each : type.enumerators) {
    if (out.back() != '{') out += ',';
    out.append(each.name) += '=';
    if (is_signed_kind(type.number)) append_integer(out, each.value);
    else append_integer(out, static_cast<std::uint64_t>(each.value));
  }
  out += '}';
}

inline void append_clock(std::string& out, schema_type const& type) {
  out += '<';
  if (type.kind == type_kind::time) out += type.utc ? "utc," : "clock,";
  append_integer(out.append(kind_name(type.number)) += ',', type.numerator);
  append_integer(out += ',', type.denominator);
  out += '>';
}

inline void append_type(std::string& out, schema_type const& type) {
  if (type.kind == type_kind::record) return append_fields(out, type.fields);
  out += kind_name(type.kind);
  if (type.kind == type_kind::enumeration) return append_enumerators(out, type);
  if (is_clock_kind(type.kind)) return append_clock(out, type);
  if (type.element.empty()) return;
  append_type(out += '<', type.element.front());
  if (type.kind == type_kind::array) append_integer(out += ',', type.length);
  out += '>';
}

/// The type of the schema's rows.
inline schema_type record_type(schema of) {
  schema_type type;
  type.kind = type_kind::record;
  type.name = std::move(of.name);
  type.fields = std::move(of.fields);
  return type;
}

}  // namespace detail

/// The type as text: "float64", "list<optional<int32>>", "{x:float64,y:float64}".
[[nodiscard]] inline std::string to_text(schema_type const& type) {
  std::string out;
  detail::append_type(out, type);
  return out;
}

/// The row's type as text: "{epoch:int64,loss:float64}". Equal texts are equal layouts of a row.
[[nodiscard]] inline std::string to_text(schema const& of) {
  std::string out;
  detail::append_fields(out, of.fields);
  return out;
}

/// The 64-bit identity of the row's layout (docs/format.md): the FNV-1a hash of its text.
/// Independent of type names, metadata, compiler and platform.
[[nodiscard]] inline std::uint64_t identity(schema const& of) { return detail::fnv1a(to_text(of)); }

/// The first field whose name in files is `name`; null if there is none. It points into `fields`,
/// and other names, such as aka, are not looked for.
[[nodiscard]] inline schema_field const* find_field(std::vector<schema_field> const& fields,
                                                    std::string_view name) noexcept {
  for (auto const& field : fields) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

}  // namespace trainlog

#endif
