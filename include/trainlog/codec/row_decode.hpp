// SPDX-License-Identifier: MIT
// Rows read from bytes of their own schema (docs/format.md, Rows block).
#ifndef TRAINLOG_CODEC_ROW_DECODE_HPP
#define TRAINLOG_CODEC_ROW_DECODE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "trainlog/codec/row_encode.hpp"
#include "trainlog/codec/row_skip.hpp"
#include "trainlog/detail/wire.hpp"
#include "trainlog/record/access.hpp"
#include "trainlog/record/descriptor.hpp"
#include "trainlog/record/enum.hpp"
#include "trainlog/record/enum_number.hpp"
#include "trainlog/record/error.hpp"
#include "trainlog/record/traits.hpp"
#include "trainlog/record/validate.hpp"
#include "trainlog/schema/schema_of.hpp"

namespace trainlog::detail {

template <class T>
bool read_value(wire_reader& in, T& value);

/// How the elements of a list are read: as put_value stores them.
struct read_same {
  template <class T>
  bool operator()(wire_reader& in, T& value) const {
    return detail::read_value(in, value);
  }
};

/// Makes room for `count` more elements that are to come from `bytes` bytes, as far as that takes
/// no more than eight times the bytes: beyond, memory grows with what has been read.
template <class T>
void reserve_within(T& list, std::uint64_t count, std::size_t bytes) {
  auto const most = 8 * std::uint64_t{bytes} / sizeof(typename T::value_type);
  auto const wanted = list.size() + static_cast<std::size_t>(std::min(count, most));
  if (wanted > list.capacity()) list.reserve(wanted);
}

template <class T>
void append_blanks(T& list, std::size_t count) {
  using element = typename T::value_type;
  if constexpr (std::is_default_constructible_v<element>) list.resize(list.size() + count);
  else list.resize(list.size() + count, access::blank<element>());
}

template <class T>
auto& append_blank(T& list) {
  using element = typename T::value_type;
  if constexpr (std::is_default_constructible_v<element>) return list.emplace_back();
  else return list.emplace_back(access::blank<element>());
}

template <class T, class ReadElement>
bool read_list(wire_reader& in, T& list, ReadElement read) {
  std::uint64_t count = 0;
  if (!in.count(count)) return false;
  list.clear();
  detail::reserve_within(list, count, in.remaining());
  for (std::uint64_t i = 0; i < count; ++i) {
    if (!read(in, detail::append_blank(list))) return failed_in_element(in, i);
  }
  return true;
}

template <class ReadElement, class Allocator>
bool read_list(wire_reader& in, std::vector<bool, Allocator>& list, ReadElement) {
  std::uint64_t count = 0;
  if (!in.count(count)) return false;
  list.clear();
  for (std::uint64_t i = 0; i < count; ++i) {
    bool element = false;
    if (!in.flag(element)) return failed_in_element(in, i);
    list.push_back(element);
  }
  return true;
}

/// Appends `count` values that are stored as they are in memory.
template <class T>
bool append_objects(wire_reader& in, T& list, std::size_t count) {
  using element = typename T::value_type;
  // So few at a time that what append_blanks() writes is still in the nearest cache.
  constexpr std::size_t most = 8192 / sizeof(element) + 1;
  std::string_view bytes;
  if (!in.array(count, sizeof(element), bytes)) return false;
  while (!bytes.empty()) {
    std::size_t const old = list.size();
    std::size_t const some = std::min(most, bytes.size() / sizeof(element));
    detail::append_blanks(list, some);
    std::memcpy(static_cast<void*>(list.data() + old), bytes.data(), some * sizeof(element));
    bytes.remove_prefix(some * sizeof(element));
  }
  return true;
}

template <class T>
bool read_same_list(wire_reader& in, T& list) {
  using element = typename T::value_type;
  if constexpr (is_plain<element>()) {
    if (is_stored_as_is<element>()) {
      std::uint64_t count = 0;
      if (!in.count(count)) return false;
      list.clear();
      detail::reserve_within(list, count, in.remaining());
      return detail::append_objects(in, list, as_size(count));
    }
  }
  return detail::read_list(in, list, read_same{});
}

template <class T, class ReadElement>
bool read_array(wire_reader& in, T& array, ReadElement read) {
  std::size_t i = 0;
  for (auto& element : array) {
    if (!read(in, element)) return failed_in_element(in, i);
    ++i;
  }
  return !array.empty() || in.zero();
}

template <class T, class ReadElement>
bool read_map(wire_reader& in, T& map, ReadElement read) {
  require_byte_order<T>();
  std::uint64_t count = 0;
  if (!in.count(count)) return false;
  map.clear();
  for (; count > 0; --count) {
    std::string_view key;
    if (!in.string(key)) return false;
    if (!map.empty() && map.rbegin()->first >= key) {
      return in.fail("keys in ascending order", "another", key.size()) || failed_in_field(in, key);
    }
    auto const entry = map.emplace_hint(map.end(), key, access::blank<typename T::mapped_type>());
    if (!read(in, entry->second)) return failed_in_field(in, key);
  }
  return true;
}

template <class T, class ReadElement>
bool read_optional(wire_reader& in, T& optional, ReadElement read) {
  bool given = false;
  if (!in.flag(given)) return false;
  optional.reset();
  if (!given) return true;
  optional.emplace(access::blank<typename T::value_type>());
  return read(in, *optional);
}

template <class T>
bool read_text(wire_reader& in, T& value) {
  std::string_view text;
  if (!in.string(text)) return false;
  value = text;
  return true;
}

template <duration T>
T clock_value(typename T::rep count) {
  return T(count);
}
template <time_point T>
T clock_value(typename T::rep count) {
  return T(typename T::duration(count));
}

template <class T>
bool read_clock(wire_reader& in, T& value) {
  typename T::rep count{};
  if (!in.number(count)) return false;
  value = detail::clock_value<T>(count);
  return true;
}

template <class T>
bool set_enum(wire_reader& in, enum_number<T> number, T& value) {
  if (!is_enum_value<T>(number)) {
    return in.fail("a value of " + std::string(enumerators<T>.type_name), std::to_string(number),
                   sizeof number);
  }
  value = static_cast<T>(number);
  return true;
}

template <class T>
bool read_enum(wire_reader& in, T& value) {
  enum_number<T> number{};
  return in.number(number) && detail::set_enum(in, number, value);
}

/// A record is complete: its own rules are applied.
template <class T>
bool finish_record(wire_reader& in, T& record) {
  if constexpr (has_hooks<T>()) {
    try {
      detail::finish(record);
    } catch (validation_error const& invalid) {
      if (is_derived(invalid)) throw;
      return in.fail_invalid(invalid.what());
    }
  }
  return true;
}

template <class T>
bool read_same_fields(wire_reader& in, T& record) {
  bool good = true;
  bool any = false;
  detail::for_each_indexed(record, [&](std::size_t i, auto& field) {
    if (!good || !metas<T>[i].serialize) return;
    any = true;
    good = detail::read_value(in, field) || failed_in_field(in, wire_names<T>[i]);
  });
  return good && (any || in.zero()) && detail::finish_record(in, record);
}

/// Reads a value that is stored as put_value stores it.
template <class T>
bool read_value(wire_reader& in, T& value) {
  if constexpr (boolean<T>) return in.flag(value);
  else if constexpr (integer<T> || floating<T>) return in.number(value);
  else if constexpr (described_enum<T>) return detail::read_enum(in, value);
  else if constexpr (text<T>) return detail::read_text(in, value);
  else if constexpr (optional<T>) return detail::read_optional(in, value, read_same{});
  else if constexpr (list<T>) return detail::read_same_list(in, value);
  else if constexpr (fixed_array<T>) return detail::read_array(in, value, read_same{});
  else if constexpr (string_map<T>) return detail::read_map(in, value, read_same{});
  else if constexpr (duration<T> || time_point<T>) return detail::read_clock(in, value);
  else return detail::read_same_fields(in, value);
}

}  // namespace trainlog::detail

#endif
