// SPDX-License-Identifier: MIT
// One scalar of a text format, and its lossless conversion to every scalar field type.
#ifndef TRAINLOG_CODEC_TEXT_SCALAR_HPP
#define TRAINLOG_CODEC_TEXT_SCALAR_HPP

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

#include "trainlog/codec/json_nonfinite.hpp"
#include "trainlog/codec/json_number.hpp"
#include "trainlog/detail/append_number.hpp"
#include "trainlog/detail/json_text.hpp"
#include "trainlog/record/enum.hpp"
#include "trainlog/record/enum_number.hpp"
#include "trainlog/record/time.hpp"
#include "trainlog/record/traits.hpp"

namespace trainlog::detail {

enum class scalar_kind : unsigned char { null, boolean, integer, real, string };

/// A scalar as a parser found it.
struct text_scalar {
  scalar_kind kind = scalar_kind::null;
  bool flag = false;            ///< a boolean's value, or that an integer is negative
  std::uint64_t magnitude = 0;  ///< of an integer
  double real = 0;              ///< a real that was not written as text
  std::string_view text;        ///< a string's content; a real in JSON's grammar of numbers
};

constexpr text_scalar real_scalar(double value) noexcept {
  return {.kind = scalar_kind::real, .flag = false, .magnitude = 0, .real = value, .text = {}};
}

/// A number in JSON's grammar; `number` is its scan.
constexpr text_scalar number_scalar(std::string_view text, number_token const& number) noexcept {
  if (!number.is_short_integer())
    return {.kind = scalar_kind::real, .flag = false, .magnitude = 0, .real = 0, .text = text};
  return {.kind = scalar_kind::integer,
          .flag = text[0] == '-',
          .magnitude = number.magnitude,
          .real = 0,
          .text = {}};
}

constexpr text_scalar boolean_scalar(bool value) noexcept {
  return {.kind = scalar_kind::boolean, .flag = value, .magnitude = 0, .real = 0, .text = {}};
}

template <integer T>
constexpr text_scalar integer_scalar(T value) noexcept {
  return {.kind = scalar_kind::integer,
          .flag = is_negative(value),
          .magnitude = magnitude_of(value),
          .real = 0,
          .text = {}};
}

constexpr text_scalar string_scalar(std::string_view text) noexcept {
  return {.kind = scalar_kind::string, .flag = false, .magnitude = 0, .real = 0, .text = text};
}

/// The integer's value as the only Float nearest to it.
template <floating Float>
constexpr Float nearest_float(text_scalar const& from) noexcept {
  auto const magnitude = static_cast<Float>(from.magnitude);
  return from.flag ? -magnitude : magnitude;
}

/// "NaN", "Infinity", "-Infinity", and the shorter names.
constexpr bool parse_nonfinite(std::string_view text, double& result) noexcept {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (text == "NaN" || text == "nan") {
    result = std::numeric_limits<double>::quiet_NaN();
  } else if (text == "Infinity" || text == "inf") {
    result = infinity;
  } else if (text == "-Infinity" || text == "-inf") {
    result = -infinity;
  } else {
    return false;
  }
  return true;
}

/// The value of a scalar that stands for NaN or an infinity: null is NaN.
constexpr bool nonfinite_value(text_scalar const& from, double& result) noexcept {
  result = from.kind == scalar_kind::real ? from.real : std::numeric_limits<double>::quiet_NaN();
  if (from.kind == scalar_kind::string) return parse_nonfinite(from.text, result);
  return from.kind == scalar_kind::null || (from.kind == scalar_kind::real && !is_finite(result));
}

/// The double of a whole number without its text.
constexpr bool whole_double(double from, bool& negative, std::uint64_t& magnitude) noexcept {
  negative = from < 0;
  double const size = negative ? -from : from;
  if (!(size < 18446744073709551616.0)) return false;  // 2^64
  magnitude = static_cast<std::uint64_t>(size);
  return static_cast<double>(magnitude) == size;
}

/// A number in JSON's grammar without the zeros behind its point: "3" of "3.00".
constexpr std::string_view without_zeros(std::string_view number) noexcept {
  if (number.find('.') == number.npos || number.find_first_of("eE") != number.npos) return number;
  number = number.substr(0, number.find_last_not_of('0') + 1);
  return number.substr(0, number.size() - (number.ends_with('.') ? 1 : 0));
}

template <integer T>
bool assign_integer(T& field, text_scalar const& from) noexcept {
  bool negative = from.flag;
  std::uint64_t magnitude = from.magnitude;
  if (from.kind == scalar_kind::real) {
    if (from.text.empty()) {
      if (!whole_double(from.real, negative, magnitude)) return false;
    } else {
      auto const number = parse_decimal(without_zeros(from.text));
      negative = number.negative;
      if (!whole_number(number, magnitude)) return false;
    }
  } else if (from.kind != scalar_kind::integer) {
    return false;
  }
  return with_sign(magnitude, negative, field);
}

template <floating T>
bool assign_float(T& field, text_scalar const& from) noexcept {
  double special = 0;
  if (from.kind == scalar_kind::integer) {
    field = nearest_float<T>(from);
  } else if (nonfinite_value(from, special)) {
    field = static_cast<T>(special);
  } else if (from.kind != scalar_kind::real) {
    return false;
  } else if (!from.text.empty()) {
    return parse_float(from.text, field);
  } else {
    field = static_cast<T>(from.real);
    return is_finite(field);
  }
  return true;
}

/// The number as text: as it was written, or the shortest.
inline std::string_view number_text(text_scalar const& from, char* buffer) noexcept {
  if (!from.text.empty()) return from.text;
  char* end = buffer;
  if (from.kind == scalar_kind::real) {
    end = write_json_float(buffer, from.real);
  } else {
    if (from.flag) *end++ = '-';
    end = write_integer(end, from.magnitude);
  }
  return {buffer, static_cast<std::size_t>(end - buffer)};
}

template <class T>
bool assign_time(T& field, text_scalar const& from) noexcept {
  if constexpr (is_float_like<T>()) {
    double special = 0;
    if (nonfinite_value(from, special)) {
      auto const count = static_cast<typename T::rep>(special);
      if constexpr (duration<T>) field = T(count);
      else field = T(typename T::duration(count));
      return true;
    }
  }
  if (from.kind == scalar_kind::string) return detail::parse_time_value(from.text, true, field);
  bool const number = from.kind == scalar_kind::integer || from.kind == scalar_kind::real;
  if (!number || (from.kind == scalar_kind::real && !is_finite(from.real))) return false;
  char buffer[max_number_text + 1];
  return detail::parse_time_value(number_text(from, buffer), false, field) &&
         detail::all_finite(field);
}

template <described_enum T>
bool assign_enum(T& field, text_scalar const& from) noexcept {
  if (from.kind == scalar_kind::string) {
    auto const* const value = find_enumerator<T>(from.text);
    if (value != nullptr) field = *value;
    return value != nullptr;
  }
  enum_number<T> number{};
  if (!assign_integer(number, from) || !is_enum_value<T>(number)) return false;
  field = static_cast<T>(number);
  return true;
}

/// Sets a scalar field; false if the scalar is not exactly a T.
template <class T>
bool assign_scalar(T& field, text_scalar const& from) {
  if constexpr (boolean<T>) {
    field = from.flag;
    return from.kind == scalar_kind::boolean;
  } else if constexpr (integer<T>) {
    return assign_integer(field, from);
  } else if constexpr (floating<T>) {
    return assign_float(field, from);
  } else if constexpr (text<T>) {
    if (from.kind == scalar_kind::string) field = from.text;
    return from.kind == scalar_kind::string;
  } else if constexpr (described_enum<T>) {
    return detail::assign_enum(field, from);
  } else {
    return detail::assign_time(field, from);
  }
}

/// The scalar as a message shows it.
inline std::string shown(text_scalar const& from) {
  constexpr std::size_t longest = 60;
  char buffer[max_number_text + 1];
  switch (from.kind) {
    case scalar_kind::null:
      return "null";
    case scalar_kind::boolean:
      return from.flag ? "true" : "false";
    case scalar_kind::string: {
      std::string text;
      append_json_string(text, from.text.substr(0, longest));
      return from.text.size() > longest ? text + "..." : text;
    }
    default:
      if (from.kind == scalar_kind::real && !is_finite(from.real))
        return std::string(nonfinite_name(from.real));
      return std::string(number_text(from, buffer).substr(0, longest));
  }
}

}  // namespace trainlog::detail

#endif
