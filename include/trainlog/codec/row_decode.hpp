// SPDX-License-Identifier: MIT
// Rows read from bytes: of the record's own schema, or by an evolution plan from another one.
#ifndef TRAINLOG_CODEC_ROW_DECODE_HPP
#define TRAINLOG_CODEC_ROW_DECODE_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "trainlog/codec/row_encode.hpp"
#include "trainlog/codec/text_path.hpp"
#include "trainlog/detail/wire.hpp"
#include "trainlog/record/access.hpp"
#include "trainlog/record/descriptor.hpp"
#include "trainlog/record/enum.hpp"
#include "trainlog/record/enum_number.hpp"
#include "trainlog/record/error.hpp"
#include "trainlog/record/traits.hpp"
#include "trainlog/record/validate.hpp"
#include "trainlog/schema/evolution.hpp"
#include "trainlog/schema/schema_of.hpp"

namespace trainlog::detail {

// Steps of a path, for messages. They keep what fails out of the way of what succeeds.

[[gnu::cold, gnu::noinline]] inline bool failed_in_field(wire_reader& in, std::string_view name) {
  std::string step;
  append_member(step, name);
  return in.failed_in(step);
}
[[gnu::cold, gnu::noinline]] inline bool failed_in_element(wire_reader& in, std::size_t index) {
  std::string step;
  append_element(step, index);
  return in.failed_in(step);
}

// ---- values that are skipped

inline bool skip_value(wire_reader& in, schema_type const& type);

inline bool skip_values(wire_reader& in, schema_type const& type, std::uint64_t count) {
  std::string_view skipped;
  if (is_number_kind(type.kind)) return in.array(count, kind_size(type.kind), skipped);
  for (; count > 0; --count) {
    if (!skip_value(in, type)) return false;
  }
  return true;
}

inline bool skip_map(wire_reader& in, schema_type const& mapped) {
  std::uint64_t count = 0;
  std::string_view key;
  if (!in.count(count)) return false;
  for (; count > 0; --count) {
    if (!in.string(key) || !skip_value(in, mapped)) return false;
  }
  return true;
}

inline bool skip_fields(wire_reader& in, std::vector<schema_field> const& fields) {
  for (auto const& field : fields) {
    if (!skip_value(in, field.type)) return failed_in_field(in, field.name);
  }
  return !fields.empty() || in.zero();
}

/// Passes over a value of the type.
inline bool skip_value(wire_reader& in, schema_type const& type) {
  std::string_view text;
  std::uint64_t count = 0;
  bool flag = false;
  switch (type.kind) {
    case type_kind::boolean:
      return in.flag(flag);
    case type_kind::string:
      return in.string(text);
    case type_kind::optional:
      return in.flag(flag) && (!flag || skip_value(in, type.element.front()));
    case type_kind::list:
      return in.count(count) && skip_values(in, type.element.front(), count);
    case type_kind::array:
      return type.length == 0 ? in.zero() : skip_values(in, type.element.front(), type.length);
    case type_kind::map:
      return skip_map(in, type.element.front());
    case type_kind::record:
      return skip_fields(in, type.fields);
    case type_kind::enumeration:
    case type_kind::duration:
    case type_kind::time:
      return in.bytes(kind_size(type.number), text);
    default:
      return in.bytes(kind_size(type.kind), text);
  }
}

// ---- values that are read

/// Reads a number that is stored as `kind` into a type that has all its values.
template <class T>
bool read_number(wire_reader& in, type_kind kind, T& value) {
  auto const as = [&]<class Stored>(Stored stored) {
    if (!in.number(stored)) return false;
    value = static_cast<T>(stored);
    return true;
  };
  switch (kind) {
    case type_kind::int8:
      return as(std::int8_t{});
    case type_kind::int16:
      return as(std::int16_t{});
    case type_kind::int32:
      return as(std::int32_t{});
    case type_kind::int64:
      return as(std::int64_t{});
    case type_kind::uint8:
      return as(std::uint8_t{});
    case type_kind::uint16:
      return as(std::uint16_t{});
    case type_kind::uint32:
      return as(std::uint32_t{});
    case type_kind::uint64:
      return as(std::uint64_t{});
    case type_kind::float32:
      return as(float{});
    default:
      return as(double{});
  }
}

template <class T>
bool read_value(wire_reader& in, T& value);
template <class T>
bool read_value(wire_reader& in, type_plan const& plan, T& value);

/// How the elements of a list are read: like the reader's type, or by the plan of the elements.
struct read_same {
  template <class T>
  bool operator()(wire_reader& in, T& value) const {
    return read_value(in, value);
  }
};
struct read_planned {
  type_plan const& plan;
  template <class T>
  bool operator()(wire_reader& in, T& value) const {
    return read_value(in, plan, value);
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
  reserve_within(list, count, in.remaining());
  for (std::uint64_t i = 0; i < count; ++i) {
    if (!read(in, append_blank(list))) return failed_in_element(in, i);
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
    append_blanks(list, some);
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
      reserve_within(list, count, in.remaining());
      return append_objects(in, list, static_cast<std::size_t>(count));
    }
  }
  return read_list(in, list, read_same{});
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
bool read_clock(wire_reader& in, type_kind kind, T& value) {
  typename T::rep count{};
  if (!read_number(in, kind, count)) return false;
  value = clock_value<T>(count);
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
  return in.number(number) && set_enum(in, number, value);
}

/// A record is complete: its own rules are applied.
template <class T>
bool finish_record(wire_reader& in, T& record) {
  if constexpr (has_hooks<T>()) {
    try {
      finish(record);
    } catch (validation_error const& invalid) {
      return in.fail_invalid(invalid.what());
    }
  }
  return true;
}

template <class T>
bool read_same_fields(wire_reader& in, T& record) {
  bool good = true;
  bool any = false;
  for_each_indexed(record, [&](std::size_t i, auto& field) {
    if (!good || !metas<T>[i].serialize) return;
    any = true;
    good = read_value(in, field) || failed_in_field(in, wire_names<T>[i]);
  });
  return good && (any || in.zero()) && finish_record(in, record);
}

/// Reads a value that is stored as put_value stores it.
template <class T>
bool read_value(wire_reader& in, T& value) {
  if constexpr (boolean<T>) return in.flag(value);
  else if constexpr (integer<T> || floating<T>) return in.number(value);
  else if constexpr (described_enum<T>) return read_enum(in, value);
  else if constexpr (text<T>) return read_text(in, value);
  else if constexpr (optional<T>) return read_optional(in, value, read_same{});
  else if constexpr (list<T>) return read_same_list(in, value);
  else if constexpr (fixed_array<T>) return read_array(in, value, read_same{});
  else if constexpr (string_map<T>) return read_map(in, value, read_same{});
  else if constexpr (duration<T> || time_point<T>)
    return read_clock(in, kind_of<typename T::rep>(), value);
  else return read_same_fields(in, value);
}

// ---- values that are read by a plan

/// A value that has a name in the file: it becomes the reader's value of that name.
template <class T>
bool read_named_enum(wire_reader& in, type_plan const& plan, std::string const& name, T& value) {
  auto const* found = find_enumerator<T>(name);
  if (found != nullptr) return value = *found, true;
  return in.fail("an enumerator of " + plan.reader->name, "'" + name + "'",
                 kind_size(plan.file->number));
}

/// A value that has no name in the file: it keeps its number.
template <class T>
bool read_unnamed_enum(wire_reader& in, type_plan const& plan, std::int64_t number, T& value) {
  bool const fitting = is_signed_kind(plan.file->number)
                           ? fits<enum_number<T>>(number)
                           : fits<enum_number<T>>(static_cast<std::uint64_t>(number));
  if (fitting) return set_enum(in, static_cast<enum_number<T>>(number), value);
  return in.fail("a value of " + plan.reader->name, "another", kind_size(plan.file->number));
}

template <class T>
bool read_planned_enum(wire_reader& in, type_plan const& plan, T& value) {
  std::int64_t number = 0;  // the 64 bits, also of an unsigned value
  if (!read_number(in, plan.file->number, number)) return false;
  auto const& all = plan.file->enumerators;
  auto const first = std::lower_bound(all.begin(), all.end(), number,
                                      [](auto const& each, auto n) { return each.value < n; });
  return first == all.end() || first->value != number
             ? read_unnamed_enum(in, plan, number, value)
             : read_named_enum(in, plan, first->name, value);
}

/// A field of some record, and how to read it.
struct field_slot {
  void* field = nullptr;
  bool (*read)(wire_reader&, type_plan const&, void*) = nullptr;
};

template <class Field>
bool read_slot(wire_reader& in, type_plan const& plan, void* field) {
  return read_value(in, plan, *static_cast<Field*>(field));
}

/// The fields of the record that are in files, in the order of its schema.
template <class T>
auto field_slots(T& record) {
  std::array<field_slot, descriptor<T>::size + 1> slots{};
  std::size_t next = 0;
  for_each_indexed(record, [&]<class Field>(std::size_t i, Field& field) {
    if (metas<T>[i].serialize) slots[next++] = {&field, &read_slot<Field>};
  });
  return slots;
}

template <class T>
bool read_planned_fields(wire_reader& in, type_plan const& plan, T& record) {
  auto const slots = field_slots(record);
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    auto const [target, child] = plan.steps[i];
    bool const good = target == type_plan::skip
                          ? skip_value(in, plan.file->fields[i].type)
                          : slots[target].read(in, plan.children[child], slots[target].field);
    if (!good) return failed_in_field(in, plan.file->fields[i].name);
  }
  return (!plan.steps.empty() || in.zero()) && finish_record(in, record);
}

template <class T>
bool read_planned_optional(wire_reader& in, type_plan const& plan, T& value) {
  read_planned const read{plan.children.front()};
  if (plan.file->kind == type_kind::optional) return read_optional(in, value, read);
  return read(in, value.emplace(access::blank<typename T::value_type>()));
}

/// Reads a value by the plan, which was made for the type T.
template <class T>
bool read_value(wire_reader& in, type_plan const& plan, T& value) {
  if (plan.same) return read_value(in, value);
  if constexpr (integer<T> || floating<T>) return read_number(in, plan.file->kind, value);
  else if constexpr (described_enum<T>) return read_planned_enum(in, plan, value);
  else if constexpr (optional<T>) return read_planned_optional(in, plan, value);
  else if constexpr (list<T>) return read_list(in, value, read_planned{plan.children.front()});
  else if constexpr (fixed_array<T>)
    return read_array(in, value, read_planned{plan.children.front()});
  else if constexpr (string_map<T>) return read_map(in, value, read_planned{plan.children.front()});
  else if constexpr (duration<T> || time_point<T>) return read_clock(in, plan.file->number, value);
  else if constexpr (described<T>) return read_planned_fields(in, plan, value);
  else return read_value(in, value);  // bool and string are always stored alike
}

}  // namespace trainlog::detail

#endif
