// SPDX-License-Identifier: MIT
// The printed form of records and values: what Python's repr() prints of their twins.
#ifndef TRAINLOG_RECORD_REPR_HPP
#define TRAINLOG_RECORD_REPR_HPP

#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "trainlog/detail/append_number.hpp"
#include "trainlog/record/descriptor.hpp"
#include "trainlog/record/meta.hpp"
#include "trainlog/record/serializable.hpp"
#include "trainlog/record/time.hpp"
#include "trainlog/record/traits.hpp"
#include "trainlog/record/value.hpp"

namespace trainlog {
namespace detail {

inline void append_repr_char(std::string& out, char c, char quote) {
  constexpr std::string_view hex = "0123456789abcdef";
  auto const byte = static_cast<unsigned char>(c);
  if (c == quote || c == '\\') {
    (out += '\\') += c;
  } else if (c == '\n') {
    out += "\\n";
  } else if (c == '\r') {
    out += "\\r";
  } else if (c == '\t') {
    out += "\\t";
  } else if (byte < 0x20 || byte == 0x7f) {
    ((out += "\\x") += hex[byte >> 4U]) += hex[byte & 15U];
  } else {
    out += c;
  }
}

inline void append_repr(std::string& out, std::string_view text) {
  bool const has_single = text.find('\'') != std::string_view::npos;
  char const quote = has_single && text.find('"') == std::string_view::npos ? '"' : '\'';
  out += quote;
  for (char const c : text) append_repr_char(out, c, quote);
  out += quote;
}

template <class T>
constexpr void append_repr(std::string& out, T const& value);

template <class Range>
constexpr void append_repr_list(std::string& out, Range const& range) {
  out += '[';
  bool first = true;
  for (auto const& element : range) {
    if (!first) out += ", ";
    first = false;
    detail::append_repr<typename Range::value_type>(out, element);
  }
  out += ']';
}

template <class Entries>
constexpr void append_repr_dict(std::string& out, Entries const& entries) {
  out += '{';
  bool first = true;
  for (auto const& [key, held] : entries) {
    if (!first) out += ", ";
    first = false;
    detail::append_repr(out, std::string_view(key));
    out += ": ";
    detail::append_repr(out, held);
  }
  out += '}';
}

template <class T>
constexpr void append_repr_enum(std::string& out, T value) {
  out.append(enumerators<T>.type_name);
  if (auto const name = trainlog::enum_name(value); !name.empty()) {
    out.append(".").append(name);
  } else {
    append_integer(out += '(', static_cast<std::underlying_type_t<T>>(value));
    out += ')';
  }
}

/// "1.5s" or "2026-11-23T20:05:00.250Z".
template <class T>
void append_repr_time(std::string& out, T value) {
  if constexpr (floating<typename T::rep>) {
    append_repr_number(out, detail::to_seconds(value));
    out += 's';
  } else if (!detail::append_time_value(out, value)) {
    out += 's';
  }
}

template <class T>
constexpr void append_repr_record(std::string& out, T const& record) {
  out.append(descriptor<T>::type_name) += '(';
  bool first = true;
  detail::for_each_indexed(record, [&](std::size_t i, auto& field) {
    if (!metas<T>[i].repr) return;
    if (!first) out += ", ";
    first = false;
    out.append(descriptor<T>::names[i]) += '=';
    detail::append_repr(out, field);
  });
  out += ')';
}

/// Appends the printed form of any field type.
template <class T>
constexpr void append_repr(std::string& out, T const& value) {
  if constexpr (boolean<T>) {
    out += value ? "True" : "False";
  } else if constexpr (integer<T>) {
    append_integer(out, value);
  } else if constexpr (floating<T>) {
    append_repr_number(out, value);
  } else if constexpr (text<T>) {
    detail::append_repr(out, std::string_view(value));
  } else if constexpr (described_enum<T>) {
    detail::append_repr_enum(out, value);
  } else if constexpr (optional<T>) {
    if (value) detail::append_repr(out, *value);
    else out += "None";
  } else if constexpr (list<T> || fixed_array<T>) {
    detail::append_repr_list(out, value);
  } else if constexpr (string_map<T> || std::is_same_v<T, dict>) {
    detail::append_repr_dict(out, value);
  } else if constexpr (duration<T> || time_point<T>) {
    detail::append_repr_time(out, value);
  } else if constexpr (std::is_same_v<T, std::monostate>) {
    out += "None";
  } else if constexpr (std::is_same_v<T, trainlog::value>) {
    std::visit([&](auto const& held) { detail::append_repr(out, held); }, value.data());
  } else if constexpr (described<T>) {
    detail::append_repr_record(out, value);
  } else {
    static_assert(always_false<T>, "trainlog: the type of a field has no serializer");
  }
}

template <class T>
constexpr std::string repr_of(T const& value) {
  std::string out;
  detail::append_repr(out, value);
  return out;
}

}  // namespace detail

/// A record as text: "TrainingLog(epoch=3, loss=0.42, accuracy=0.91)". Fields with repr(false) are
/// left out. Values of any field type, and those without a C++ type, are printed as Python prints
/// them: shortest floats, True, None, 'text', [1, 2], {'a': 1}. Bytes beyond ASCII stand as they
/// are.
template <class T>
  requires(detail::supported<T> || detail::untyped<T>)
[[nodiscard]] constexpr std::string repr(T const& value) {
  if constexpr (detail::untyped<T>) return detail::repr_of(value);
  else if constexpr (detail::require_serializer<T>()) return detail::repr_of(value);
  else return {};
}
[[nodiscard]] inline std::string repr(std::string_view text) {
  return detail::repr_of(std::string(text));
}

template <class Traits, detail::untyped T>
std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out,
                                             T const& value) {
  return out << trainlog::repr(value);
}

}  // namespace trainlog

#endif
