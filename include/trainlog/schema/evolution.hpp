// SPDX-License-Identifier: MIT
// How rows of a file's schema are read into a record of another (docs/format.md, Reading with
// another schema).
#ifndef TRAINLOG_SCHEMA_EVOLUTION_HPP
#define TRAINLOG_SCHEMA_EVOLUTION_HPP

#include <algorithm>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trainlog/detail/error.hpp"
#include "trainlog/detail/utf8.hpp"
#include "trainlog/schema/schema.hpp"

namespace trainlog {

/// A file's schema cannot be read into a record; what() lists every field that does not fit, with
/// the type in the file and the type asked for, as far as each takes no more than 240 bytes. Or a
/// record's schema is beyond the limits of the format, and cannot be written.
class [[gnu::visibility("default")]] schema_error : public error {
 public:
  schema_error(std::string const& message, schema file, schema reader)
      : error(message), file_(std::move(file)), reader_(std::move(reader)) {}

  /// The same error, of rows in the file `path`.
  [[nodiscard]] schema_error in_file(std::string const& path) const {
    return {what() + (" in " + detail::printable_path(path)), file_, reader_};
  }

  /// What the file has, or would have.
  schema const& file() const noexcept { return file_; }
  /// What the program asks for; empty if it was writing.
  schema const& reader() const noexcept { return reader_; }

 private:
  schema file_;
  schema reader_;
};

/// How a value of one type in a file is read into another. A tree of the shape of the file's type.
struct type_plan {
  /// Stands for no index.
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
  schema_type file;  ///< with the enumerators of each enumeration in the order of their values
  schema_type reader;
  type_plan row;

  evolution_plan() = default;
  evolution_plan(evolution_plan const&) = delete;  // `row` points into the other members
  evolution_plan& operator=(evolution_plan const&) = delete;
};

namespace detail {

/// For messages: text from a file, which may be as long as the file.
inline std::string shortened(std::string_view text) {
  constexpr std::size_t most = 240;
  if (text.size() <= most) return std::string(text);
  text = text.substr(0, most);
  return std::string(text.substr(0, valid_utf8_prefix(text))) + "...";
}

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

/// Finds fields by name.
class field_index {
 public:
  /// Of these, which must outlive it.
  explicit field_index(std::vector<schema_field> const& fields)
      : fields_(fields), sorted_(fields.size()) {
    for (std::size_t i = 0; i < fields.size(); ++i) sorted_[i] = i;
    std::sort(sorted_.begin(), sorted_.end(), [&](std::size_t a, std::size_t b) {
      int const order = fields[a].name.compare(fields[b].name);
      return order != 0 ? order < 0 : a < b;
    });
  }

  /// The index of the field, or type_plan::skip if there is none.
  std::size_t find(std::string_view name) const noexcept {
    auto const found = std::lower_bound(
        sorted_.begin(), sorted_.end(), name,
        [&](std::size_t i, std::string_view wanted) { return fields_[i].name < wanted; });
    return found != sorted_.end() && fields_[*found].name == name ? *found : type_plan::skip;
  }

 private:
  std::vector<schema_field> const& fields_;
  std::vector<std::size_t> sorted_;  // their indices, by name
};

/// For each field of the reader the one in the file: of the same name, else the first of the
/// reader's aka names, its former name behind them, that the file has and that no other field of
/// the reader took.
inline std::vector<std::size_t> match_fields(std::vector<schema_field> const& file,
                                             std::vector<schema_field> const& reader) {
  field_index const index(file);
  std::vector<bool> taken(file.size());
  std::vector<std::size_t> sources(reader.size(), type_plan::skip);
  auto const take = [&](std::size_t target, std::string_view name) {
    std::size_t const source = index.find(name);
    if (source == type_plan::skip || taken[source]) return;
    taken[source] = true;
    sources[target] = source;
  };
  for (std::size_t i = 0; i < reader.size(); ++i) take(i, reader[i].name);
  for (std::size_t i = 0; i < reader.size(); ++i) {
    for (auto const& alias : reader[i].aka) {
      if (sources[i] == type_plan::skip) take(i, alias);
    }
    auto const& former = reader[i].former_name;
    if (sources[i] == type_plan::skip && !former.empty()) take(i, former);
  }
  return sources;
}

/// Builds a plan and collects what does not fit.
class planner {
 public:
  /// Sorts the enumerators of the file's type by value.
  type_plan plan(schema_type& file, schema_type const& reader, std::string const& path) {
    type_plan result;
    result.file = &file;
    result.reader = &reader;
    if (file.kind == type_kind::record && reader.kind == type_kind::record) {
      plan_fields(result, file.fields, path);
    } else if (reader.kind == type_kind::optional && file.kind != type_kind::optional) {
      result.children.push_back(plan(file, reader.element.front(), path));
    } else if (file.kind == reader.kind && !file.element.empty()) {
      plan_element(result, file, path);
    } else {
      plan_scalar(result, file, path);
    }
    return result;
  }

