// SPDX-License-Identifier: MIT
// Equality, order, bitwise identity and hash of records, field by field.
#ifndef TRAINLOG_RECORD_COMPARE_HPP
#define TRAINLOG_RECORD_COMPARE_HPP

#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string_view>
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
  visit_fields(a, [&](auto&... left) {
    visit_fields(b, [&](auto&... right) {
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
    if (!same<How, element>(value, *other)) return false;
    ++other;
  }
  return true;
}

template <class How, class T>
constexpr bool same_entries(T const& a, T const& b) {
  if (a.size() != b.size()) return false;
  auto other = b.begin();
  for (auto const& [key, value] : a) {
    if (key != other->first || !same<How>(value, other->second)) return false;
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
    return same<How, typename T::rep>(a.count(), b.count());
  } else if constexpr (time_point<T>) {
    return same<How, typename T::duration>(a.time_since_epoch(), b.time_since_epoch());
  } else if constexpr (optional<T>) {
    return a.has_value() == b.has_value() && (!a.has_value() || same<How>(*a, *b));
  } else if constexpr (list<T> || fixed_array<T>) {
    return same_elements<How>(a, b);
  } else if constexpr (string_map<T>) {
    return same_entries<How>(a, b);
  } else if constexpr (described<T>) {
    return all_fields(a, b, How::only_compared, [](auto& x, auto& y) { return same<How>(x, y); });
  } else {
    return a == b;
  }
}

template <class T>
constexpr auto order(T const& a, T const& b);

template <class T>
struct ordering_of;
template <class T>
using ordering = typename ordering_of<T>::type;

template <class... Fields>
struct ordering_of<std::type_identity<std::tuple<Fields...>>> {
  using type = std::common_comparison_category_t<ordering<Fields>...>;
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
    } else {
      return std::type_identity<std::compare_three_way_result_t<T>>{};
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
    ordering<T> const result = order<element>(*x, *y);
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
    if (auto const values = order(x->second, y->second); values != 0) return values;
  }
  return a.size() <=> b.size();
}

template <class T>
constexpr ordering<T> order_fields(T const& a, T const& b) {
  ordering<T> result = std::strong_ordering::equal;
  all_fields(a, b, true, [&](auto& x, auto& y) {
    result = order(x, y);
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
    return !a || !b ? ordering<T>(a.has_value() <=> b.has_value()) : ordering<T>(order(*a, *b));
  } else if constexpr (list<T> || fixed_array<T>) {
    return order_elements(a, b);
  } else if constexpr (string_map<T>) {
    return order_entries(a, b);
  } else if constexpr (described<T>) {
    return order_fields(a, b);
  } else {
    return a <=> b;
  }
}

constexpr std::uint64_t mix_hash(std::uint64_t seed, std::uint64_t value) noexcept {
  std::uint64_t x = (seed ^ value) * 0x9e3779b97f4a7c15U;  // the 64-bit golden ratio
  return x ^ (x >> 32);
}

template <class T>
constexpr std::uint64_t hash_of(T const& value) {
  if constexpr (floating<T>) {
    return std::bit_cast<bits_of<T>>(value == 0 ? T{0} : value);  // -0 equals 0
  } else if constexpr (text<T>) {
    return fnv1a(value);
  } else if constexpr (duration<T>) {
    return hash_of(value.count());
  } else if constexpr (time_point<T>) {
    return hash_of(value.time_since_epoch());
  } else if constexpr (optional<T>) {
    return value ? mix_hash(1, hash_of(*value)) : 0;
  } else if constexpr (list<T> || fixed_array<T>) {
    std::uint64_t hash = value.size();
    for (auto const& element : value)
      hash = mix_hash(hash, hash_of<typename T::value_type>(element));
    return hash;
  } else if constexpr (string_map<T>) {
    std::uint64_t hash = value.size();
    for (auto const& [key, mapped] : value)
      hash = mix_hash(mix_hash(hash, fnv1a(key)), hash_of(mapped));
    return hash;
  } else if constexpr (described<T>) {
    std::uint64_t hash = 0;
    for_each_indexed(value, [&](std::size_t i, auto& field) {
      if (metas<T>[i].compare) hash = mix_hash(hash, hash_of(field));
    });
    return hash;
  } else {
    return static_cast<std::uint64_t>(value);
  }
}

}  // namespace detail

/// True if all fields are equal: NaN differs from itself, -0 equals 0, compare(false) is skipped.
template <record T>
constexpr bool equal(T const& a, T const& b) {
  return detail::same<detail::equal_values>(a, b);
}

/// Field by field, as tuples compare; std::partial_ordering if a field is a floating-point number.
template <record T>
constexpr auto compare(T const& a, T const& b) {
  return detail::order(a, b);
}

/// True if all fields are the same to the bit: NaN is identical to itself, -0 is not 0.
/// The comparison for round trips; it skips no field.
template <record T>
constexpr bool identical(T const& a, T const& b) {
  return detail::same<detail::identical_values>(a, b);
}

/// The hash of an immutable record; equal records have equal hashes. std::hash gives the same.
/// Not stable across versions of the library: do not store it.
template <record T>
constexpr std::size_t hash(T const& value) {
  static_assert(immutable_record<T>,
                "trainlog: a mutable record has no hash; use trainlog::frozen<T> or a named tuple");
  return static_cast<std::size_t>(detail::hash_of(value));
}

}  // namespace trainlog

#endif
