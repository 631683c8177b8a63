// SPDX-License-Identifier: MIT
// The hash of immutable records, consistent with their equality.
#ifndef TRAINLOG_RECORD_HASH_HPP
#define TRAINLOG_RECORD_HASH_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>  // brings std::hash, as <functional> does at several times the cost
#include <type_traits>

#include "trainlog/detail/endian.hpp"
#include "trainlog/record/descriptor.hpp"
#include "trainlog/record/meta.hpp"
#include "trainlog/record/names.hpp"
#include "trainlog/record/traits.hpp"

namespace trainlog {
namespace detail {

constexpr std::uint64_t mix_hash(std::uint64_t seed, std::uint64_t value) noexcept {
  constexpr std::uint64_t golden_ratio = 0x9e3779b97f4a7c15U;
  // Added first, so that a zero moves the seed on, and a field counts by its place too.
  std::uint64_t const x = ((seed + golden_ratio) ^ value) * golden_ratio;
  return x ^ (x >> 32);
}

template <class T>
constexpr std::uint64_t hash_of(T const& value) {
  if constexpr (floating<T>) {
    return std::bit_cast<bits_of<T>>(value == 0 ? T{0} : value);  // -0 equals 0
  } else if constexpr (text<T>) {
    return fnv1a(value);
  } else if constexpr (duration<T>) {
    return detail::hash_of(value.count());
  } else if constexpr (time_point<T>) {
    return detail::hash_of(value.time_since_epoch());
  } else if constexpr (optional<T>) {
    return value ? mix_hash(1, detail::hash_of(*value)) : 0;
  } else if constexpr (list<T> || fixed_array<T>) {
    std::uint64_t hash = value.size();
    for (auto const& element : value)
      hash = mix_hash(hash, detail::hash_of<typename T::value_type>(element));
    return hash;
  } else if constexpr (string_map<T>) {
    std::uint64_t hash = value.size();
    for (auto const& [key, mapped] : value)
      hash = mix_hash(mix_hash(hash, fnv1a(key)), detail::hash_of(mapped));
    return hash;
  } else if constexpr (described<T>) {
    std::uint64_t hash = 0;
    detail::for_each_indexed(value, [&](std::size_t i, auto& field) {
      if (metas<T>[i].compare) hash = mix_hash(hash, detail::hash_of(field));
    });
    return hash;
  } else if constexpr (boolean<T> || integer<T> || std::is_enum_v<T>) {
    return static_cast<std::uint64_t>(value);
  } else {
    static_assert(always_false<T>, "trainlog: the type of a field has no hash");
  }
}

}  // namespace detail

/// The hash of an immutable record; equal records have equal hashes. std::hash gives the same.
/// Not stable across versions of the library: do not store it.
template <record T>
[[nodiscard]] constexpr std::size_t hash(T const& value) {
  static_assert(immutable_record<T>,
                "trainlog: a mutable record has no hash; use trainlog::frozen<T> or a named tuple");
  return static_cast<std::size_t>(detail::hash_of(value));
}

}  // namespace trainlog

template <trainlog::immutable_record T>
struct std::hash<T> {
  constexpr std::size_t operator()(T const& record) const { return trainlog::hash(record); }
};

#endif