  std::string const& problems() const noexcept { return problems_; }

 private:
  void plan_element(type_plan& result, schema_type& file, std::string const& path) {
    if (file.length != result.reader->length) return mismatch(path, file, *result.reader);
    result.children.push_back(plan(file.element.front(), result.reader->element.front(), path));
    result.same = result.children.front().same;
  }

  void plan_scalar(type_plan& result, schema_type& file, std::string const& path) {
    schema_type const& reader = *result.reader;
    if (!reads(file, reader)) mismatch(path, file, reader);
    result.same = file.kind == reader.kind && file.number == reader.number &&
                  file.enumerators == reader.enumerators;
    keep_best_names(file.enumerators, reader.enumerators);
  }

  /// Sorts the file's enumerators by value, and keeps one name a value: one that the reader has
  /// too, if there is any.
  static void keep_best_names(std::vector<enumerator>& file,
                              std::vector<enumerator> const& reader) {
    auto const is_unknown = [&](enumerator const& named) {
      return std::none_of(reader.begin(), reader.end(),
                          [&](enumerator const& each) { return each.name == named.name; });
    };
    std::sort(file.begin(), file.end(), [&](enumerator const& x, enumerator const& y) {
      return x.value != y.value ? x.value < y.value : is_unknown(x) < is_unknown(y);
    });
    auto const same_value = [](auto const& x, auto const& y) { return x.value == y.value; };
    file.erase(std::unique(file.begin(), file.end(), same_value), file.end());
  }

  /// True if a scalar in the file reads as one of the reader's type.
  static bool reads(schema_type const& file, schema_type const& reader) noexcept {
    if (is_number_kind(file.kind)) return widens(file.kind, reader.kind);
    if (file.kind != reader.kind) return false;
    if (!is_clock_kind(file.kind)) return true;
    return file.numerator == reader.numerator && file.denominator == reader.denominator &&
           file.utc == reader.utc && widens(file.number, reader.number);
  }

  void plan_fields(type_plan& result, std::vector<schema_field>& file, std::string const& path) {
    auto const& reader = result.reader->fields;
    auto const sources = match_fields(file, reader);
    result.steps.resize(file.size());
    result.same = file.size() == reader.size();
    for (std::size_t i = 0; i < reader.size(); ++i) {
      result.same = result.same && sources[i] == i;
      if (sources[i] == type_plan::skip) {
        if (reader[i].required) complain(path + "." + reader[i].name + ": not in the file");
        continue;
      }
      result.steps[sources[i]] = {i, result.children.size()};
      result.children.push_back(
          plan(file[sources[i]].type, reader[i].type, path + "." + reader[i].name));
      result.same = result.same && result.children.back().same;
    }
  }

  void mismatch(std::string const& path, schema_type const& file, schema_type const& reader) {
    complain(path + ": the file has " + shortened(to_text(file)) + ", asked for is " +
             shortened(to_text(reader)));
  }
  void complain(std::string const& problem) {
    if (!problems_.empty()) problems_ += "; ";
    problems_ += problem;
  }

  std::string problems_;
};

}  // namespace detail

/// Fills `plan` with how rows of the schema `file` are read into a record of the schema `reader`.
/// The plan owns all that it refers to. Throws schema_error with every mismatch; the plan's content
/// is then unspecified. Precondition: the types in both schemas are complete, an optional, list,
/// array or map having its one element. Takes O(n log n) time for n fields.
inline void make_plan(evolution_plan& plan, schema file, schema const& reader) {
  plan.file = detail::record_type(std::move(file));
  plan.reader = detail::record_type(reader);
  detail::planner planner;
  plan.row = planner.plan(plan.file, plan.reader, "$");
  if (planner.problems().empty()) return;
  throw schema_error("trainlog: rows of " + detail::shortened(plan.file.name) +
                         " cannot be read as " + reader.name + ": " + planner.problems(),
                     {plan.file.name, plan.file.fields}, reader);
}

}  // namespace trainlog

#endif
