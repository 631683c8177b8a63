// SPDX-License-Identifier: MIT
// The fields of a record as a flat list of streams (docs/format.md, Streams).
#ifndef TRAINLOG_LOG_COLUMN_LAYOUT_HPP
#define TRAINLOG_LOG_COLUMN_LAYOUT_HPP

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "trainlog/schema/schema.hpp"

namespace trainlog::detail {

/// What stands next in a row.
struct column_step {
  enum kind_type : std::uint8_t { number, flag, string, optional, list, array, map, zero };

  kind_type kind = zero;
  std::uint8_t width = 0;    ///< of the numbers of its own stream, in bytes
  std::size_t stream = 0;    ///< its own; the keys of a map have the next one
  std::size_t end = 0;       ///< the step after those of its elements, which follow this one
  std::uint64_t length = 0;  ///< of an array
};

/// The numbers of a stream that stand at the same place in every row.
struct fixed_column {
  std::size_t stream = 0;
  std::size_t offset = 0;  ///< in the row
  std::size_t width = 0;   ///< of a number
  std::size_t count = 0;   ///< of numbers in a row, one after the other
};

/// What streams the fields of a record have, and how their values stand in a row.
class column_layout {
 public:
  using range = std::pair<std::size_t, std::size_t>;

  explicit column_layout(std::vector<schema_field> const& fields) {
    for (auto const& field : fields) {
      marks_.push_back({steps_.size(), widths_.size()});
      add(field.type);
    }
    marks_.push_back({steps_.size(), widths_.size()});
    if (fields.empty()) add_step(column_step::zero);
    place_fixed();
  }

  std::size_t field_count() const noexcept { return marks_.size() - 1; }
  std::size_t stream_count() const noexcept { return widths_.size(); }
  /// The streams of a field: the first, and one past the last.
  range streams_of(std::size_t field) const noexcept {
    return {marks_[field].second, marks_[field + 1].second};
  }
  /// The bytes of a stream's numbers; 0 for a stream of strings.
  std::size_t width_of(std::size_t stream) const noexcept { return widths_[stream]; }

  std::vector<column_step> const& steps() const noexcept { return steps_; }
  /// The steps of a field: the first, and one past the last.
  range steps_of(std::size_t field) const noexcept {
    return {marks_[field].first, marks_[field + 1].first};
  }

  /// The bytes of every row, if each is made of numbers that stand where fixed() says; 0 otherwise.
  std::size_t fixed_row_size() const noexcept { return fixed_row_size_; }
  std::vector<fixed_column> const& fixed() const noexcept { return fixed_; }

 private:
  std::size_t add_stream(std::size_t width) {
    widths_.push_back(static_cast<std::uint8_t>(width));
    return widths_.size() - 1;
  }

  column_step& add_step(column_step::kind_type kind) {
    steps_.push_back({kind, 0, widths_.size(), steps_.size() + 1, 0});
    return steps_.back();
  }

  void add_number(column_step::kind_type kind, std::size_t width) {
    add_step(kind).width = static_cast<std::uint8_t>(width);
    add_stream(width);
  }

  /// A step whose elements follow; `width` is that of its own stream, or 0 if it has none.
  void add_container(column_step::kind_type kind, std::size_t width, schema_type const& type) {
    std::size_t const at = steps_.size();
    add_step(kind).length = type.length;
    steps_.back().width = static_cast<std::uint8_t>(width);
    if (width != 0) add_stream(width);
    if (kind == column_step::map) add_stream(0);
    add(type.element.front());
    steps_[at].end = steps_.size();
  }

  void add(schema_type const& type) {
    switch (type.kind) {
      case type_kind::boolean:
        return add_number(column_step::flag, 1);
      case type_kind::string:
        return add_number(column_step::string, 0);
      case type_kind::optional:
        return add_container(column_step::optional, 1, type);
      case type_kind::list:
        return add_container(column_step::list, 8, type);
      case type_kind::array:
        return add_container(column_step::array, 0, type);
      case type_kind::map:
        return add_container(column_step::map, 8, type);
      case type_kind::record:
        for (auto const& field : type.fields) add(field.type);
        if (type.fields.empty()) add_step(column_step::zero);
        return;
      case type_kind::enumeration:
      case type_kind::duration:
      case type_kind::time:
        return add_number(column_step::number, kind_size(type.number));
      default:
        return add_number(column_step::number, kind_size(type.kind));
    }
  }

  void place_fixed() {
    std::size_t size = 0;
    for (std::size_t at = 0; at < steps_.size(); at = steps_[at].end) {
      bool const is_array = steps_[at].kind == column_step::array;
      auto const& number = steps_[is_array ? at + 1 : at];
      std::uint64_t const count = is_array ? steps_[at].length : 1;
      bool const alone = number.end == steps_[at].end;
      if (number.kind > column_step::flag || !alone) return;
      if (count == 0 || count > max_fixed_row) return;
      fixed_.push_back({number.stream, size, number.width, static_cast<std::size_t>(count)});
      size += number.width * static_cast<std::size_t>(count);
      if (size > max_fixed_row) return;
    }
    fixed_row_size_ = size;
  }

  static constexpr std::size_t max_fixed_row = std::size_t{1} << 24;

  std::vector<column_step> steps_;
  std::vector<std::uint8_t> widths_;
  std::vector<range> marks_;  // of each field, the first step and the first stream
  std::vector<fixed_column> fixed_;
  std::size_t fixed_row_size_ = 0;
};

}  // namespace trainlog::detail

#endif
