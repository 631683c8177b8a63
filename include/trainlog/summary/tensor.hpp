// SPDX-License-Identifier: MIT
// summary::tensor and summary::write: arrays of numbers or strings, with whatever metadata
// (docs/reference/summary.md).
#ifndef TRAINLOG_SUMMARY_TENSOR_HPP
#define TRAINLOG_SUMMARY_TENSOR_HPP

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "trainlog/summary/context.hpp"
#include "trainlog/summary/event.hpp"
#include "trainlog/summary/number_span.hpp"
#include "trainlog/summary/options.hpp"
#include "trainlog/summary/shape.hpp"
#include "trainlog/summary/writer.hpp"

namespace trainlog::detail {

/// The type of a tensor of T.
template <tensor_number T>
constexpr summary::data_type data_type_of() noexcept {
  using enum summary::data_type;
  if constexpr (std::same_as<T, bool>) return boolean;
  else if constexpr (std::same_as<T, float>) return float32;
  else if constexpr (std::same_as<T, double>) return float64;
  else if constexpr (sizeof(T) == 1) return std::is_signed_v<T> ? int8 : uint8;
  else if constexpr (sizeof(T) == 2) return std::is_signed_v<T> ? int16 : uint16;
  else if constexpr (sizeof(T) == 4) return std::is_signed_v<T> ? int32 : uint32;
  else return std::is_signed_v<T> ? int64 : uint64;
}

/// Calls visit(T{}) with the type of the elements: an integer, float or double. False for all
/// others.
template <class Visit>
bool visit_number_type(summary::data_type type, Visit visit) {
  using enum summary::data_type;
  switch (type) {
    case float32:
      return visit(float{}), true;
    case float64:
      return visit(double{}), true;
    case int8:
      return visit(std::int8_t{}), true;
    case uint8:
      return visit(std::uint8_t{}), true;
    case int16:
      return visit(std::int16_t{}), true;
    case uint16:
      return visit(std::uint16_t{}), true;
    case int32:
      return visit(std::int32_t{}), true;
    case uint32:
      return visit(std::uint32_t{}), true;
    case int64:
      return visit(std::int64_t{}), true;
    case uint64:
      return visit(std::uint64_t{}), true;
    default:
      return false;
  }
}

/// The bytes of numbers, as they are on a little-endian machine.
template <number_span Numbers>
std::string_view number_bytes(Numbers const& numbers) noexcept {
  static_assert(std::endian::native == std::endian::little,
                "trainlog: tensors are written by little-endian machines only");
  return {reinterpret_cast<char const*>(std::data(numbers)),
          std::size(numbers) * sizeof(number_of_span<Numbers>)};
}

}  // namespace trainlog::detail

namespace trainlog::summary {

/// A tensor that is to be written. It refers to the data it was made of.
class tensor_view {
 public:
  /// Numbers of a shape. Throws summary_error if there are not as many as the shape says.
  template <detail::number_span Numbers>
  tensor_view(Numbers const& numbers, summary::shape const& shape)
      : type_(detail::data_type_of<detail::number_of_span<Numbers>>()),
        shape_(shape),
        content_(detail::number_bytes(numbers)) {
    detail::require_count("a tensor_view", "", std::size(numbers), shape);
  }
  /// A C array with its own shape: float corners[8][3].
  template <detail::number_array Array>
  explicit tensor_view(Array const& numbers)
      : type_(detail::data_type_of<std::remove_cv_t<std::remove_all_extents_t<Array>>>()),
        shape_(detail::shape_of_array<Array>()),
        content_(reinterpret_cast<char const*>(&numbers), sizeof numbers) {}
  /// Strings or byte strings of a shape. Throws as the other.
  tensor_view(std::span<std::string_view const> strings, summary::shape const& shape)
      : type_(data_type::string), shape_(shape), strings_(strings) {
    detail::require_count("a tensor_view", "", strings.size(), shape);
  }
  /// Elements of any type but string by their little-endian bytes, such as bfloat16. Throws as the
  /// others.
  tensor_view(data_type type, summary::shape const& shape, std::string_view content)
      : type_(type), shape_(shape), content_(content) {
    std::size_t const size = detail::element_size(type);
    if (size == 0 || content.size() % size != 0)
      throw summary_error("trainlog: a tensor has " + std::to_string(content.size()) +
                          " bytes, which are no elements of its type");
    detail::require_count("a tensor_view", "", content.size() / size, shape);
  }

