// SPDX-License-Identifier: MIT
// The writer of JSON (RFC 8259) text: straight into memory, without a check a char.
#ifndef TRAINLOG_CODEC_JSON_WRITER_HPP
#define TRAINLOG_CODEC_JSON_WRITER_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <initializer_list>
#include <limits>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "trainlog/codec/json_keys.hpp"
#include "trainlog/codec/json_map_keys.hpp"
#include "trainlog/codec/json_nonfinite.hpp"
#include "trainlog/codec/one_null.hpp"
#include "trainlog/detail/json_text.hpp"
#include "trainlog/detail/number_text.hpp"
#include "trainlog/record/descriptor.hpp"
#include "trainlog/record/enum.hpp"
#include "trainlog/record/enum_number.hpp"
#include "trainlog/record/error.hpp"
#include "trainlog/record/time.hpp"
#include "trainlog/record/traits.hpp"
#include "trainlog/schema/json_value.hpp"

namespace trainlog {

/// What JSON has no number for, NaN and infinities, is written as
enum class nonfinite_as : unsigned char {
  null,     ///< null, and named in the object's last entry: "_nonfinite":{"loss":"nan"}
  string,   ///< "NaN", "Infinity", "-Infinity"
  literal,  ///< NaN, Infinity, -Infinity: not JSON, but what Python's json module reads
  error,    ///< nothing: writing throws trainlog::error
};

/// How JSON is written.
struct json_options {
  nonfinite_as nonfinite = nonfinite_as::null;
};

namespace detail {

/// The most chars that a value of the type takes; 0 if there is no limit known to the compiler.
template <class T>
constexpr std::size_t json_width() noexcept {
  constexpr std::size_t literal = 11;  // "-Infinity" in quotes
  if constexpr (boolean<T>) {
    return 5;
  } else if constexpr (integer<T>) {
    return std::numeric_limits<T>::digits10 + 2;
  } else if constexpr (floating<T>) {
    return std::max<std::size_t>(literal, sizeof(T) == 8 ? 24 : 16);
  } else if constexpr (described_enum<T>) {
    std::size_t width = json_width<enum_number<T>>();
    for (auto const name : enumerators<T>.names) width = std::max(width, name.size() + 2);
    return width;
  } else if constexpr (optional<T>) {
    constexpr std::size_t inner = json_width<typename T::value_type>();
    return inner == 0 ? 0 : std::max<std::size_t>(inner, 4);
  } else if constexpr (fixed_array<T>) {
    return json_width<typename T::value_type>() == 0
               ? 0
               : 2 + std::tuple_size_v<T> * (json_width<typename T::value_type>() + 1);
  } else {
    return 0;
  }
}

constexpr std::size_t sum_of(std::initializer_list<std::size_t> all) noexcept {
  std::size_t sum = 0;
  for (std::size_t const each : all) sum += each;
  return sum;
}

struct sum_json_widths {
  template <class... Fields>
  constexpr auto operator()(Fields const&...) const noexcept {
    return std::integral_constant<std::size_t,
                                  [] { return sum_of({0, json_width<Fields>()...}); }()>{};
  }
};

/// The most chars of T's object, not counting the values whose width has no limit.
template <class T>
inline constexpr std::size_t object_width =
    json_keys<T>::size + 2 +
    decltype(detail::visit_fields(std::declval<T&>(), sum_json_widths{}))::value;

/// Writes JSON into memory ahead of the end of a string. Every function takes the place where it
/// is to write and returns the one behind what it wrote; there are always `slack` chars of room
/// beyond what room() was asked for.
class json_writer {
 public:
  json_writer(std::string& out, json_options options) noexcept
      : out_(out), begin_(out.size()), options_(options) {}
  json_writer(json_writer const&) = delete;
  json_writer& operator=(json_writer const&) = delete;
  ~json_writer() { out_.resize(begin_); }

  char* start() { return grow(out_.data() + begin_, 0); }
  /// Makes everything up to `at` part of the string, for good.
  void finish(char* at) noexcept { begin_ = static_cast<std::size_t>(at - out_.data()); }

  char* room(char* at, std::size_t size) {
    return end_ - at >= static_cast<std::ptrdiff_t>(size + slack) ? at : grow(at, size);
  }

  template <class T>
  char* object(char* at, T const& record) {
    bool const outer = std::exchange(nonfinite_, false);
    at = fields(at, record);
    if (nonfinite_) [[unlikely]]
      at = side_key(at, record);
    nonfinite_ = outer;
    *at++ = '}';
    return at;
  }

  template <class T>
  char* value(char* at, T const& field) {
    if constexpr (boolean<T>) return literal(at, field ? "true" : "false");
    else if constexpr (integer<T>) return write_integer(at, field);
    else if constexpr (floating<T>) return number(at, field);
    else if constexpr (text<T>) return string(at, field);
    else if constexpr (described_enum<T>) return enumerator(at, field);
    else if constexpr (duration<T> || time_point<T>) return time(at, field);
    else if constexpr (optional<T>) return maybe(at, field);
    else if constexpr (list<T> || fixed_array<T>) return array(at, field);
    else if constexpr (string_map<T>) return map(at, field);
    else if constexpr (described<T>) return object(at, field);
    else static_assert(always_false<T>, "trainlog: the type of a field has no serializer");
  }

