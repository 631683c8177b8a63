// SPDX-License-Identifier: MIT
// Whether any record can read the rows of two schemas (docs/format.md, Reading with another
// schema).
#ifndef TRAINLOG_SCHEMA_CLASH_HPP
#define TRAINLOG_SCHEMA_CLASH_HPP

#include <cstddef>
#include <string>
#include <vector>

#include "trainlog/schema/evolution.hpp"
#include "trainlog/schema/schema.hpp"

namespace trainlog::detail {

/// Collects the fields that two schemas have both, with types that no type reads both of.
class clash_finder {
 public:
  void compare(std::vector<schema_field> const& file, std::vector<schema_field> const& record,
               std::string const& path) {
    auto const sources = match_fields(file, record);
    for (std::size_t i = 0; i < record.size(); ++i) {
      if (sources[i] == type_plan::skip) continue;
      compare(file[sources[i]].type, record[i].type, path + "." + record[i].name);
    }
  }

  /// Empty if there is none.
  std::string const& clashes() const noexcept { return clashes_; }

 private:
  void compare(schema_type const& file, schema_type const& record, std::string const& path) {
    if (file.kind == type_kind::optional) return compare(file.element.front(), record, path);
    if (record.kind == type_kind::optional) return compare(file, record.element.front(), path);
    if (!have_reader(file, record)) return complain(path, file, record);
    if (file.kind == type_kind::record) return compare(file.fields, record.fields, path);
    if (!file.element.empty()) compare(file.element.front(), record.element.front(), path);
  }

  /// True if some type reads both, their fields and elements aside.
  static bool have_reader(schema_type const& a, schema_type const& b) noexcept {
    if (is_number_kind(a.kind) && is_number_kind(b.kind)) return have_wider(a.kind, b.kind);
    if (a.kind != b.kind || a.length != b.length) return false;
    if (!is_clock_kind(a.kind)) return true;
    return a.numerator == b.numerator && a.denominator == b.denominator && a.utc == b.utc &&
           have_wider(a.number, b.number);
  }

  static bool have_wider(type_kind a, type_kind b) noexcept {
    for (auto const wide : {a, b, type_kind::int16, type_kind::int32, type_kind::int64,
                            type_kind::float32, type_kind::float64}) {
      if (widens(a, wide) && widens(b, wide)) return true;
    }
    return false;
  }

  void complain(std::string const& path, schema_type const& file, schema_type const& record) {
    if (!clashes_.empty()) clashes_ += "; ";
    clashes_ += path + ": the file has " + shortened(to_text(file)) + ", the record has " +
                shortened(to_text(record));
  }

  std::string clashes_;
};

/// The fields, with their types in the file and in the record, for which no record reads the rows
/// of both schemas; empty if there is none. Fields that only one side has are none of them.
inline std::string find_clashes(std::vector<schema_field> const& file,
                                std::vector<schema_field> const& record) {
  clash_finder finder;
  finder.compare(file, record, "$");
  return finder.clashes();
}

}  // namespace trainlog::detail

#endif
