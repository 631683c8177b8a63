// SPDX-License-Identifier: MIT
// Structured bindings of every immutable record, wherever its class was declared.
#ifndef TRAINLOG_RECORD_UNPACK_HPP
#define TRAINLOG_RECORD_UNPACK_HPP

#include <cstddef>
#include <type_traits>
#include <utility>

#include "trainlog/record/descriptor.hpp"

template <trainlog::immutable_record T>
  requires(!std::is_const_v<T> && !std::is_volatile_v<T>)
struct std::tuple_size<T>
    : std::integral_constant<std::size_t, trainlog::detail::descriptor<T>::size> {};

template <std::size_t I, trainlog::immutable_record T>
  requires(!std::is_const_v<T> && !std::is_volatile_v<T>)
struct std::tuple_element<I, T> {
  using type = trainlog::detail::field_type<T, I> const;
};

#endif
