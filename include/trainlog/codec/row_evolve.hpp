// SPDX-License-Identifier: MIT
// Rows of one schema read into records of another (docs/format.md, Reading with another schema).
#ifndef TRAINLOG_CODEC_ROW_EVOLVE_HPP
#define TRAINLOG_CODEC_ROW_EVOLVE_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "trainlog/codec/one_of.hpp"
#include "trainlog/codec/row_decode.hpp"
#include "trainlog/codec/row_skip.hpp"
#include "trainlog/detail/wire.hpp"
#include "trainlog/record/access.hpp"
#include "trainlog/record/descriptor.hpp"
#include "trainlog/record/enum.hpp"
#include "trainlog/record/enum_number.hpp"
#include "trainlog/record/traits.hpp"
#include "trainlog/schema/evolution.hpp"

namespace trainlog::detail {

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
bool read_planned_clock(wire_reader& in, type_kind kind, T& value) {
  typename T::rep count{};
  if (!read_number(in, kind, count)) return false;
  value = detail::clock_value<T>(count);
  return true;
}

template <class T>
bool read_value(wire_reader& in, type_plan const& plan, T& value);

/// How the elements of a list are read: by their plan.
struct read_planned {
  type_plan const& plan;
  template <class T>
  bool operator()(wire_reader& in, T& value) const {
    return detail::read_value(in, plan, value);
  }
};

/// A value that has a name in the file: it becomes the reader's value of that name.
template <class T>
bool read_named_enum(wire_reader& in, type_plan const& plan, std::string const& name, T& value) {
  auto const* found = find_enumerator<T>(name);
  if (found != nullptr) return value = *found, true;
  return in.fail(one_of(enumerators<T>.names), "'" + shortened(name) + "'",
                 kind_size(plan.file->number));
}

/// A value that has no name in the file: it keeps its number.
template <class T>
bool read_unnamed_enum(wire_reader& in, type_plan const& plan, std::int64_t number, T& value) {
  bool const fitting = is_signed_kind(plan.file->number)
                           ? fits<enum_number<T>>(number)
                           : fits<enum_number<T>>(static_cast<std::uint64_t>(number));
  if (fitting) return detail::set_enum(in, static_cast<enum_number<T>>(number), value);
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
             ? detail::read_unnamed_enum(in, plan, number, value)
             : detail::read_named_enum(in, plan, first->name, value);
}

/// A field of some record, and how to read it.
struct field_slot {
  void* field = nullptr;
  bool (*read)(wire_reader&, type_plan const&, void*) = nullptr;
};

template <class Field>
bool read_slot(wire_reader& in, type_plan const& plan, void* field) {
  return detail::read_value(in, plan, *static_cast<Field*>(field));
}

/// The fields of the record that are in files, in the order of its schema.
template <class T>
auto field_slots(T& record) {
  std::array<field_slot, descriptor<T>::size + 1> slots{};
  std::size_t next = 0;
  detail::for_each_indexed(record, [&]<class Field>(std::size_t i, Field& field) {
    if (metas<T>[i].serialize) slots[next++] = {&field, &read_slot<Field>};
  });
  return slots;
}

template <class T>
bool read_planned_fields(wire_reader& in, type_plan const& plan, T& record) {
  auto const slots = detail::field_slots(record);
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    auto const [target, child] = plan.steps[i];
    bool const good = target == type_plan::skip
                          ? skip_value(in, plan.file->fields[i].type)
                          : slots[target].read(in, plan.children[child], slots[target].field);
    if (!good) return failed_in_field(in, plan.file->fields[i].name);
  }
  return (!plan.steps.empty() || in.zero()) && detail::finish_record(in, record);
}

template <class T>
bool read_planned_optional(wire_reader& in, type_plan const& plan, T& value) {
  read_planned const read{plan.children.front()};
  if (plan.file->kind == type_kind::optional) return detail::read_optional(in, value, read);
  return read(in, value.emplace(access::blank<typename T::value_type>()));
}

/// Reads a value by the plan, which was made for the type T.
template <class T>
bool read_value(wire_reader& in, type_plan const& plan, T& value) {
  if (plan.same) return detail::read_value(in, value);
  if constexpr (integer<T> || floating<T>) return read_number(in, plan.file->kind, value);
  else if constexpr (described_enum<T>) return detail::read_planned_enum(in, plan, value);
  else if constexpr (optional<T>) return detail::read_planned_optional(in, plan, value);
  else if constexpr (list<T>)
    return detail::read_list(in, value, read_planned{plan.children.front()});
  else if constexpr (fixed_array<T>)
    return detail::read_array(in, value, read_planned{plan.children.front()});
  else if constexpr (string_map<T>)
    return detail::read_map(in, value, read_planned{plan.children.front()});
  else if constexpr (duration<T> || time_point<T>)
    return detail::read_planned_clock(in, plan.file->number, value);
  else if constexpr (described<T>) return detail::read_planned_fields(in, plan, value);
  else return detail::read_value(in, value);  // bool and string are always stored alike
}

}  // namespace trainlog::detail

#endif
