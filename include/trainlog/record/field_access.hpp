// SPDX-License-Identifier: MIT
// The fields of a record: their names and descriptions, and access by name, index and visitor.
#ifndef TRAINLOG_RECORD_FIELD_ACCESS_HPP
#define TRAINLOG_RECORD_FIELD_ACCESS_HPP

#include <array>
#include <concepts>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "trainlog/record/meta.hpp"
#include "trainlog/record/names.hpp"
#include "trainlog/record/serializable.hpp"
#include "trainlog/record/traits.hpp"

namespace trainlog {

/// A field as fields<T>() lists it.
struct field_info {
  std::string_view name;             ///< the member's name; schema_of has the one in files
  std::string_view type;             ///< "int64", "float64", "string", "list", ...
  bool has_default = false;          ///< may be left out when a record is made
  field_meta const* meta = nullptr;  ///< static storage, never null in a list of fields
};

namespace detail {

template <integer T>
constexpr std::string_view integer_name() noexcept {
  constexpr std::string_view names[] = {"int8",  "int16",  "int32",  "int64",
                                        "uint8", "uint16", "uint32", "uint64"};
  std::size_t const width = sizeof(T) == 1 ? 0 : sizeof(T) == 2 ? 1 : sizeof(T) == 4 ? 2 : 3;
  return names[width + (std::is_unsigned_v<number_type<T>> ? 4 : 0)];
}

template <class T>
constexpr std::string_view type_name() noexcept {
  if constexpr (boolean<T>) return "bool";
  else if constexpr (integer<T>) return integer_name<T>();
  else if constexpr (floating<T>) return sizeof(T) == 4 ? "float32" : "float64";
  else if constexpr (text<T>) return "string";
  else if constexpr (described_enum<T>) return "enum";
  else if constexpr (optional<T>) return "optional";
  else if constexpr (list<T>) return "list";
  else if constexpr (fixed_array<T>) return "array";
  else if constexpr (string_map<T>) return "map";
  else if constexpr (duration<T>) return "duration";
  else if constexpr (time_point<T>) return "time";
  else if constexpr (described<T>) return "record";
  else static_assert(always_false<T>, "trainlog: the type of a field has no serializer");
}

/// The record as its users may see it: const if it is immutable.
template <class T>
constexpr auto& public_view(T& record) noexcept {
  if constexpr (immutable_record<T>) {
    return std::as_const(record);
  } else {
    return record;
  }
}

template <class... Fields>
struct type_names {
  static constexpr std::array<std::string_view, sizeof...(Fields)> value{type_name<Fields>()...};
};

struct list_type_names {
  template <class... Fields>
  constexpr type_names<std::remove_const_t<Fields>...> operator()(Fields&...) const noexcept {
    return {};
  }
};

template <class T>
constexpr auto collect_fields() {
  std::array<field_info, descriptor<T>::size> all{};
  if constexpr (require_serializer<T>()) {
    using type_names = decltype(detail::visit_fields(std::declval<T&>(), list_type_names{}));
    constexpr auto types = type_names::value;
    for (std::size_t i = 0; i < all.size(); ++i) {
      all[i] = {descriptor<T>::names[i], types[i], descriptor<T>::has_default[i], &metas<T>[i]};
    }
  }
  return all;
}

template <class T>
inline constexpr auto field_list = detail::collect_fields<T>();

/// On its own, so that who does not ask for the field_list does without it.
template <class T, class F, class Field>
constexpr void call_with_info(F& f, std::size_t i, Field& field) {
  f(field_list<T>[i], field);
}

}  // namespace detail

/// The names of T's fields, in declaration order: std::array<std::string_view, N>.
template <record T>
[[nodiscard]] constexpr auto const& field_names() noexcept {
  return detail::descriptor<std::remove_cv_t<T>>::names;
}

/// T's fields, in declaration order: std::array<field_info, N>.
template <record T>
[[nodiscard]] constexpr auto const& fields() noexcept {
  return detail::field_list<std::remove_cv_t<T>>;
}

/// The I-th field, counted from 0; const if the record is const or immutable. The record is an
/// lvalue, as the result refers into it.
template <std::size_t I, record T>
[[nodiscard]] constexpr auto& get(T& record) noexcept {
  static_assert(I < detail::descriptor<std::remove_const_t<T>>::size,
                "trainlog: the record has fewer fields than that");
  return detail::field_at<I>(detail::public_view(record));
}

/// The field of that name: get<"loss">(log).
template <fixed_string Name, record T>
[[nodiscard]] constexpr auto& get(T& record) noexcept {
  constexpr std::size_t index = detail::index_of<T>(Name);
  static_assert(index != detail::npos, "trainlog: no field with this name");
  return detail::field_at<(index != detail::npos ? index : 0)>(detail::public_view(record));
}

/// Calls f(name, field) for each field in order; or, where f does not take a name,
/// f(field_info const&, field).
template <class T, class F>
  requires record<std::remove_reference_t<T>>
constexpr void for_each_field(T&& record, F&& f) {
  using plain = std::remove_cvref_t<T>;
  detail::for_each_indexed(detail::public_view(record), [&](std::size_t i, auto& field) {
    if constexpr (std::invocable<F&, std::string_view, decltype(field)>) {
      f(detail::descriptor<plain>::names[i], field);
    } else {
      detail::call_with_info<plain>(f, i, field);
    }
  });
}

/// References to all fields, as a std::tuple.
template <record T>
[[nodiscard]] constexpr auto tie(T& record) noexcept {
  return detail::visit_fields(detail::public_view(record),
                              [](auto&... field) { return std::tie(field...); });
}

/// Copies of all fields, as a std::tuple.
template <record T>
[[nodiscard]] constexpr auto astuple(T const& record) {
  return detail::visit_fields(record, [](auto&... field) {
    return std::tuple<std::remove_const_t<std::remove_reference_t<decltype(field)>>...>(field...);
  });
}

}  // namespace trainlog

#endif
