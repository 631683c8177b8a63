// SPDX-License-Identifier: MIT
// Untyped values as JSON text: the defaults in schemas.
#ifndef TRAINLOG_SCHEMA_JSON_VALUE_HPP
#define TRAINLOG_SCHEMA_JSON_VALUE_HPP

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "trainlog/detail/append_number.hpp"
#include "trainlog/detail/float_class.hpp"
#include "trainlog/detail/json_text.hpp"
#include "trainlog/record/value.hpp"

namespace trainlog::detail {

inline void append_json_value(std::string& out, value const& any);

/// What JSON has no number for: "NaN", "Infinity" or "-Infinity".
constexpr std::string_view nonfinite_text(std::floating_point auto number) noexcept {
  return is_nan(number) ? "NaN" : number < 0 ? "-Infinity" : "Infinity";
}

inline void append_json_float(std::string& out, std::floating_point auto number) {
  if (is_finite(number)) append_json_number(out, number);
  else out.append("\"").append(nonfinite_text(number)).append("\"");
}

inline void append_json_items(std::string& out, value_list const& list) {
  out += '[';
  for (auto const& element : list) {
    if (&element != list.data()) out += ',';
    append_json_value(out, element);
  }
  out += ']';
}

inline void append_json_items(std::string& out, dict const& entries) {
  out += '{';
  bool first = true;
  for (auto const& [key, held] : entries) {
    if (!first) out += ',';
    first = false;
    append_json_string(out, key);
    append_json_value(out += ':', held);
  }
  out += '}';
}

/// Appends a value as JSON; NaN and infinities become the texts "NaN", "Infinity", "-Infinity".
inline void append_json_value(std::string& out, value const& any) {
  std::visit(
      [&](auto const& held) {
        using type = std::remove_cvref_t<decltype(held)>;
        if constexpr (std::is_same_v<type, std::monostate>) out += "null";
        else if constexpr (std::is_same_v<type, bool>) out += held ? "true" : "false";
        else if constexpr (std::is_integral_v<type>) append_integer(out, held);
        else if constexpr (std::is_floating_point_v<type>) append_json_float(out, held);
        else if constexpr (std::is_same_v<type, std::string>) append_json_string(out, held);
        else append_json_items(out, held);
      },
      any.data());
}

inline std::string json_text(value const& any) {
  std::string out;
  append_json_value(out, any);
  return out;
}

}  // namespace trainlog::detail

#endif
