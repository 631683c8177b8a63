// SPDX-License-Identifier: MIT
// How a decoder of text fills an object whose type it does not know: one table of functions a type.
#ifndef TRAINLOG_CODEC_TEXT_TYPE_HPP
#define TRAINLOG_CODEC_TEXT_TYPE_HPP

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "trainlog/codec/json_keys.hpp"
#include "trainlog/codec/text_scalar.hpp"
#include "trainlog/record/access.hpp"
#include "trainlog/record/descriptor.hpp"
#include "trainlog/record/field_access.hpp"
#include "trainlog/record/meta.hpp"
#include "trainlog/record/traits.hpp"
#include "trainlog/record/validate.hpp"

namespace trainlog::detail {

enum class text_shape : unsigned char { scalar, string, optional, list, array, map, record, marks };

struct record_layout;

/// The steps from a record's field to a number in it, as the side key has them: {"2", "cat"}.
using mark_path = std::span<std::string_view const>;

/// What a decoder knows of a type. The first parameter of every function is an object of the type.
struct text_type {
  text_shape shape{};
  std::string_view name;                        ///< "uint8", "enum"
  std::span<std::string_view const> enumerators;
  std::size_t size = 0;                         ///< of an array
  text_type const* element = nullptr;           ///< of an optional, list, array or map
  record_layout const& (*layout)() = nullptr;   ///< of a record

  /// Sets a scalar or an optional; false if it cannot have this value. Null for other shapes.
  bool (*assign)(void*, text_scalar const&) = nullptr;
  /// Makes an optional hold a new value, or a list or map empty. Returns the optional's value.
  void* (*open)(void*) = nullptr;
  /// The next element: a new one of a list, the one at `index` of an array.
  void* (*next)(void*, std::size_t index) = nullptr;
  /// A new entry of a map, and where its key is stored; null if there is one already.
  void* (*insert)(void*, std::string_view key, std::string const*& stored) = nullptr;
  /// Makes a float that was read from null NaN or infinite; false if there is none at the path.
  bool (*mark)(void*, mark_path, double value) = nullptr;
};

/// One field of a record in files.
struct text_field {
  std::string_view name;
  text_type const* type;
  std::size_t offset;
  bool required;
};

/// What a decoder knows of a record type.
struct record_layout {
  using index = std::vector<std::pair<std::string_view, std::size_t>>;

  std::string_view name;
  std::vector<text_field> fields;
  index by_name;
  index by_alias;
  void (*finish)(void*) = nullptr;

  /// The field of that name, or that had it once; npos if there is none.
  std::size_t find(std::string_view key) const noexcept {
    auto const found = find_in(by_name, key);
    return found != npos ? found : find_in(by_alias, key);
  }

 private:
  static std::size_t find_in(index const& names, std::string_view key) noexcept {
    auto const at = std::lower_bound(names.begin(), names.end(), key,
                                     [](auto& entry, auto name) { return entry.first < name; });
    return at != names.end() && at->first == key ? at->second : npos;
  }
};

template <class T>
extern text_type const text_type_of;

inline void* field_address(void* record, text_field const& field) noexcept {
  return static_cast<char*>(record) + field.offset;
}

template <class T>
record_layout make_layout() {
  record_layout layout{descriptor<T>::type_name, {}, {}, {}, [](void* record) {
                         finish(*static_cast<T*>(record));
                       }};
  T blank = access::blank<T>();
  auto const* const begin = reinterpret_cast<char const*>(&blank);
  layout.fields.reserve(file_size<T>);
  for_each_indexed(blank, [&]<class Field>(std::size_t i, Field& field) {
    auto const name = file_names<T>[i];
    if (name.empty()) return;
    auto const offset = static_cast<std::size_t>(reinterpret_cast<char const*>(&field) - begin);
    for (auto const alias : metas<T>[i].aka) {
      if (!alias.empty()) layout.by_alias.emplace_back(alias, layout.fields.size());
    }
    layout.by_name.emplace_back(name, layout.fields.size());
    bool const required = metas<T>[i].required || !descriptor<T>::has_default[i];
    layout.fields.push_back({name, &text_type_of<Field>, offset, required});
  });
  std::sort(layout.by_name.begin(), layout.by_name.end());
  std::sort(layout.by_alias.begin(), layout.by_alias.end());
  return layout;
}

template <class T>
record_layout const& layout_of() {
  static record_layout const layout = make_layout<T>();
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
bool mark_nonfinite(T& field, mark_path path, double value) {
  if constexpr (!holds_floats<T>()) {
    return false;
  } else if constexpr (optional<T>) {
    if (!field) field.emplace(text_scalar_blank<typename T::value_type>());
    return mark_nonfinite(*field, path, value);
  } else if constexpr (list<T> || fixed_array<T>) {
    std::size_t i = 0;
    return !path.empty() && parse_index(path[0], field.size(), i) &&
           mark_nonfinite(field[i], path.subspan(1), value);
  } else if constexpr (string_map<T>) {
    if (path.empty()) return false;
    auto const found = field.find(std::string(path[0]));
    return found != field.end() && mark_nonfinite(found->second, path.subspan(1), value);
  } else {
    if (!path.empty() || is_finite(float_in(field))) return false;
    return assign_scalar(field, {.kind = scalar_kind::real, .real = value});
  }
}

}  // namespace trainlog::detail

#endif
