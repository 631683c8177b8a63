// SPDX-License-Identifier: MIT
// TRAINLOG_META: what is known of a field beyond its name and type.
#ifndef TRAINLOG_RECORD_META_HPP
#define TRAINLOG_RECORD_META_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <type_traits>
#include <utility>

#include "trainlog/record/access.hpp"
#include "trainlog/record/descriptor.hpp"

namespace trainlog {

/// Which way a metric should go.
enum class direction : unsigned char { none, minimize, maximize };

/// How many rows of a metric are summarised as one.
enum class reduction : unsigned char { none, mean, min, max, sum, last };

/// The metadata of one field.
struct field_meta {
  std::string_view unit;                                 ///< "nats", "s", "images/s"
  std::string_view doc;                                  ///< one sentence
  std::string_view rename;                               ///< the name in files, if not the member's
  std::array<std::string_view, 9> aka{};                 ///< earlier names in files, still read
  direction goal = direction::none;                      ///< what the training run wants of it
  reduction reduce = reduction::none;                    ///< how to summarise it
  bool repr = true;                                      ///< shown by repr and <<
  bool compare = true;                                   ///< takes part in ==, <=> and hash
  bool serialize = true;                                 ///< written to and read from files
  bool summary = true;                                   ///< written by summary::record and hparams
  bool required = false;                                 ///< reading without it is an error
  bool finite = false;                                   ///< NaN and infinities are invalid
  double ge = -std::numeric_limits<double>::infinity();  ///< smallest valid value
  double le = std::numeric_limits<double>::infinity();   ///< largest valid value
};

/// What may stand in TRAINLOG_META(Type, field, ...).
namespace meta {

/// One setting of a field's metadata.
template <class T>
struct setting {
  using member_type = T field_meta::*;

  member_type member;
  T value;
  constexpr void apply(field_meta& to) const noexcept { to.*member = value; }
};

struct alias {
  std::string_view name;
  constexpr void apply(field_meta& to) const {
    std::size_t i = 0;
    while (!to.aka[i].empty()) ++i;
    if (i == 8) throw "trainlog: a field has at most eight aka names";  // a compile error here
    to.aka[i] = name;
  }
};

[[maybe_unused]] inline constexpr direction minimize = direction::minimize;
[[maybe_unused]] inline constexpr direction maximize = direction::maximize;
[[maybe_unused]] inline constexpr reduction mean = reduction::mean;
[[maybe_unused]] inline constexpr reduction min = reduction::min;
[[maybe_unused]] inline constexpr reduction max = reduction::max;
[[maybe_unused]] inline constexpr reduction sum = reduction::sum;
[[maybe_unused]] inline constexpr reduction last = reduction::last;

/// The unit of the values: unit("nats").
constexpr setting<std::string_view> unit(std::string_view text) {
  return {&field_meta::unit, text};
}
/// One sentence about the field.
constexpr setting<std::string_view> doc(std::string_view text) { return {&field_meta::doc, text}; }
/// The field's name in files, tags and column headers: rename("train/loss"). The member's own name
/// is read as well, as by an aka behind the others, unless another field is named or was named so.
constexpr setting<std::string_view> rename(std::string_view name) {
  return {&field_meta::rename, name};
}
/// A name under which older files have the field. Up to eight a field.
constexpr alias aka(std::string_view name) { return {name}; }
/// goal(minimize) or goal(maximize).
constexpr setting<direction> goal(direction value) { return {&field_meta::goal, value}; }
/// reduce(mean), min, max, sum or last.
constexpr setting<reduction> reduce(reduction value) { return {&field_meta::reduce, value}; }
/// repr(false) leaves the field out of the printed form.
constexpr setting<bool> repr(bool value) { return {&field_meta::repr, value}; }
/// compare(false) leaves the field out of ==, <=> and the hash.
constexpr setting<bool> compare(bool value) { return {&field_meta::compare, value}; }
/// serialize(false) keeps the field out of files.
constexpr setting<bool> serialize(bool value) { return {&field_meta::serialize, value}; }
/// summary(false) keeps the field out of summaries of the record, but not out of other files: an
/// epoch that is their step, a path among hyperparameters.
constexpr setting<bool> summary(bool value) { return {&field_meta::summary, value}; }
/// Reading a file without the field is an error, even if the member has a default.
constexpr setting<bool> required(bool value = true) { return {&field_meta::required, value}; }
/// NaN and infinities are invalid.
constexpr setting<bool> finite(bool value = true) { return {&field_meta::finite, value}; }
/// Valid values are at least this.
constexpr setting<double> ge(double value) { return {&field_meta::ge, value}; }
/// Valid values are at most this.
constexpr setting<double> le(double value) { return {&field_meta::le, value}; }

}  // namespace meta

namespace detail {

/// Tells one field's metadata from another's in overload resolution.
template <std::uint64_t NameHash>
struct meta_key {};

template <class... Settings>
constexpr field_meta make_meta(Settings... settings) {
  field_meta result;
  (settings.apply(result), ...);
  return result;
}

template <class T, class Key>
constexpr field_meta find_meta(Key key) {
  if constexpr (requires { trainlog_meta(key, type_tag<T>{}, ::trainlog_global_scope{}); }) {
    return decltype(trainlog_meta(key, type_tag<T>{}, ::trainlog_global_scope{})){}();
  } else if constexpr (access::has_member_meta<T, Key>()) {
    return access::member_meta<T, Key>();
  } else if constexpr (!std::is_void_v<typename own_fields<T>::base>) {
    return find_meta<typename own_fields<T>::base>(key);
  } else {
    return {};
  }
}

template <class T, std::size_t... I>
constexpr std::array<field_meta, sizeof...(I)> collect_meta(std::index_sequence<I...>) {
  return {find_meta<T>(meta_key<fnv1a(descriptor<T>::names[I])>{})...};
}

/// The metadata of every field of T, in order, as TRAINLOG_META declares it.
template <class T>
inline constexpr auto declared_metas =
    collect_meta<T>(std::make_index_sequence<descriptor<T>::size>{});

/// The names of T's fields in files; those with serialize(false) are not in files.
template <class T>
inline constexpr auto wire_names = [] {
  auto names = descriptor<T>::names;
  for (std::size_t i = 0; i != names.size(); ++i) {
    if (!declared_metas<T>[i].rename.empty()) names[i] = declared_metas<T>[i].rename;
  }
  return names;
}();

/// The names of the fields that are in files; an empty one stands for serialize(false).
template <class T>
inline constexpr auto file_names = [] {
  auto names = wire_names<T>;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!declared_metas<T>[i].serialize) names[i] = {};
  }
  return names;
}();

