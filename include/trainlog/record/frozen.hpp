// SPDX-License-Identifier: MIT
// frozen<T>: the immutable form of any mutable record.
#ifndef TRAINLOG_RECORD_FROZEN_HPP
#define TRAINLOG_RECORD_FROZEN_HPP

#include <cstddef>
#include <type_traits>
#include <utility>

#include "trainlog/record/declare.hpp"
#include "trainlog/record/descriptor.hpp"
#include "trainlog/record/field_access.hpp"
#include "trainlog/record/hash.hpp"
#include "trainlog/record/make.hpp"
#include "trainlog/record/unpack.hpp"

namespace trainlog {

template <record T>
class frozen;

namespace detail {

template <class T>
struct fields_of<frozen<T>, void> {
  static constexpr auto marked = fields_of<T>::marked;

  template <class F>
  static constexpr decltype(auto) visit(frozen<T>& record, F&& f) {
    return fields_of<T>::visit(access::frozen_value(record), std::forward<F>(f));
  }
};

template <class T>
struct descriptor<frozen<T>> : descriptor<T> {
  static constexpr bool immutable = true;
};

template <class T>
inline constexpr auto declared_metas<frozen<T>> = declared_metas<T>;

}  // namespace detail

/// A record that no member changes: safe to share between threads, hashable, copied and assigned
/// as a value. It has the fields, the printed form and the files of T. `shared->loss` reads.
template <record T>
class frozen {
  static_assert(!immutable_record<T>, "trainlog: this record is immutable already");

 public:
  /// Freezes a default T as it is: neither post_init nor validate runs, so that decoders and
  /// containers can make one to fill. `make<frozen<T>>()` runs both.
  constexpr frozen() = default;
  /// Freezes a copy of `value`, after its post_init and validate. Throws what they throw.
  constexpr frozen(T value) : value_(std::move(value)) { detail::complete(value_); }  // NOLINT

  constexpr T const& operator*() const noexcept { return value_; }
  constexpr T const* operator->() const noexcept { return &value_; }
  /// A mutable copy, as it is: no hook runs.
  [[nodiscard]] constexpr T thaw() const { return value_; }

  template <std::size_t I>
  constexpr auto const& get() const noexcept {
    return trainlog::get<I>(value_);
  }

  /// Without the record's base: fields_of<frozen<T>> has all its fields.
  friend constexpr auto trainlog_describe(detail::type_tag<frozen>,
                                          trainlog_global_scope) noexcept {
    constexpr auto& of = detail::own_fields<T>::source;
    return detail::describe(of.type_name, of.own_names, true, of.visit);
  }
  TRAINLOG_DETAIL_OPERATORS(frozen)

 private:
  friend struct detail::access;
  constexpr void post_init()
    requires(detail::access::has_post_init<T>())
  {
    detail::access::post_init(value_);
  }
  constexpr void validate() const
    requires(detail::access::has_validate<T>())
  {
    detail::access::validate(value_);
  }

  T value_{};
};

}  // namespace trainlog

#endif
