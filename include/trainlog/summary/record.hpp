// SPDX-License-Identifier: MIT
// summary::record and summary::replay: all numbers of a record as one event, and a log of records
// as event files (docs/reference/summary.md).
#ifndef TRAINLOG_SUMMARY_RECORD_HPP
#define TRAINLOG_SUMMARY_RECORD_HPP

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "trainlog/detail/append_number.hpp"
#include "trainlog/record/field_access.hpp"
#include "trainlog/record/seconds.hpp"
#include "trainlog/record/serializable.hpp"
#include "trainlog/record/value.hpp"
#include "trainlog/summary/context.hpp"
#include "trainlog/summary/event.hpp"
#include "trainlog/summary/options.hpp"
#include "trainlog/summary/scalar_head.hpp"
#include "trainlog/summary/value_writer.hpp"
#include "trainlog/summary/wall_time.hpp"
#include "trainlog/summary/writer.hpp"

namespace trainlog::detail {

/// Appends "NAME/" to a scope while it lives.
class inner_scope {
 public:
  inner_scope(std::string& scope, std::string_view name) : scope_(scope), size_(scope.size()) {
    scope.append(name).append("/");
  }
  inner_scope(inner_scope const&) = delete;
  inner_scope& operator=(inner_scope const&) = delete;
  ~inner_scope() { scope_.resize(size_); }

 private:
  std::string& scope_;
  std::size_t size_;
};

/// A field that has one scalar, always.
template <class T>
concept scalar_field = boolean<std::remove_const_t<T>> || number<std::remove_const_t<T>> ||
                       duration<std::remove_const_t<T>>;

template <scalar_field T>
float to_scalar(T const& field) {
  if constexpr (duration<T>) return static_cast<float>(detail::to_seconds(field));
  else return static_cast<float>(as_number(field));
}

/// What its tag is described as: its doc, or its unit.
constexpr std::string_view description_of(field_meta const& meta) noexcept {
  return meta.doc.empty() ? meta.unit : meta.doc;
}

/// Of the fields of T that are in summaries and have no description, so that a record need not make
/// them again and again.
template <class T>
inline constexpr auto scalar_heads = [] {
  std::array<scalar_head, summary_names<T>.size()> heads;
  for (std::size_t i = 0; i < heads.size(); ++i) {
    if (description_of(metas<T>[i]).empty()) heads[i] = scalar_head(summary_names<T>[i]);
  }
  return heads;
}();

/// Appends the numbers of records to an event.
class record_values {
 public:
  explicit record_values(value_writer& out) noexcept : out_(out) {}

  template <class T>
  void add_fields(T const& record) {
    bool const is_inner = !out_.scope().empty();
    for_each_indexed(record, [&]<class Field>(std::size_t i, Field& field) {
      std::string_view const name = summary_names<T>[i];
      if (name.empty()) return;
      if constexpr (scalar_field<Field>) {
        auto const& head = scalar_heads<T>[i];
        if (head.is_made() && !is_inner) return out_.add_number(head, to_scalar(field));
      }
      add(name, metas<T>[i], field);
    });
  }

  /// Of a row whose type is not known.
  void add_fields(dict const& row) {
    for (auto const& [name, held] : row) add_value(name, held);
  }

 private:
  void add_value(std::string_view name, value const& held) {
    std::visit(
        [&]<class Held>(Held const& field) {
          if constexpr (std::same_as<Held, dict>) {
            inner_scope const inner(out_.scope(), name);
            add_fields(field);
          } else if constexpr (boolean<Held> || number<Held>) {
            add_number(name, {}, to_scalar(field));
          }
        },
        held.data());
  }

  template <class T>
  void add(std::string_view name, field_meta const& meta, T const& field) {
    if constexpr (scalar_field<T>) {
      add_number(name, meta, to_scalar(field));
    } else if constexpr (optional<T>) {
      if (field) add(name, meta, *field);
    } else if constexpr (fixed_array<T>) {
      inner_scope const inner(out_.scope(), name);
      std::size_t index = 0;
      for (auto const& element : field) add_element(index++, meta, element);
    } else if constexpr (string_map<T>) {
      inner_scope const inner(out_.scope(), name);
      for (auto const& [key, mapped] : field) add(key, meta, mapped);
    } else if constexpr (described<T>) {
      inner_scope const inner(out_.scope(), name);
      add_fields(field);
    }  // what is no number is left out
  }

  template <class T>
  void add_element(std::size_t index, field_meta const& meta, T const& element) {
    char digits[max_number_text];
    char const* const end = write_integer(static_cast<char*>(digits), index);
    add(std::string_view(digits, static_cast<std::size_t>(end - digits)), meta, element);
  }