  data_type type() const noexcept { return type_; }
  summary::shape const& shape() const noexcept { return shape_; }
  std::string_view content() const noexcept { return content_; }
  std::span<std::string_view const> strings() const noexcept { return strings_; }

 private:
  data_type type_;
  summary::shape shape_;
  std::string_view content_;
  std::span<std::string_view const> strings_;
};

/// A tensor_view, or a callable that returns one and is called only if something records. What it
/// refers to must outlive the call.
template <class T>
concept tensor_value = std::same_as<detail::evaluated<T>, tensor_view>;

}  // namespace trainlog::summary

namespace trainlog::detail {

inline void append_tensor_view(std::string& out, summary::tensor_view const& tensor) {
  auto const shape = tensor.shape().sizes();
  if (tensor.type() == summary::data_type::string) {
    append_string_tensor(out, shape, tensor.strings());
  } else {
    append_number_tensor(out, tensor.type(), shape, tensor.content());
  }
}

template <class Tensor>
bool write_tensor(writer_core* to, std::string_view tag, Tensor&& value, summary::event_step step,
                  summary::summary_metadata const& metadata, std::optional<double> wall_time) {
  if (to == nullptr) return false;
  auto const head = make_head(tag, step, wall_time);
  summary::tensor_view const tensor = detail::evaluate(value);
  return to->write_value(
      head, make_tag(tag), metadata, [&](std::string& out) { append_tensor_view(out, tensor); },
      tensor.content().size());
}

inline summary::summary_metadata tensor_metadata(summary::op_options const& options) noexcept {
  return {.plugin_name = "tensor",
          .data_class = summary::data_class::tensor,
          .display_name = options.display_name,
          .description = options.description};
}

}  // namespace trainlog::detail

namespace trainlog::summary {

/// Writes a tensor with any metadata, for a plugin that has no op of its own. Without metadata that
/// name a plugin, TensorBoard does not show the tag. Returns and throws as scalar does.
template <tensor_value Value>
bool write(writer const& to, std::string_view tag, Value&& value, event_step step = {},
           summary_metadata const& metadata = {}, event_options const& options = {}) {
  return detail::write_tensor(detail::recording(to.core()), tag, value, step, metadata,
                              options.wall_time);
}

/// The same, to this thread's default writer.
template <tensor_value Value>
bool write(std::string_view tag, Value&& value, event_step step = {},
           summary_metadata const& metadata = {}, event_options const& options = {}) {
  return detail::write_tensor(detail::recording(detail::this_thread_summary.writer), tag, value,
                              step, metadata, options.wall_time);
}

/// Writes a tensor for programs that read event files: no dashboard shows it. Returns and throws as
/// scalar does.
template <tensor_value Value>
bool tensor(writer const& to, std::string_view name, Value&& value, event_step step = {},
            op_options const& options = {}) {
  return detail::write_tensor(detail::recording(to.core()), name, value, step,
                              detail::tensor_metadata(options), options.wall_time);
}

/// The same, to this thread's default writer.
template <tensor_value Value>
bool tensor(std::string_view name, Value&& value, event_step step = {},
            op_options const& options = {}) {
  return detail::write_tensor(detail::recording(detail::this_thread_summary.writer), name, value,
                              step, detail::tensor_metadata(options), options.wall_time);
}

}  // namespace trainlog::summary

#endif
