// SPDX-License-Identifier: MIT
// Records from CSV text (RFC 4180) with a header row.
#ifndef TRAINLOG_CODEC_CSV_READ_HPP
#define TRAINLOG_CODEC_CSV_READ_HPP

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trainlog/codec/csv_cells.hpp"
#include "trainlog/codec/csv_columns.hpp"
#include "trainlog/codec/decode_options.hpp"
#include "trainlog/codec/json_number.hpp"
#include "trainlog/codec/json_read.hpp"
#include "trainlog/codec/record_range.hpp"
#include "trainlog/codec/text_decoder.hpp"
#include "trainlog/codec/text_path.hpp"
#include "trainlog/codec/text_position.hpp"
#include "trainlog/codec/text_scalar.hpp"
#include "trainlog/codec/text_type.hpp"
#include "trainlog/codec/text_type_of.hpp"
#include "trainlog/record/access.hpp"
#include "trainlog/record/descriptor.hpp"
#include "trainlog/record/error.hpp"
#include "trainlog/record/names.hpp"
#include "trainlog/record/serializable.hpp"

namespace trainlog {
namespace detail {

/// Matches the columns of a text to those of a record, and fills the record's rows.
class csv_reader {
 public:
  csv_reader(std::string_view text, csv_columns const& columns, decode_options options)
      : text_(text), columns_(columns), options_(options), cells_(text) {
    read_header();
    check_missing();
  }

  /// True if there is a row left; read_row takes it.
  bool next_row() { return cells_.next(row_); }

  /// Fills `row`, which is number `index`.
  void read_row(void* row, std::size_t index) {
    if (row_.size() != sources_.size()) fail_ragged(index);
    for (std::size_t i = 0; i < row_.size(); ++i) {
      if (sources_[i] != npos) read_cell(row, index, columns_.columns[sources_[i]], row_[i]);
    }
    finish_records(row, index);
  }

 private:
  [[noreturn]] void fail(std::size_t offset, std::string path, std::string expected,
                         std::string found) const {
    throw decode_error(std::move(path), position_at(text_, offset), std::move(expected),
                       std::move(found));
  }
  static std::string row_path(std::size_t index) { return "$[" + std::to_string(index) + "]"; }

  std::string_view record_name() const { return columns_.groups[0].type->layout().name; }

  /// Throws for a text that begins as JSON does, and no header.
  void refuse_json() const {
    constexpr std::string_view white_space = " \t\r\n";
    auto const first = text_.find_first_not_of(white_space, text_begin(text_));
    if (first == npos || (text_[first] != '{' && text_[first] != '[')) return;
    auto const second = text_.find_first_not_of(white_space, first + 1);
    if (second == npos || std::string_view("\"{[}]").find(text_[second]) == npos) return;
    fail(first, "$", "a header row", "JSON, which from_json and from_jsonl read");
  }

  void read_header() {
    refuse_json();
    if (!cells_.next(row_)) fail(text_.size(), "$", "a header row", "the end of the text");
    used_.resize(columns_.columns.size());
    ranks_.resize(columns_.columns.size(), npos);
    group_ranks_.resize(columns_.groups.size(), npos);
    group_ranks_[0] = 0;
    for (auto const& cell : row_) {
      if (auto const* const name = find_text_field(columns_.names, cell.text))
        ranks_[name->field] = std::min(ranks_[name->field], name->rank);
    }
    for (auto const& cell : row_) sources_.push_back(match(cell));
    for (std::size_t i = 0; i < row_.size(); ++i) {
      if (sources_[i] == npos) check_unknown(row_[i]);
    }
    check_any();
  }

  /// A header without a single column of the record is another file's, or has another separator.
  void check_any() const {
    bool const any = std::find(used_.begin(), used_.end(), true) != used_.end();
    if (any || used_.empty()) return;
    fail(row_[0].offset, "$",
         "a header with columns of the record, such as '" + columns_.columns[0].names[0] + "'",
         shown(string_scalar(row_[0].text)));
  }

