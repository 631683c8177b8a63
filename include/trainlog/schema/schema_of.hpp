// SPDX-License-Identifier: MIT
// The schema of a record type.
#ifndef TRAINLOG_SCHEMA_SCHEMA_OF_HPP
#define TRAINLOG_SCHEMA_SCHEMA_OF_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "trainlog/detail/error.hpp"
#include "trainlog/record/access.hpp"
#include "trainlog/record/asdict.hpp"
#include "trainlog/record/descriptor.hpp"
#include "trainlog/record/enum.hpp"
#include "trainlog/record/enum_number.hpp"
#include "trainlog/record/field_access.hpp"
#include "trainlog/record/meta.hpp"
#include "trainlog/record/serializable.hpp"
#include "trainlog/record/traits.hpp"
#include "trainlog/schema/json_value.hpp"
#include "trainlog/schema/schema.hpp"

namespace trainlog {
namespace detail {

/// The names of T's fields in files; those with serialize(false) are not in files.
template <class T>
inline constexpr auto wire_names = [] {
  auto names = descriptor<T>::names;
  for (std::size_t i = 0; i != names.size(); ++i) {
    if (!metas<T>[i].rename.empty()) names[i] = metas<T>[i].rename;
  }
  return names;
}();

/// The names of the fields that are in files; an empty one stands for serialize(false).
template <class T>
inline constexpr auto file_names = [] {
  auto names = wire_names<T>;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!metas<T>[i].serialize) names[i] = {};
  }
  return names;
}();

template <class T>
inline constexpr bool file_names_differ = all_different(file_names<T>);

/// The kind that has the type's name.
template <class T>
consteval type_kind kind_of() {
  // char is stored as int8 everywhere, whether or not it has a sign on this platform.
  if constexpr (std::same_as<T, char>) return type_kind::int8;
  return static_cast<type_kind>(find_name(kind_names, type_name<T>()));
}

inline constexpr int max_type_depth = 64;

template <class T>
std::vector<schema_field> fields_schema(int depth);

template <class T>
void describe_enum(schema_type& type) {
  type.name = enumerators<T>.type_name;
  type.number = kind_of<enum_number<T>>();
  for (std::size_t i = 0; i < enumerators<T>.names.size(); ++i) {
    type.enumerators.push_back({std::string(enumerators<T>.names[i]),
                                static_cast<std::int64_t>(enumerators<T>.values[i])});
  }
}

template <class T>
void describe_clock(schema_type& type) {
  type.number = kind_of<typename T::rep>();
  type.numerator = static_cast<std::uint64_t>(T::period::num);
  type.denominator = static_cast<std::uint64_t>(T::period::den);
}

/// `depth` is the number of types around this one.
template <class T>
schema_type type_schema(int depth) {
  if (depth == max_type_depth) throw error("trainlog: types nest more than 64 deep");
  schema_type type;
  type.kind = kind_of<T>();
  if constexpr (described_enum<T>) {
    describe_enum<T>(type);
  } else if constexpr (string_map<T>) {
    type.element.push_back(type_schema<typename T::mapped_type>(depth + 1));
  } else if constexpr (optional<T> || list<T> || fixed_array<T>) {
    type.element.push_back(type_schema<typename T::value_type>(depth + 1));
    if constexpr (fixed_array<T>) type.length = std::tuple_size_v<T>;
  } else if constexpr (duration<T> || time_point<T>) {
    describe_clock<T>(type);
    type.utc = calendar_time<T>;
  } else if constexpr (described<T>) {
    type.name = descriptor<T>::type_name;
    type.fields = fields_schema<T>(depth + 1);
  }
  return type;
}

template <class T>
value wire_value(T const& field);

template <class T>
dict wire_dict(T const& record) {
  dict entries;
  for_each_indexed(record, [&](std::size_t i, auto const& field) {
    if (metas<T>[i].serialize) entries.append(std::string(wire_names<T>[i]), wire_value(field));
  });
  return entries;
}

/// As to_value, but nested records have the fields and names that they have in files.
template <class T>
value wire_value(T const& field) {
  if constexpr (described<T>) {
    return wire_dict(field);
  } else if constexpr (optional<T>) {
    return field ? wire_value(*field) : value();
  } else if constexpr (list<T> || fixed_array<T>) {
    value_list elements;
    for (auto const& each : field) elements.push_back(wire_value<typename T::value_type>(each));
    return elements;
  } else if constexpr (string_map<T>) {
    dict entries;
    for (auto const& [key, mapped] : field) entries.append(key, wire_value(mapped));
    return entries;
  } else {
    return to_value(field);
  }
}

/// Everything but the type and the default.
inline schema_field describe_field(std::string_view name, field_meta const& meta, bool required) {
  schema_field field;
  field.name = name;
  field.required = required;
  field.unit = meta.unit;
  field.doc = meta.doc;
  for (auto const alias : meta.aka) {
    if (!alias.empty()) field.aka.emplace_back(alias);
  }
  field.goal = meta.goal;
  field.reduce = meta.reduce;
  return field;
}

template <class T>
std::vector<schema_field> fields_schema(int depth) {
  static_assert(file_names_differ<T>,
                "trainlog: two fields of a record have the same name in files");
  std::vector<schema_field> fields;
  T const defaults = access::blank<T>();
  for_each_indexed(defaults, [&]<class Field>(std::size_t i, Field const& value) {
    field_meta const& meta = metas<T>[i];
    if (!meta.serialize) return;
    bool const has_default = descriptor<T>::has_default[i];
    auto field = describe_field(wire_names<T>[i], meta, meta.required || !has_default);
    field.type = type_schema<Field>(depth);
    if (has_default) {
      field.default_value = wire_value(value);
      field.default_json = json_text(*field.default_value);
    }
    fields.push_back(std::move(field));
  });
  return fields;
}

}  // namespace detail

/// The schema of T, made once. Fields with serialize(false) are not in it. Throws trainlog::error
/// if the types nest more than 64 deep, as those of a record that contains itself do.
template <record T>
schema const& schema_of() {
  static schema const result = [] {
    schema made{std::string(detail::descriptor<T>::type_name), {}};
    if constexpr (detail::require_serializer<T>()) made.fields = detail::fields_schema<T>(0);
    return made;
  }();
  return result;
}

}  // namespace trainlog

#endif
