// SPDX-License-Identifier: MIT
// Records as dictionaries of values, and fields looked up at run time.
#ifndef TRAINLOG_RECORD_ASDICT_HPP
#define TRAINLOG_RECORD_ASDICT_HPP

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "trainlog/record/access.hpp"
#include "trainlog/record/descriptor.hpp"
#include "trainlog/record/field_access.hpp"
#include "trainlog/record/serializable.hpp"
#include "trainlog/record/time.hpp"
#include "trainlog/record/value.hpp"

namespace trainlog {

template <class T>
dict asdict(T const& record);

namespace detail {

template <class T>
value to_value(T const& field);

template <class T>
value time_to_value(T time) {
  std::string text;
  if (detail::is_finite_time(time) && detail::append_time_value(text, time)) return text;
  return detail::to_seconds(time);
}

template <class T>
value enum_to_value(T field) {
  if (auto const name = trainlog::enum_name(field); !name.empty()) return name;
  return as_number(static_cast<std::underlying_type_t<T>>(field));
}

/// Any field type as a value.
template <class T>
value to_value(T const& field) {
  if constexpr (boolean<T> || integer<T> || floating<T>) {
    return as_number(field);
  } else if constexpr (text<T>) {
    return field;
  } else if constexpr (described_enum<T>) {
    return detail::enum_to_value(field);
  } else if constexpr (duration<T> || time_point<T>) {
    return detail::time_to_value(field);
  } else if constexpr (optional<T>) {
    return field ? detail::to_value(*field) : value();
  } else if constexpr (list<T> || fixed_array<T>) {
    value_list elements;
    elements.reserve(field.size());
    for (auto const& element : field)
      elements.push_back(detail::to_value<typename T::value_type>(element));
    return elements;
  } else if constexpr (string_map<T>) {
    dict entries;
    for (auto const& [key, mapped] : field) entries.append(key, detail::to_value(mapped));
    return entries;
  } else if constexpr (described<T>) {
    return trainlog::asdict(field);
  } else {
    static_assert(always_false<T>, "trainlog: the type of a field has no serializer");
  }
}

[[noreturn]] inline void fail_to_find(std::string_view record, std::string_view name,
                                      std::string_view const* names, std::size_t size) {
  constexpr std::size_t most = 20;
  std::string text =
      "trainlog: " + std::string(record) + " has no field '" + std::string(name) + "', but";
  for (std::size_t i = 0; i < size && i < most; ++i) {
    text.append(i == 0 ? " " : ", ").append(names[i]);
  }
  throw error(size > most ? text + ", ..." : text);
}

}  // namespace detail

/// The fields by name, in order; nested records become nested dictionaries.
template <class T>
[[nodiscard]] dict asdict(T const& record) {
  dict result;
  if constexpr (detail::require_record<T>()) {
    if constexpr (detail::require_serializer<T>()) {
      detail::for_each_indexed(record, [&](std::size_t i, auto& field) {
        result.append(std::string(detail::descriptor<T>::names[i]), detail::to_value(field));
      });
    }
  }
  return result;
}

/// The value of the field at that index, counted from 0, or from the end if negative: -1 is the
/// last. Throws trainlog::error if there is none.
template <record T>
[[nodiscard]] value at(T const& record, std::ptrdiff_t index) {
  auto const size = static_cast<std::ptrdiff_t>(detail::descriptor<T>::size);
  std::ptrdiff_t const wanted = index < 0 ? index + size : index;
  if (wanted < 0 || wanted >= size) {
    throw error("trainlog: " + std::string(detail::descriptor<T>::type_name) +
                " has no field at index " + std::to_string(index));
  }
  value result;
  if constexpr (detail::require_serializer<T>()) {
    detail::for_each_indexed(record, [&](std::size_t i, auto& field) {
      if (i == static_cast<std::size_t>(wanted)) result = detail::to_value(field);
    });
  }
  return result;
}

/// The value of the field with that name. Throws trainlog::error, which lists the names, if there
/// is none.
template <record T>
[[nodiscard]] value at(T const& record, std::string_view name) {
  auto const& names = detail::descriptor<T>::names;
  std::size_t const wanted = detail::index_of<T>(name);
  if (wanted == detail::npos) {
    detail::fail_to_find(detail::descriptor<T>::type_name, name, names.data(), names.size());
  }
  return trainlog::at(record, static_cast<std::ptrdiff_t>(wanted));
}

/// The defaults, by name, of the fields that have one.
template <record T>
[[nodiscard]] dict field_defaults() {
  using plain = std::remove_cv_t<T>;
  plain const blank = detail::access::blank<plain>();
  dict result;
  if constexpr (detail::require_serializer<plain>()) {
    detail::for_each_indexed(blank, [&](std::size_t i, auto& field) {
      if (detail::descriptor<plain>::has_default[i]) {
        result.append(std::string(detail::descriptor<plain>::names[i]), detail::to_value(field));
      }
    });
  }
  return result;
}

}  // namespace trainlog

#endif