  char* verbatim(char* at, std::string_view text) {
    at = room(at, text.size());
    std::memcpy(at, text.data(), text.size());
    return at + text.size();
  }

 private:
  static constexpr std::size_t slack = 64;
  static_assert(slack >= max_number_text && slack >= json_key_slack);

  /// Doubles what this writer has, so that a long text is moved seldom.
  char* grow(char* at, std::size_t size) {
    auto const used = static_cast<std::size_t>(at - out_.data());
    out_.resize(used + std::max(size, used - begin_) + slack);
    end_ = out_.data() + out_.size();
    return out_.data() + used;
  }

  template <class T>
  char* fields(char* at, T const& record) {
    using keys = json_keys<T>;
    constexpr std::size_t width = object_width<T>;
    at = room(at, width);
    if constexpr (file_size<T> == 0) *at++ = '{';
    detail::for_each_indexed(record, [&]<class Field>(std::size_t i, Field const& field) {
      if (keys::keys[i].size == 0) return;
      at = put_json_key(at, keys::text.data(), keys::keys[i]);
      at = value(at, field);
      if constexpr (json_width<Field>() == 0) at = room(at, width);
    });
    return at;
  }

  template <class T>
  char* side_key(char* at, T const& record) {
    std::string text(file_size<T> == 0 ? "\"" : ",\"");
    text.append(nonfinite_key).append("\":");
    detail::append_record_marks(text, record);
    return room(verbatim(at, text), 1);
  }

  template <optional T>
  char* maybe(char* at, T const& field) {
    require_one_null<T>();
    return field ? value(at, *field) : literal(at, "null");
  }

  static char* literal(char* at, std::string_view text) noexcept {
    std::memcpy(at, text.data(), text.size());
    return at + text.size();
  }

  template <floating T>
  char* number(char* at, T number) {
    if (is_finite(number)) [[likely]]
      return write_json_float(at, number);
    return nonfinite(at, static_cast<double>(number));
  }

  char* nonfinite(char* at, double number) {
    std::string_view const python = nonfinite_text(number);
    switch (options_.nonfinite) {
      case nonfinite_as::null:
        nonfinite_ = true;
        return literal(at, "null");
      case nonfinite_as::string:
        return literal(literal(literal(at, "\""), python), "\"");
      case nonfinite_as::literal:
        return literal(at, python);
      default:
        throw error("trainlog: " + std::string(nonfinite_name(number)) +
                    " cannot be written as a JSON number");
    }
  }

  char* string(char* at, std::string_view text) {
    return write_json_string_unchecked(room(at, 6 * text.size() + 2), text);
  }

  template <described_enum T>
  static char* enumerator(char* at, T field) noexcept {
    auto const name = trainlog::enum_name(field);
    if (name.empty()) return write_integer(at, static_cast<enum_number<T>>(field));
    return literal(literal(literal(at, "\""), name), "\"");
  }

  template <class T>
  char* time(char* at, T field) {
    at = room(at, 0);
    if constexpr (is_float_like<T>()) {
      if (!is_finite(detail::float_in(field)))
        return nonfinite(at, static_cast<double>(detail::float_in(field)));
    }
    std::string text;
    bool const quoted = detail::append_time_value(text, field);
    return quoted ? string(at, text) : verbatim(at, text);
  }

  template <class T>
  char* array(char* at, T const& elements) {
    using element = typename T::value_type;
    constexpr std::size_t width = json_width<element>();
    if constexpr (list<T> || width == 0) at = room(at, 2 + elements.size() * (width + 1));
    *at++ = '[';
    bool empty = true;
    for (auto const& each : elements) {
      if (!empty) *at++ = ',';
      empty = false;
      at = value<element>(at, each);
      if constexpr (width == 0) at = room(at, 2);
    }
    *at++ = ']';
    return at;
  }

  template <class T>
  char* map(char* at, T const& entries) {
    using mapped_type = typename T::mapped_type;
    detail::require_distinct_keys(entries);
    at = room(at, 2);
    *at++ = '{';
    bool empty = true;
    for (auto const& [key, mapped] : entries) {
      if (!empty) *at++ = ',';
      empty = false;
      at = room(string(at, key), 1 + json_width<mapped_type>());
      *at++ = ':';
      at = room(value<mapped_type>(at, mapped), 2);
    }
    *at++ = '}';
    return at;
  }

  std::string& out_;
  std::size_t begin_;
  char* end_ = nullptr;
  json_options options_;
  bool nonfinite_ = false;
};

}  // namespace detail
}  // namespace trainlog

#endif
