// SPDX-License-Identifier: MIT
// TRAINLOG_NAMEDTUPLE: declares an immutable record, the twin of typing.NamedTuple.
#ifndef TRAINLOG_RECORD_NAMEDTUPLE_HPP
#define TRAINLOG_RECORD_NAMEDTUPLE_HPP

#include <cstddef>
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

}  // namespace trainlog::detail

// Each takes one parenthesised field: (type, name) or (type, name, default).
#define TRAINLOG_DETAIL_TUPLE_NAME(data, field) TRAINLOG_DETAIL_TUPLE_NAME_ field
#define TRAINLOG_DETAIL_TUPLE_NAME_(Field, name, ...) #name __VA_OPT__("=") ","
#define TRAINLOG_DETAIL_TUPLE_MEMBER(data, field) TRAINLOG_DETAIL_TUPLE_MEMBER_ field
#define TRAINLOG_DETAIL_TUPLE_MEMBER_(Field, name, ...) \
  TRAINLOG_DETAIL_UNPAREN(Field) name __VA_OPT__(= __VA_ARGS__);
#define TRAINLOG_DETAIL_TUPLE_PARAMETER(data, field) TRAINLOG_DETAIL_TUPLE_PARAMETER_ field
#define TRAINLOG_DETAIL_TUPLE_PARAMETER_(Field, name, ...)                                     \
  typename ::trainlog::detail::dependent<TrainlogUnused, TRAINLOG_DETAIL_UNPAREN(Field)>::type \
      name##_ __VA_OPT__(= __VA_ARGS__)
// A blank value and a comma for each field without a default: those stand before the others.
#define TRAINLOG_DETAIL_TUPLE_BLANK(data, field) TRAINLOG_DETAIL_TUPLE_BLANK_ field
#define TRAINLOG_DETAIL_TUPLE_BLANK_(Field, name, ...)                          \
  TRAINLOG_DETAIL_UNLESS_##__VA_OPT__(1)(                                       \
      ::trainlog::detail::access::blank<typename ::trainlog::detail::dependent< \
          TrainlogUnused, TRAINLOG_DETAIL_UNPAREN(Field)>::type>(), )
#define TRAINLOG_DETAIL_UNLESS_(...) __VA_ARGS__
#define TRAINLOG_DETAIL_UNLESS_1(...)
#define TRAINLOG_DETAIL_TUPLE_MOVE(data, field) TRAINLOG_DETAIL_TUPLE_MOVE_ field
#define TRAINLOG_DETAIL_TUPLE_MOVE_(Field, name, ...) ::std::move(name##_)
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
    struct trainlog_values {                                                                       \
      TRAINLOG_DETAIL_FOR_EACH(TRAINLOG_DETAIL_TUPLE_MEMBER, , __VA_ARGS__)                        \
    };                                                                                             \
    static constexpr char const* trainlog_names =                                                  \
        "" TRAINLOG_DETAIL_FOR_EACH(TRAINLOG_DETAIL_TUPLE_NAME, , __VA_ARGS__);                    \
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
        Name(TRAINLOG_DETAIL_FOR_EACH_COMMA(TRAINLOG_DETAIL_TUPLE_PARAMETER, , __VA_ARGS__))       \
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
