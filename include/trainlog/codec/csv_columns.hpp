// SPDX-License-Identifier: MIT
// The columns of a record in CSV: nested records and arrays of scalars are laid flat.
#ifndef TRAINLOG_CODEC_CSV_COLUMNS_HPP
#define TRAINLOG_CODEC_CSV_COLUMNS_HPP

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trainlog/codec/text_path.hpp"
#include "trainlog/codec/text_type.hpp"
#include "trainlog/codec/text_type_of.hpp"
#include "trainlog/record/error.hpp"
#include "trainlog/record/traits.hpp"

namespace trainlog::detail {

/// A type whose value is a cell without JSON in it.
template <class T>
constexpr bool is_cell() noexcept {
  if constexpr (optional<T>) return shape_of<typename T::value_type>() == text_shape::scalar;
  else return shape_of<T>() == text_shape::scalar;
}

/// A std::array of such: a column an element.
template <class T>
constexpr bool is_cell_array() noexcept {
  if constexpr (fixed_array<T>) return is_cell<typename T::value_type>();
  else return false;
}

/// The same of a table.
constexpr bool is_cell(text_type const& type) noexcept {
  return type.shape == text_shape::scalar ||
         (type.shape == text_shape::optional && type.element->shape == text_shape::scalar);
}

struct csv_column {
  std::vector<std::string> names;  ///< the one that is written, then those that are also read
  std::string path;                ///< ".train.loss"
  text_type const* type;
  std::size_t offset;
  std::size_t group;
  bool required;
};

/// A record, or an array of scalars, whose columns stand side by side.
struct csv_group {
  std::vector<std::string> names;  ///< "train" of "train/loss", as a column's
  std::string path;
  text_type const* type;
  std::size_t offset;
  std::size_t parent;
  bool required;
};

/// All columns of a record type. Group 0 is the record itself; a group stands behind its parent.
struct csv_columns {
  std::vector<csv_column> columns;
  std::vector<csv_group> groups;
  text_field_names names;        ///< of the columns
  text_field_names group_names;  ///< of the groups but the first

  explicit csv_columns(text_type const& row) {
    add_record({{""}, "", &row, 0, 0, true});
    names = names_of(columns, 0);
    group_names = names_of(groups, 1);
    auto const same = [](text_field_name const& a, text_field_name const& b) {
      return a.text == b.text && a.rank == 0 && b.rank == 0;
    };
    auto const twice = std::adjacent_find(names.begin(), names.end(), same);
    if (twice == names.end()) return;
    throw error("trainlog: two CSV columns of a " + std::string(row.layout().name) +
                " are named '" + std::string(twice->text) + "'");
  }
  csv_columns(csv_columns const&) = delete;  // the names are views
  csv_columns& operator=(csv_columns const&) = delete;

 private:
  template <class Entries>
  static text_field_names names_of(Entries const& entries, std::size_t first) {
    text_field_names all;
    for (std::size_t i = first; i < entries.size(); ++i) {
      std::size_t rank = 0;
      for (std::string_view const name : entries[i].names) all.push_back({name, rank++, i});
    }
    std::sort(all.begin(), all.end());
    return all;
  }

  void add(csv_column column) {
    bool const flat_array =
        column.type->shape == text_shape::array && is_cell(*column.type->element);
    if (column.type->shape == text_shape::record) add_record(column);
    else if (flat_array) add_array(column);
    else columns.push_back(std::move(column));
  }

  std::size_t add_group(csv_column const& of) {
    groups.push_back({of.names, of.path, of.type, of.offset, of.group, of.required});
    return groups.size() - 1;
  }

  void add_record(csv_column const& record) {
    std::size_t const group = add_group(record);
    auto const& layout = record.type->layout();
    for (auto const& field : layout.fields) {
      csv_column column{{},    record.path,   field.type, record.offset + field.offset,
                        group, field.required};
      append_member(column.path, field.name);
      add_names(column, record, field.name);
      for (auto const alias : field.aka) add_names(column, record, alias);
      add(std::move(column));
    }
  }

  void add_array(csv_column const& array) {
    std::size_t const group = add_group(array);
    for (std::size_t i = 0; i < array.type->size; ++i) {
      csv_column column{
          {}, array.path, array.type->element, array.offset + i * array.type->stride, group, true};
      append_element(column.path, i);
      add_names(column, array, std::to_string(i));
      add(std::move(column));
    }
  }

  /// "train/loss" for each name of the outer column.
  static void add_names(csv_column& column, csv_column const& outer, std::string_view name) {
    for (auto const& prefix : outer.names)
      column.names.push_back(prefix.empty() ? std::string(name) : prefix + "/" + std::string(name));
  }
};

/// Never destroyed, as layout_of.
template <class T>
csv_columns const& csv_columns_of() {
  static auto const& columns = *new csv_columns(text_type_of<T>);
  return columns;
}

}  // namespace trainlog::detail

#endif
