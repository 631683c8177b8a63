// SPDX-License-Identifier: MIT
// Values of a file read by their type in its schema, without a C++ type.
#ifndef TRAINLOG_LOG_ANY_VALUE_HPP
#define TRAINLOG_LOG_ANY_VALUE_HPP

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "trainlog/codec/row_evolve.hpp"
#include "trainlog/codec/row_skip.hpp"
#include "trainlog/detail/time_text.hpp"
#include "trainlog/detail/wire.hpp"
#include "trainlog/record/seconds.hpp"
#include "trainlog/record/traits.hpp"
#include "trainlog/record/value.hpp"
#include "trainlog/schema/schema.hpp"

namespace trainlog::detail {

inline bool read_any_value(wire_reader& in, schema_type const& type, value& out);

/// Makes a value of the number that is stored as `kind`.
inline bool read_any_number(wire_reader& in, type_kind kind, value& out) {
  auto const as = [&]<class Kept>(Kept number) {
    if (!read_number(in, kind, number)) return false;
    out = number;
    return true;
  };
  if (kind == type_kind::float32) return as(float{});
  if (kind == type_kind::float64) return as(double{});
  return is_signed_kind(kind) ? as(std::int64_t{}) : as(std::uint64_t{});
}

inline bool read_any_enum(wire_reader& in, schema_type const& type, value& out) {
  std::int64_t number = 0;  // the 64 bits, also of an unsigned value
  if (!read_number(in, type.number, number)) return false;
  for (auto const& each : type.enumerators) {
    if (each.value == number) return out = each.name, true;
  }
  if (is_signed_kind(type.number)) out = number;
  else out = static_cast<std::uint64_t>(number);
  return true;
}

/// The n of a clock that counts 10^-n seconds, n at most 9, or whole seconds; -1 for others.
inline int decimal_digits(schema_type const& clock) noexcept {
  std::uint64_t unit = 1;
  for (int digits = 0; digits <= 9; ++digits, unit *= 10) {
    if (clock.denominator == unit) return digits == 0 || clock.numerator == 1 ? digits : -1;
  }
  return -1;
}

/// The instant of so many ticks of a clock of decimal_digits; one without an RFC 3339 form if it
/// has over 64 bits.
inline instant instant_of(std::int64_t ticks, schema_type const& clock) noexcept {
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  auto const unit = static_cast<std::int64_t>(clock.denominator);
  std::int64_t seconds = ticks / unit;
  std::int64_t rest = ticks % unit;
  if (rest < 0) --seconds, rest += unit;
  auto const size = static_cast<std::uint64_t>(seconds < 0 ? -(seconds + 1) : seconds);
  if (size >= most / clock.numerator) return {std::numeric_limits<std::int64_t>::max(), 0};
  return {seconds * static_cast<std::int64_t>(clock.numerator),
          static_cast<std::uint32_t>(rest * (1'000'000'000 / unit))};
}

/// The seconds that asdict has; of clocks that no duration has here, as near as can be computed.
inline value seconds_of(value const& ticks, schema_type const& clock) {
  int const digits = exponent_of_ten(static_cast<std::intmax_t>(clock.denominator));
  return std::visit(
      [&]<class Held>(Held const& held) -> value {
        if constexpr (number<Held>) {
          bool const is_plain = digits >= 0 && clock.numerator == 1;
          if (is_plain || (digits == 0 && integer<Held>))
            return ticks_to_seconds(held, clock.numerator, digits);
          return static_cast<double>(static_cast<long double>(held) *
                                     static_cast<long double>(clock.numerator) /
                                     static_cast<long double>(clock.denominator));
        } else {
          return {};
        }
      },
      ticks.data());
}

/// Instants of UTC that RFC 3339 can write are text; other times, and durations, are seconds.
inline bool read_any_clock(wire_reader& in, schema_type const& type, value& out) {
  if (!read_any_number(in, type.number, out)) return false;
  int const digits = decimal_digits(type);
  auto const* const ticks = std::get_if<std::int64_t>(&out.data());
  if (ticks != nullptr && type.kind == type_kind::time && type.utc && digits >= 0) {
    if (instant const time = instant_of(*ticks, type); has_rfc3339(time)) {
      std::string text;
      append_rfc3339(text, time, digits);
      return out = std::move(text), true;
    }
  }
  return out = seconds_of(out, type), true;
}

inline bool read_any_list(wire_reader& in, schema_type const& element, std::uint64_t count,
                          value& out) {
  value_list list;
  for (std::uint64_t i = 0; i < count; ++i) {
    if (!read_any_value(in, element, list.emplace_back())) return failed_in_element(in, i);
  }
  out = std::move(list);
  return true;
}

inline bool read_any_map(wire_reader& in, schema_type const& mapped, value& out) {
  std::uint64_t count = 0;
  if (!in.count(count)) return false;
  std::vector<dict::entry> entries;
  for (; count > 0; --count) {
    std::string_view key;
    if (!in.string(key)) return false;
    entries.emplace_back(key, value());
    if (!read_any_value(in, mapped, entries.back().second)) return failed_in_field(in, key);
  }
  out = dict::from_entries(std::move(entries));
  return true;
}

/// Appends the fields of a record by their names.
inline bool read_any_fields(wire_reader& in, std::vector<schema_field> const& fields, dict& out) {
  for (auto const& field : fields) {
    if (!read_any_value(in, field.type, out.append(field.name, value()))) {
      return failed_in_field(in, field.name);
    }
  }
  return !fields.empty() || in.zero();
}

/// Reads a value of the type.
inline bool read_any_value(wire_reader& in, schema_type const& type, value& out) {
  std::uint64_t count = 0;
  bool flag = false;
  std::string_view text;
  dict fields;
  switch (type.kind) {
    case type_kind::boolean:
      return in.flag(flag) && (out = flag, true);
    case type_kind::string:
      return in.string(text) && (out = text, true);
    case type_kind::optional:
      return in.flag(flag) &&
             (flag ? read_any_value(in, type.element.front(), out) : (out = value(), true));
    case type_kind::list:
      return in.count(count) && read_any_list(in, type.element.front(), count, out);
    case type_kind::array:
      return read_any_list(in, type.element.front(), type.length, out) &&
             (type.length != 0 || in.zero());
    case type_kind::map:
      return read_any_map(in, type.element.front(), out);
    case type_kind::record:
      return read_any_fields(in, type.fields, fields) && (out = std::move(fields), true);
    case type_kind::enumeration:
      return read_any_enum(in, type, out);
    case type_kind::duration:
    case type_kind::time:
      return read_any_clock(in, type, out);
    default:
      return read_any_number(in, type.kind, out);
  }
}

}  // namespace trainlog::detail

#endif
