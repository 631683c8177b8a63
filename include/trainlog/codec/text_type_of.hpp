// SPDX-License-Identifier: MIT
// The tables of text_type for every type that may stand in a record.
#ifndef TRAINLOG_CODEC_TEXT_TYPE_OF_HPP
#define TRAINLOG_CODEC_TEXT_TYPE_OF_HPP

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

#include "trainlog/codec/json_keys.hpp"
#include "trainlog/codec/json_nonfinite.hpp"
#include "trainlog/codec/one_null.hpp"
#include "trainlog/codec/text_scalar.hpp"
#include "trainlog/codec/text_type.hpp"
#include "trainlog/record/access.hpp"
#include "trainlog/record/descriptor.hpp"
#include "trainlog/record/field_access.hpp"
#include "trainlog/record/meta.hpp"
#include "trainlog/record/seconds.hpp"
#include "trainlog/record/time.hpp"
#include "trainlog/record/traits.hpp"
#include "trainlog/record/validate.hpp"

namespace trainlog::detail {

template <class T>
constexpr text_type make_text_type() noexcept;

/// The one table of the type T.
template <class T>
inline constexpr text_type text_type_of = make_text_type<T>();

/// See record_layout::reset.
template <class T>
void reset_field(void* record, std::size_t offset) {
  T blank = access::blank<T>();
  auto const* const begin = reinterpret_cast<char const*>(&blank);
  detail::for_each_indexed(blank, [&]<class Field>(std::size_t, Field& field) {
    if (reinterpret_cast<char const*>(&field) != begin + offset) return;
    *reinterpret_cast<Field*>(static_cast<char*>(record) + offset) = std::move(field);
  });
}

template <class T>
record_layout make_layout() {
  record_layout layout;
  layout.name = descriptor<T>::type_name;
  layout.finish = [](void* record) { detail::finish(*static_cast<T*>(record)); };
  layout.reset = reset_field<T>;
  T blank = access::blank<T>();
  auto const* const begin = reinterpret_cast<char const*>(&blank);
  layout.fields.reserve(file_size<T>);
  detail::for_each_indexed(blank, [&]<class Field>(std::size_t i, Field& field) {
    auto const name = file_names<T>[i];
    if (name.empty()) return;
    auto const offset = static_cast<std::size_t>(reinterpret_cast<char const*>(&field) - begin);
    std::size_t rank = 0;
    layout.names.push_back({name, rank, layout.fields.size()});
    for (auto const alias : metas<T>[i].aka) {
      if (!alias.empty()) layout.names.push_back({alias, ++rank, layout.fields.size()});
    }
    std::span<std::string_view const> const aka = metas<T>[i].aka;
    bool const required = metas<T>[i].required || !descriptor<T>::has_default[i];
    layout.fields.push_back({name, aka.first(rank), &text_type_of<Field>, offset, required});
  });
  std::sort(layout.names.begin(), layout.names.end());
  return layout;
}

/// Never destroyed: objects with static storage may decode in their destructors.
template <class T>
record_layout const& layout_of() {
  static auto const& layout = *new record_layout(make_layout<T>());
  return layout;
}

/// The element type of a std::vector<bool>; its object is the vector, whose last element it sets.
struct last_bool {};

inline bool parse_index(std::string_view text, std::size_t size, std::size_t& index) noexcept {
  auto const [end, problem] = std::from_chars(text.data(), text.data() + text.size(), index);
  return problem == std::errc{} && end == text.data() + text.size() && index < size;
}

/// See text_type::mark.
template <class T>
void* mark_nonfinite(T& field, mark_path path, double value) {
  if constexpr (optional<T>) {
    if (field) return detail::mark_nonfinite(*field, path, value);
    if constexpr (is_float_like<typename T::value_type>()) {
      if (path.empty() && detail::assign_scalar(field.emplace(), real_scalar(value)))
        return &*field;
    }
    return nullptr;
  } else if constexpr (list<T> || fixed_array<T>) {
    std::size_t i = 0;
    if (path.empty() || !parse_index(path[0], field.size(), i)) return nullptr;
    return detail::mark_nonfinite(field[i], path.subspan(1), value);
  } else if constexpr (string_map<T>) {
    if (path.empty()) return nullptr;
    auto const found = field.find(std::string(path[0]));
    if (found == field.end()) return nullptr;
    return detail::mark_nonfinite(found->second, path.subspan(1), value);
  } else {
    auto const present = static_cast<double>(detail::float_in(field));
    bool const same = !is_finite(present) && nonfinite_name(present) == nonfinite_name(value);
    if (!path.empty() || !(same || is_nan(present))) return nullptr;
    return detail::assign_scalar(field, real_scalar(value)) ? &field : nullptr;
  }
}

template <class T>
bool assign_any(void* target, text_scalar const& from) {
  T& field = *static_cast<T*>(target);
  if constexpr (optional<T>) {
    using inner = typename T::value_type;
    if (from.kind == scalar_kind::null) return field.reset(), true;
    auto const& type = text_type_of<inner>;
    return type.assign != nullptr && type.assign(&field.emplace(access::blank<inner>()), from);
  } else {
    return detail::assign_scalar(field, from);
  }
}

template <class T>
void* open_any(void* target) {
  T& field = *static_cast<T*>(target);
  if constexpr (optional<T>) {
    return &field.emplace(access::blank<typename T::value_type>());
  } else {
    field.clear();
    return target;
  }
}

template <class T>
void* next_element(void* target, [[maybe_unused]] std::size_t index) {
  T& field = *static_cast<T*>(target);
  if constexpr (fixed_array<T>) {
    return &field[index];
  } else if constexpr (boolean<typename T::value_type>) {
    field.push_back(false);
    return target;
  } else {
    return &field.emplace_back(access::blank<typename T::value_type>());
  }
}

template <class T>
void* insert_entry(void* target, std::string_view key, std::string const*& stored) {
  auto const [entry, added] = static_cast<T*>(target)->try_emplace(
      std::string(key), access::blank<typename T::mapped_type>());
  stored = &entry->first;
  return added ? &entry->second : nullptr;
}

inline bool assign_last_bool(void* target, text_scalar const& from) {
  static_cast<std::vector<bool>*>(target)->back() = from.flag;
  return from.kind == scalar_kind::boolean;
}

template <>
inline constexpr text_type text_type_of<last_bool>{
    .shape = text_shape::scalar, .name = "bool", .assign = assign_last_bool};

template <class T>
constexpr text_shape shape_of() noexcept {
  if constexpr (optional<T>) return text_shape::optional;
  else if constexpr (list<T>) return text_shape::list;
  else if constexpr (fixed_array<T>) return text_shape::array;
  else if constexpr (string_map<T>) return text_shape::map;
  else if constexpr (described<T>) return text_shape::record;
  else return text_shape::scalar;
}

/// What stands for the elements of a T, as decoders see them.
template <class T>
constexpr auto element_of() noexcept {
  if constexpr (string_map<T>) return type_tag<typename T::mapped_type>{};
  else if constexpr (list<T> && boolean<typename T::value_type>) return type_tag<last_bool>{};
  else return type_tag<typename T::value_type>{};
}

/// "duration (seconds, exact in milliseconds)": which texts are a T.
template <duration T>
constexpr std::string_view duration_form() noexcept {
  if constexpr (!integer<typename T::rep>) return "duration (seconds)";
  switch (tick<T>::digits) {
    case 0:
      return tick<T>::seconds == 1 ? "duration (whole seconds)"
                                   : "duration (seconds, exact in the unit of the field)";
    case 3:
      return "duration (seconds, exact in milliseconds)";
    case 6:
      return "duration (seconds, exact in microseconds)";
    case 9:
      return "duration (seconds, exact in nanoseconds)";
    default:
      return "duration (seconds, exact in the unit of the field)";
  }
}

/// The same of a time that is written with a date.
template <dated T>
constexpr std::string_view time_form() noexcept {
  switch (tick<typename T::duration>::digits) {
    case 0:
      return "time (with a zone, as 2024-01-31T12:00:00Z, exact in the unit of the field)";
    case 3:
      return "time (with a zone, as 2024-01-31T12:00:00.000Z, exact in milliseconds)";
    case 6:
      return "time (with a zone, as 2024-01-31T12:00:00.000Z, exact in microseconds)";
    case 9:
      return "time (with a zone, as 2024-01-31T12:00:00.000Z, exact in nanoseconds)";
    default:
      return "time (with a zone, as 2024-01-31T12:00:00.000Z, exact in the unit of the field)";
  }
}

/// The name of the type, for messages; of times also the form that texts have.
template <class T>
constexpr std::string_view form_of() noexcept {
  if constexpr (duration<T>) return duration_form<T>();
  else if constexpr (dated<T>) return time_form<T>();
  else if constexpr (time_point<T>) return "time (a number of seconds)";
  else return type_name<T>();
}

template <class T>
constexpr text_type make_text_type() noexcept {
  text_type type{.shape = shape_of<T>(), .name = form_of<T>()};
  if constexpr (described<T>) {
    type.layout = layout_of<T>;
    return type;
  } else {
    if constexpr (holds_floats<T>()) {
      type.mark = [](void* field, mark_path path, double value) {
        return detail::mark_nonfinite(*static_cast<T*>(field), path, value);
      };
    }
    if constexpr (optional<T>) require_one_null<T>();
    if constexpr (described_enum<T>) type.enumerators = enumerators<T>.names;
    if constexpr (optional<T> || list<T> || fixed_array<T> || string_map<T>) {
      type.element = &text_type_of<typename decltype(element_of<T>())::type>;
    }
    if constexpr (shape_of<T>() == text_shape::scalar || optional<T>) type.assign = assign_any<T>;
    if constexpr (optional<T> || list<T> || string_map<T>) type.open = open_any<T>;
    if constexpr (list<T> || fixed_array<T>) type.next = next_element<T>;
    if constexpr (fixed_array<T>) type.size = std::tuple_size_v<T>;
    if constexpr (fixed_array<T>) type.stride = sizeof(typename T::value_type);
    if constexpr (string_map<T>) type.insert = insert_entry<T>;
    return type;
  }
}

}  // namespace trainlog::detail

#endif
