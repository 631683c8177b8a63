// SPDX-License-Identifier: MIT
// summary::hparams: what a run was made with, and how it ended (docs/reference/summary.md;
// tensorboard/plugins/hparams/plugin_data.proto).
#ifndef TRAINLOG_SUMMARY_HPARAMS_HPP
#define TRAINLOG_SUMMARY_HPARAMS_HPP

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "trainlog/detail/append_number.hpp"
#include "trainlog/detail/float_class.hpp"
#include "trainlog/detail/json_text.hpp"
#include "trainlog/record/enum.hpp"
#include "trainlog/record/field_access.hpp"
#include "trainlog/record/names.hpp"
#include "trainlog/record/repr.hpp"
#include "trainlog/record/seconds.hpp"
#include "trainlog/summary/context.hpp"
#include "trainlog/summary/event.hpp"
#include "trainlog/summary/wall_time.hpp"
#include "trainlog/summary/writer.hpp"

namespace trainlog::summary {

/// The value of a hyperparameter: a bool, a number, a text, or nothing.
class hparam_value {
 public:
  hparam_value() noexcept = default;
  hparam_value(std::nullptr_t) noexcept {}  // NOLINT(google-explicit-constructor)
  template <class Number>
    requires std::is_arithmetic_v<Number>
  hparam_value(Number value) noexcept {  // NOLINT(google-explicit-constructor)
    if constexpr (std::same_as<Number, bool>) {
      value_ = value;
    } else if (detail::is_finite(static_cast<double>(value))) {
      value_ = static_cast<double>(value);
    }  // TensorBoard's page breaks on NaN and infinities: they are nothing
  }
  template <std::convertible_to<std::string_view> Text>
  hparam_value(Text const& text)  // NOLINT(google-explicit-constructor)
      : value_(std::string(std::string_view(text))) {}

  std::variant<std::monostate, bool, double, std::string> const& get() const noexcept {
    return value_;
  }

 private:
  std::variant<std::monostate, bool, double, std::string> value_;
};

/// Hyperparameters by name.
using hparam_map = std::map<std::string, hparam_value>;

struct hparams_options {
  /// Runs of one group are one row of TensorBoard's table, with the mean of their metrics. By
  /// default those with the same hyperparameters are a group.
  std::string_view group_name{};
  /// Seconds since 1970, also of the event; now if not given, or not finite.
  std::optional<double> start_time{};
};

/// How a run ended.
enum class session_status : unsigned char { success = 1, failure = 2, running = 3 };

struct hparams_end_options {
  /// Seconds since 1970, also of the event; now if not given, or not finite.
  std::optional<double> end_time{};
};

}  // namespace trainlog::summary