/// The names of the fields that are in summaries; an empty one stands for summary(false), too.
template <class T>
inline constexpr auto summary_names = [] {
  auto names = file_names<T>;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!declared_metas<T>[i].summary) names[i] = {};
  }
  return names;
}();

/// True if a field is in files by that name, or was.
template <class T>
constexpr bool is_file_name(std::string_view name) noexcept {
  if (find_name(file_names<T>, name) != npos) return true;
  for (auto const& meta : declared_metas<T>) {
    if (!meta.serialize) continue;
    for (auto const* alias = meta.aka.data(); !alias->empty(); ++alias) {  // the ninth is empty
      if (*alias == name) return true;
    }
  }
  return false;
}

/// For each field that is renamed the member's own name, as which files from before have it; empty
/// if some field is in files by that name, or was.
template <class T>
inline constexpr auto former_names = [] {
  auto names = descriptor<T>::names;
  for (std::size_t i = 0; i < names.size(); ++i) {
    bool const renamed = !declared_metas<T>[i].rename.empty() && declared_metas<T>[i].serialize;
    if (!renamed || is_file_name<T>(names[i])) names[i] = {};
  }
  return names;
}();

constexpr field_meta add_aka(field_meta meta, std::string_view name) noexcept {
  std::size_t i = 0;
  while (!name.empty() && !meta.aka[i].empty()) ++i;
  if (!name.empty()) meta.aka[i] = name;
  return meta;
}

template <class T, std::size_t... I>
constexpr std::array<field_meta, sizeof...(I)> complete_meta(std::index_sequence<I...>) noexcept {
  return {add_aka(declared_metas<T>[I], former_names<T>[I])...};
}

/// The metadata of every field of T, in order. A former name is the last aka.
template <class T>
inline constexpr auto metas = complete_meta<T>(std::make_index_sequence<descriptor<T>::size>{});

}  // namespace detail
}  // namespace trainlog

/// After TRAINLOG_RECORD inside the struct, or after the struct at namespace scope: metadata of one
/// field. A derived record has its base's, unless it says otherwise.
///   TRAINLOG_META(TrainingLog, loss, unit("nats"), rename("train/loss"), goal(minimize))
/// takes the settings of namespace trainlog::meta. A name that is no field is a compile error.
#define TRAINLOG_META(Type, field, ...)                                                    \
  [[maybe_unused]] constexpr auto trainlog_meta(                                           \
      ::trainlog::detail::meta_key<::trainlog::detail::fnv1a(#field)>,                     \
      ::trainlog::detail::type_tag<Type>, ::trainlog_global_scope) noexcept {              \
    static_assert(::trainlog::detail::index_of<Type>(#field) != ::trainlog::detail::npos,  \
                  "trainlog: " #Type " has no field named " #field);                       \
    return [] {                                                                            \
      using ::trainlog::meta::aka, ::trainlog::meta::compare, ::trainlog::meta::doc,       \
          ::trainlog::meta::finite, ::trainlog::meta::ge, ::trainlog::meta::goal,          \
          ::trainlog::meta::last, ::trainlog::meta::le, ::trainlog::meta::max,             \
          ::trainlog::meta::maximize, ::trainlog::meta::mean, ::trainlog::meta::min,       \
          ::trainlog::meta::minimize, ::trainlog::meta::reduce, ::trainlog::meta::rename,  \
          ::trainlog::meta::repr, ::trainlog::meta::required, ::trainlog::meta::serialize, \
          ::trainlog::meta::sum, ::trainlog::meta::summary, ::trainlog::meta::unit;        \
      return ::trainlog::detail::make_meta(__VA_ARGS__);                                   \
    };                                                                                     \
  }

#endif
