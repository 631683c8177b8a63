// SPDX-License-Identifier: MIT
// Rows read from bytes: of the record's own schema, or by an evolution plan from another one.
#ifndef TRAINLOG_CODEC_ROW_DECODE_HPP
#define TRAINLOG_CODEC_ROW_DECODE_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "trainlog/codec/row_encode.hpp"
#include "trainlog/detail/wire.hpp"
#include "trainlog/record/access.hpp"
#include "trainlog/record/descriptor.hpp"
#include "trainlog/record/enum.hpp"
#include "trainlog/record/traits.hpp"
#include "trainlog/record/validate.hpp"
#include "trainlog/schema/evolution.hpp"
#include "trainlog/schema/schema_of.hpp"

namespace trainlog::detail {

inline std::string index_step(std::uint64_t index) {
  std::string step = "[";
  append_integer(step, index);
  return step += ']';
}
inline std::string key_step(std::string_view key) { return "[\"" + std::string(key) + "\"]"; }

inline bool read_flag(wire_reader& in, bool& value) {
  std::uint8_t byte = 0;
  if (!in.number(byte)) return false;
  value = byte == 1;
  return byte <= 1 || in.fail("the byte 0 or 1", std::to_string(byte));
}

// ---- values that are skipped

inline bool skip_value(wire_reader& in, schema_type const& type);

inline bool skip_values(wire_reader& in, schema_type const& type, std::uint64_t count) {
  std::string_view skipped;
  if (std::size_t const size = kind_size(type.kind); size != 0 && type.kind != type_kind::boolean) {
    // A product beyond 64 bits is more than any file has.
    bool const huge = count > std::numeric_limits<std::uint64_t>::max() / size;
    return in.bytes(huge ? std::numeric_limits<std::uint64_t>::max() : count * size, skipped);
  }
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
    if (!skip_value(in, field.type)) return in.failed_in("." + field.name);
  }
  std::string_view zero;
  return !fields.empty() || in.bytes(1, zero);
}

