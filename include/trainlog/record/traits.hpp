// SPDX-License-Identifier: MIT
// The kinds of field types: what a record may hold.
#ifndef TRAINLOG_RECORD_TRAITS_HPP
#define TRAINLOG_RECORD_TRAITS_HPP

#include <array>
#include <concepts>
#include <cstddef>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include "trainlog/detail/float_class.hpp"
#include "trainlog/record/descriptor.hpp"
#include "trainlog/record/enum.hpp"

namespace trainlog::detail {

template <class T, template <class...> class Template>
inline constexpr bool is_instance = false;
template <template <class...> class Template, class... Arguments>
inline constexpr bool is_instance<Template<Arguments...>, Template> = true;

template <class T>
inline constexpr bool is_std_array = false;
template <class T, std::size_t N>
inline constexpr bool is_std_array<std::array<T, N>> = true;

template <class T>
concept boolean = std::same_as<T, bool>;

/// char, and the signed and unsigned integers of 8 to 64 bits.
template <class T>
concept integer =
    std::integral<T> && !boolean<T> && sizeof(T) <= 8 && !std::same_as<T, wchar_t> &&
    !std::same_as<T, char8_t> && !std::same_as<T, char16_t> && !std::same_as<T, char32_t>;

template <class T>
concept floating = std::same_as<T, float> || std::same_as<T, double>;

template <class T>
concept text = std::same_as<T, std::string>;

template <class T>
concept list = is_instance<T, std::vector>;

template <class T>
concept fixed_array = is_std_array<T>;

// <chrono>, <map> and <optional> cost more to include than the rest together, and most records have
// none of theirs, so their types are known by their shape.

/// std::optional.
template <class T>
concept optional = requires(T value) {
  typename T::value_type;
  { value.has_value() } -> std::same_as<bool>;
  { *value } -> std::same_as<typename T::value_type&>;
  value.reset();
};

/// std::map, in any order of its keys.
template <class T>
concept string_map = requires {
  typename T::mapped_type;
  typename T::insert_return_type;  // not a multimap
  typename T::key_compare;         // not an unordered_map
  requires std::same_as<typename T::key_type, std::string>;
};

template <class T>
concept duration = requires(T value) {
  typename T::rep;
  typename T::period;
  requires(integer<typename T::rep> || floating<typename T::rep>);
  { value.count() } -> std::convertible_to<typename T::rep>;
};

template <class T>
concept time_point = requires(T value) {
  typename T::clock;
  requires duration<typename T::duration>;
  { value.time_since_epoch() } -> std::convertible_to<typename T::duration>;
};

/// A time point of the system clock: UTC, counted from 1970-01-01.
template <class T>
concept calendar_time = time_point<T> && requires(T value) { T::clock::to_time_t(value); };

template <class T>
concept scalar = boolean<T> || integer<T> || floating<T> || described_enum<T>;

/// The type whose numbers a field of type T holds: char is a signed char, also where the platform's
/// char has no sign, so that files and texts are the same everywhere.
template <class T>
using number_type = std::conditional_t<std::same_as<T, char>, signed char, T>;

template <class T>
constexpr number_type<T> as_number(T value) noexcept {
  return static_cast<number_type<T>>(value);
}

template <integer T>
constexpr bool is_negative(T value) noexcept {
  if constexpr (std::is_signed_v<number_type<T>>) {
    return as_number(value) < 0;
  } else {
    return false;
  }
}

/// One past the largest T: a power of two, so exact in any floating-point type.
template <integer T, floating Float>
// NOLINTNEXTLINE(bugprone-integer-division): rounded down on purpose
inline constexpr Float end_of = 2 * static_cast<Float>(std::numeric_limits<T>::max() / 2 + 1);
/// The smallest T.
template <integer T, floating Float>
inline constexpr Float first_of = std::is_signed_v<T> ? -end_of<T, Float> : Float{0};

/// True if the integer type To has the value.
template <integer To, integer From>
constexpr bool fits(From value) noexcept {
  auto const number = as_number(value);
  auto const cast = static_cast<number_type<To>>(number);
  return static_cast<number_type<From>>(cast) == number && is_negative(cast) == is_negative(number);
}
template <integer To, floating From>
constexpr bool fits(From value) noexcept {
  using number = number_type<To>;
  return is_finite(value) && value >= first_of<number, From> && value < end_of<number, From> &&
         static_cast<From>(static_cast<number>(value)) == value;
}
/// True unless the value is finite, but the number of To that is nearest to it is not.
template <floating To, class From>
constexpr bool fits(From value) noexcept {
  if constexpr (std::numeric_limits<From>::digits10 > std::numeric_limits<To>::digits10 &&
                !std::numeric_limits<From>::is_integer) {
    constexpr From max = std::numeric_limits<To>::max();
    constexpr From epsilon = std::numeric_limits<To>::epsilon();
    constexpr From end = max / (2 - epsilon) * (2 - epsilon / 2);  // half a step above the largest
    bool const finite =
        value >= std::numeric_limits<From>::lowest() && value <= std::numeric_limits<From>::max();
    return !finite || (value > -end && value < end);
  } else {
    return true;
  }
}

template <class T>
inline constexpr bool always_false = false;

template <class T>
constexpr bool is_supported() noexcept {
  if constexpr (scalar<T> || text<T> || duration<T> || time_point<T> || described<T>) {
    return true;
  } else if constexpr (string_map<T>) {
    return is_supported<typename T::mapped_type>();
  } else if constexpr (optional<T> || list<T> || fixed_array<T>) {
    return is_supported<typename T::value_type>();
  } else {
    return false;
  }
}

/// A type that may stand in a record and be written and read by every codec.
template <class T>
concept supported = is_supported<T>();

}  // namespace trainlog::detail

#endif
