// SPDX-License-Identifier: MIT
// TRAINLOG_ENUM: the names of an enumeration's values.
#ifndef TRAINLOG_RECORD_ENUM_HPP
#define TRAINLOG_RECORD_ENUM_HPP

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>

#include "trainlog/record/descriptor.hpp"
#include "trainlog/record/for_each.hpp"

namespace trainlog {
namespace detail {

template <class Enum, std::size_t N>
struct enum_description {
  std::string_view type_name;
  std::array<std::string_view, N> names;
  std::array<Enum, N> values;
};

template <class T>
concept described_enum = std::is_enum_v<T> && requires {
  trainlog_enumerators(type_tag<T>{}, ::trainlog_global_scope{}).names;
};

template <described_enum Enum>
inline constexpr auto enumerators =
    trainlog_enumerators(type_tag<Enum>{}, ::trainlog_global_scope{});

}  // namespace detail

/// The declared name of the value; empty if the value has none.
template <detail::described_enum Enum>
[[nodiscard]] constexpr std::string_view enum_name(Enum value) noexcept {
  auto const& all = detail::enumerators<Enum>;
  for (std::size_t i = 0; i < all.values.size(); ++i) {
    if (all.values[i] == value) return all.names[i];
  }
  return {};
}

/// The value of that name; null if there is none. The pointer is to static storage.
template <detail::described_enum Enum>
[[nodiscard]] constexpr Enum const* find_enumerator(std::string_view name) noexcept {
  auto const& all = detail::enumerators<Enum>;
  auto const i = detail::find_name(all.names, name);
  return i == detail::npos ? nullptr : &all.values[i];
}

}  // namespace trainlog

#define TRAINLOG_DETAIL_ENUMERATOR(Enum, name) Enum::name

/// At namespace scope, after the enumeration (in its namespace or in the global one): gives its
/// values the names under which they are printed, written and read. Works for scoped and unscoped
/// enumerations, and for those nested in a class (`TRAINLOG_ENUM(Outer::Phase, train, eval)`).
#define TRAINLOG_ENUM(Enum, ...)                                                           \
  [[maybe_unused]] constexpr auto trainlog_enumerators(::trainlog::detail::type_tag<Enum>, \
                                                       ::trainlog_global_scope) noexcept { \
    constexpr ::std::size_t count = ::trainlog::detail::count_names(#__VA_ARGS__);         \
    return ::trainlog::detail::enum_description<Enum, count>{                              \
        ::trainlog::detail::unqualified(#Enum),                                            \
        ::trainlog::detail::split_names<count>(#__VA_ARGS__),                              \
        {TRAINLOG_DETAIL_FOR_EACH_COMMA(TRAINLOG_DETAIL_ENUMERATOR, Enum, __VA_ARGS__)}};  \
  }

#endif
