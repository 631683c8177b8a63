// SPDX-License-Identifier: MIT
// summary::scalar: one number a step (docs/reference/summary.md).
#ifndef TRAINLOG_SUMMARY_SCALAR_HPP
#define TRAINLOG_SUMMARY_SCALAR_HPP

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "trainlog/summary/context.hpp"
#include "trainlog/summary/event.hpp"
#include "trainlog/summary/writer.hpp"

namespace trainlog::summary {

/// How a scalar is stored.
enum class scalar_style : unsigned char {
  simple_value,  ///< as PyTorch does: smaller, and seen by every reader of event files
  tensor         ///< as tf.summary of TensorFlow 2 does
};

struct scalar_options {
  std::string_view description{};     ///< markdown, shown beside the curve
  std::string_view display_name{};    ///< shown instead of the tag
  std::optional<double> wall_time{};  ///< seconds since 1970; now if not given, or not finite
  scalar_style style = scalar_style::simple_value;
};

/// A number, or a callable that returns one and is called only if something records.
template <class T>
concept scalar_value = std::is_arithmetic_v<detail::evaluated<T>>;

}  // namespace trainlog::summary

namespace trainlog::detail {

inline constexpr std::span<std::int64_t const> scalar_shape{};

/// A simple_value says by itself that it is a scalar; but TensorBoard's fast loader drops what else
/// is said of it without a data_class.
inline summary::summary_metadata scalar_metadata(summary::scalar_options const& options) noexcept {
  bool const is_simple = options.style == summary::scalar_style::simple_value;
  if (is_simple && options.display_name.empty() && options.description.empty()) return {};
  return {.plugin_name = "scalars",
          .data_class = summary::data_class::scalar,
          .display_name = options.display_name,
          .description = options.description};
}

template <class Value>
bool write_scalar(writer_core* to, std::string_view name, Value&& value, summary::event_step step,
                  summary::scalar_options const& options) {
  if (to == nullptr) return false;
  auto const head = make_head(name, step, options.wall_time);
  auto const number = static_cast<float>(detail::evaluate(value));
  auto const metadata = scalar_metadata(options);
  if (options.style == summary::scalar_style::simple_value) {
    return to->write_values(
        head, [&](value_writer& out) { out.add_number(make_tag(name), metadata, number); });
  }
  return to->write_value(head, make_tag(name), metadata, [&](std::string& out) {
    append_tensor(out, summary::data_type::float32, scalar_shape, [&] {
      append_proto_message(out, 5, [&] { append_le(out, number); });  // packed
    });
  });
}

}  // namespace trainlog::detail

namespace trainlog::summary {

/// Writes a number, as float32, which is what TensorBoard shows: larger ones become infinite; NaN
/// and infinities are written as they are. Returns true if it was recorded: the writer writes, it
/// is open, record_if allows it, and the disk has not refused for too long.
/// Throws summary_error if there is no step.
template <scalar_value Value>
bool scalar(writer const& to, std::string_view name, Value&& value, event_step step = {},
            scalar_options const& options = {}) {
  return detail::write_scalar(detail::recording(to.core()), name, value, step, options);
}

/// The same, to this thread's default writer. False if there is none.
template <scalar_value Value>
bool scalar(std::string_view name, Value&& value, event_step step = {},
            scalar_options const& options = {}) {
  return detail::write_scalar(detail::recording(detail::this_thread_summary.writer), name, value,
                              step, options);
}

}  // namespace trainlog::summary

#endif
