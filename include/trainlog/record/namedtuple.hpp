// SPDX-License-Identifier: MIT
// TRAINLOG_NAMEDTUPLE: declares an immutable record, the twin of typing.NamedTuple.
#ifndef TRAINLOG_RECORD_NAMEDTUPLE_HPP
#define TRAINLOG_RECORD_NAMEDTUPLE_HPP

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#include "trainlog/record/access.hpp"
#include "trainlog/record/compare.hpp"
#include "trainlog/record/declare.hpp"
#include "trainlog/record/field_access.hpp"
#include "trainlog/record/for_each.hpp"
#include "trainlog/record/hash.hpp"
#include "trainlog/record/unpack.hpp"

namespace trainlog::detail {

/// What an accessor returns: small values by copy, everything else by reference.
template <class T>
using accessor_result = std::conditional_t<std::is_scalar_v<T>, T, T const&>;

/// T, known only when a template is instantiated: so that its constexpr is a wish, not a demand.
template <class Unused, class T>
struct dependent {
  using type = T;
};

/// True if no field without a default follows one with a default, in "epoch,loss,rate=,".
constexpr bool defaults_are_last(std::string_view marked) noexcept {
  bool seen = false;
  for (std::size_t i = 0; i < marked.size(); ++i) {
    if (marked[i] != ',') continue;
    bool const has_default = marked[i - 1] == '=';
    if (seen && !has_default) return false;
    seen = has_default;
  }
  return true;
}

/// False if a type with a comma in it was cut at the comma: "3>" is no name.
constexpr bool are_names(std::string_view marked) noexcept {
  return marked.find_first_of("<>()[]{}:*&\"") == std::string_view::npos;
}

}  // namespace trainlog::detail

// Each takes one parenthesised field: (type, name) or (type, name, default).
#define TRAINLOG_DETAIL_TUPLE_NAME(data, field) TRAINLOG_DETAIL_TUPLE_NAME_ field
#define TRAINLOG_DETAIL_TUPLE_NAME_(Field, name, ...) #name __VA_OPT__("=") ","
#define TRAINLOG_DETAIL_TUPLE_MEMBER(data, field) TRAINLOG_DETAIL_TUPLE_MEMBER_ field
#define TRAINLOG_DETAIL_TUPLE_MEMBER_(Field, name, ...) \
  TRAINLOG_DETAIL_UNPAREN(Field) name __VA_OPT__(= __VA_ARGS__);
// UNLESS_DEFAULT field (text) is the text for a field without a default, else nothing.
#define TRAINLOG_DETAIL_TUPLE_UNLESS_DEFAULT(Field, name, ...) \
  TRAINLOG_DETAIL_UNLESS_##__VA_OPT__(1)
#define TRAINLOG_DETAIL_UNLESS_(...) __VA_ARGS__
#define TRAINLOG_DETAIL_UNLESS_1(...)
// `.name = ` a blank value and a comma, for each field without a default.
#define TRAINLOG_DETAIL_TUPLE_BLANK(data, field) \
  TRAINLOG_DETAIL_TUPLE_UNLESS_DEFAULT field(TRAINLOG_DETAIL_TUPLE_BLANK_ field)
#define TRAINLOG_DETAIL_TUPLE_BLANK_(Field, name, ...)                              \
  .name = ::trainlog::detail::access::blank<typename ::trainlog::detail::dependent< \
      TrainlogUnused, TRAINLOG_DETAIL_UNPAREN(Field)>::type>(),
// The parameters. `seen` is a '=' behind the first default: a field without one is given some
// default there, so that the static_assert about it is the only error.
#define TRAINLOG_DETAIL_TUPLE_PARAMETERS(...) \
  __VA_OPT__(TRAINLOG_DETAIL_EXPAND(TRAINLOG_DETAIL_PARAMETER_STEP(, __VA_ARGS__)))
#define TRAINLOG_DETAIL_PARAMETER_STEP(seen, field, ...)                            \
  TRAINLOG_DETAIL_TUPLE_PARAMETER field TRAINLOG_DETAIL_TUPLE_UNLESS_DEFAULT field( \
      TRAINLOG_DETAIL_ANY_IF(seen))                                                 \
      __VA_OPT__(,                                                                  \
                 TRAINLOG_DETAIL_PARAMETER_AGAIN TRAINLOG_DETAIL_PARENS(            \
                     TRAINLOG_DETAIL_MARK_IF(seen TRAINLOG_DETAIL_TUPLE_MARK field), __VA_ARGS__))
#define TRAINLOG_DETAIL_PARAMETER_AGAIN() TRAINLOG_DETAIL_PARAMETER_STEP
#define TRAINLOG_DETAIL_TUPLE_PARAMETER(Field, name, ...)                                      \
  typename ::trainlog::detail::dependent<TrainlogUnused, TRAINLOG_DETAIL_UNPAREN(Field)>::type \
      new_##name __VA_OPT__(= __VA_ARGS__)
