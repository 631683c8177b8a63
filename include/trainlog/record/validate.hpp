// SPDX-License-Identifier: MIT
// Validity of a record: the bounds of TRAINLOG_META, and the record's own validate().
#ifndef TRAINLOG_RECORD_VALIDATE_HPP
#define TRAINLOG_RECORD_VALIDATE_HPP

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "trainlog/detail/float_class.hpp"
#include "trainlog/record/access.hpp"
#include "trainlog/record/descriptor.hpp"
#include "trainlog/record/error.hpp"
#include "trainlog/record/meta.hpp"
#include "trainlog/record/repr.hpp"
#include "trainlog/record/traits.hpp"

namespace trainlog {
namespace detail {

constexpr bool has_bounds(field_meta const& meta) noexcept {
  return meta.finite || is_finite(meta.ge) || is_finite(meta.le);
}

/// True for what bounds are checked in: numbers and durations, also in optionals, lists, arrays and
/// maps.
template <class T>
constexpr bool has_number() noexcept {
  if constexpr (optional<T> || list<T> || fixed_array<T>) {
    return has_number<typename T::value_type>();
  } else if constexpr (string_map<T>) {
    return has_number<typename T::mapped_type>();
  } else {
    return integer<T> || floating<T> || duration<T>;
  }
}

template <class T, class... Fields>
constexpr bool bounds_have_numbers(type_list<Fields...>) noexcept {
  std::array<bool, sizeof...(Fields)> const numbers{has_number<Fields>()...};
  std::size_t i = 0;
  for (bool const number : numbers) {
    if (has_bounds(metas<T>[i++]) && !number) return false;
  }
  return true;
}

/// True if a field of T itself has bounds.
template <class T>
constexpr bool any_bounds() noexcept {
  static_assert(detail::bounds_have_numbers<T>(field_types<T>{}),
                "trainlog: a bound on a field that has no number");
  for (auto const& meta : metas<T>) {
    if (has_bounds(meta)) return true;
  }
  return false;
}

/// The two kinds of rules for a record: the bounds of its fields, and its own validate().
enum class rule : unsigned char { bounds, validate };

template <class... Seen>
struct seen_types {};

template <rule Rule, class Field, class... Seen>
constexpr bool has_rule(seen_types<Seen...>) noexcept;

template <rule Rule, class Seen, class... Fields>
constexpr bool any_has_rule([[maybe_unused]] Seen seen, type_list<Fields...>) noexcept {
  std::array<bool, sizeof...(Fields)> const all{detail::has_rule<Rule, Fields>(seen)...};
  for (bool const one : all) {
    if (one) return true;
  }
  return false;
}

/// True if a record, or one that is held in the field, has such a rule.
/// The types seen so far end the recursion of a record that holds a list of its like.
template <rule Rule, class Field, class... Seen>
constexpr bool has_rule(seen_types<Seen...> seen) noexcept {
  if constexpr (optional<Field> || list<Field> || fixed_array<Field>) {
    return detail::has_rule<Rule, typename Field::value_type>(seen);
  } else if constexpr (string_map<Field>) {
    return detail::has_rule<Rule, typename Field::mapped_type>(seen);
  } else if constexpr (described<Field> && !(std::is_same_v<Field, Seen> || ...)) {
    constexpr bool own = Rule == rule::bounds ? any_bounds<Field>() : access::has_validate<Field>();
    return own || detail::any_has_rule<Rule>(seen_types<Field, Seen...>{}, field_types<Field>{});
  } else {
    return false;
  }
}

/// Calls f(record) for each record in the field.
template <class T, class F>
constexpr void for_each_record(T const& field, F const& f) {
  if constexpr (optional<T>) {
    if (field) detail::for_each_record(*field, f);
  } else if constexpr (list<T> || fixed_array<T>) {
    for (auto const& element : field) detail::for_each_record(element, f);
  } else if constexpr (string_map<T>) {
    for (auto const& entry : field) detail::for_each_record(entry.second, f);
  } else {
    f(field);
  }
}

/// Where a field is: "inner.x".
struct field_path {
  field_path const* outer;  ///< null for a field of the record that is validated
  std::string_view name;

