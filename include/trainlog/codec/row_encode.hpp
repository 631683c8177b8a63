// SPDX-License-Identifier: MIT
// Rows as bytes: the values of a record's fields, in order (docs/format.md, Rows block).
#ifndef TRAINLOG_CODEC_ROW_ENCODE_HPP
#define TRAINLOG_CODEC_ROW_ENCODE_HPP

#include <array>
#include <bit>
#include <cstddef>
#include <span>
#include <string>
#include <tuple>
#include <type_traits>

#include "trainlog/detail/wire.hpp"
#include "trainlog/record/descriptor.hpp"
#include "trainlog/record/meta.hpp"
#include "trainlog/record/traits.hpp"
#include "trainlog/record/validate.hpp"

namespace trainlog::detail {

template <class T>
constexpr std::size_t fixed_size() noexcept;

/// The bytes of a row of these fields, or 0 if that depends on the values.
template <class T, class... Fields>
constexpr std::size_t fields_size(std::type_identity<std::tuple<Fields...>>) noexcept {
  std::array<std::size_t, sizeof...(Fields) + 1> const sizes{fixed_size<Fields>()..., 0};
  std::size_t sum = 0;
  for (std::size_t i = 0; i < sizeof...(Fields); ++i) {
    if (!metas<T>[i].serialize) continue;
    if (sizes[i] == 0) return 0;
    sum += sizes[i];
  }
  return sum == 0 ? 1 : sum;
}

/// The bytes that every value of the type has in a row, or 0 if they differ.
template <class T>
constexpr std::size_t fixed_size() noexcept {
  if constexpr (scalar<T>) return sizeof(T);
  else if constexpr (duration<T>) return sizeof(typename T::rep);
  else if constexpr (time_point<T>) return sizeof(typename T::rep);
  else if constexpr (fixed_array<T>) {
    std::size_t const bytes = fixed_size<typename T::value_type>() * std::tuple_size_v<T>;
    return std::tuple_size_v<T> == 0 ? 1 : bytes;
  } else if constexpr (described<T>) return fields_size<T>(field_types<T>{});
  else return 0;
}

/// True if a row of T holds only numbers, at the same distances as the object does (if its fields
/// are listed in the order of its members: see in_member_order), and nothing is to be checked when
/// it is read.
template <class T>
constexpr bool is_plain() noexcept;

template <class... Fields>
constexpr bool all_plain(std::type_identity<std::tuple<Fields...>>) noexcept {
  std::array<bool, sizeof...(Fields) + 1> const plain{is_plain<Fields>()..., true};
  for (bool const each : plain) {
    if (!each) return false;
  }
  return sizeof...(Fields) > 0;
}

template <class T>
constexpr bool is_plain() noexcept {
  if constexpr (std::endian::native != std::endian::little) return false;
  else if constexpr (integer<T> || floating<T>) return true;
  else if constexpr (fixed_array<T>) return is_plain<typename T::value_type>();
  else if constexpr (described<T> && std::is_trivially_copyable_v<T>) {
    return fixed_size<T>() == sizeof(T) && !has_hooks<T>() && all_plain(field_types<T>{});
  } else return false;
}

template <class T>
bool in_member_order(T const& value) noexcept {
  if constexpr (described<T>) {
    auto const* next = reinterpret_cast<char const*>(&value);
    bool result = true;
    for_each_indexed(value, [&](std::size_t, auto const& field) {
      auto const* at = reinterpret_cast<char const*>(&field);
      result = result && at == next && in_member_order(field);
      next = at + sizeof field;
    });
    return result;
  } else if constexpr (fixed_array<T>) {
    return value.empty() || in_member_order(value.front());
  } else {
    return true;
  }
}

/// Writes a value of a type with a fixed size at `out`; returns one past the last byte.
template <class T>
char* put_value(char* out, T const& value) noexcept {
  if constexpr (boolean<T>) {
    return put_le(out, static_cast<std::uint8_t>(value));
  } else if constexpr (described_enum<T>) {
    return put_value(out, static_cast<std::underlying_type_t<T>>(value));
  } else if constexpr (duration<T>) {
    return put_le(out, static_cast<typename T::rep>(value.count()));
  } else if constexpr (time_point<T>) {
    return put_value(out, value.time_since_epoch());
  } else if constexpr (fixed_array<T> || described<T>) {
    char* const begin = out;
    if constexpr (fixed_array<T>) {
      for (auto const& element : value) out = put_value(out, element);
    } else {
      for_each_indexed(value, [&](std::size_t i, auto const& field) {
        if (metas<T>[i].serialize) out = put_value(out, field);
      });
    }
    if (out == begin) *out++ = 0;
    return out;
  } else {
    return put_le(out, value);
  }
}

template <class T>
void append_value(std::string& out, T const& value);

template <class T>
void append_list(std::string& out, T const& list) {
  using element = typename T::value_type;
  append_varint(out, list.size());
  if constexpr (is_plain<element>() && requires { list.data(); }) {
    if (!list.empty() && in_member_order(list.front())) {
      out.append(reinterpret_cast<char const*>(list.data()), list.size() * sizeof(element));
      return;
    }
  }
  for (auto const& each : list) append_value<element>(out, each);
}

template <class T>
void append_map(std::string& out, T const& map) {
  append_varint(out, map.size());
  for (auto const& [key, mapped] : map) {
    append_wire_string(out, key);
    append_value(out, mapped);
  }
}

/// Appends a value of any field type.
template <class T>
void append_value(std::string& out, T const& value) {
  if constexpr (fixed_size<T>() != 0) {
    std::size_t const size = out.size();
    out.resize(size + fixed_size<T>());
    put_value(out.data() + size, value);
  } else if constexpr (text<T>) {
    append_wire_string(out, value);
  } else if constexpr (optional<T>) {
    out += static_cast<char>(value.has_value() ? 1 : 0);
    if (value) append_value(out, *value);
  } else if constexpr (list<T>) {
    append_list(out, value);
  } else if constexpr (string_map<T>) {
    append_map(out, value);
  } else if constexpr (fixed_array<T>) {
    for (auto const& element : value) append_value(out, element);
  } else if constexpr (described<T>) {
    for_each_indexed(value, [&](std::size_t i, auto const& field) {
      if (metas<T>[i].serialize) append_value(out, field);
    });
  } else {
    static_assert(always_false<T>, "trainlog: the type of a field has no serializer");
  }
}

/// Appends rows, one after the other.
template <class T>
void append_rows(std::string& out, std::span<T const> rows) {
  if constexpr (is_plain<T>()) {
    if (!rows.empty() && in_member_order(rows.front())) {
      out.append(reinterpret_cast<char const*>(rows.data()), rows.size_bytes());
      return;
    }
  }
  if constexpr (fixed_size<T>() != 0) {
    std::size_t const size = out.size();
    out.resize(size + rows.size() * fixed_size<T>());
    char* at = out.data() + size;
    for (auto const& row : rows) at = put_value(at, row);
  } else {
    for (auto const& row : rows) append_value(out, row);
  }
}

}  // namespace trainlog::detail

#endif
