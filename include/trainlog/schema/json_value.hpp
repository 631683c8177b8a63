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

/// How a number that JSON does not have is written: as "NaN", "Infinity" or "-Infinity", or as
/// null.
enum class nonfinite_form : unsigned char { text, null };

inline void append_json_value(std::string& out, value const& any, nonfinite_form form);

/// What JSON has no number for: "NaN", "Infinity" or "-Infinity".
constexpr std::string_view nonfinite_text(std::floating_point auto number) noexcept {
  return is_nan(number) ? "NaN" : number < 0 ? "-Infinity" : "Infinity";
}

inline void append_json_float(std::string& out, std::floating_point auto number,
                              nonfinite_form form) {
  if (is_finite(number)) append_json_number(out, number);
  else if (form == nonfinite_form::null) out += "null";
  else out.append("\"").append(nonfinite_text(number)).append("\"");
}

inline void append_json_items(std::string& out, value_list const& list, nonfinite_form form) {
  out += '[';
  for (auto const& element : list) {
    if (&element != list.data()) out += ',';
    append_json_value(out, element, form);
  }
  out += ']';
}

inline void append_json_items(std::string& out, dict const& entries, nonfinite_form form) {
  out += '{';
  bool first = true;
  for (auto const& [key, held] : entries) {
    if (!first) out += ',';
    first = false;
    append_json_string(out, key);
    append_json_value(out += ':', held, form);
  }
  out += '}';
}

/// Appends a value as JSON.
inline void append_json_value(std::string& out, value const& any, nonfinite_form form) {
  std::visit(
      [&](auto const& held) {
        using type = std::remove_cvref_t<decltype(held)>;
        if constexpr (std::is_same_v<type, std::monostate>) out += "null";
        else if constexpr (std::is_same_v<type, bool>) out += held ? "true" : "false";
        else if constexpr (std::is_integral_v<type>) append_integer(out, held);
        else if constexpr (std::is_floating_point_v<type>) append_json_float(out, held, form);
        else if constexpr (std::is_same_v<type, std::string>) append_json_string(out, held);
        else append_json_items(out, held, form);
      },
      any.data());
}

inline std::string json_text(value const& any, nonfinite_form form = nonfinite_form::text) {
  std::string out;
  append_json_value(out, any, form);
  return out;
}

}  // namespace trainlog::detail

#endif