  /// The number of the column that a cell of the header names.
  std::size_t match(csv_cell const& cell) {
    auto const* const name = find_text_field(columns_.names, cell.text);
    if (name == nullptr || name->rank != ranks_[name->field]) return npos;
    std::size_t const column = name->field;
    if (used_[column])
      fail(cell.offset, "$" + columns_.columns[column].path, "each column once",
           "the column again");
    used_[column] = true;
    enter_groups(columns_.columns[column].group, name->rank);
    return column;
  }

  /// Marks the groups around a column as present. Of a name's rank, the rest by the number of names
  /// outside is that of the outer name.
  void enter_groups(std::size_t group, std::size_t rank) {
    for (; group != 0; group = columns_.groups[group].parent) {
      rank %= columns_.groups[group].names.size();
      group_ranks_[group] = std::min(group_ranks_[group], rank);
    }
  }
  bool is_present(std::size_t group) const noexcept { return group_ranks_[group] != npos; }

  void check_unknown(csv_cell const& cell) const {
    check_shape(cell);
    if (options_.unknown == unknown_fields::ignore) return;
    std::string path = "$";
    append_member(path, cell.text);
    fail(cell.offset, std::move(path), "a field of " + std::string(record_name()),
         "an unknown field");
  }

  /// Throws if an unknown column is what a field of another shape is written to: "v/0" for the
  /// field v, "train" for the field train/loss.
  void check_shape(csv_cell const& cell) const {
    auto const* const whole = find_text_field(columns_.group_names, cell.text);
    if (whole != nullptr && whole->rank < group_ranks_[whole->field])
      fail_shape(cell, columns_.groups[whole->field], "/...'");
    for (auto at = cell.text.find('/'); at != npos; at = cell.text.find('/', at + 1)) {
      auto const outer = cell.text.substr(0, at);
      auto const* const column = find_text_field(columns_.names, outer);
      if (column != nullptr && column->rank < ranks_[column->field])
        fail_shape(cell, columns_.columns[column->field], "'");
      auto const* const group = find_text_field(columns_.group_names, outer);
      if (group != nullptr && is_alien(*group, cell.text.substr(at + 1)))
        fail_shape(cell, columns_.groups[group->field], "/...'");
    }
  }

  /// True if no value of the group's type is written to the column `inner` of it: an array has only
  /// the known ones, a record may have had more, but not the elements of an array.
  bool is_alien(text_field_name const& group, std::string_view inner) const {
    auto const present = group_ranks_[group.field];
    if (columns_.groups[group.field].type->shape == text_shape::array) return group.rank <= present;
    bool const element = skip_digits(inner, 0) == std::min(inner.find('/'), inner.size());
    return element && group.rank < present;
  }

  template <class Place>
  [[noreturn]] void fail_shape(csv_cell const& cell, Place const& place, char const* end) const {
    bool const column = std::string_view(end).size() == 1;
    fail(cell.offset, "$" + place.path,
         shown(*place.type) + (column ? " in the column '" : " in the columns '") + place.names[0] +
             end,
         "the column '" + std::string(name_beginning(cell.text)) + "'");
  }

  void check_missing() const {
    std::string missing;
    auto const check = [&](auto const& what, std::string const& name, std::size_t parent) {
      bool const needed = what.required || options_.missing == missing_fields::error;
      if (!needed || !is_present(parent)) return;
      missing.append(missing.empty() ? "'" : ", '").append(name).append("'");
    };
    for (std::size_t i = 1; i < columns_.groups.size(); ++i) {
      auto const& group = columns_.groups[i];
      if (!is_present(i)) check(group, group.names[0], group.parent);
    }
    for (std::size_t i = 0; i < columns_.columns.size(); ++i) {
      auto const& column = columns_.columns[i];
      if (!used_[i]) check(column, column.names[0], column.group);
    }
    if (missing.empty()) return;
    bool const several = missing.find(',') != missing.npos;
    fail(row_[0].offset, "$", (several ? "the columns " : "the column ") + missing,
         several ? "a header without them" : "a header without it");
  }

