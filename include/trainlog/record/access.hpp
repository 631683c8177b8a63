// SPDX-License-Identifier: MIT
// The library's key to what the declaring macros put into a class, and the check of their lists.
#ifndef TRAINLOG_RECORD_ACCESS_HPP
#define TRAINLOG_RECORD_ACCESS_HPP

#include <cstddef>
#include <type_traits>
#include <utility>

#include "trainlog/record/names.hpp"

namespace trainlog::detail {

/// A readable compile error for a record whose fields cannot be set one by one.
template <class T>
constexpr void require_settable() noexcept {
  static_assert(std::is_move_assignable_v<T>,
                "trainlog: a record with a const or reference member cannot be made or changed");
}

/// Reaches what the macros put into a class, whatever access specifier stands above them.
struct access {
  template <class T, class F>
  static constexpr decltype(auto) visit(T& record, F&& f) {
    return record.trainlog_visit(std::forward<F>(f));
  }
  template <class T>
  static constexpr auto& frozen_value(T& record) noexcept {
    return record.value_;
  }
  template <class T>
  static constexpr void post_init(T& record) {
    if constexpr (requires { record.post_init(); }) record.post_init();
  }
  template <class T>
  static constexpr bool has_post_init() noexcept {
    return requires(T& record) { record.post_init(); };
  }
  /// True if T has a `void validate() const`. One that would not be called, or whose verdict would
  /// not be heard, is a compile error; a data member of that name is a field like others.
  template <class T>
  static constexpr bool has_validate() noexcept {
    if constexpr (requires(T const& record) { record.validate(); }) {
      static_assert(std::is_void_v<decltype(std::declval<T const&>().validate())>,
                    "trainlog: validate reports by throwing: it returns void");
      return true;
    } else {
      static_assert(
          !requires(T& record) { record.validate(); }, "trainlog: validate must be const");
      return false;
    }
  }
  template <class T>
  static constexpr bool has_hooks() noexcept {
    return has_post_init<T>() || has_validate<T>();
  }
  template <class T>
  static constexpr void validate(T const& record) {
    if constexpr (has_validate<T>()) record.validate();
  }
  /// A T whose fields will be set one by one.
  template <class T>
  static constexpr T blank() {
    require_settable<T>();
    if constexpr (std::is_default_constructible_v<T>) {
      return T{};
    } else if constexpr (requires { T(type_tag<access>{}); }) {
      return T(type_tag<access>{});
    } else {
      static_assert(!sizeof(T), "trainlog: a member without a default needs one here");
    }
  }
  template <class T, class Key>
  static constexpr bool has_member_meta() {
    return requires(T& record) {
      record.trainlog_meta(Key{}, type_tag<T>{}, ::trainlog_global_scope{});
    };
  }
  template <class T, class Key>
  static constexpr auto member_meta() {
    using function =
        decltype(std::declval<T&>().trainlog_meta(Key{}, type_tag<T>{}, ::trainlog_global_scope{}));
    return function{}();
  }
};

struct any_value {
  template <class T>
  operator T() const noexcept;  // NOLINT: never defined, converts to the type of any member
};
template <std::size_t>
using any_value_at = any_value;

template <class T, std::size_t... I>
constexpr bool takes_initializers(std::index_sequence<I...>) noexcept {
  return requires { T{any_value_at<I>{}...}; };
}

/// True unless T is an aggregate with more members (a base counts as one) than the listed ones.
template <class T, std::size_t Listed>
constexpr bool lists_all_members() noexcept {
  if constexpr (std::is_aggregate_v<T>) {
    return !takes_initializers<T>(std::make_index_sequence<Listed + 1>{});
  } else {
    return true;
  }
}

}  // namespace trainlog::detail

#endif
