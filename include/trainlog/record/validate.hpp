// SPDX-License-Identifier: MIT
// Validity of a record: the bounds of TRAINLOG_META, and the record's own validate().
#ifndef TRAINLOG_RECORD_VALIDATE_HPP
#define TRAINLOG_RECORD_VALIDATE_HPP

#include <cstddef>
#include <limits>
#include <string>

#include "trainlog/record/access.hpp"
#include "trainlog/record/descriptor.hpp"
#include "trainlog/record/error.hpp"
#include "trainlog/record/meta.hpp"
#include "trainlog/record/repr.hpp"
#include "trainlog/record/traits.hpp"

namespace trainlog {
namespace detail {

constexpr bool has_bounds(field_meta const& meta) noexcept {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  return meta.finite || meta.ge > -infinity || meta.le < infinity;
}

/// Adds to `issues` what the bounds forbid. NaN is neither below nor above any bound.
template <class T>
constexpr void check_bounds(std::string& issues, std::string_view name, T const& value,
                            field_meta const& meta) {
  auto const complain = [&](std::string_view problem, double bound, bool show_bound) {
    if (!issues.empty()) issues += "; ";
    issues.append(name).append(" = ").append(repr_of(value)).append(problem);
    if (show_bound) issues += repr_of(bound);
  };
  auto const number = static_cast<double>(value);
  if (meta.finite && !(number - number == 0)) complain(" is not finite", 0, false);
  if (number < meta.ge) complain(" is less than ", meta.ge, true);
  if (number > meta.le) complain(" is greater than ", meta.le, true);
}

template <class T>
constexpr void check_field(std::string& issues, std::string_view name, T const& field,
                           field_meta const& meta) {
  if constexpr (integer<T> || floating<T>) {
    if (has_bounds(meta)) check_bounds(issues, name, field, meta);
  } else if constexpr (optional<T>) {
    if (field) check_field(issues, name, *field, meta);
  } else if constexpr (list<T> || fixed_array<T>) {
    if (!has_bounds(meta)) return;
    for (auto const& element : field) {
      check_field<typename T::value_type>(issues, name, element, meta);
    }
  }
}

template <class T>
constexpr bool any_bounds() noexcept {
  for (auto const& meta : metas<T>) {
    if (has_bounds(meta)) return true;
  }
  return false;
}

}  // namespace detail

/// Throws validation_error with everything that is out of the bounds of TRAINLOG_META (ge, le,
/// finite), then calls the record's own `void validate() const`, which may throw what it likes.
/// Done by make, replace, frozen and every decoder; free of cost where there is nothing to check.
template <record T>
constexpr void validate(T const& value) {
  if constexpr (detail::any_bounds<T>()) {
    std::string issues;
    detail::for_each_indexed(value, [&](std::size_t i, auto& field) {
      detail::check_field(issues, detail::descriptor<T>::names[i], field, detail::metas<T>[i]);
    });
    if (!issues.empty()) {
      throw validation_error("trainlog: invalid " + std::string(detail::descriptor<T>::type_name) +
                             ": " + issues);
    }
  }
  detail::access::validate(value);
}

namespace detail {

/// What happens to every record once its fields are set: post_init, then validation.
template <class T>
constexpr void finish(T& value) {
  access::post_init(value);
  trainlog::validate(std::as_const(value));
}

/// True if finish does anything for a T.
template <class T>
constexpr bool has_hooks() noexcept {
  return any_bounds<T>() || access::has_hooks<T>();
}

}  // namespace detail
}  // namespace trainlog

#endif
