// SPDX-License-Identifier: MIT
// How a decoder of text fills an object whose type it does not know: one table of functions a type.
#ifndef TRAINLOG_CODEC_TEXT_TYPE_HPP
#define TRAINLOG_CODEC_TEXT_TYPE_HPP

#include <algorithm>
#include <compare>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "trainlog/codec/one_of.hpp"
#include "trainlog/codec/text_scalar.hpp"

namespace trainlog::detail {

enum class text_shape : unsigned char { scalar, optional, list, array, map, record };

struct record_layout;

/// The steps from a record's field to a number in it, as the side key has them: {"2", "cat"}.
using mark_path = std::span<std::string_view const>;

/// What a decoder knows of a type. The first parameter of every function is an object of the type.
struct text_type {
  text_shape shape{};
  std::string_view name{};  ///< "uint8", "enum"
  std::span<std::string_view const> enumerators{};
  std::size_t size = 0;                        ///< of an array
  std::size_t stride = 0;                      ///< from one element of an array to the next
  text_type const* element = nullptr;          ///< of an optional, list, array or map
  record_layout const& (*layout)() = nullptr;  ///< of a record

  /// Sets a scalar or an optional; false if it cannot have this value. Null for other shapes.
  bool (*assign)(void*, text_scalar const&) = nullptr;
  /// Makes an optional hold a new value, or a list or map empty. Returns the optional's value.
  void* (*open)(void*) = nullptr;
  /// The next element: a new one of a list, the one at `index` of an array.
  void* (*next)(void*, std::size_t index) = nullptr;
  /// A new entry of a map, and where its key is stored; null if there is one already.
  void* (*insert)(void*, std::string_view key, std::string const*& stored) = nullptr;
  /// Gives a float that is NaN, as null is read, the value; returns it, or null if there is none at
  /// the path, nor one that has the value already. Null for types that hold no floats, or only
  /// those of records.
  void* (*mark)(void*, mark_path, double value) = nullptr;
};

/// One field of a record in files.
struct text_field {
  std::string_view name;
  std::span<std::string_view const> aka;  ///< up to the first empty one
  text_type const* type;
  std::size_t offset;
  bool required;
};

/// A name under which a field is found.
struct text_field_name {
  std::string_view text;
  std::size_t rank;   ///< 0 of its own name, else the place among its aka() names, from 1
  std::size_t field;  ///< its number

  /// Where two fields have the name, it is the first one's, or the own name of one.
  friend auto operator<=>(text_field_name const&, text_field_name const&) = default;
};

/// All names of some fields, sorted.
using text_field_names = std::vector<text_field_name>;

/// Null if there is none of that name.
inline text_field_name const* find_text_field(text_field_names const& names,
                                              std::string_view text) noexcept {
  auto const at = std::lower_bound(names.begin(), names.end(), text,
                                   [](auto& entry, auto wanted) { return entry.text < wanted; });
  return at != names.end() && at->text == text ? &*at : nullptr;
}

/// What a decoder knows of a record type.
struct record_layout {
  std::string_view name;
  std::vector<text_field> fields;
  text_field_names names;
  void (*finish)(void*) = nullptr;
  /// Gives the field at that offset its default again.
  void (*reset)(void*, std::size_t offset) = nullptr;
};

inline void* field_address(void* record, text_field const& field) noexcept {
  return static_cast<char*>(record) + field.offset;
}

/// "uint8", "list of float64 or null", "one of train, eval": what a message expects.
inline std::string shown(text_type const& type) {
  switch (type.shape) {
    case text_shape::optional:
      return shown(*type.element) + " or null";
    case text_shape::list:
      return "list of " + shown(*type.element);
    case text_shape::array:
      return "array of " + std::to_string(type.size) + " " + shown(*type.element);
    case text_shape::map:
      return "map of " + shown(*type.element);
    case text_shape::record:
      return std::string(type.layout().name);
    default:
      break;
  }
  return type.enumerators.empty() ? std::string(type.name) : one_of(type.enumerators);
}

}  // namespace trainlog::detail

#endif