#define TRAINLOG_DETAIL_TUPLE_MARK(Field, name, ...) __VA_OPT__(=)
#define TRAINLOG_DETAIL_MARK_IF(...) __VA_OPT__(=)
#define TRAINLOG_DETAIL_ANY_IF(...) __VA_OPT__(= ::trainlog::detail::any_value{})
#define TRAINLOG_DETAIL_TUPLE_MOVE(data, field) TRAINLOG_DETAIL_TUPLE_MOVE_ field
#define TRAINLOG_DETAIL_TUPLE_MOVE_(Field, name, ...) ::std::move(new_##name)
#define TRAINLOG_DETAIL_TUPLE_REFERENCE(data, field) TRAINLOG_DETAIL_TUPLE_REFERENCE_ field
#define TRAINLOG_DETAIL_TUPLE_REFERENCE_(Field, name, ...) self.trainlog_values_.name
#define TRAINLOG_DETAIL_TUPLE_ACCESSOR(data, field) TRAINLOG_DETAIL_TUPLE_ACCESSOR_ field
#define TRAINLOG_DETAIL_TUPLE_ACCESSOR_(Field, name, ...)                                     \
  ::trainlog::detail::accessor_result<TRAINLOG_DETAIL_UNPAREN(Field)> name() const noexcept { \
    return trainlog_values_.name;                                                             \
  }

/// Declares the class `Name`, an immutable record with the fields `(type, name)` or
/// `(type, name, default)`; defaults stand at the right, as in Python. A type with a comma in it
/// stands in parentheses of its own: `((std::array<float, 3>), rgb)`.
///
/// The class has a constructor with one parameter a field, an accessor a field (`entry.loss()`),
/// structured bindings, `==`, `<=>`, `<<` and std::hash. It is copied and assigned as a value; no
/// member changes it. Fields are stored as in a plain struct, so it is trivially copyable if they
/// are. In constant expressions read with `get<"loss">(entry)`: an accessor is no template, so that
/// `&LogEntry::loss` can be handed on, and C++20 lets only templates be constexpr for any type.
#define TRAINLOG_NAMEDTUPLE(Name, ...)                                                             \
  class Name {                                                                                     \
    static constexpr char const* trainlog_names =                                                  \
        "" TRAINLOG_DETAIL_FOR_EACH(TRAINLOG_DETAIL_TUPLE_NAME, , __VA_ARGS__);                    \
    static_assert(::trainlog::detail::are_names(trainlog_names),                                   \
                  "trainlog: in " #Name " a type with a comma needs parentheses of its own");      \
    struct trainlog_values {                                                                       \
      TRAINLOG_DETAIL_FOR_EACH(TRAINLOG_DETAIL_TUPLE_MEMBER, , __VA_ARGS__)                        \
    };                                                                                             \
    static_assert(::trainlog::detail::defaults_are_last(trainlog_names),                           \
                  "trainlog: in " #Name " a field without a default follows one with a default");  \
    trainlog_values trainlog_values_;                                                              \
    friend struct ::trainlog::detail::access;                                                      \
    template <class TrainlogUnused = void>                                                         \
    explicit constexpr Name(::trainlog::detail::type_tag<::trainlog::detail::access>)              \
        : trainlog_values_{TRAINLOG_DETAIL_FOR_EACH(TRAINLOG_DETAIL_TUPLE_BLANK, , __VA_ARGS__)} { \
    }                                                                                              \
                                                                                                   \
   public:                                                                                         \
    template <class TrainlogUnused = void>                                                         \
    constexpr explicit(::trainlog::detail::count_names(trainlog_names) == 1)                       \
        Name(TRAINLOG_DETAIL_TUPLE_PARAMETERS(__VA_ARGS__))                                        \
        : trainlog_values_{                                                                        \
              TRAINLOG_DETAIL_FOR_EACH_COMMA(TRAINLOG_DETAIL_TUPLE_MOVE, , __VA_ARGS__)} {}        \
    TRAINLOG_DETAIL_FOR_EACH(TRAINLOG_DETAIL_TUPLE_ACCESSOR, , __VA_ARGS__)                        \
    template <::std::size_t TrainlogIndex>                                                         \
    constexpr auto const& get() const noexcept {                                                   \
      return ::trainlog::get<TrainlogIndex>(*this);                                                \
    }                                                                                              \
    friend constexpr auto trainlog_describe(::trainlog::detail::type_tag<Name>,                    \
                                            ::trainlog_global_scope) noexcept {                    \
      return ::trainlog::detail::describe(                                                         \
          #Name, trainlog_names, true,                                                             \
          []([[maybe_unused]] auto& self, auto&& visitor) -> decltype(auto) {                      \
            return visitor(                                                                        \
                TRAINLOG_DETAIL_FOR_EACH_COMMA(TRAINLOG_DETAIL_TUPLE_REFERENCE, , __VA_ARGS__));   \
          });                                                                                      \
    }                                                                                              \
    TRAINLOG_DETAIL_OPERATORS(Name)                                                                \
  };

#endif