  [[noreturn]] void fail_ragged(std::size_t index) const {
    bool const many = row_.size() > sources_.size();
    fail(many ? row_[sources_.size()].offset : row_.back().offset, row_path(index),
         "as many cells as the header has, " + std::to_string(sources_.size()),
         std::to_string(row_.size()));
  }

  void read_cell(void* row, std::size_t index, csv_column const& column, csv_cell const& cell) {
    void* const target = static_cast<char*>(row) + column.offset;
    if (!is_cell(*column.type)) return read_json_cell(target, index, column, cell);
    auto const scalar = scalar_of(*column.type, cell);
    if (column.type->assign(target, scalar)) [[likely]]
      return;
    fail(cell.offset, row_path(index) + column.path, shown(*column.type),
         scalar.kind == scalar_kind::null ? std::string("an empty cell") + optional_hint
                                          : shown(scalar));
  }

  static text_scalar scalar_of(text_type const& type, csv_cell const& cell) {
    auto const& inner = type.shape == text_shape::optional ? *type.element : type;
    bool const is_optional = &inner != &type;
    if (&inner == &text_type_of<std::string>)
      return is_optional && cell.is_blank() ? text_scalar{} : string_scalar(cell.text);
    if (cell.text.empty()) return {};
    if (cell.text == "true" || cell.text == "false") return boolean_scalar(cell.text == "true");
    if (&inner == &text_type_of<bool> && (cell.text == "True" || cell.text == "False"))
      return boolean_scalar(cell.text == "True");  // as pandas writes them
    return cell_scalar(cell.text);
  }

  void read_json_cell(void* target, std::size_t index, csv_column const& column,
                      csv_cell const& cell) {
    bool const empty = cell.text.empty();
    if (empty && column.type->assign != nullptr && column.type->assign(target, {})) return;
    auto failure = try_read_json(cell.text, *column.type, target, options_);
    if (failure) throw_text_failure(text_, cell.offset, row_path(index) + column.path, *failure);
  }

  /// Inner records before those they are in.
  void finish_records(void* row, std::size_t index) const {
    for (std::size_t i = columns_.groups.size(); i-- > 0;) {
      auto const& group = columns_.groups[i];
      if (!is_present(i) || group.type->shape != text_shape::record) continue;
      try {
        group.type->layout().finish(static_cast<char*>(row) + group.offset);
      } catch (validation_error const& invalid) {
        if (is_derived(invalid)) throw;
        throw_text_failure(text_, cells_.offset(), row_path(index),
                           {.path = "$", .found = invalid.what(), .invalid = true});
      }
    }
  }

  std::string_view text_;
  csv_columns const& columns_;
  decode_options options_;
  csv_cells cells_;
  std::vector<csv_cell> row_;
  std::vector<std::size_t> sources_;      ///< for each cell of a row its column; npos if unknown
  std::vector<std::size_t> ranks_;        ///< of the first of each column's names in the header
  std::vector<std::size_t> group_ranks_;  ///< of the names by which groups have columns; or npos
  std::vector<bool> used_;                ///< the columns that are in the text
};

}  // namespace detail

/// The records of a CSV text. Columns are found by the header's names, in any order, as from_json
/// finds fields; cells are read by the same rules, an empty one as null. Then post_init and
/// validate. Throws as from_json; a row with more or fewer cells than the header is an error, and
/// so are columns of a field that has another shape: v/0 and v/1 where the record has a vector v.
/// Blank lines are passed over.
template <record T>
[[nodiscard]] std::vector<T> from_csv(std::string_view text, decode_options options = {}) {
  std::vector<T> rows;
  if constexpr (detail::require_serializer<T>()) {
    detail::csv_reader reader(text, detail::csv_columns_of<T>(), options);
    while (reader.next_row()) {
      T& row = rows.emplace_back(detail::access::blank<T>());
      reader.read_row(&row, rows.size() - 1);
    }
  }
  return rows;
}

template <class T>
  requires(!record<T>)
std::vector<T> from_csv(std::string_view, decode_options = {}) {
  detail::refuse_type<T>();
}

}  // namespace trainlog

#endif
