// SPDX-License-Identifier: MIT
// The one internal description of a record type: its name, its fields' names, and a visitor.
//
// A declaring macro provides, where argument-dependent lookup finds it,
//   trainlog_describe(detail::type_tag<T>, trainlog_global_scope) -> detail::description<...>
// and everything else in the library reads descriptor<T>, which does not say which macro made it.
#ifndef TRAINLOG_RECORD_DESCRIPTOR_HPP
#define TRAINLOG_RECORD_DESCRIPTOR_HPP

#include <array>
#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#include "trainlog/record/names.hpp"

namespace trainlog {
namespace detail {

/// What a declaring macro says of a type.
/// `visit(T&, f)` calls f with an lvalue of each own field in order; a Base's fields come first.
template <class Visit, class Base = void>
struct description {
  std::string_view type_name;
  std::string_view own_names;  ///< macro text; a name with a trailing '=' has a default
  bool immutable;
  Visit visit;

  using base = Base;
};

template <class Base = void, class Visit>
constexpr description<Visit, Base> describe(std::string_view type_name, std::string_view own_names,
                                            bool immutable, Visit visit) noexcept {
  return {type_name, own_names, immutable, visit};
}

template <class T>
concept described =
    requires { trainlog_describe(type_tag<T>{}, ::trainlog_global_scope{}).own_names; };

template <class T>
struct descriptor;

/// "data::TrainingLog" -> "TrainingLog"
constexpr std::string_view unqualified(std::string_view name) noexcept {
  auto const colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

/// The fields of T itself, without those of its base.
template <class T>
struct own_fields {
  static constexpr auto source = trainlog_describe(type_tag<T>{}, ::trainlog_global_scope{});
  static constexpr std::size_t size = count_names(source.own_names);
  static constexpr auto marked = split_names<size>(source.own_names);
  using base = typename decltype(source)::base;
};

/// Field names and visitor of a record, its base's fields before its own.
template <class T, class Base = typename own_fields<T>::base>
struct fields_of {
  static constexpr std::size_t base_size = descriptor<Base>::size;
  static constexpr auto marked = [] {
    std::array<std::string_view, base_size + own_fields<T>::size> all{};
    std::size_t i = 0;
    for (auto name : fields_of<Base>::marked) all[i++] = name;
    for (auto name : own_fields<T>::marked) all[i++] = name;
    return all;
  }();

  template <class F>
  static constexpr decltype(auto) visit(T& record, F&& f) {
    return fields_of<Base>::visit(
        static_cast<Base&>(record), [&](auto&... inherited) -> decltype(auto) {
          return own_fields<T>::source.visit(
              record, [&](auto&... own) -> decltype(auto) { return f(inherited..., own...); });
        });
  }
};

template <class T>
struct fields_of<T, void> {
  static constexpr auto marked = own_fields<T>::marked;

  template <class F>
  static constexpr decltype(auto) visit(T& record, F&& f) {
    return own_fields<T>::source.visit(record, std::forward<F>(f));
  }
};

/// Everything the library knows of the record type T (not cv-qualified).
template <class T>
struct descriptor {
  static constexpr auto& marked = fields_of<T>::marked;
  static constexpr std::size_t size = marked.size();
  static constexpr std::string_view type_name = unqualified(own_fields<T>::source.type_name);
  static constexpr bool immutable = own_fields<T>::source.immutable;

  /// Member names, in declaration order.
  static constexpr auto names = [] {
    auto all = marked;
    for (auto& name : all) {
      if (name.back() == '=') name.remove_suffix(1);
    }
    return all;
  }();

  /// True for each field that may be left out when a record is made or read.
  static constexpr auto has_default = [] {
    std::array<bool, size> all{};
    std::size_t i = 0;
    for (auto const name : marked) all[i++] = !immutable || name.back() == '=';
    return all;
  }();

  static_assert(all_different(names), "trainlog: a record lists a field twice");
};

/// Calls f(field...) with an lvalue of every field of the record, const if the record is.
template <class T, class F>
constexpr decltype(auto) visit_fields(T& record, F&& f) {
  using plain = std::remove_const_t<T>;
  if constexpr (std::is_const_v<T>) {
    // The visitor only forms references, and f sees them as const.
    return fields_of<plain>::visit(
        const_cast<plain&>(record),
        [&](auto&... field) -> decltype(auto) { return f(std::as_const(field)...); });
  } else {
    return fields_of<plain>::visit(record, std::forward<F>(f));
  }
}

/// Calls f(index, field) for every field, in order.
template <class T, class F>
constexpr void for_each_indexed(T& record, F&& f) {
  detail::visit_fields(record, [&](auto&... field) {
    std::size_t index = 0;  // NOLINT(misc-const-correctness): constant for no fields only
    // Not a fold expression: those stop at 256 operands in clang.
    [[maybe_unused]] int const done[] = {0, (f(index++, field), 0)...};
  });
}

struct any_reference {
  template <class T>
  constexpr any_reference(T&&) noexcept {}  // NOLINT: swallows any argument
};

template <class Before>
struct field_picker;
template <std::size_t... Before>
struct field_picker<std::index_sequence<Before...>> {
  template <std::size_t>
  using skipped = any_reference;

  template <class Field, class... Rest>
  static constexpr Field& pick(skipped<Before>..., Field& field, Rest&...) noexcept {
    return field;  // NOLINT(bugprone-return-const-ref-from-parameter): always an lvalue
  }
};

template <std::size_t I, class T>
constexpr auto& field_at(T& record) noexcept {
  return detail::visit_fields(record, [](auto&... field) -> auto& {
    return field_picker<std::make_index_sequence<I>>::pick(field...);
  });
}

/// Types by number. Not a std::tuple, which nvcc completes, and of 512 types it cannot.
template <class...>
struct type_list {};

struct list_types {
  template <class... Fields>
  constexpr type_list<std::remove_const_t<Fields>...> operator()(Fields&...) const noexcept {
    return {};
  }
};

/// All field types of T, as a type_list.
template <class T>
using field_types = decltype(detail::visit_fields(std::declval<T&>(), list_types{}));

template <class T, std::size_t I>
using field_type = std::remove_cvref_t<decltype(detail::field_at<I>(std::declval<T&>()))>;

}  // namespace detail

/// A type declared by TRAINLOG_RECORD, TRAINLOG_DESCRIBE or TRAINLOG_NAMEDTUPLE, or a frozen<> one.
template <class T>
concept record = detail::described<std::remove_cv_t<T>>;

/// A record that is never changed after construction: a named tuple or a frozen<> record.
template <class T>
concept immutable_record = record<T> && detail::descriptor<std::remove_cv_t<T>>::immutable;

namespace detail {

template <class T>
constexpr std::size_t index_of(std::string_view name) noexcept {
  return find_name(descriptor<std::remove_cv_t<T>>::names, name);
}

}  // namespace detail
}  // namespace trainlog

#endif
