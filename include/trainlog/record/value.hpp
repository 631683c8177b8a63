// SPDX-License-Identifier: MIT
// A field's value without its C++ type, and a record's as an ordered dictionary.
#ifndef TRAINLOG_RECORD_VALUE_HPP
#define TRAINLOG_RECORD_VALUE_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "trainlog/record/error.hpp"
#include "trainlog/record/traits.hpp"

namespace trainlog {

class value;

/// A sequence of values.
using value_list = std::vector<value>;

/// Values by name, in the order of insertion, as Python's dict.
class dict {
 public:
  using entry = std::pair<std::string, value>;
  using iterator = std::vector<entry>::iterator;
  using const_iterator = std::vector<entry>::const_iterator;

  dict() noexcept;
  dict(std::initializer_list<entry> entries);

  std::size_t size() const noexcept;
  bool empty() const noexcept;
  const_iterator begin() const noexcept;
  const_iterator end() const noexcept;
  iterator begin() noexcept;
  iterator end() noexcept;

  /// The value of that name; null if there is none.
  value const* find(std::string_view name) const noexcept;
  bool contains(std::string_view name) const noexcept;
  /// The value of that name. Throws trainlog::error if there is none.
  value const& at(std::string_view name) const;
  value const& operator[](std::string_view name) const;
  /// The value of that name, added as null at the end if there is none.
  value& operator[](std::string_view name);

  /// Equal names and values in the same order.
  friend bool operator==(dict const& a, dict const& b);

 private:
  std::vector<entry> entries_;
};

/// Any value a field can have. Enumerations and instants are text, durations are numbers of
/// seconds.
class value {
 public:
  using variant = std::variant<std::monostate, bool, std::int64_t, std::uint64_t, float, double,
                               std::string, value_list, dict>;

  value() = default;
  value(bool v) : data_(v) {}  // NOLINT: implicit on purpose
  template <detail::integer T>
  value(T v) : data_(widen(v)) {}  // NOLINT
  template <detail::floating T>
  value(T v) : data_(v) {}                              // NOLINT
  value(std::string v) : data_(std::move(v)) {}         // NOLINT
  value(std::string_view v) : data_(std::string(v)) {}  // NOLINT
  value(char const* v) : data_(std::string(v)) {}       // NOLINT
  value(value_list v) : data_(std::move(v)) {}          // NOLINT
  value(dict v) : data_(std::move(v)) {}                // NOLINT

  bool is_null() const noexcept { return std::holds_alternative<std::monostate>(data_); }
  /// The variant itself, for std::visit.
  variant const& data() const noexcept { return data_; }
  variant& data() noexcept { return data_; }

  /// The value as a T: bool, a number, std::string, value_list or dict. Numbers convert to every
  /// number type that has the value (any number to float and double).
  /// Throws trainlog::error for anything else.
  template <class T>
  T as() const;
  template <class T>
    requires(detail::boolean<T> || detail::integer<T> || detail::floating<T> || detail::text<T>)
  explicit operator T() const {
    return as<T>();
  }

  /// Member `name` of a dict, element `index` of a list. Throws trainlog::error if there is none.
  value const& operator[](std::string_view name) const { return as_ref<dict>("dict").at(name); }
  value const& operator[](std::size_t index) const;

  /// Equal kinds and contents; numbers compare by what they count, whatever their type.
  friend bool operator==(value const& a, value const& b);
  template <class T>
    requires(std::constructible_from<value, T const&> && !std::same_as<T, value>)
  friend bool operator==(value const& a, T const& b) {
    return a == value(b);
  }

 private:
  template <detail::integer T>
  static variant widen(T v) {
    if constexpr (std::is_unsigned_v<T>) {
      return static_cast<std::uint64_t>(v);
    } else {
      return static_cast<std::int64_t>(v);
    }
  }
  template <class T>
  T const& as_ref(char const* expected) const {
    if (auto const* held = std::get_if<T>(&data_)) return *held;
    throw error(std::string("trainlog: the value is not a ") + expected);
  }

