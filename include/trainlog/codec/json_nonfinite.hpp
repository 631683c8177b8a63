// SPDX-License-Identifier: MIT
// The "_nonfinite" side key: which nulls of a JSON object stand for NaN and infinities.
#ifndef TRAINLOG_CODEC_JSON_NONFINITE_HPP
#define TRAINLOG_CODEC_JSON_NONFINITE_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "trainlog/codec/json_keys.hpp"
#include "trainlog/detail/float_class.hpp"
#include "trainlog/detail/json_text.hpp"
#include "trainlog/record/descriptor.hpp"
#include "trainlog/record/traits.hpp"

namespace trainlog::detail {

/// "nan", "inf" or "-inf".
constexpr std::string_view nonfinite_name(double v) noexcept {
  if (is_nan(v)) return "nan";
  return std::bit_cast<std::uint64_t>(v) >> 63 != 0 ? "-inf" : "inf";
}

/// The floating-point number in a float, a duration or a time point.
template <class T>
constexpr auto float_in(T v) noexcept {
  if constexpr (floating<T>) return v;
  else if constexpr (duration<T>) return v.count();
  else return v.time_since_epoch().count();
}

/// True for a type that is written as one number that may not be finite.
template <class T>
constexpr bool is_float_like() noexcept {
  if constexpr (duration<T> || time_point<T>) return floating<typename T::rep>;
  else return floating<T>;
}

/// True if a T can hold such a number, not counting those in nested records, which have a side key
/// of their own.
template <class T>
constexpr bool holds_floats() noexcept {
  if constexpr (string_map<T>) return holds_floats<typename T::mapped_type>();
  else if constexpr (optional<T> || list<T> || fixed_array<T>)
    return holds_floats<typename T::value_type>();
  else return is_float_like<T>();
}

template <class T>
bool all_finite(T const& field) noexcept {
  if constexpr (!holds_floats<T>()) {
    return true;
  } else if constexpr (optional<T>) {
    return !field || detail::all_finite(*field);
  } else if constexpr (list<T> || fixed_array<T>) {
    for (auto const& element : field) {
      if (!detail::all_finite(element)) return false;
    }
    return true;
  } else if constexpr (string_map<T>) {
    for (auto const& [key, mapped] : field) {
      if (!detail::all_finite(mapped)) return false;
    }
    return true;
  } else {
    return is_finite(detail::float_in(field));
  }
}

/// The beginning of the next entry of an object that may be empty so far.
inline void begin_entry(std::string& out, std::string_view key) {
  if (out.back() != '{') out += ',';
  append_json_string(out, key);
  out += ':';
}

/// Appends what mirrors a value that is not all finite: "nan", or {"2":"-inf"}.
template <class T>
void append_marks(std::string& out, T const& field) {
  if constexpr (optional<T>) {
    if (field) detail::append_marks(out, *field);
  } else if constexpr (list<T> || fixed_array<T>) {
    out += '{';
    for (std::size_t i = 0; i < field.size(); ++i) {
      if (detail::all_finite(field[i])) continue;
      begin_entry(out, std::to_string(i));
      detail::append_marks(out, field[i]);
    }
    out += '}';
  } else if constexpr (string_map<T>) {
    out += '{';
    for (auto const& [key, mapped] : field) {
      if (detail::all_finite(mapped)) continue;
      begin_entry(out, key);
      detail::append_marks(out, mapped);
    }
    out += '}';
  } else {
    out.append("\"")
        .append(nonfinite_name(static_cast<double>(detail::float_in(field))))
        .append("\"");
  }
}

/// Appends the value of the side key of a record: {"loss":"nan","grads":{"2":"-inf"}}.
template <class T>
void append_record_marks(std::string& out, T const& record) {
  out += '{';
  detail::for_each_indexed(record, [&]<class Field>(std::size_t i, Field const& field) {
    if constexpr (holds_floats<Field>()) {
      if (file_names<T>[i].empty() || detail::all_finite(field)) return;
      begin_entry(out, file_names<T>[i]);
      detail::append_marks(out, field);
    }
  });
  out += '}';
}

}  // namespace trainlog::detail

#endif
