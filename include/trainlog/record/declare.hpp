// SPDX-License-Identifier: MIT
// TRAINLOG_RECORD and TRAINLOG_DESCRIBE: what makes an ordinary struct a record.
#ifndef TRAINLOG_RECORD_DECLARE_HPP
#define TRAINLOG_RECORD_DECLARE_HPP

#include <cstddef>
#include <iosfwd>
#include <string_view>
#include <type_traits>
#include <utility>

#include "trainlog/record/access.hpp"
#include "trainlog/record/compare.hpp"
#include "trainlog/record/descriptor.hpp"
#include "trainlog/record/for_each.hpp"
#include "trainlog/record/repr.hpp"

namespace trainlog::detail {

/// Makes the bodies of the operators below depend on a template parameter, so that nothing reads
/// the record's metadata before TRAINLOG_META has had its turn.
template <class>
struct operators {
  template <class T>
  static constexpr bool equal(T const& a, T const& b) {
    return ::trainlog::equal(a, b);
  }
  template <class T>
  static constexpr auto compare(T const& a, T const& b) {
    return ::trainlog::compare(a, b);
  }
  template <class T>
  static constexpr auto repr(T const& record) {
    return ::trainlog::repr(record);
  }
};

}  // namespace trainlog::detail

// Equality, order and stream output as templates: a program that never compares or prints a record
// does not pay for the code.
#define TRAINLOG_DETAIL_OPERATORS(Type)                                                          \
  template <class TrainlogUnused = void>                                                         \
  friend constexpr bool operator==(Type const& trainlog_a, Type const& trainlog_b) {             \
    return ::trainlog::detail::operators<TrainlogUnused>::equal(trainlog_a, trainlog_b);         \
  }                                                                                              \
  template <class TrainlogUnused = void>                                                         \
  friend constexpr auto operator<=>(Type const& trainlog_a, Type const& trainlog_b) {            \
    return ::trainlog::detail::operators<TrainlogUnused>::compare(trainlog_a, trainlog_b);       \
  }                                                                                              \
  template <class TrainlogTraits>                                                                \
  friend std::basic_ostream<char, TrainlogTraits>& operator<<(                                   \
      std::basic_ostream<char, TrainlogTraits>& trainlog_out, Type const& trainlog_record) {     \
    return trainlog_out << ::trainlog::detail::operators<TrainlogTraits>::repr(trainlog_record); \
  }

#define TRAINLOG_DETAIL_RECORD(Type, Base, base_count, ...)                                       \
  friend struct ::trainlog::detail::access;                                                       \
  template <class TrainlogVisitor>                                                                \
  constexpr decltype(auto) trainlog_visit(TrainlogVisitor&& trainlog_visitor) {                   \
    return trainlog_visitor(__VA_ARGS__);                                                         \
  }                                                                                               \
  friend constexpr auto trainlog_describe(::trainlog::detail::type_tag<Type>,                     \
                                          ::trainlog_global_scope) noexcept {                     \
    static_assert(                                                                                \
        ::trainlog::detail::lists_all_members<Type, base_count + ::trainlog::detail::count_names( \
                                                                     #__VA_ARGS__)>(),            \
        "trainlog: " #Type                                                                        \
        " has data members that TRAINLOG_RECORD does not list"                                    \
        " (or a C array: use std::array)");                                                       \
    return ::trainlog::detail::describe<Base>(                                                    \
        #Type, #__VA_ARGS__, false, [](auto& self, auto&& visitor) -> decltype(auto) {            \
          return ::trainlog::detail::access::visit(self, visitor);                                \
        });                                                                                       \
  }                                                                                               \
  TRAINLOG_DETAIL_OPERATORS(Type)

/// Inside a struct, after its members: makes it a record with these fields, in this order.
/// The struct keeps its layout and stays an aggregate if it was one. Works in class templates
/// (`Type` is the template's own name), nested classes, and for private members. Gives `==`, `<=>`
/// and `<<`. A data member of an aggregate that is missing from the list, a name that is no
/// member, and a name listed twice are compile errors. At least 512 fields.
#define TRAINLOG_RECORD(Type, ...) TRAINLOG_DETAIL_RECORD(Type, void, 0, __VA_ARGS__)

/// The same for a struct that inherits publicly from the record `Base`, whose fields come first.
#define TRAINLOG_RECORD_DERIVED(Type, Base, ...) TRAINLOG_DETAIL_RECORD(Type, Base, 1, __VA_ARGS__)

#define TRAINLOG_DETAIL_MEMBER_OF_SELF(data, field) self.field

/// At namespace scope, in the type's own namespace or in the global one: describes a struct that
/// cannot be edited. Only public members. It gains no operators: use equal, compare and repr.
#define TRAINLOG_DESCRIBE(Type, ...)                                                           \
  [[maybe_unused]] constexpr auto trainlog_describe(::trainlog::detail::type_tag<Type>,        \
                                                    ::trainlog_global_scope) noexcept {        \
    static_assert(::trainlog::detail::lists_all_members<Type, ::trainlog::detail::count_names( \
                                                                  #__VA_ARGS__)>(),            \
                  "trainlog: " #Type                                                           \
                  " has data members that TRAINLOG_DESCRIBE does not list"                     \
                  " (or a C array: use std::array)");                                          \
    return ::trainlog::detail::describe(                                                       \
        #Type, #__VA_ARGS__, false,                                                            \
        []([[maybe_unused]] auto& self, auto&& visitor) -> decltype(auto) {                    \
          return visitor(                                                                      \
              TRAINLOG_DETAIL_FOR_EACH_COMMA(TRAINLOG_DETAIL_MEMBER_OF_SELF, , __VA_ARGS__));  \
        });                                                                                    \
  }

#endif
