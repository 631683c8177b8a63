// SPDX-License-Identifier: MIT
// Logs without the C++ type of their rows.
#ifndef TRAINLOG_LOG_ANY_LOG_HPP
#define TRAINLOG_LOG_ANY_LOG_HPP

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trainlog/codec/row_skip.hpp"
#include "trainlog/codec/snapshot.hpp"
#include "trainlog/detail/file.hpp"
#include "trainlog/detail/wire.hpp"
#include "trainlog/log/any_value.hpp"
#include "trainlog/log/block_loader.hpp"
#include "trainlog/log/flat_fields.hpp"
#include "trainlog/log/log_report.hpp"
#include "trainlog/log/seek_field.hpp"
#include "trainlog/log/stored_rows.hpp"
#include "trainlog/record/error.hpp"
#include "trainlog/record/traits.hpp"
#include "trainlog/record/value.hpp"
#include "trainlog/schema/schema.hpp"

namespace trainlog {
namespace detail {

/// All fields are wanted.
inline projection project_all(std::uint32_t, schema const& file) {
  return {file.fields, std::vector<bool>(file.fields.size(), true)};
}

/// The column of that name alone is wanted.
inline projection project_column(schema const& file, std::string_view name) {
  auto fields = flat_fields(file);
  std::vector<bool> wanted(fields.size());
  std::size_t const found = find_flat_field(fields, name);
  if (found != type_plan::skip) wanted[found] = true;
  return {std::move(fields), std::move(wanted)};
}

}  // namespace detail

/// Reads a log, or a snapshot, as rows of named values. All that is said of log_reader holds, but
/// that every row has the fields of the schema under which it was written.
class any_log {
 public:
  using value_type = dict;

  /// Throws io_error; decode_error for a file that is no .tlog file.
  explicit any_log(std::string path)
      : path_(std::move(path)),
        place_(detail::absolute_path(path_)),
        rows_(path_, detail::project_all) {}
  any_log(any_log const&) = delete;
  any_log& operator=(any_log const&) = delete;

  /// The schemas of the file, in their order. Rows that were written under a changed record have a
  /// schema of their own.
  std::vector<schema> schemas() {
    rows_.blocks().size();
    std::vector<schema> result;
    for (auto const& [id, each] : rows_.blocks().schemas()) result.push_back(each.rows);
    return result;
  }

  /// The columns of the last schema: its fields, with those of nested records as "train/loss".
  std::vector<schema_field> columns() {
    auto const all = schemas();
    return all.empty() ? std::vector<schema_field>() : detail::flat_fields(all.back());
  }

  class iterator {
   public:
    using iterator_concept = std::input_iterator_tag;
    using iterator_category = std::input_iterator_tag;
    using value_type = dict;
    using difference_type = std::ptrdiff_t;
    using pointer = dict const*;
    using reference = dict const&;

    iterator() = default;
    dict const& operator*() const noexcept { return from_->row_; }
    dict const* operator->() const noexcept { return &from_->row_; }
    iterator& operator++() {
      if (!from_->next()) from_ = nullptr;
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(iterator const& it, std::default_sentinel_t) noexcept {
      return it.from_ == nullptr;
    }

   private:
    friend class any_log;
    explicit iterator(any_log& from) : from_(&from) { ++*this; }
    any_log* from_ = nullptr;
  };

  /// The first row, or the one that seek() went to; valid until the iterator goes on. Only one
  /// iterator at a time. Throws io_error, decode_error.
  iterator begin() {
    rows_.seek(start_);
    left_ = 0;
    return iterator(*this);
  }
  std::default_sentinel_t end() const noexcept { return {}; }

  /// Lets begin() start at the row of that number, or at the next one that is there.
  void seek(std::uint64_t row) noexcept { start_ = row; }

  /// As of log_reader; the field may be one of a nested record: "train/loss".
  template <detail::number V>
  void seek_to(std::string_view field, V wanted) {
    start_ = detail::in_file(path_, [&] {
      return detail::find_row_by_field(rows_, field, static_cast<long double>(wanted));
    });
  }

  /// The values of one column, read without the others; none for rows without it. Throws
  /// trainlog::error if no row can have it.
  value_list column(std::string_view name) const {
    bool known = false;
    std::string others;
    detail::stored_rows source(place_, [&](std::uint32_t, schema const& file) {
      auto result = detail::project_column(file, name);
      known = known || !result.none();
      if (result.none()) others = detail::other_columns(result.fields, name);
      return result;
    });
    value_list values;
    for (detail::row_batch batch; source.next(batch);) append_column(source, batch, values);
    if (!known) throw error(no_column(name) + others);
    return values;
  }

  /// The number of rows that can be read, as far as is known without reading them.
  std::uint64_t size() { return report().rows; }
  /// As of log_reader.
  log_report report() { return rows_.report(); }

 private:
  std::string no_column(std::string_view name) const {
    return "trainlog: no column '" + detail::shortened(name) + "' in " +
           detail::printable_path(path_);
  }

  void append_column(detail::stored_rows& source, detail::row_batch& batch,
                     value_list& values) const {
    auto const& from = *source.projection_of(batch.schema_id);
    if (from.none()) {
      values.resize(values.size() + batch.count);
      return;
    }
    auto const fields = detail::select_fields(from.fields, from.wanted);
    detail::wire_reader in(batch.rows());
    for (std::size_t i = 0; i < batch.count; ++i) {
      if (!detail::read_any_value(in, fields.front().type, values.emplace_back())) {
        fail(in, batch.first_row + i);
      }
    }
  }

  [[noreturn]] void fail(detail::wire_reader const& in, std::uint64_t row) const {
    throw decode_error("$[" + std::to_string(row) + "]" + in.path(), {in.failed_at(), 0, 0},
                       in.expected(), in.found(), path_);
  }

  /// Puts the next row into row_; false at the end.
  bool next() {
    while (true) {
      if (left_ == 0 && !load_rows()) return false;
      std::uint64_t const number = batch_.first_row + batch_.count - left_--;
      auto const& fields = rows_.projection_of(batch_.schema_id)->fields;
      bool const wanted = number >= start_;
      if (wanted) row_ = dict();
      if (!(wanted ? detail::read_any_fields(in_, fields, row_)
                   : detail::skip_fields(in_, fields))) {
        fail(in_, number);
      }
      if (wanted) return true;
    }
  }

  bool load_rows() {
    do {
      if (!rows_.next(batch_)) return false;
    } while (batch_.count == 0);
    in_ = detail::wire_reader(batch_.rows());
    left_ = batch_.count;
    return true;
  }

  std::string path_;   // as it was given
  std::string place_;  // to open it anew
  detail::stored_rows rows_;
  detail::row_batch batch_;
  detail::wire_reader in_{""};
  std::size_t left_ = 0;
  dict row_;
  std::uint64_t start_ = 0;
};

}  // namespace trainlog

#endif
