// SPDX-License-Identifier: MIT
// The row at which a field that never gets less reaches a value.
#ifndef TRAINLOG_LOG_SEEK_FIELD_HPP
#define TRAINLOG_LOG_SEEK_FIELD_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trainlog/codec/row_evolve.hpp"
#include "trainlog/detail/wire.hpp"
#include "trainlog/log/block_loader.hpp"
#include "trainlog/log/flat_fields.hpp"
#include "trainlog/log/stored_rows.hpp"
#include "trainlog/record/error.hpp"
#include "trainlog/schema/schema.hpp"

namespace trainlog::detail {

/// Searches the blocks of a log by one of its fields. Numbers are compared as long double, which
/// has those of 64 bits where it has more than a double.
class field_search {
 public:
  /// Does not change what `source` reads next.
  field_search(stored_rows& source, std::string_view field)
      : name_(field),
        source_(source),
        wanted_([this](std::uint32_t, schema const& of) { return choose(of); }),
        loader_(source.file(), source.blocks().sync()) {}

  /// The number of the first row that has `wanted` or more; one past the last row if there is none.
  std::uint64_t find(long double wanted) {
    auto& blocks = source_.blocks();
    std::size_t first = 0;
    std::size_t last = blocks.size();
    require_field();
    while (first < last) {
      std::size_t const middle = first + (last - first) / 2;
      std::size_t const readable = next_readable(middle, last);
      if (readable != last && values_.back() < wanted) first = readable + 1;
      else last = middle;
    }
    bool const there = next_readable(first, blocks.size()) != blocks.size() || load(tail);
    if (!there) return blocks.next_row();
    auto const found = std::lower_bound(values_.begin(), values_.end(), wanted);
    return batch_.first_row + static_cast<std::uint64_t>(found - values_.begin());
  }

 private:
  static constexpr std::size_t tail = static_cast<std::size_t>(-1);

  /// Nothing is wanted of a schema without the field.
  projection choose(schema const& of) const {
    auto fields = flat_fields(of);
    std::vector<bool> wanted(fields.size());
    if (std::size_t const at = find_number(fields); at != type_plan::skip) wanted[at] = true;
    return {std::move(fields), std::move(wanted)};
  }

  std::size_t find_number(std::vector<schema_field> const& fields) const noexcept {
    std::size_t const at = find_flat_field(fields, name_);
    bool const good = at != type_plan::skip && number_of(fields[at].type) != type_kind::boolean;
    return good ? at : type_plan::skip;
  }

  /// Throws if no schema has the field.
  void require_field() {
    for (auto const& [id, each] : source_.blocks().schemas()) {
      if (!source_.projection_of(id, wanted_)->none()) return;
    }
    throw error("trainlog: no field '" + shortened(name_) + "' that is a number in " +
                printable_path(source_.file().path()));
  }

  /// The first block from `i` on, and before `end`, that can be read; `end` if there is none.
  std::size_t next_readable(std::size_t i, std::size_t end) {
    while (i != end && !load(i)) ++i;
    return i;
  }

  bool load_block(std::size_t i) {
    log_block const block = *source_.blocks().at(i);
    auto* const wanted = source_.projection_of(block.schema_id, wanted_);
    return wanted != nullptr && loader_.load(block, *wanted, batch_);
  }

  /// Puts the values of a block, or of the rows behind the last one, into values_.
  bool load(std::size_t i) {
    if (i == tail ? !source_.load_tail(batch_, wanted_) : !load_block(i)) return false;
    auto const* const from = source_.projection_of(batch_.schema_id, wanted_);
    std::size_t const index = find_number(from->fields);
    if (index == type_plan::skip) return false;
    type_kind const kind = number_of(from->fields[index].type);
    wire_reader in(batch_.rows());
    values_.clear();
    for (long double value = 0; values_.size() < batch_.count && read_number(in, kind, value);) {
      values_.push_back(value);
    }
    return !values_.empty();
  }

  std::string name_;
  stored_rows& source_;
  projections wanted_;
  block_loader loader_;
  row_batch batch_;
  std::vector<long double> values_;
};

inline std::uint64_t find_row_by_field(stored_rows& rows, std::string_view field,
                                       long double wanted) {
  return field_search(rows, field).find(wanted);
}

}  // namespace trainlog::detail

#endif
