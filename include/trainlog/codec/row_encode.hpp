// SPDX-License-Identifier: MIT
// Rows as bytes: the values of a record's fields, in order (docs/format.md, Rows block).
#ifndef TRAINLOG_CODEC_ROW_ENCODE_HPP
#define TRAINLOG_CODEC_ROW_ENCODE_HPP

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <new>
#include <span>
#include <string>
#include <tuple>
#include <type_traits>

#include "trainlog/detail/wire.hpp"
#include "trainlog/record/descriptor.hpp"
#include "trainlog/record/enum.hpp"
#include "trainlog/record/meta.hpp"
#include "trainlog/record/traits.hpp"
#include "trainlog/record/validate.hpp"
#include "trainlog/schema/schema_of.hpp"

namespace trainlog::detail {

template <class T>
constexpr std::size_t fixed_size() noexcept;

/// The bytes of a row of these fields, or 0 if that depends on the values.
template <class T, class... Fields>
constexpr std::size_t fields_size(type_list<Fields...>) noexcept {
  std::array<std::size_t, sizeof...(Fields) + 1> const sizes{fixed_size<Fields>()..., 0};
  std::size_t sum = 0;
  for (std::size_t i = 0; i != sizeof...(Fields); ++i) {
    if (!metas<T>[i].serialize) continue;
    if (sizes[i] == 0) return 0;
    sum += sizes[i];
  }
  return sum == 0 ? 1 : sum;
}

/// The bytes that every value of the type has in a row, or 0 if they differ.
template <class T>
constexpr std::size_t fixed_size() noexcept {
  if constexpr (boolean<T>) return 1;
  else if constexpr (scalar<T>) return sizeof(T);
  else if constexpr (duration<T>) return sizeof(typename T::rep);
  else if constexpr (time_point<T>) return sizeof(typename T::rep);
  else if constexpr (fixed_array<T>) {
    std::size_t const bytes = fixed_size<typename T::value_type>() * std::tuple_size_v<T>;
    return std::tuple_size_v<T> == 0 ? 1 : bytes;
  } else if constexpr (described<T>) return detail::fields_size<T>(field_types<T>{});
  else return 0;
}

/// True if a T holds only numbers, without gaps, and nothing is to be checked when it is read.
template <class T>
constexpr bool is_plain() noexcept;

template <class... Fields>
constexpr bool all_plain(type_list<Fields...>) noexcept {
  std::array<bool, sizeof...(Fields) + 1> const plain{is_plain<Fields>()..., true};
  for (bool const each : plain) {
    if (!each) return false;
  }
  return sizeof...(Fields) > 0;
}

template <class T>
constexpr bool is_plain() noexcept {
  if constexpr (integer<T> || floating<T>) return true;
  else if constexpr (fixed_array<T>)
    return is_plain<typename T::value_type>() && std::tuple_size_v<T> != 0;
  else if constexpr (described<T> && std::is_trivially_copyable_v<T>) {
    return fixed_size<T>() == sizeof(T) && !has_hooks<T>() && detail::all_plain(field_types<T>{});
  } else return false;
}

/// True if the fields are listed in the order in which they stand in the object.
template <class T>
bool in_member_order(T const& value) noexcept {
  if constexpr (described<T>) {
    auto const* next = reinterpret_cast<char const*>(&value);
    bool result = true;
    detail::for_each_indexed(value, [&](std::size_t, auto const& field) {
      auto const* at = reinterpret_cast<char const*>(&field);
      result = result && at == next && detail::in_member_order(field);
      next = at + sizeof field;
    });
    return result;
  } else if constexpr (fixed_array<T>) {
    return detail::in_member_order(value.front());
  } else {
    return true;
  }
}

/// The same of the type, which is trivially copyable. Runs no constructor: that may throw.
template <class T>
bool is_in_member_order() noexcept {
  alignas(T) char zeros[sizeof(T)] = {};
  return detail::in_member_order(*std::launder(reinterpret_cast<T const*>(zeros)));
}

/// True if the bytes of a T in a row are those of the object: vectors of them are copied at once.
template <class T>
bool is_stored_as_is() noexcept {
  if constexpr (std::endian::native != std::endian::little || !is_plain<T>()) {
    return false;
  } else if constexpr (scalar<T>) {
    return true;
  } else {
    static bool const result = is_in_member_order<T>();
    return result;
  }
}

// ---- the size of a value

template <class T>
std::size_t wire_size(T const& value) noexcept;

template <class T, class Range>
std::size_t elements_size(Range const& elements) noexcept {
  if constexpr (fixed_size<T>() != 0) {
    return elements.size() * fixed_size<T>();
  } else {
    std::size_t sum = 0;
    for (auto const& each : elements) sum += detail::wire_size<T>(each);
    return sum;
  }
}

template <class T>
std::size_t map_size(T const& map) noexcept {
  std::size_t sum = varint_size(map.size());
  for (auto const& [key, mapped] : map)
    sum += wire_string_size(key.size()) + detail::wire_size(mapped);
  return sum;
}

template <class T>
std::size_t record_size(T const& record) noexcept {
  std::size_t sum = 0;
  detail::for_each_indexed(record, [&](std::size_t i, auto const& field) {
    if (metas<T>[i].serialize) sum += detail::wire_size(field);
  });
  return sum;
}

/// The bytes that the value has in a row.
template <class T>
std::size_t wire_size(T const& value) noexcept {
  if constexpr (fixed_size<T>() != 0) return fixed_size<T>();
  else if constexpr (text<T>) return wire_string_size(value.size());
  else if constexpr (optional<T>) return value ? 1 + detail::wire_size(*value) : 1;
  else if constexpr (list<T>)
    return varint_size(value.size()) + detail::elements_size<typename T::value_type>(value);
  else if constexpr (fixed_array<T>) return detail::elements_size<typename T::value_type>(value);
  else if constexpr (string_map<T>) return detail::map_size(value);
  else if constexpr (described<T>) return detail::record_size(value);
  else static_assert(always_false<T>, "trainlog: the type of a field has no serializer");
}

// ---- values

template <class T>
char* put_value(char* out, T const& value) noexcept;

template <class T>
char* put_optional(char* out, T const& value) noexcept {
  *out++ = static_cast<char>(value.has_value() ? 1 : 0);
  return value ? detail::put_value(out, *value) : out;
}

template <class T>
char* put_list(char* out, T const& list) noexcept {
  using element = typename T::value_type;
  out = put_varint(out, list.size());
  if constexpr (is_plain<element>()) {
    if (is_stored_as_is<element>()) {
      return detail::put_bytes(out, list.data(), list.size() * sizeof(element));
    }
  }
  for (auto const& each : list) out = detail::put_value<element>(out, each);
  return out;
}

template <class T>
char* put_array(char* out, T const& array) noexcept {
  if (array.empty()) *out++ = 0;
  for (auto const& element : array) out = detail::put_value(out, element);
  return out;
}

/// Keys are in files in the order of their bytes.
template <class T>
constexpr void require_byte_order() noexcept {
  using compare = typename T::key_compare;
  static_assert(
      std::is_same_v<compare, std::less<std::string>> || std::is_same_v<compare, std::less<>>,
      "trainlog: a map in a file is ordered by std::less");
}

template <class T>
char* put_map(char* out, T const& map) noexcept {
  require_byte_order<T>();
  out = put_varint(out, map.size());
  for (auto const& [key, mapped] : map) out = detail::put_value(put_wire_string(out, key), mapped);
  return out;
}

template <class T>
char* put_record(char* out, T const& record) noexcept {
  char* const begin = out;
  detail::for_each_indexed(record, [&](std::size_t i, auto const& field) {
    if (metas<T>[i].serialize) out = detail::put_value(out, field);
  });
  if (out == begin) *out++ = 0;
  return out;
}

/// Writes the wire_size bytes of a value at `out`; returns one past the last.
template <class T>
char* put_value(char* out, T const& value) noexcept {
  if constexpr (boolean<T>) return put_le(out, static_cast<std::uint8_t>(value));
  else if constexpr (integer<T> || floating<T>) return put_le(out, value);
  else if constexpr (described_enum<T>) return put_le(out, static_cast<enum_number<T>>(value));
  else if constexpr (text<T>) return put_wire_string(out, value);
  else if constexpr (optional<T>) return detail::put_optional(out, value);
  else if constexpr (list<T>) return detail::put_list(out, value);
  else if constexpr (fixed_array<T>) return detail::put_array(out, value);
  else if constexpr (string_map<T>) return detail::put_map(out, value);
  else if constexpr (duration<T>) return put_le(out, static_cast<typename T::rep>(value.count()));
  else if constexpr (time_point<T>) return detail::put_value(out, value.time_since_epoch());
  else return detail::put_record(out, value);
}

// ---- rows

/// The first of the rows that have about `bytes` bytes together; at least one, if there is one.
template <class T>
std::span<T const> rows_within(std::span<T const> rows, std::size_t bytes) noexcept {
  if constexpr (fixed_size<T>() != 0) {
    return rows.first(std::min(rows.size(), std::max<std::size_t>(bytes / fixed_size<T>(), 1)));
  } else {
    std::size_t count = 0;
    for (std::size_t sum = 0; count < rows.size() && sum < bytes; ++count) {
      sum += detail::wire_size(rows[count]);
    }
    return rows.first(count);
  }
}

/// Appends rows, one after the other.
template <class T>
void append_rows(std::string& out, std::span<T const> rows) {
  if (is_stored_as_is<T>()) {
    out.append(reinterpret_cast<char const*>(rows.data()), rows.size_bytes());
    return;
  }
  while (!rows.empty()) {
    // So few at a time that the zeros which resize() writes never leave the nearest cache.
    auto const group = detail::rows_within(rows, 4096);
    std::size_t const size = out.size();
    out.resize(size + detail::elements_size<T>(group));
    char* at = out.data() + size;
    for (auto const& row : group) at = detail::put_value(at, row);
    rows = rows.subspan(group.size());
  }
}

}  // namespace trainlog::detail

#endif
