// SPDX-License-Identifier: MIT
// The check that every field of a record has a serializer: one compile error that names the field.
#ifndef TRAINLOG_RECORD_SERIALIZABLE_HPP
#define TRAINLOG_RECORD_SERIALIZABLE_HPP

#include <array>
#include <cstddef>
#include <type_traits>

#include "trainlog/record/access.hpp"
#include "trainlog/record/descriptor.hpp"
#include "trainlog/record/names.hpp"
#include "trainlog/record/traits.hpp"

namespace trainlog::detail {

/// The records around a type. They end the recursion of a record that holds a list of its like.
template <class... Records>
struct outer_records {};

template <class T, class... Outer>
constexpr bool has_serializer(outer_records<Outer...>) noexcept;

/// True if a T, and every record in it, can be written and read. A variable, so that a compiler
/// that meets a record again knows what it found.
template <class T, class Outer = outer_records<>>
inline constexpr bool serializable = detail::has_serializer<T>(Outer{});

/// The number of the first of these fields that has no serializer; npos if all have one.
template <class Outer, class... Fields>
constexpr std::size_t find_bad_field(Outer, type_list<Fields...>) noexcept {
  std::array<bool, sizeof...(Fields)> const good{serializable<Fields, Outer>...};
  for (std::size_t i = 0; i < good.size(); ++i) {
    if (!good[i]) return i;
  }
  return npos;
}

template <class T, class... Outer>
constexpr bool has_serializer(outer_records<Outer...>) noexcept {
  if constexpr (string_map<T>) {
    return serializable<typename T::mapped_type, outer_records<Outer...>>;
  } else if constexpr (optional<T> || list<T> || fixed_array<T>) {
    return serializable<typename T::value_type, outer_records<Outer...>>;
  } else if constexpr (described<T> && !(std::is_same_v<T, Outer> || ...)) {
    return detail::find_bad_field(outer_records<T, Outer...>{}, field_types<T>{}) == npos;
  } else {
    return is_supported<T>();
  }
}

/// True if the declaration of the record has been refused: in an aggregate, a C array counts as
/// more members than are listed.
template <class T>
constexpr bool has_extra_members() noexcept {
  if constexpr (std::is_void_v<T>) {
    return false;
  } else {
    constexpr std::size_t bases = std::is_void_v<typename own_fields<T>::base> ? 0 : 1;
    return !lists_all_members<T, bases + own_fields<T>::size>();
  }
}

/// What a compiler shows of a mistake: the record, the name of its field, and the type that the
/// field is of, or holds.
template <class Record, fixed_string Field, class Type>
struct serializable_field {
  /// In a function, not in the class: of a wrong class clang says more.
  static constexpr bool check() noexcept {
    if constexpr (!std::is_array_v<Type> || !has_extra_members<Record>()) {
      static_assert(
          always_false<Type>,
          "trainlog: the type of a field has no serializer. Fields are bool, integers of up to 64 "
          "bits, float, double, std::string, enumerations with TRAINLOG_ENUM, structs with "
          "TRAINLOG_RECORD or TRAINLOG_DESCRIBE, std::chrono durations and time points, and "
          "std::optional, std::vector, std::array and std::map<std::string, T> of these");
    }
    return false;
  }
};

/// The name of T's field I, as a template argument; of what is no field, T being void, none.
template <class T, std::size_t I>
constexpr auto name_as_argument() noexcept {
  if constexpr (std::is_void_v<T>) {
    return fixed_string("");
  } else {
    char text[descriptor<T>::names[I].size() + 1]{};
    descriptor<T>::names[I].copy(text, sizeof text - 1);
    return fixed_string(text);
  }
}

/// The type_tag of the serializable_field of the first type in T, the type of Record's field I,
/// that has no serializer.
template <class Record, std::size_t I, class T, class... Outer>
constexpr auto find_mistake(outer_records<Outer...> outer) noexcept {
  if constexpr (string_map<T>) {
    return detail::find_mistake<Record, I, typename T::mapped_type>(outer);
  } else if constexpr (optional<T> || list<T> || fixed_array<T>) {
    return detail::find_mistake<Record, I, typename T::value_type>(outer);
  } else if constexpr (described<T>) {
    using inner = outer_records<T, Outer...>;
    constexpr std::size_t bad = detail::find_bad_field(inner{}, field_types<T>{});
    return detail::find_mistake<T, bad, field_type<T, bad>>(inner{});
  } else {
    return type_tag<serializable_field<Record, name_as_argument<Record, I>(), T>>{};
  }
}

/// True if T is a record. If not, it is a compile error, and what stands under `if constexpr` adds
/// no more.
template <class T>
constexpr bool require_record() noexcept {
  static_assert(described<T>,
                "trainlog: not a record: declare its fields with TRAINLOG_RECORD in the struct, or "
                "with TRAINLOG_DESCRIBE");
  return described<T>;
}

/// True if a T, a record or a container of records, can be written and read. If not, it is a
/// compile error that names the field, and false: what stands under `if constexpr` adds no more.
template <class T>
constexpr bool require_serializer() noexcept {
  if constexpr (serializable<T>) {
    return true;
  } else {
    return decltype(detail::find_mistake<void, 0, T>(outer_records<>{}))::type::check();
  }
}

/// The same of what must be a record.
template <class T>
constexpr bool require_serializable_record() noexcept {
  if constexpr (require_record<T>()) return require_serializer<T>();
  else return false;
}

}  // namespace trainlog::detail

#endif