  void add_number(std::string_view name, field_meta const& meta, float number) {
    summary::summary_metadata metadata;
    if (auto const description = description_of(meta); !description.empty()) {
      metadata.plugin_name = "scalars";
      metadata.data_class = summary::data_class::scalar;
      metadata.description = description;
    }
    out_.add_number({out_.scope(), name}, metadata, number);
  }

  value_writer& out_;
};

template <class T>
bool write_record(writer_core& to, T const& record, event_head head) {
  return to.write_values(head, [&](value_writer& out) {
    out.scope().assign(this_thread_summary.scope);
    record_values(out).add_fields(record);
  });
}

/// What a message calls it.
template <class T>
consteval std::string_view record_name() noexcept {
  if constexpr (std::same_as<T, dict>) return "row";
  else return descriptor<T>::type_name;
}

template <class Value>
bool write_record_value(writer_core* to, Value&& value, summary::event_step step,
                        std::optional<double> wall_time) {
  if (to == nullptr) return false;
  auto const head = make_head(record_name<evaluated<Value>>(), step, wall_time);
  return detail::write_record(*to, detail::evaluate(value), head);
}

/// What `of(record)` is; or the number of that name in a record that is a dict.
template <class Number, class Of, class Record>
auto ask(Of const& of, Record const& record) {
  if constexpr (std::convertible_to<Of const&, std::string_view>)
    return record.at(std::string_view(of)).template as<Number>();
  else return std::invoke(of, record);
}

}  // namespace trainlog::detail

namespace trainlog::summary {

/// A record whose fields all have serializers, a dict such as a row of an any_log, or a callable
/// that returns one and is called only if something records.
template <class T>
concept record_value =
    std::same_as<detail::evaluated<T>, dict> ||
    (trainlog::record<detail::evaluated<T>> && detail::require_serializer<detail::evaluated<T>>());

/// Writes every number of a record as a scalar, all in one event. A tag is the field's name in
/// files; those of nested records, of arrays and of maps have the outer name before them:
/// "train/loss", "rates/0". Bools are 0 or 1, durations are seconds; optionals that are empty,
/// texts, enums, points in time, lists and fields with summary(false) are left out. A field's doc,
/// or its unit, is the description of its tag. Of a dict, arrays are left out, too, and there are
/// no descriptions. Returns and throws as scalar does; false also if there is no number.
template <record_value Value>
bool record(writer const& to, Value&& value, event_step step = {},
            event_options const& options = {}) {
  return detail::write_record_value(detail::recording(to.core()), value, step, options.wall_time);
}

/// The same, to this thread's default writer.
template <record_value Value>
bool record(Value&& value, event_step step = {}, event_options const& options = {}) {
  return detail::write_record_value(detail::recording(detail::this_thread_summary.writer), value,
                                    step, options.wall_time);
}

/// What is none, not even a writer before one.
template <class T>
concept no_record_value =
    !record_value<T> && !std::derived_from<std::remove_cvref_t<T>, summary::writer>;

/// One readable compile error, instead of a list of functions that do not match.
template <no_record_value T>
bool record(writer const&, T&&, event_step = {}, event_options const& = {}) {
  return detail::require_record<detail::evaluated<T>>();
}
template <no_record_value T>
bool record(T&&, event_step = {}, event_options const& = {}) {
  return detail::require_record<detail::evaluated<T>>();
}

/// Writes each record of a range, such as a log_reader or an any_log, as record() does.
/// `step_of(record)`, which may be a pointer to a member, is its step; `time_of(record)` its time
/// in seconds since 1970. Of dicts, each may be the name of a value; trainlog::error if there is
/// none, or if it is no such number. Returns how many events were recorded.
template <class Range, class StepOf, class TimeOf>
std::uint64_t replay(Range&& records, writer const& to, StepOf step_of, TimeOf time_of) {
  std::uint64_t recorded = 0;
  for (auto const& each : records) {
    event_options const options{static_cast<double>(detail::ask<double>(time_of, each))};
    auto const step = detail::ask<std::int64_t>(step_of, each);
    if (summary::record(to, each, step, options)) ++recorded;
  }
  return recorded;
}

/// The same, at the time of now.
template <class Range, class StepOf>
std::uint64_t replay(Range&& records, writer const& to, StepOf step_of) {
  return summary::replay(records, to, step_of, [](auto const&) { return detail::wall_time_now(); });
}

/// The same; the step is the number of the record, from 0.
template <class Range>
std::uint64_t replay(Range&& records, writer const& to) {
  std::int64_t next = 0;
  return summary::replay(records, to, [&](auto const&) { return next++; });
}

}  // namespace trainlog::summary

#endif
