// SPDX-License-Identifier: MIT
// Making a record from named values, from another record, or from a tuple or a range.
#ifndef TRAINLOG_RECORD_MAKE_HPP
#define TRAINLOG_RECORD_MAKE_HPP

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "trainlog/record/access.hpp"
#include "trainlog/record/descriptor.hpp"
#include "trainlog/record/error.hpp"
#include "trainlog/record/field_access.hpp"
#include "trainlog/record/names.hpp"
#include "trainlog/record/validate.hpp"

namespace trainlog {
namespace detail {

/// A value for the field called Name.
template <fixed_string Name, class T>
struct named_value {
  static constexpr std::string_view name = Name;
  T&& value;
};

template <fixed_string Name>
struct field_name {
  template <class T>
  constexpr named_value<Name, T> operator=(T&& value) const noexcept {  // NOLINT: "loss"_field = v
    return {std::forward<T>(value)};
  }
};

/// The names of a record and of one of its fields, for a message.
struct field_place {
  std::string_view record;
  std::string_view field;
};

template <class T>
constexpr field_place place_of(std::size_t index) noexcept {
  return {descriptor<T>::type_name, descriptor<T>::names[index]};
}

[[noreturn]] inline void fail_to_fit(field_place place, std::string const& number,
                                     std::string_view type) {
  std::string text = "trainlog: invalid ";
  text.append(place.record).append(": ").append(place.field).append(" = ").append(number);
  throw validation_error(text.append(" does not fit into ").append(type));
}

/// A number goes only into a number, or an optional one. An integer must fit into an integer; in a
/// floating-point field it is rounded to the nearest number that the field can hold.
template <class Field, class Number>
constexpr void assign_number(field_place place, Field& field, Number number) {
  if constexpr (optional<Field>) {
    assign_number(place, field.emplace(), number);
  } else if constexpr (floating<Field> || std::is_same_v<Field, Number>) {
    field = static_cast<Field>(number);
  } else if constexpr (integer<Field> && integer<Number>) {
    if (!fits<Field>(number)) fail_to_fit(place, std::to_string(number), type_name<Field>());
    field = static_cast<Field>(number);
  } else {
    static_assert(integer<Field> && boolean<Number>,
                  "trainlog: a number of this type cannot be a value of the field");
    field = number ? 1 : 0;
  }
}

template <class Field, class Value>
constexpr void assign_field(field_place place, Field& field, Value&& value) {
  if constexpr (std::is_arithmetic_v<std::remove_cvref_t<Value>>) {
    assign_number<Field, std::remove_cvref_t<Value>>(place, field, value);
  } else {
    static_assert(std::is_assignable_v<Field&, Value&&>,
                  "trainlog: the field cannot be assigned a value of this type");
    field = std::forward<Value>(value);
  }
}

template <class T, class... Named>
constexpr void assign_named(T& record, Named&&... named) {
  static_assert(((index_of<T>(std::remove_cvref_t<Named>::name) != npos) && ...),
                "trainlog: no field with this name");
  static_assert(all_different(std::array<std::string_view, sizeof...(Named)>{
                    std::remove_cvref_t<Named>::name...}),
                "trainlog: a field is given twice");
  if constexpr (((index_of<T>(std::remove_cvref_t<Named>::name) != npos) && ...)) {
    (assign_field(place_of<T>(index_of<T>(std::remove_cvref_t<Named>::name)),
                  field_at<index_of<T>(std::remove_cvref_t<Named>::name)>(record),
                  std::forward<decltype(named.value)>(named.value)),
     ...);
  }
}

template <class T, class... Named>
consteval bool gives_required() noexcept {
  std::array<std::string_view, sizeof...(Named)> const given{std::remove_cvref_t<Named>::name...};
  std::size_t index = 0;
  for (auto const name : descriptor<T>::names) {
    if (!descriptor<T>::has_default[index++] && find_name(given, name) == npos) return false;
  }
  return true;
}

}  // namespace detail

namespace literals {

/// `"loss"_field = 0.5` is a value for the field loss, for make and replace.
template <fixed_string Name>
consteval detail::field_name<Name> operator""_field() noexcept {
  return {};
}

}  // namespace literals

/// A T with these fields, given by name in any order, and its defaults for the others:
/// `make<TrainingLog>("loss"_field = 0.5, "epoch"_field = 3)`. Then post_init and validate.
/// A wrong name, a name given twice, and a field without a default that is not given are compile
/// errors. Throws validation_error, which names the field, for an integer that does not fit into an
/// integer; one that is given for a floating-point field is rounded to it.
template <record T, class... Named>
constexpr std::remove_cv_t<T> make(Named&&... named) {
  static_assert(detail::gives_required<std::remove_cv_t<T>, Named...>(),
                "trainlog: a field without a default is not given");
  using plain = std::remove_cv_t<T>;
  plain result = detail::access::blank<plain>();
  detail::assign_named(result, std::forward<Named>(named)...);
  detail::complete(result);
  return result;
}

/// A copy of the record with these fields changed: `replace(entry, "loss"_field = 0.40)`.
/// Errors as for make.
template <record T, class... Named>
constexpr T replace(T const& value, Named&&... named) {
  detail::require_settable<T>();
  T result = value;
  detail::assign_named(result, std::forward<Named>(named)...);
  detail::complete(result);
  return result;
}

/// A T from a std::tuple (or std::array) with one value a field, in declaration order.
template <record T, class Tuple>
constexpr std::remove_cv_t<T> make_from_tuple(Tuple&& values) {
  constexpr std::size_t size = detail::descriptor<std::remove_cv_t<T>>::size;
  static_assert(std::tuple_size_v<std::remove_cvref_t<Tuple>> == size,
                "trainlog: the tuple has not as many values as the record has fields");
  using plain = std::remove_cv_t<T>;
  plain result = detail::access::blank<plain>();
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    // Each std::get moves one element. NOLINTBEGIN(bugprone-use-after-move)
    (detail::assign_field(detail::place_of<plain>(I), detail::field_at<I>(result),
                          std::get<I>(std::forward<Tuple>(values))),
     ...);
    // NOLINTEND(bugprone-use-after-move)
  }(std::make_index_sequence<size>{});
  detail::complete(result);
  return result;
}

/// A T from a range with one value a field, in declaration order. Every field must be assignable
/// from the range's values. Throws validation_error if there are fewer or more of them.
template <record T, class Range>
constexpr std::remove_cv_t<T> make_from_range(Range&& values) {
  using plain = std::remove_cv_t<T>;
  plain result = detail::access::blank<plain>();
  auto next = std::begin(values);
  auto const end = std::end(values);
  std::size_t given = 0;
  detail::for_each_indexed(result, [&](std::size_t i, auto& field) {
    if (next == end) return;
    detail::assign_field(detail::place_of<plain>(i), field, *next++);
    ++given;
  });
  if (given != detail::descriptor<plain>::size || next != end) {
    throw validation_error("trainlog: " + std::string(detail::descriptor<plain>::type_name) +
                           " has " + std::to_string(detail::descriptor<plain>::size) +
                           " fields, the range has " +
                           (next != end ? "more" : std::to_string(given)) + " values");
  }
  detail::complete(result);
  return result;
}

}  // namespace trainlog

#endif
