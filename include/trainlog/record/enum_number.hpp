// SPDX-License-Identifier: MIT
// The numbers of an enumeration: the type they are stored as, and those the enumeration can hold.
#ifndef TRAINLOG_RECORD_ENUM_NUMBER_HPP
#define TRAINLOG_RECORD_ENUM_NUMBER_HPP

#include <bit>
#include <cstdint>
#include <type_traits>

#include "trainlog/record/enum.hpp"
#include "trainlog/record/traits.hpp"

namespace trainlog::detail {

/// The integer as which an enumeration is stored.
template <described_enum T>
using enum_number = std::conditional_t<boolean<std::underlying_type_t<T>>, std::uint8_t,
                                       number_type<std::underlying_type_t<T>>>;

/// True if the enumeration can hold the number: without a fixed underlying type it has only the
/// values of the bits that its enumerators need.
template <described_enum T>
constexpr bool is_enum_value(enum_number<T> number) noexcept {
  if constexpr (boolean<std::underlying_type_t<T>>) {
    return number <= 1;
  } else if constexpr (requires { T{0}; }) {
    return true;
  } else {
    using bits = std::make_unsigned_t<enum_number<T>>;
    auto const magnitude = [](enum_number<T> of) {
      return static_cast<bits>(is_negative(of) ? ~of : of);
    };
    bits used = 0;
    bool negative = false;
    for (auto const each : enumerators<T>.values) {
      used |= magnitude(static_cast<enum_number<T>>(each));
      negative = negative || is_negative(static_cast<enum_number<T>>(each));
    }
    return (negative || !is_negative(number)) &&
           std::bit_width(magnitude(number)) <= std::bit_width(used);
  }
}

}  // namespace trainlog::detail

#endif
