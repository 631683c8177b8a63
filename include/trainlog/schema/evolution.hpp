// SPDX-License-Identifier: MIT
// How rows of a file's schema are read into a record of another (docs/format.md, Reading with
// another schema).
#ifndef TRAINLOG_SCHEMA_EVOLUTION_HPP
#define TRAINLOG_SCHEMA_EVOLUTION_HPP

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trainlog/detail/error.hpp"
#include "trainlog/schema/schema.hpp"

namespace trainlog {

/// A file's schema cannot be read into a record. what() lists every field that does not fit, with
/// the type in the file and the type asked for.
class schema_error : public error {
 public:
  schema_error(std::string message, schema file, schema reader)
      : error(std::move(message)), file_(std::move(file)), reader_(std::move(reader)) {}

  /// What the file has.
  schema const& file() const noexcept { return file_; }
  /// What the program asks for.
  schema const& reader() const noexcept { return reader_; }

 private:
  schema file_;
  schema reader_;
};

/// How a value of one type in a file is read into another. A tree of the shape of the file's type.
struct type_plan {
  static constexpr std::size_t skip = std::numeric_limits<std::size_t>::max();

  /// A field of the file's record: where it goes, or skip.
  struct step {
    std::size_t target = skip;  ///< index into the reader's fields
    std::size_t plan = 0;       ///< index into `children`; not of a skipped field
  };

  schema_type const* file = nullptr;    ///< the value's type in the file; owned by its schema
  schema_type const* reader = nullptr;  ///< the type asked for
  bool same = false;                    ///< stored alike: reads without conversion
  std::vector<type_plan> children;      ///< of the element, or of each field that is read
  std::vector<step> steps;              ///< one for each field of the file's record
};

/// How rows are read: the plan of a record, and the two types it refers to.
struct evolution_plan {
  schema_type file;
  schema_type reader;
  type_plan row;

  evolution_plan() = default;
  evolution_plan(evolution_plan const&) = delete;  // `row` points into the other members
  evolution_plan& operator=(evolution_plan const&) = delete;
};

namespace detail {

/// The numbers of a kind are all integers of `bits` bits (sign not counted), or fit a float so
/// wide.
constexpr int value_bits(type_kind kind) noexcept {
  if (kind == type_kind::float32) return 24;
  if (kind == type_kind::float64) return 53;
  return static_cast<int>(kind_size(kind)) * 8 - (is_signed_kind(kind) ? 1 : 0);
}

/// True if the type `to` has every value of `from`.
constexpr bool widens(type_kind from, type_kind to) noexcept {
  if (from == to) return true;
  if (!is_number_kind(from) || !is_number_kind(to)) return false;
  if (!is_integer_kind(from)) return from == type_kind::float32 && to == type_kind::float64;
  if (is_integer_kind(to) && is_signed_kind(from) && !is_signed_kind(to)) return false;
  return value_bits(from) <= value_bits(to);
}

/// Builds a plan and collects what does not fit.
class planner {
 public:
  type_plan plan(schema_type const& file, schema_type const& reader, std::string const& path) {
    type_plan result;
    result.file = &file;
    result.reader = &reader;
    if (file.kind == type_kind::record && reader.kind == type_kind::record) {
      plan_fields(result, path);
    } else if (reader.kind == type_kind::optional && file.kind != type_kind::optional) {
      result.children.push_back(plan(file, reader.element.front(), path));
    } else if (file.kind == reader.kind && !file.element.empty()) {
      if (file.length != reader.length) mismatch(path, file, reader);
      result.children.push_back(plan(file.element.front(), reader.element.front(), path));
      result.same = result.children.front().same;
    } else {
      plan_scalar(result, path);
    }
    return result;
  }

  std::string const& problems() const noexcept { return problems_; }

 private:
  void plan_scalar(type_plan& result, std::string const& path) {
    schema_type const& file = *result.file;
    schema_type const& reader = *result.reader;
    bool fits = file.kind == reader.kind;
    if (is_number_kind(file.kind)) {
      fits = widens(file.kind, reader.kind);
    } else if (file.kind == type_kind::duration || file.kind == type_kind::time) {
      fits = fits && file.numerator == reader.numerator && file.utc == reader.utc &&
             file.denominator == reader.denominator && widens(file.number, reader.number);
    }
    if (!fits) mismatch(path, file, reader);
    result.same = file.kind == reader.kind && file.number == reader.number &&
                  file.enumerators == reader.enumerators;
  }

  void plan_fields(type_plan& result, std::string const& path) {
    auto const& file = result.file->fields;
    auto const& reader = result.reader->fields;
    std::vector<bool> given(reader.size());
    result.same = file.size() == reader.size();
    for (std::size_t i = 0; i < file.size(); ++i) {
      std::size_t const target = find_target(file, reader, file[i].name);
      result.steps.push_back({target, result.children.size()});
      if (target == type_plan::skip || given[target]) {
        result.steps.back().target = type_plan::skip;
        result.same = false;
        continue;
      }
      given[target] = true;
      result.children.push_back(
          plan(file[i].type, reader[target].type, path + "." + reader[target].name));
      result.same = result.same && target == i && result.children.back().same;
    }
    for (std::size_t i = 0; i < reader.size(); ++i) {
      if (!given[i] && reader[i].required) {
        complain(path + "." + reader[i].name + ": missing in the file, and it has no default");
      }
    }
  }

  /// The reader's field for a name in the file: of that name, else with that name as an alias
  /// (if the file has no field of the reader's own name, and none of an alias before this one).
  static std::size_t find_target(std::vector<schema_field> const& file,
                                 std::vector<schema_field> const& reader, std::string_view name) {
    for (std::size_t i = 0; i < reader.size(); ++i) {
      if (reader[i].name == name) return i;
    }
    for (std::size_t i = 0; i < reader.size(); ++i) {
      if (find_field(file, reader[i].name) != nullptr) continue;
      for (auto const& alias : reader[i].aka) {
        if (alias == name) return i;
        if (find_field(file, alias) != nullptr) break;
      }
    }
    return type_plan::skip;
  }

  void mismatch(std::string const& path, schema_type const& file, schema_type const& reader) {
    complain(path + ": the file has " + to_text(file) + ", asked for is " + to_text(reader));
  }
  void complain(std::string const& problem) {
    if (!problems_.empty()) problems_ += "; ";
    problems_ += problem;
  }

  std::string problems_;
};

inline schema_type record_type(schema const& of) {
  schema_type type;
  type.kind = type_kind::record;
  type.name = of.name;
  type.fields = of.fields;
  return type;
}

}  // namespace detail

/// Fills `plan` with how rows of the schema `file` are read into a record of the schema `reader`.
/// Throws schema_error with every mismatch.
inline void make_plan(evolution_plan& plan, schema const& file, schema const& reader) {
  plan.file = detail::record_type(file);
  plan.reader = detail::record_type(reader);
  detail::planner planner;
  plan.row = planner.plan(plan.file, plan.reader, "$");
  if (planner.problems().empty()) return;
  throw schema_error("trainlog: rows of " + file.name + " " + to_text(file) +
                         " cannot be read as " + reader.name + " " + to_text(reader) + ": " +
                         planner.problems(),
                     file, reader);
}

}  // namespace trainlog

#endif