  variant data_;
};

namespace detail {

/// Exact comparison of two numbers of any type.
template <class A, class B>
bool equal_numbers(A a, B b) noexcept {
  if constexpr (integer<A> && integer<B>) {
    return fits<B>(a) && static_cast<B>(a) == b;
  } else if constexpr (integer<A>) {
    auto const wide = static_cast<double>(b);
    // 2^63 and 2^64 bound the integers; inside, the conversion of a whole double is exact.
    if (!(wide >= -9223372036854775808.0 && wide < 18446744073709551616.0)) return false;
    if (wide < 0)
      return equal_numbers(a, static_cast<std::int64_t>(wide)) &&
             static_cast<double>(static_cast<std::int64_t>(wide)) == wide;
    auto const whole = static_cast<std::uint64_t>(wide);
    return static_cast<double>(whole) == wide && equal_numbers(a, whole);
  } else if constexpr (integer<B>) {
    return equal_numbers(b, a);
  } else {
    return static_cast<double>(a) == static_cast<double>(b);
  }
}

template <class T>
concept number = integer<T> || floating<T>;

template <class T, class From>
T number_as(From from) {
  if constexpr (integer<T> && integer<From>) {
    if (fits<T>(from)) return static_cast<T>(from);
  } else if constexpr (integer<T>) {
    auto const wide = static_cast<double>(from);
    if (wide >= -9223372036854775808.0 && wide < 0) {
      auto const whole = static_cast<std::int64_t>(wide);
      if (equal_numbers(whole, wide) && fits<T>(whole)) return static_cast<T>(whole);
    } else if (wide >= 0 && wide < 18446744073709551616.0) {
      auto const whole = static_cast<std::uint64_t>(wide);
      if (equal_numbers(whole, wide) && fits<T>(whole)) return static_cast<T>(whole);
    }
  } else {
    return static_cast<T>(from);
  }
  throw error("trainlog: the value does not fit into the integer type asked for");
}

}  // namespace detail

template <class T>
T value::as() const {
  if constexpr (detail::number<T>) {
    return std::visit(
        [](auto const& held) -> T {
          using held_type = std::remove_cvref_t<decltype(held)>;
          if constexpr (detail::number<held_type>) {
            return detail::number_as<T>(held);
          } else {
            throw error("trainlog: the value is not a number");
          }
        },
        data_);
  } else {
    return as_ref<T>(std::same_as<T, bool>          ? "bool"
                     : std::same_as<T, std::string> ? "string"
                     : std::same_as<T, dict>        ? "dict"
                                                    : "list");
  }
}

inline value const& value::operator[](std::size_t index) const {
  auto const& elements = as_ref<value_list>("list");
  if (index >= elements.size()) throw error("trainlog: the list has no element at that index");
  return elements[index];
}

inline bool operator==(value const& a, value const& b) {
  return std::visit(
      [](auto const& x, auto const& y) {
        using left = std::remove_cvref_t<decltype(x)>;
        using right = std::remove_cvref_t<decltype(y)>;
        if constexpr (detail::number<left> && detail::number<right>) {
          return detail::equal_numbers(x, y);
        } else if constexpr (std::same_as<left, right>) {
          return x == y;
        } else {
          return false;
        }
      },
      a.data_, b.data_);
}

// Defined here, where value is complete.
inline dict::dict() noexcept = default;
inline dict::dict(std::initializer_list<entry> entries) : entries_(entries) {}
inline std::size_t dict::size() const noexcept { return entries_.size(); }
inline bool dict::empty() const noexcept { return entries_.empty(); }
inline dict::const_iterator dict::begin() const noexcept { return entries_.begin(); }
inline dict::const_iterator dict::end() const noexcept { return entries_.end(); }
inline dict::iterator dict::begin() noexcept { return entries_.begin(); }
inline dict::iterator dict::end() noexcept { return entries_.end(); }

inline value const* dict::find(std::string_view name) const noexcept {
  for (auto const& [key, held] : entries_) {
    if (key == name) return &held;
  }
  return nullptr;
}

inline value const& dict::at(std::string_view name) const {
  if (auto const* held = find(name)) return *held;
  throw error("trainlog: no entry named '" + std::string(name) + "'");
}

inline bool dict::contains(std::string_view name) const noexcept { return find(name) != nullptr; }

inline value const& dict::operator[](std::string_view name) const { return at(name); }

inline value& dict::operator[](std::string_view name) {
  if (auto const* held = find(name)) return const_cast<value&>(*held);
  return entries_.emplace_back(std::string(name), value()).second;
}

inline bool operator==(dict const& a, dict const& b) { return a.entries_ == b.entries_; }

}  // namespace trainlog

#endif
