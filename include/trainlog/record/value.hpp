// SPDX-License-Identifier: MIT
// A field's value without its C++ type.
#ifndef TRAINLOG_RECORD_VALUE_HPP
#define TRAINLOG_RECORD_VALUE_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "trainlog/record/dict.hpp"
#include "trainlog/record/error.hpp"
#include "trainlog/record/traits.hpp"

namespace trainlog {

class value;

/// A sequence of values.
using value_list = std::vector<value>;

/// Values by name, in the order of insertion.
using dict = basic_dict<value>;

namespace detail {

/// What holds values without their C++ types.
template <class T>
concept untyped = std::same_as<T, value> || std::same_as<T, value_list> || std::same_as<T, dict>;

template <class T>
concept number = integer<T> || floating<T>;

/// As what a value keeps a T: std::type_identity<...>, of void if it cannot. Not a char, which may
/// be meant as text or as a number.
template <class T>
consteval auto stored_type() noexcept {
  using plain = std::remove_cvref_t<T>;
  if constexpr (boolean<plain> || floating<plain> || std::same_as<plain, value_list> ||
                std::same_as<plain, dict>) {
    return std::type_identity<plain>{};
  } else if constexpr (std::same_as<plain, char> || std::same_as<plain, std::nullptr_t>) {
    return std::type_identity<void>{};
  } else if constexpr (integer<plain>) {
    using widest = std::conditional_t<std::is_unsigned_v<plain>, std::uint64_t, std::int64_t>;
    return std::type_identity<widest>{};
  } else if constexpr (std::convertible_to<T, std::string_view>) {
    return std::type_identity<std::string>{};
  } else {
    return std::type_identity<void>{};
  }
}

template <class T>
using stored = typename decltype(stored_type<T>())::type;

/// What a value can be asked for.
template <class T>
concept held_type =
    boolean<T> || number<T> || text<T> || std::same_as<T, value_list> || std::same_as<T, dict>;

/// Exact comparison of two numbers of any type.
template <number A, number B>
constexpr bool equal_numbers(A a, B b) noexcept {
  if constexpr (integer<A>) {
    return fits<A>(b) && static_cast<A>(b) == a;
  } else if constexpr (integer<B>) {
    return equal_numbers(b, a);
  } else {
    return static_cast<double>(a) == static_cast<double>(b);
  }
}

/// Throws trainlog::error if T is an integer type that has not the number, or a floating-point one
/// where a finite number would become infinite.
template <number T>
constexpr T number_as(number auto from) {
  if (!fits<T>(from)) throw error("trainlog: the value does not fit into the type asked for");
  return static_cast<T>(from);
}

}  // namespace detail

/// Any value a field can have: none, a bool, a number, text, a list or a dictionary.
/// Enumerations and instants are text, durations are numbers of seconds.
class value {
 public:
  using variant = std::variant<std::monostate, bool, std::int64_t, std::uint64_t, float, double,
                               std::string, value_list, dict>;

  /// None.
  value() = default;
  value(std::nullptr_t) noexcept {}  // NOLINT: implicit on purpose
  /// A bool, an integer (kept as int64 or uint64), a float or double, text, a list, a dictionary.
  template <class T>
    requires(!std::is_void_v<detail::stored<T>>)
  value(T&& v)  // NOLINT: implicit on purpose
      : data_(std::in_place_type<detail::stored<T>>, std::forward<T>(v)) {}

  [[nodiscard]] bool is_null() const noexcept {
    return std::holds_alternative<std::monostate>(data_);
  }
  /// The variant itself, for std::visit.
  variant const& data() const noexcept { return data_; }
  variant& data() noexcept { return data_; }

  /// The value as a T: bool, a number, std::string, value_list or dict. Numbers convert to every
  /// number type that has the value, to float and double as the nearest, which must not be infinite
  /// where the value is finite; a bool is no number. Throws trainlog::error for anything else.
  template <detail::held_type T>
  [[nodiscard]] T as() const {
    if constexpr (detail::number<T>) {
      return std::visit([](auto const& held) { return as_number<T>(held); }, data_);
    } else {
      return as_ref<T>();
    }
  }
  template <class T>
    requires(detail::boolean<T> || detail::number<T> || detail::text<T>)
  explicit operator T() const {
    return as<T>();
  }

  /// Member `name` of a dict, element `index` of a list. Throws trainlog::error if there is none.
  value const& operator[](std::string_view name) const { return as_ref<dict>().at(name); }
  value const& operator[](std::size_t index) const {
    auto const& elements = as_ref<value_list>();
    if (index < elements.size()) return elements[index];
    throw error("trainlog: the list has no element at that index");
  }

  /// Equal kinds and contents; numbers compare by what they count, whatever their type.
  template <class T>
    requires std::constructible_from<value, T const&>
  friend bool operator==(value const& a, T const& b) {
    if constexpr (std::same_as<T, value>) {
      return std::visit([](auto const& x, auto const& y) { return value::same(x, y); }, a.data_,
                        b.data_);
    } else {
      return a == value(b);
    }
  }

 private:
  template <class T, class Held>
  static T as_number(Held const& held) {
    if constexpr (detail::number<Held>) return detail::number_as<T>(held);
    else throw error("trainlog: the value is not a number");
  }
  template <class T>
  T const& as_ref() const {
    if (auto const* held = std::get_if<T>(&data_)) return *held;
    throw error(std::string("trainlog: the value is not a ") +
                (std::same_as<T, bool>          ? "bool"
                 : std::same_as<T, std::string> ? "string"
                 : std::same_as<T, dict>        ? "dict"
                                                : "list"));
  }
  template <class A, class B>
  static bool same(A const& a, B const& b) {
    if constexpr (detail::number<A> && detail::number<B>) return detail::equal_numbers(a, b);
    else if constexpr (std::same_as<A, B>) return a == b;
    else return false;
  }

  variant data_;
};

}  // namespace trainlog

#endif