/// Passes over a value of the type.
inline bool skip_value(wire_reader& in, schema_type const& type) {
  std::string_view text;
  std::uint64_t count = 0;
  bool flag = false;
  switch (type.kind) {
    case type_kind::boolean:
      return read_flag(in, flag);
    case type_kind::string:
      return in.string(text);
    case type_kind::optional:
      return read_flag(in, flag) && (!flag || skip_value(in, type.element.front()));
    case type_kind::list:
      return in.count(count) && skip_values(in, type.element.front(), count);
    case type_kind::array:
      return type.length == 0 ? in.bytes(1, text)
                              : skip_values(in, type.element.front(), type.length);
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

template <class T, class ReadElement>
bool read_list(wire_reader& in, T& list, ReadElement read) {
  std::uint64_t count = 0;
  if (!in.count(count)) return false;
  list.clear();
  for (std::uint64_t i = 0; i < count; ++i) {
    auto element = access::blank<typename T::value_type>();
    if (!read(in, element)) return in.failed_in(index_step(i));
    list.push_back(std::move(element));
  }
  return true;
}

/// A list of numbers stored as they are in memory.
template <class T>
bool read_plain_list(wire_reader& in, T& list) {
  using element = typename T::value_type;
  std::uint64_t count = 0;
  std::string_view bytes;
  if (!in.count(count)) return false;
  if (count > in.remaining() / sizeof(element)) return in.bytes(count * sizeof(element), bytes);
  in.bytes(count * sizeof(element), bytes);
  list.assign(static_cast<std::size_t>(count), element{});
  if (!bytes.empty()) std::memcpy(list.data(), bytes.data(), bytes.size());
  return true;
}

template <class T, class ReadElement>
bool read_array(wire_reader& in, T& array, ReadElement read) {
  std::uint64_t i = 0;
  for (auto& element : array) {
    if (!read(in, element)) return in.failed_in(index_step(i));
    ++i;
  }
  std::string_view zero;
  return std::tuple_size_v<T> != 0 || in.bytes(1, zero);
}

template <class T, class ReadElement>
bool read_map(wire_reader& in, T& map, ReadElement read) {
  std::uint64_t count = 0;
  if (!in.count(count)) return false;
  map.clear();
  for (; count > 0; --count) {
    std::string_view key;
    if (!in.string(key)) return false;
    if (!map.empty() && !(map.rbegin()->first < key)) {
      return in.fail("keys in ascending order", "one that is not") || in.failed_in(key_step(key));
    }
    auto mapped = access::blank<typename T::mapped_type>();
    if (!read(in, mapped)) return in.failed_in(key_step(key));
    map.emplace_hint(map.end(), std::string(key), std::move(mapped));
  }
  return true;
}

template <class T, class ReadElement>
bool read_optional(wire_reader& in, T& optional, ReadElement read) {
  bool given = false;
  if (!read_flag(in, given)) return false;
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
bool read_same_fields(wire_reader& in, T& record) {
  bool good = true;
  bool any = false;
  for_each_indexed(record, [&](std::size_t i, auto& field) {
    if (!good || !metas<T>[i].serialize) return;
    any = true;
    good = read_value(in, field) || in.failed_in("." + std::string(wire_names<T>[i]));
  });
  std::string_view zero;
  if (!good || (!any && !in.bytes(1, zero))) return false;
  finish(record);
  return true;
}

/// Reads a value that is stored as append_value stores it.
template <class T>
bool read_value(wire_reader& in, T& value) {
  if constexpr (boolean<T>) {
    return read_flag(in, value);
  } else if constexpr (integer<T> || floating<T>) {
    return in.number(value);
  } else if constexpr (described_enum<T>) {
    std::underlying_type_t<T> number{};
    if (!in.number(number)) return false;
    value = static_cast<T>(number);
    return true;
  } else if constexpr (text<T>) {
    return read_text(in, value);
  } else if constexpr (optional<T>) {
    return read_optional(in, value, read_same{});
  } else if constexpr (list<T>) {
    if constexpr (integer<typename T::value_type> || floating<typename T::value_type>) {
      if (is_plain<typename T::value_type>()) return read_plain_list(in, value);
    }
    return read_list(in, value, read_same{});
  } else if constexpr (fixed_array<T>) {
    return read_array(in, value, read_same{});
  } else if constexpr (string_map<T>) {
    return read_map(in, value, read_same{});
  } else if constexpr (duration<T> || time_point<T>) {
    return read_clock(in, kind_of<typename T::rep>(), value);
  } else {
    return read_same_fields(in, value);
  }
}

template <class T>
bool read_planned_enum(wire_reader& in, type_plan const& plan, T& value) {
  using number_type = std::underlying_type_t<T>;
  std::int64_t number = 0;  // the 64 bits, also of an unsigned value
  if (!read_number(in, plan.file->number, number)) return false;
  for (auto const& each : plan.file->enumerators) {
    if (each.value != number) continue;
    auto const* found = find_enumerator<T>(each.name);
    if (found == nullptr)
      return in.fail("an enumerator of " + plan.reader->name, "'" + each.name + "'");
    value = *found;
    return true;
  }
  if (plan.file->number != kind_of<number_type>()) {
    return in.fail("a named value of " + plan.reader->name, std::to_string(number));
  }
  value = static_cast<T>(static_cast<number_type>(number));
  return true;
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
    if (!good) return in.failed_in("." + plan.file->fields[i].name);
  }
  std::string_view zero;
  if (plan.steps.empty() && !in.bytes(1, zero)) return false;
  finish(record);
  return true;
}

/// Reads a value by the plan, which was made for the type T.
template <class T>
bool read_value(wire_reader& in, type_plan const& plan, T& value) {
  if (plan.same) return read_value(in, value);
  if constexpr (integer<T> || floating<T>) {
    return read_number(in, plan.file->kind, value);
  } else if constexpr (described_enum<T>) {
    return read_planned_enum(in, plan, value);
  } else if constexpr (optional<T>) {
    if (plan.file->kind == type_kind::optional) {
      return read_optional(in, value, read_planned{plan.children.front()});
    }
    value.emplace(access::blank<typename T::value_type>());
    return read_value(in, plan.children.front(), *value);
  } else if constexpr (list<T>) {
    return read_list(in, value, read_planned{plan.children.front()});
  } else if constexpr (fixed_array<T>) {
    return read_array(in, value, read_planned{plan.children.front()});
  } else if constexpr (string_map<T>) {
    return read_map(in, value, read_planned{plan.children.front()});
  } else if constexpr (duration<T> || time_point<T>) {
    return read_clock(in, plan.file->number, value);
  } else if constexpr (described<T>) {
    return read_planned_fields(in, plan, value);
  } else {
    return read_value(in, value);  // bool and string are always stored alike
  }
}

}  // namespace trainlog::detail

#endif
