// SPDX-License-Identifier: MIT
// The columns of a schema: its fields, with those of nested records laid flat, or those wanted.
#ifndef TRAINLOG_LOG_FLAT_FIELDS_HPP
#define TRAINLOG_LOG_FLAT_FIELDS_HPP

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "trainlog/detail/name_list.hpp"
#include "trainlog/record/error.hpp"
#include "trainlog/schema/evolution.hpp"
#include "trainlog/schema/schema.hpp"

namespace trainlog::detail {

inline void append_flat_fields(std::vector<schema_field>& out, std::string const& prefix,
                               std::vector<schema_field> const& fields) {
  for (auto const& field : fields) {
    if (field.type.kind == type_kind::record && !field.type.fields.empty()) {
      append_flat_fields(out, prefix + field.name + "/", field.type.fields);
    } else {
      out.push_back(field);
      out.back().name = prefix + field.name;
    }
  }
}

/// The fields, each nested record replaced by its own: "train/loss" as in CSV. Rows and streams of
/// them are the same, byte for byte.
inline std::vector<schema_field> flat_fields(schema const& of) {
  std::vector<schema_field> out;
  append_flat_fields(out, "", of.fields);
  return out;
}

/// The fields that are wanted.
inline std::vector<schema_field> select_fields(std::vector<schema_field> const& fields,
                                               std::vector<bool> const& wanted) {
  std::vector<schema_field> selected;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (wanted[i]) selected.push_back(fields[i]);
  }
  return selected;
}

/// The place of the field, or type_plan::skip.
inline std::size_t find_flat_field(std::vector<schema_field> const& fields,
                                   std::string_view name) noexcept {
  auto const* const found = find_field(fields, name);
  return found == nullptr ? type_plan::skip : static_cast<std::size_t>(found - fields.data());
}

/// What the columns are called, for a message that one is not there: those within it, if it is a
/// record, else all.
inline std::string other_columns(std::vector<schema_field> const& fields, std::string_view name) {
  std::string const prefix = std::string(name) + "/";
  name_list within("; it is a record, with the columns ");
  name_list all("; there are ");
  for (auto const& field : fields) {
    if (field.name.starts_with(prefix)) within.add(shortened(field.name));
    all.add(shortened(field.name));
  }
  if (all.empty()) return {};
  return within.empty() ? all.text() : within.text();
}

/// What number a column is stored as; boolean if it is none.
inline type_kind number_of(schema_type const& type) noexcept {
  if (is_number_kind(type.kind)) return type.kind;
  return is_clock_kind(type.kind) ? type.number : type_kind::boolean;
}

}  // namespace trainlog::detail

#endif