  void append_to(std::string& out) const {
    if (outer != nullptr) {
      outer->append_to(out);
      out += '.';
    }
    out.append(name);
  }
};

/// The number that a bound is about: of a duration, its seconds.
template <class T>
constexpr auto number_of(T value) noexcept {
  if constexpr (duration<T>) {
    return static_cast<double>(value.count()) * static_cast<double>(T::period::num) /
           static_cast<double>(T::period::den);
  } else if constexpr (integer<T>) {
    return as_number(value);
  } else {
    return static_cast<double>(value);
  }
}

/// Negative if the number is below the bound, positive if it is above; 0 for a NaN. Exact.
constexpr int order_bound(double number, double bound) noexcept {
  return number < bound ? -1 : number > bound ? 1 : 0;
}
template <integer T>
constexpr int order_bound(T number, double bound) noexcept {
  if (is_nan(bound)) return 0;
  if (bound >= end_of<T, double>) return -1;
  if (bound < first_of<T, double>) return 1;
  auto const whole = static_cast<T>(bound);  // towards zero
  if (number != whole) return number < whole ? -1 : 1;
  return order_bound(static_cast<double>(whole), bound);
}

/// The same for a number that is kept as a T. For a float the bound is rounded as the number was:
/// 0.7F is not below 0.7.
template <class T, class Number>
constexpr int order_bound_of(Number number, double bound) noexcept {
  if constexpr (duration<T>) {
    return detail::order_bound_of<typename T::rep>(number, bound);
  } else if constexpr (std::is_same_v<T, float>) {
    auto const rounded = [](double x) { return fits<float>(x) ? static_cast<float>(x) : x; };
    return order_bound(rounded(number), rounded(bound));
  } else {
    return order_bound(number, bound);
  }
}

/// What is wrong with a record. Of many problems the first are named and the others counted, so
/// that the text stays short.
struct issue_list {
  static constexpr std::size_t most = 20;
  std::string text;
  std::size_t size = 0;
};

/// Adds to `issues` what the bounds forbid. NaN is neither below nor above any bound.
template <class T>
constexpr void check_number(issue_list& issues, field_path path, T const& value,
                            field_meta const& meta) {
  auto const complain = [&](std::string_view problem, double bound, bool show_bound) {
    if (++issues.size > issue_list::most) return;
    std::string& text = issues.text;
    if (!text.empty()) text += "; ";
    path.append_to(text);
    text.append(" = ").append(detail::repr_of(value)).append(problem);
    if (show_bound) text += detail::repr_of(bound);
  };
  auto const number = detail::number_of(value);
  if constexpr (std::is_same_v<decltype(number), double const>) {
    if (meta.finite && !is_finite(number)) complain(" is not finite", 0, false);
    if (is_nan(number)) return;
  }
  if (order_bound_of<T>(number, meta.ge) < 0) complain(" is less than ", meta.ge, true);
  if (order_bound_of<T>(number, meta.le) > 0) complain(" is greater than ", meta.le, true);
}

template <class T>
constexpr void check_numbers(issue_list& issues, field_path path, T const& field,
                             field_meta const& meta) {
  if constexpr (optional<T>) {
    if (field) detail::check_numbers(issues, path, *field, meta);
  } else if constexpr (list<T> || fixed_array<T>) {
    for (auto const& element : field) detail::check_numbers(issues, path, element, meta);
  } else if constexpr (string_map<T>) {
    for (auto const& entry : field) detail::check_numbers(issues, path, entry.second, meta);
  } else {
    detail::check_number(issues, path, field, meta);
  }
}

/// Adds what the bounds of the record's own fields forbid.
template <class T>
constexpr void check_own_bounds(issue_list& issues, field_path const* outer, T const& record) {
  if constexpr (any_bounds<T>()) {
    detail::for_each_indexed(record, [&]<class Field>(std::size_t i, Field const& field) {
      if constexpr (has_number<Field>()) {
        if (!has_bounds(metas<T>[i])) return;
        detail::check_numbers(issues, {outer, descriptor<T>::names[i]}, field, metas<T>[i]);
      }
    });
  }
}

/// Adds what the bounds of the record's fields, and of the records in them, forbid.
template <class T>
constexpr void check_all_bounds(issue_list& issues, field_path const* outer, T const& record) {
  detail::check_own_bounds(issues, outer, record);
  detail::for_each_indexed(record, [&]<class Field>(std::size_t i, Field const& field) {
    if constexpr (detail::has_rule<rule::bounds, Field>(seen_types<>{})) {
      field_path const path{outer, descriptor<T>::names[i]};
      detail::for_each_record(
          field, [&](auto const& inner) { detail::check_all_bounds(issues, &path, inner); });
    }
  });
}

/// Calls the validate() of the records in the record, then its own.
template <class T>
constexpr void call_validate(T const& record) {
  detail::for_each_indexed(record, [&]<class Field>(std::size_t, Field const& field) {
    if constexpr (detail::has_rule<rule::validate, Field>(seen_types<>{})) {
      detail::for_each_record(field, [](auto const& inner) { detail::call_validate(inner); });
    }
  });
  access::validate(record);
}

template <class T>
constexpr void throw_issues(issue_list const& issues) {
  if (issues.size == 0) return;
  std::string text = "trainlog: invalid " + std::string(descriptor<T>::type_name) + ": ";
  text += issues.text;
  if (issues.size > issue_list::most) {
    text += "; and " + std::to_string(issues.size - issue_list::most) + " more";
  }
  throw validation_error(text);
}

}  // namespace detail

/// Throws validation_error with what is out of the bounds of TRAINLOG_META (ge, le, finite), 20
/// problems of it at most, then calls the record's own `void validate() const`, which may throw
/// what it likes. Bounds hold for numbers and for durations, in seconds, and for all that an
/// optional, list, array or map of them holds; on a field without a number they are a compile
/// error. Records in the fields are validated as well, and named by their path: "inner.x = -1.0 is
/// less than 0.0". Done by make, replace and frozen, and by every decoder for each record that it
/// has read; free of cost where there is nothing to check.
template <record T>
constexpr void validate(T const& value) {
  if constexpr (detail::has_rule<detail::rule::bounds, T>(detail::seen_types<>{})) {
    detail::issue_list issues;
    detail::check_all_bounds(issues, nullptr, value);
    detail::throw_issues<T>(issues);
  }
  if constexpr (detail::has_rule<detail::rule::validate, T>(detail::seen_types<>{})) {
    detail::call_validate(value);
  }
}

namespace detail {

/// What happens to every record that was made of given fields: post_init, then validation.
template <class T>
constexpr void complete(T& value) {
  access::post_init(value);
  trainlog::validate(std::as_const(value));
}

/// The same for a record that was read, and so were the records in it, one by one.
template <class T>
constexpr void finish(T& value) {
  access::post_init(value);
  if constexpr (any_bounds<T>()) {
    issue_list issues;
    detail::check_own_bounds(issues, nullptr, std::as_const(value));
    throw_issues<T>(issues);
  }
  access::validate(std::as_const(value));
}

/// True if finish does anything for a T.
template <class T>
constexpr bool has_hooks() noexcept {
  return any_bounds<T>() || access::has_hooks<T>();
}

}  // namespace detail
}  // namespace trainlog

#endif
