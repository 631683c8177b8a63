// SPDX-License-Identifier: MIT
// The schema of a record type.
#ifndef TRAINLOG_SCHEMA_SCHEMA_OF_HPP
#define TRAINLOG_SCHEMA_SCHEMA_OF_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
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

template <class T>
inline constexpr bool file_names_differ = all_different(file_names<T>);

/// The kind that has the type's name.
template <class T>
consteval type_kind kind_of() {
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
    auto const number = static_cast<enum_number<T>>(enumerators<T>.values[i]);
    type.enumerators.push_back(
        {std::string(enumerators<T>.names[i]), static_cast<std::int64_t>(number)});
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
  detail::for_each_indexed(record, [&](std::size_t i, auto const& field) {
    if (metas<T>[i].serialize)
      entries.append(std::string(wire_names<T>[i]), detail::wire_value(field));
  });
  return entries;
}

/// As to_value, but nested records have the fields and names that they have in files.
template <class T>
value wire_value(T const& field) {
  if constexpr (described<T>) {
    return detail::wire_dict(field);
  } else if constexpr (optional<T>) {
    return field ? detail::wire_value(*field) : value();
  } else if constexpr (list<T> || fixed_array<T>) {
    value_list elements;
    for (auto const& each : field)
      elements.push_back(detail::wire_value<typename T::value_type>(each));
    return elements;
  } else if constexpr (string_map<T>) {
    dict entries;
    for (auto const& [key, mapped] : field) entries.append(key, detail::wire_value(mapped));
    return entries;
  } else {
    return detail::to_value(field);
  }
}

/// Everything but the type and the default. `meta` is as declared.
inline schema_field describe_field(std::string_view name, std::string_view former,
                                   field_meta const& meta, bool required) {
  schema_field field;
  field.name = name;
  field.former_name = former;
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
  detail::for_each_indexed(defaults, [&]<class Field>(std::size_t i, Field const& value) {
    field_meta const& meta = metas<T>[i];
    if (!meta.serialize) return;
    bool const has_default = descriptor<T>::has_default[i];
    auto field = describe_field(wire_names<T>[i], former_names<T>[i], declared_metas<T>[i],
                                meta.required || !has_default);
    field.type = type_schema<Field>(depth);
    if (has_default) {
      field.default_value = detail::wire_value(value);
      field.default_json = json_text(*field.default_value);
    }
    fields.push_back(std::move(field));
  });
  return fields;
}

template <class T>
schema make_schema() {
  schema made{std::string(descriptor<T>::type_name), {}};
  if constexpr (require_serializer<T>()) made.fields = fields_schema<T>(0);
  return made;
}

template <class T>
schema const& stored_schema() {
  static schema const& result = *new schema(make_schema<T>());
  return result;
}

}  // namespace detail

/// The schema of T, made once. Its fields have the names that they have in files; those with
/// serialize(false) are not in it. Throws trainlog::error if the types nest more than 64 deep, as
/// those of a record that contains itself do. Never destroyed, so that a logger of static storage
/// may still save in its destructor.
template <class T>
[[nodiscard]] schema const& schema_of() {
  using plain = std::remove_cv_t<T>;
  if constexpr (detail::require_record<plain>()) return detail::stored_schema<plain>();
}

}  // namespace trainlog

#endif