namespace trainlog::detail {

/// Appends the fields of a google.protobuf.Value.
inline void append_hparam_value(std::string& out, summary::hparam_value const& value) {
  auto const& any = value.get();
  if (auto const* const flag = std::get_if<bool>(&any)) {
    append_proto_varint(out, 4, *flag ? 1 : 0);
  } else if (auto const* const number = std::get_if<double>(&any)) {
    append_proto_double(out, 2, *number);
  } else if (auto const* const text = std::get_if<std::string>(&any)) {
    append_proto_text(out, 3, *text);
  } else {
    append_proto_varint(out, 1, 0);
  }
}

/// The same for the same hyperparameters, and only for those.
inline std::string hparams_group(summary::hparam_map const& hparams) {
  std::string text;
  for (auto const& [name, value] : hparams) {
    append_json_string(text, name);
    append_hparam_value(text, value);
  }
  constexpr std::string_view hex = "0123456789abcdef";
  std::string group;
  std::uint64_t const hash = fnv1a(text);
  for (int shift = 60; shift >= 0; shift -= 4)
    group += hex[hash >> static_cast<unsigned>(shift) & 15U];
  return group;
}

/// Writes what the hparams plugin has in the metadata of a tag. `field` and `append_fields()` are
/// of HParamsPluginData.
template <class AppendFields>
bool write_hparams_data(writer_core* to, std::string_view tag, std::uint32_t field,
                        double wall_time, AppendFields append_fields) {
  if (to == nullptr) return false;
  std::string content;
  append_proto_message(content, field, [&] { append_fields(content); });
  summary::summary_metadata const metadata{
      .plugin_name = "hparams", .content = content, .data_class = summary::data_class::tensor};
  static constexpr std::array<std::int64_t, 1> no_elements{0};
  return to->write_value({wall_time, 0}, {"", tag}, metadata, [](std::string& out) {
    append_tensor(out, summary::data_type::float32, no_elements, [] {});
  });
}

inline bool write_hparams(writer_core* to, summary::hparam_map const& hparams,
                          summary::hparams_options const& options) {
  double const time = wall_time_or_now(options.start_time);
  return write_hparams_data(to, "_hparams_/session_start_info", 3, time, [&](std::string& out) {
    for (auto const& each : hparams) {
      append_proto_message(out, 1, [&] {
        append_proto_text(out, 1, each.first);
        append_proto_message(out, 2, [&] { append_hparam_value(out, each.second); });
      });
    }
    append_proto_text(
        out, 4,
        options.group_name.empty() ? hparams_group(hparams) : std::string(options.group_name));
    append_proto_double(out, 5, time);
  });
}

inline bool write_hparams_end(writer_core* to, summary::session_status status,
                              summary::hparams_end_options const& options) {
  double const time = wall_time_or_now(options.end_time);
  return write_hparams_data(to, "_hparams_/session_end_info", 4, time, [&](std::string& out) {
    append_proto_varint(out, 1, static_cast<std::uint64_t>(status));
    append_proto_double(out, 2, time);
  });
}

template <class T>
void add_hparams(summary::hparam_map& out, std::string const& prefix, T const& record);

/// A field of a record as hyperparameters: one, or those of a nested record or map.
template <class T>
void add_hparam(summary::hparam_map& out, std::string const& name, T const& field) {
  if constexpr (boolean<T> || integer<T> || floating<T>) {
    out[name] = as_number(field);
  } else if constexpr (text<T>) {
    out[name] = field;
  } else if constexpr (described_enum<T>) {
    std::string_view const known = trainlog::enum_name(field);
    if (known.empty()) out[name] = as_number(static_cast<std::underlying_type_t<T>>(field));
    else out[name] = known;
  } else if constexpr (duration<T>) {
    out[name] = detail::to_seconds(field);
  } else if constexpr (optional<T>) {
    if (field) add_hparam(out, name, *field);
    else out[name] = nullptr;
  } else if constexpr (string_map<T>) {
    for (auto const& [key, mapped] : field) add_hparam(out, name + "/" + key, mapped);
  } else if constexpr (described<T>) {
    add_hparams(out, name + "/", field);
  } else {
    std::string text;
    detail::append_repr(text, field);
    out[name] = text;
  }
}

template <class T>
void add_hparams(summary::hparam_map& out, std::string const& prefix, T const& record) {
  for_each_indexed(record, [&](std::size_t i, auto& field) {
    std::string_view const name = summary_names<T>[i];
    if (!name.empty()) add_hparam(out, prefix + std::string(name), field);
  });
}

}  // namespace trainlog::detail

namespace trainlog::summary {

/// The fields of a record as hyperparameters, under their names in files; those of nested records
/// and maps as "optimizer/rate". Enums are their names, durations seconds, empty optionals nothing,
/// lists, arrays and points in time what repr prints of them. Those with summary(false) are left
/// out.
template <trainlog::record T>
[[nodiscard]] hparam_map hparams_of(T const& config) {
  hparam_map out;
  if constexpr (detail::require_serializer<T>()) detail::add_hparams(out, "", config);
  return out;
}

/// Writes the hyperparameters of a run into its own event file; the first ones in a file count.
/// TensorBoard shows all runs with the union of their hyperparameters, and the last value of each
/// scalar as a metric. Returns as scalar does.
///   summary::hparams({{"rate", 0.001}, {"optimizer", "adam"}, {"dropout", true}});
inline bool hparams(writer const& to, hparam_map const& hparams,
                    hparams_options const& options = {}) {
  return detail::write_hparams(detail::recording(to.core()), hparams, options);
}
inline bool hparams(hparam_map const& hparams, hparams_options const& options = {}) {
  return detail::write_hparams(detail::recording(detail::this_thread_summary.writer), hparams,
                               options);
}

/// The same of the fields of a record.
template <trainlog::record T>
bool hparams(writer const& to, T const& config, hparams_options const& options = {}) {
  return summary::hparams(to, summary::hparams_of(config), options);
}
template <trainlog::record T>
bool hparams(T const& config, hparams_options const& options = {}) {
  return summary::hparams(summary::hparams_of(config), options);
}

/// Writes how the run ended, and when. Without it TensorBoard takes it to go on.
inline bool hparams_end(writer const& to, session_status status = session_status::success,
                        hparams_end_options const& options = {}) {
  return detail::write_hparams_end(detail::recording(to.core()), status, options);
}
inline bool hparams_end(session_status status = session_status::success,
                        hparams_end_options const& options = {}) {
  return detail::write_hparams_end(detail::recording(detail::this_thread_summary.writer), status,
                                   options);
}

}  // namespace trainlog::summary

#endif
