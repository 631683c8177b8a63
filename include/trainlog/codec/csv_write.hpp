// SPDX-License-Identifier: MIT
// Records as CSV text (RFC 4180): a header row, then a row a record.
#ifndef TRAINLOG_CODEC_CSV_WRITE_HPP
#define TRAINLOG_CODEC_CSV_WRITE_HPP

#include <string>
#include <string_view>
#include <type_traits>

#include "trainlog/codec/csv_columns.hpp"
#include "trainlog/codec/json_write.hpp"
#include "trainlog/codec/record_range.hpp"
#include "trainlog/codec/text_position.hpp"
#include "trainlog/codec/text_type.hpp"
#include "trainlog/codec/text_type_of.hpp"
#include "trainlog/detail/append_number.hpp"
#include "trainlog/detail/utf8.hpp"
#include "trainlog/record/descriptor.hpp"
#include "trainlog/record/enum.hpp"
#include "trainlog/record/enum_number.hpp"
#include "trainlog/record/error.hpp"
#include "trainlog/record/serializable.hpp"
#include "trainlog/record/time.hpp"
#include "trainlog/record/traits.hpp"

namespace trainlog {
namespace detail {

/// Appends a text in quotes, its own quotes doubled.
inline void append_quoted_cell(std::string& out, std::string_view text) {
  out += '"';
  for (auto quote = text.find('"'); quote != text.npos; quote = text.find('"')) {
    append_utf8_sanitized(out, text.substr(0, quote + 1));
    out += '"';
    text.remove_prefix(quote + 1);
  }
  append_utf8_sanitized(out, text);
  out += '"';
}

/// Appends a text, in quotes if it would not be read back without; an empty one is "".
inline void append_text_cell(std::string& out, std::string_view text) {
  bool const plain = !text.empty() && !text.starts_with(byte_order_mark) &&
                     text.find_first_of("\",\r\n") == text.npos;
  plain ? append_utf8_sanitized(out, text) : append_quoted_cell(out, text);
}

/// Appends NaN, inf or -inf; polars and pandas read these, but not all spellings.
inline void append_nonfinite_cell(std::string& out, double number) {
  auto const name = nonfinite_name(number);
  out += name == "nan" ? "NaN" : name;
}

template <class T>
void append_json_cell(std::string& out, T const& field) {
  std::string json;
  detail::append_json_field(json, field, {nonfinite_as::string});
  append_quoted_cell(out, json);
}

template <class T>
void append_cell(std::string& out, T const& field) {
  if constexpr (optional<T>) {
    if (field) detail::append_cell(out, *field);
  } else if constexpr (is_float_like<T>()) {
    if (!detail::all_finite(field))
      append_nonfinite_cell(out, static_cast<double>(detail::float_in(field)));
    else if constexpr (floating<T>) append_json_number(out, field);
    else detail::append_time_value(out, field);
  } else if constexpr (duration<T> || time_point<T>) {
    detail::append_time_value(out, field);
  } else if constexpr (boolean<T>) {
    out += field ? "true" : "false";
  } else if constexpr (integer<T>) {
    append_integer(out, field);
  } else if constexpr (text<T>) {
    append_text_cell(out, field);
  } else if constexpr (described_enum<T>) {
    auto const name = trainlog::enum_name(field);
    if (name.empty()) append_integer(out, static_cast<enum_number<T>>(field));
    else out += name;
  } else {
    detail::append_json_cell(out, field);
  }
}

template <class T>
void append_cells(std::string& out, T const& field) {
  if constexpr (described<T>) {
    detail::for_each_indexed(field, [&](std::size_t i, auto const& inner) {
      if (!file_names<T>[i].empty()) detail::append_cells(out, inner);
    });
  } else if constexpr (is_cell_array<T>()) {
    for (auto const& element : field) detail::append_cells(out, element);
  } else {
    detail::append_cell(out, field);
    out += ',';
  }
}

/// Makes the comma behind the last cell the end of the row. A row of one empty cell is "": readers
/// pass over blank lines.
inline void end_row(std::string& out, std::size_t row_begin) {
  if (out.size() != row_begin) out.pop_back();
  out += out.size() == row_begin ? "\"\"\n" : "\n";
}

/// Throws for the one value that a row cannot hold: a "" alone is the empty text.
inline void require_held(csv_columns const& all, std::string const& out, std::size_t row_begin) {
  if (out.size() != row_begin + 1 || all.columns.size() != 1) return;
  auto const& only = all.columns[0];
  if (only.type->shape != text_shape::optional || only.type->element != &text_type_of<std::string>)
    return;
  throw error("trainlog: CSV whose only column is the optional text '" + only.names[0] +
              "' cannot hold one without a value");
}

}  // namespace detail

/// The records as CSV: a header row with the names of the columns, then a row each, ended by \n.
/// Nested records are laid flat ("train/loss"), arrays of scalars too ("rgb/0"); lists, maps and
/// what is in them are JSON in one cell. An empty optional is an empty cell, an empty text is "". A
/// row of only one, empty cell is "", too; throws trainlog::error if that one is an optional text.
template <record_range Range>
[[nodiscard]] std::string to_csv(Range&& records) {
  using row = detail::range_value<Range>;
  std::string out;
  if constexpr (detail::require_serializer<row>()) {
    auto const& columns = detail::csv_columns_of<row>();
    for (auto const& column : columns.columns) {
      detail::append_text_cell(out, column.names[0]);
      out += ',';
    }
    detail::end_row(out, 0);
    for (auto const& record : records) {
      std::size_t const begin = out.size();
      detail::append_cells<row>(out, record);
      detail::require_held(columns, out, begin);
      detail::end_row(out, begin);
    }
  }
  return out;
}

template <class T>
  requires(!record_range<T>)
std::string to_csv(T&&) {
  detail::refuse_type<T>();
}

}  // namespace trainlog

#endif
