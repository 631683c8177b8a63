// SPDX-License-Identifier: MIT
// Equality, order and bitwise identity of records, field by field.
#ifndef TRAINLOG_RECORD_COMPARE_HPP
#define TRAINLOG_RECORD_COMPARE_HPP

#include <bit>
#include <compare>
#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <tuple>
#include <type_traits>

#include "trainlog/detail/endian.hpp"
#include "trainlog/record/meta.hpp"
#include "trainlog/record/traits.hpp"

namespace trainlog {
namespace detail {

/// Calls f(a's field, b's field) for the fields in order until it returns false.
template <class T, class F>
constexpr bool all_fields(T const& a, T const& b, bool only_compared, F f) {
  bool result = true;
  detail::visit_fields(a, [&](auto&... left) {
    detail::visit_fields(b, [&](auto&... right) {
      std::size_t index = 0;
      [[maybe_unused]] auto const both = [&](auto& x, auto& y) {
        if (result && (!only_compared || metas<T>[index].compare)) result = f(x, y);
        ++index;
      };
      [[maybe_unused]] int const done[] = {0, (both(left, right), 0)...};
    });
  });
  return result;
}

struct equal_values {
  template <class T>
  static constexpr bool floats(T a, T b) noexcept {
    return a == b;
  }
  static constexpr bool only_compared = true;
};

struct identical_values {
  template <class T>
  static constexpr bool floats(T a, T b) noexcept {
    return std::bit_cast<bits_of<T>>(a) == std::bit_cast<bits_of<T>>(b);
  }
  static constexpr bool only_compared = false;
};

template <class How, class T>
constexpr bool same(T const& a, T const& b);

template <class How, class T>
constexpr bool same_elements(T const& a, T const& b) {
  using element = typename T::value_type;
  if (a.size() != b.size()) return false;
  auto other = b.begin();
  for (auto const& value : a) {
    if (!detail::same<How, element>(value, *other)) return false;
    ++other;
  }
  return true;
}

template <class How, class T>
constexpr bool same_entries(T const& a, T const& b) {
  if (a.size() != b.size()) return false;
  auto other = b.begin();
  for (auto const& [key, value] : a) {
    if (key != other->first || !detail::same<How>(value, other->second)) return false;
    ++other;
  }
  return true;
}

/// Equality in the manner of How, for any field type.
template <class How, class T>
constexpr bool same(T const& a, T const& b) {
  if constexpr (floating<T>) {
    return How::floats(a, b);
  } else if constexpr (duration<T>) {
    return detail::same<How, typename T::rep>(a.count(), b.count());
  } else if constexpr (time_point<T>) {
    return detail::same<How, typename T::duration>(a.time_since_epoch(), b.time_since_epoch());
  } else if constexpr (optional<T>) {
    return a.has_value() == b.has_value() && (!a.has_value() || detail::same<How>(*a, *b));
  } else if constexpr (list<T> || fixed_array<T>) {
    return detail::same_elements<How>(a, b);
  } else if constexpr (string_map<T>) {
    return detail::same_entries<How>(a, b);
  } else if constexpr (described<T>) {
    return detail::all_fields(a, b, How::only_compared,
                              [](auto& x, auto& y) { return detail::same<How>(x, y); });
  } else if constexpr (std::equality_comparable<T> && !std::is_array_v<T>) {
    return a == b;
  } else {
    static_assert(always_false<T>, "trainlog: the type of a field has no ==");
  }
}

template <class T>
constexpr auto order(T const& a, T const& b);

template <class T>
struct ordering_of;
template <class T>
using ordering = typename ordering_of<T>::type;

// std::common_comparison_category is a fold expression, which clang stops at 256 operands.
template <class Ordering>
inline constexpr std::size_t weakness = std::is_same_v<Ordering, std::strong_ordering> ? 0
                                        : std::is_same_v<Ordering, std::weak_ordering> ? 1
                                                                                       : 2;
consteval std::size_t weakest(std::initializer_list<std::size_t> all) noexcept {
  std::size_t result = 0;
  for (std::size_t const each : all) result = each > result ? each : result;
  return result;
}

template <class... Fields>
struct ordering_of<type_list<Fields...>> {
  using type = std::tuple_element_t<
      weakest({weakness<ordering<Fields>>...}),
      std::tuple<std::strong_ordering, std::weak_ordering, std::partial_ordering>>;
};
template <class T>
struct ordering_of {
  static consteval auto category() {
    if constexpr (floating<T>) {
      return std::type_identity<std::partial_ordering>{};
    } else if constexpr (duration<T>) {
      return std::type_identity<ordering<typename T::rep>>{};
    } else if constexpr (time_point<T>) {
      return std::type_identity<ordering<typename T::duration>>{};
    } else if constexpr (string_map<T>) {
      return std::type_identity<ordering<typename T::mapped_type>>{};
    } else if constexpr (optional<T> || list<T> || fixed_array<T>) {
      return std::type_identity<ordering<typename T::value_type>>{};
    } else if constexpr (described<T>) {
      return std::type_identity<ordering<field_types<T>>>{};
    } else if constexpr (std::three_way_comparable<T> && !std::is_array_v<T>) {
      return std::type_identity<std::compare_three_way_result_t<T>>{};
    } else {
      static_assert(always_false<T>, "trainlog: the type of a field has no <=>");
    }
  }
  using type = typename decltype(category())::type;
};

template <class T>
constexpr ordering<T> order_elements(T const& a, T const& b) {
  using element = typename T::value_type;
  auto x = a.begin();
  auto y = b.begin();
  for (; x != a.end() && y != b.end(); ++x, ++y) {
    ordering<T> const result = detail::order<element>(*x, *y);
    if (result != 0) return result;
  }
  return a.size() <=> b.size();
}

template <class T>
constexpr ordering<T> order_entries(T const& a, T const& b) {
  auto x = a.begin();
  auto y = b.begin();
  for (; x != a.end() && y != b.end(); ++x, ++y) {
    if (auto const keys = x->first <=> y->first; keys != 0) return keys;
    if (auto const values = detail::order(x->second, y->second); values != 0) return values;
  }
  return a.size() <=> b.size();
}

template <class T>
constexpr ordering<T> order_fields(T const& a, T const& b) {
  ordering<T> result = std::strong_ordering::equal;
  detail::all_fields(a, b, true, [&](auto& x, auto& y) {
    result = detail::order(x, y);
    return result == 0;
  });
  return result;
}

/// Three-way comparison of any field type: lexicographic, as tuples compare.
template <class T>
constexpr auto order(T const& a, T const& b) {
  if constexpr (duration<T>) {
    return a.count() <=> b.count();
  } else if constexpr (time_point<T>) {
    return a.time_since_epoch().count() <=> b.time_since_epoch().count();
  } else if constexpr (optional<T>) {
    return !a || !b ? ordering<T>(a.has_value() <=> b.has_value())
                    : ordering<T>(detail::order(*a, *b));
  } else if constexpr (list<T> || fixed_array<T>) {
    return detail::order_elements(a, b);
  } else if constexpr (string_map<T>) {
    return detail::order_entries(a, b);
  } else if constexpr (described<T>) {
    return detail::order_fields(a, b);
  } else {
    return a <=> b;
  }
}

}  // namespace detail

/// True if all fields are equal: NaN differs from itself, -0 equals 0, compare(false) is skipped.
template <record T>
[[nodiscard]] constexpr bool equal(T const& a, T const& b) {
  return detail::same<detail::equal_values>(a, b);
}

/// Field by field, as tuples compare; std::partial_ordering if a field is a floating-point number.
template <record T>
[[nodiscard]] constexpr auto compare(T const& a, T const& b) {
  return detail::order(a, b);
}

/// True if all fields are the same to the bit: NaN is identical to itself, -0 is not 0.
/// The comparison for round trips; it skips no field.
template <record T>
[[nodiscard]] constexpr bool identical(T const& a, T const& b) {
  return detail::same<detail::identical_values>(a, b);
}

/// True if both ranges (std::vector, std::array, std::span of records) have as many records, and
/// these are identical one by one.
template <class Range>
  requires(!record<Range>) && requires(Range const& range) {
    requires record<typename Range::value_type>;
    range.size();
    range.begin();
  }
[[nodiscard]] constexpr bool identical(Range const& a, Range const& b) {
  return detail::same_elements<detail::identical_values>(a, b);
}

}  // namespace trainlog

#endif
