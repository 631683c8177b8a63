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
#include "trainlog/record/repr.hpp"
#include "trainlog/record/serializable.hpp"
#include "trainlog/record/validate.hpp"
#include "trainlog/record/value.hpp"

namespace trainlog {
namespace detail {

/// A value for the field called Name: T is the value's own type if it was a temporary, which is
/// then moved in here, or a reference to it.
template <fixed_string Name, class T>
struct named_value {
  static constexpr auto field = Name;
  static constexpr std::string_view name = Name;
  T value;
};

template <fixed_string Name>
struct field_name {
  template <class T>
  constexpr named_value<Name, T> operator=(T&& value) const {  // NOLINT: "loss"_field = v
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

/// A number goes only into a number, or an optional one: a floating-point one not into an integer.
template <class Field, class Number>
constexpr bool takes_number() noexcept {
  if constexpr (optional<Field>) {
    return takes_number<typename Field::value_type, Number>();
  } else {
    return floating<Field> || std::is_same_v<Field, Number> ||
           (integer<Field> && (integer<Number> || boolean<Number>));
  }
}

/// A value without its C++ type goes into what it converts to, or an optional one.
template <class Field>
constexpr bool takes_untyped() noexcept {
  if constexpr (optional<Field>) return takes_untyped<typename Field::value_type>();
  else return held_type<Field>;
}

template <class Field, class Value>
constexpr bool takes_value() noexcept {
  using plain = std::remove_cvref_t<Value>;
  if constexpr (std::is_arithmetic_v<plain>) return takes_number<Field, plain>();
  else if constexpr (std::is_same_v<plain, value> && takes_untyped<Field>()) return true;
  else return std::is_assignable_v<Field&, Value>;
}

/// What a compiler shows of a value that a field does not take; a range has it for "any" field.
template <class Record, fixed_string Field, class FieldType, class ValueType>
struct assignable_field {
  static constexpr bool check() noexcept {
    static_assert(takes_value<FieldType, ValueType>(),
                  "trainlog: the field cannot be given a value of this type");
    return takes_value<FieldType, ValueType>();
  }
};

template <class Number>
std::string number_text(Number number) {
  if constexpr (sizeof(Number) > 8) return "a long double";
  else if constexpr (std::is_floating_point_v<Number>) return detail::repr_of(number);
  else return std::to_string(as_number(number));
}

/// An integer must fit into an integer. In a floating-point field a number is rounded to the
/// nearest that the field can hold, which must not be infinite where the number is finite.
template <class Field, class Number>
constexpr void assign_number(field_place place, Field& field, Number number) {
  if constexpr (optional<Field>) {
    detail::assign_number(place, field.emplace(), number);
  } else if constexpr (floating<Field> || (integer<Field> && integer<Number>)) {
    if (!fits<Field>(number)) {
      fail_to_fit(place, detail::number_text(number), type_name<Field>());
    }
    field = static_cast<Field>(number);
  } else if constexpr (integer<Field> && boolean<Number>) {
    field = number ? 1 : 0;
  } else {
    field = static_cast<Field>(number);
  }
}

template <class Field>
void assign_untyped(field_place place, Field& field, value const& from) {
  if constexpr (optional<Field>) {
    if (from.is_null()) field.reset();
    else detail::assign_untyped(place, field.emplace(), from);
  } else {
    try {
      field = from.as<Field>();
    } catch (error const&) {
      fail_to_fit(place, detail::repr_of(from), type_name<Field>());
    }
  }
}

/// Precondition: takes_value.
template <class Field, class Value>
constexpr void assign_field(field_place place, Field& field, Value&& from) {
  using plain = std::remove_cvref_t<Value>;
  if constexpr (std::is_arithmetic_v<plain>) {
    detail::assign_number<Field, plain>(place, field, from);
  } else if constexpr (std::is_same_v<plain, value> && takes_untyped<Field>()) {
    detail::assign_untyped(place, field, from);
  } else {
    field = std::forward<Value>(from);
  }
}

/// The type as which a named value is handed on.
template <class Named>
using value_of = decltype((std::declval<Named>().value));

template <class T, class Named>
constexpr void assign_one(T& record, Named&& named) {
  using plain = std::remove_cvref_t<Named>;
  constexpr std::size_t index = index_of<T>(plain::name);
  using field = field_type<T, index>;
  if constexpr (assignable_field<T, plain::field, field, value_of<Named>>::check()) {
    detail::assign_field(place_of<T>(index), detail::field_at<index>(record),
                         std::forward<Named>(named).value);
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
    (detail::assign_one(record, std::forward<Named>(named)), ...);
  }
}

template <std::size_t I, class T, class Value>
constexpr void assign_at(T& record, Value&& from) {
  using field = field_type<T, I>;
  if constexpr (assignable_field<T, name_as_argument<T, I>(), field, Value&&>::check()) {
    detail::assign_field(place_of<T>(I), detail::field_at<I>(record), std::forward<Value>(from));
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

/// `"loss"_field = 0.5` is a value for the field loss, for make and replace. It may be kept in a
/// variable: a temporary is moved into it, and it refers to anything else.
template <fixed_string Name>
[[nodiscard]] consteval detail::field_name<Name> operator""_field() noexcept {
  return {};
}

}  // namespace literals

/// A T with these fields, given by name in any order, and its defaults for the others:
/// `make<TrainingLog>("loss"_field = 0.5, "epoch"_field = 3)`. Then post_init and validate.
/// A wrong name, a name given twice, and a field without a default that is not given are compile
/// errors. Throws validation_error, which names the field, for an integer that does not fit into an
/// integer, and for a finite number that a float or double cannot hold as finite; otherwise a
/// number that is given for a floating-point field is rounded to it.
template <record T, class... Named>
[[nodiscard]] constexpr std::remove_cv_t<T> make(Named&&... named) {
  static_assert(detail::gives_required<std::remove_cv_t<T>, Named...>(),
                "trainlog: a field without a default is not given");
  using plain = std::remove_cv_t<T>;
  plain result = detail::access::blank<plain>();
  detail::assign_named(result, std::forward<Named>(named)...);
  detail::complete(result);
  return result;
}

/// A copy of the record with these fields changed: `replace(entry, "loss"_field = 0.40)`.
/// Then post_init and validate. Errors as for make.
template <record T, class... Named>
[[nodiscard]] constexpr T replace(T const& value, Named&&... named) {
  detail::require_settable<T>();
  T result = value;
  detail::assign_named(result, std::forward<Named>(named)...);
  detail::complete(result);
  return result;
}

/// A T from a std::tuple (or std::array) with one value a field, in declaration order, moved out of
/// a temporary tuple. Then post_init and validate. Another number of values, and one that its field
/// does not take, are compile errors. Throws validation_error as make does.
template <record T, class Tuple>
[[nodiscard]] constexpr std::remove_cv_t<T> make_from_tuple(Tuple&& values) {
  constexpr std::size_t size = detail::descriptor<std::remove_cv_t<T>>::size;
  static_assert(std::tuple_size_v<std::remove_cvref_t<Tuple>> == size,
                "trainlog: the tuple has not as many values as the record has fields");
  using plain = std::remove_cv_t<T>;
  plain result = detail::access::blank<plain>();
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    // Each std::get moves one element. NOLINTBEGIN(bugprone-use-after-move)
    (detail::assign_at<I>(result, std::get<I>(std::forward<Tuple>(values))), ...);
    // NOLINTEND(bugprone-use-after-move)
  }(std::make_index_sequence<size>{});
  detail::complete(result);
  return result;
}

/// A T from a range with one value a field, in declaration order. Then post_init and validate. A
/// field that does not take the range's values is a compile error; a std::vector<trainlog::value>
/// gives numbers, bools, text and optionals of them, whatever their types. Throws validation_error
/// if there are fewer or more of them, and as make does.
template <record T, class Range>
[[nodiscard]] constexpr std::remove_cv_t<T> make_from_range(Range&& values) {
  using plain = std::remove_cv_t<T>;
  plain result = detail::access::blank<plain>();
  auto next = std::begin(values);
  auto const end = std::end(values);
  std::size_t given = 0;
  using given_type = decltype(*next++);
  detail::for_each_indexed(result, [&]<class Field>(std::size_t i, Field& field) {
    if (next == end) return;
    if constexpr (detail::assignable_field<plain, "any", Field, given_type>::check()) {
      detail::assign_field(detail::place_of<plain>(i), field, *next++);
    }
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
