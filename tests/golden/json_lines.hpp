// SPDX-License-Identifier: MIT
// Records as read_tlog.py shows them: a line of JSON each.
#ifndef TRAINLOG_TESTS_GOLDEN_JSON_LINES_HPP
#define TRAINLOG_TESTS_GOLDEN_JSON_LINES_HPP

#include <bit>
#include <charconv>
#include <chrono>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <trainlog/record.hpp>

namespace golden {

template <class T>
void append_json(std::string& out, T const& value);

inline void append_hex(std::string& out, char const* format, std::uint64_t number) {
  char text[32];
  out.append(text, static_cast<std::size_t>(std::snprintf(text, sizeof text, format, number)));
}

/// Bytes that never stand in UTF-8 are shown as \xff; other text must be UTF-8.
inline void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (char const c : text) {
    auto const byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') out += '\\', out += c;
    else if (byte < 0x20) append_hex(out, "\\u%04lx", byte);
    else if (byte == 0xc0 || byte == 0xc1 || byte > 0xf4) append_hex(out, "\\\\x%02lx", byte);
    else out += c;
  }
  out += '"';
}

template <std::floating_point T>
void append_float(std::string& out, T value) {
  if (std::isnan(value)) {
    if constexpr (sizeof(T) == 4)
      append_hex(out, "\"nan:%08lx\"", std::bit_cast<std::uint32_t>(value));
    else append_hex(out, "\"nan:%016lx\"", std::bit_cast<std::uint64_t>(value));
  } else if (std::isinf(value)) {
    out += value > 0 ? "\"inf\"" : "\"-inf\"";
  } else {
    char text[64];
    auto const end = std::to_chars(text, text + sizeof text, static_cast<double>(value)).ptr;
    std::string_view const number(text, end);
    out += number;
    if (number.find_first_of(".e") == number.npos) out += ".0";
  }
}

template <class T>
void append_enum(std::string& out, T value) {
  auto const name = trainlog::enum_name(value);
  if (name.empty()) out += std::to_string(static_cast<std::underlying_type_t<T>>(value));
  else append_json_string(out, name);
}

template <class T>
concept map_like = requires { typename T::mapped_type; };

template <class Range>
void append_json_list(std::string& out, Range const& range) {
  out += '[';
  char const* between = "";
  for (auto const& each : range) {
    out += between;
    if constexpr (map_like<Range>)
      append_json_string(out, each.first), out += ":", append_json(out, each.second);
    else append_json(out, static_cast<typename Range::value_type>(each));
    between = ",";
  }
  out += ']';
}

template <class T>
void append_json_record(std::string& out, T const& record) {
  out += '{';
  char const* between = "";
  trainlog::for_each_field(record, [&](std::string_view name, auto const& field) {
    out += between;
    append_json_string(out, name);
    out += ':';
    append_json(out, field);
    between = ",";
  });
  out += '}';
}

template <class T>
void append_json(std::string& out, T const& value) {
  if constexpr (std::same_as<T, bool>) out += value ? "true" : "false";
  else if constexpr (std::integral<T>) out += std::to_string(value);
  else if constexpr (std::floating_point<T>) append_float(out, value);
  else if constexpr (std::is_enum_v<T>) append_enum(out, value);
  else if constexpr (std::convertible_to<T, std::string_view>) append_json_string(out, value);
  else if constexpr (trainlog::record<T>) append_json_record(out, value);
  else if constexpr (requires { value.time_since_epoch(); })
    append_json(out, value.time_since_epoch());
  else if constexpr (requires { value.count(); }) append_json(out, value.count());
  else if constexpr (requires { value.has_value(); })
    value ? append_json(out, *value) : void(out += "null");
  else {
    auto const begin = out.size();
    append_json_list(out, value);
    if constexpr (map_like<T>) out[begin] = '{', out.back() = '}';
  }
}

template <class T>
std::string json_line(T const& record) {
  std::string line;
  append_json(line, record);
  return line + '\n';
}

}  // namespace golden

#endif
