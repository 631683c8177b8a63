// SPDX-License-Identifier: MIT
// The rows of one block of a log, with the fields that are wanted alone.
#ifndef TRAINLOG_LOG_BLOCK_LOADER_HPP
#define TRAINLOG_LOG_BLOCK_LOADER_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trainlog/codec/blocks.hpp"
#include "trainlog/codec/row_skip.hpp"
#include "trainlog/detail/wire.hpp"
#include "trainlog/log/columns_decode.hpp"
#include "trainlog/log/columns_head.hpp"
#include "trainlog/log/input_file.hpp"
#include "trainlog/log/log_block.hpp"
#include "trainlog/schema/schema.hpp"

namespace trainlog::detail {

/// Some of the fields of a schema, and what it takes to get at them.
struct projection {
  std::vector<schema_field> fields;  ///< of the file
  std::vector<bool> wanted;          ///< which of them
  columns_decoder decoder;

  projection(std::vector<schema_field> of, std::vector<bool> which)
      : fields(std::move(of)), wanted(std::move(which)), decoder(fields, wanted) {}

  bool all() const noexcept {
    return std::find(wanted.begin(), wanted.end(), false) == wanted.end();
  }
  bool none() const noexcept {
    return std::find(wanted.begin(), wanted.end(), true) == wanted.end();
  }
};

/// Appends the wanted fields of the next row in `in`; false if it is none.
inline bool append_projected_row(wire_reader& in, projection const& of, std::string_view all,
                                 std::string& out) {
  for (std::size_t i = 0; i < of.fields.size(); ++i) {
    std::size_t const begin = in.remaining();
    if (!skip_value(in, of.fields[i].type)) return false;
    if (of.wanted[i]) out += all.substr(all.size() - begin, begin - in.remaining());
  }
  if (of.none()) out += '\0';
  return !of.fields.empty() || in.zero();
}

/// Appends the wanted fields of `count` rows, which are all that `bytes` has; false if they are
/// not.
inline bool append_projected_rows(std::string_view bytes, std::size_t count, projection const& of,
                                  std::string& out) {
  bool const all = of.all();
  wire_reader in(bytes);
  for (; count > 0; --count) {
    if (!(all ? skip_fields(in, of.fields) : append_projected_row(in, of, bytes, out)))
      return false;
  }
  if (all) out += bytes;
  return in.remaining() == 0;
}

/// Rows that follow each other, with the wanted fields alone.
struct row_batch {
  std::uint32_t schema_id = 0;
  std::uint64_t first_row = 0;
  std::size_t count = 0;
  projection* columns = nullptr;  ///< has the rows, if they came as columns
  std::string bytes;              ///< the rows in wire form, if they did not

  /// Begins anew, without rows.
  void begin(std::uint32_t schema, std::uint64_t row) {
    schema_id = schema;
    first_row = row;
    count = 0;
    columns = nullptr;
    bytes.clear();
  }

  /// Adds a row that stands alone; false if it is none of its schema.
  bool add(std::string_view row, projection const& of) {
    std::size_t const size = bytes.size();
    wire_reader in(row);
    bool const good = append_projected_row(in, of, row, bytes) && in.remaining() == 0;
    if (good) ++count;
    else bytes.resize(size);
    return good;
  }

  /// Makes columns into rows in wire form, if they are not yet.
  std::string const& rows() {
    if (columns != nullptr) {
      bytes.clear();
      columns->decoder.append_rows(bytes);
      columns = nullptr;
    }
    return bytes;
  }
};

/// The wanted fields of the schemas of a file.
class projections {
 public:
  /// Says which fields of a schema of the file are wanted. What it throws ends the reading.
  using choose_fields = std::function<projection(std::uint32_t id, schema const&)>;

  explicit projections(choose_fields choose) : choose_(std::move(choose)) {}

  /// Null if the file has no such schema.
  projection* find(std::uint32_t id, std::map<std::uint32_t, log_schema> const& schemas) {
    auto const known = made_.find(id);
    if (known != made_.end()) return &known->second;
    auto const found = schemas.find(id);
    if (found == schemas.end()) return nullptr;
    return &made_.emplace(id, choose_(id, found->second.rows)).first->second;
  }

  /// Forgets the file's schemas.
  void clear() noexcept { made_.clear(); }

 private:
  choose_fields choose_;
  std::map<std::uint32_t, projection> made_;
};

/// Reads blocks of a file. What is damaged is never shown.
class block_loader {
 public:
  block_loader(input_file const& file, std::array<char, 8> const& sync)
      : file_(&file), sync_(sync), window_(file, file.size()) {}

  /// Sees what the file has now. To be called when it has been found to have more blocks: of what
  /// was behind them, as it was then, something may have been kept.
  void refresh() { window_ = file_window(*file_, file_->size()); }

  /// Reads the wanted fields of a block that the file was found to have. False if they are not as
  /// they were written; reason() says how. Throws io_error.
  bool load(log_block const& asked, projection& of, row_batch& out) {
    log_block found;
    found_ = read_right_block(window_, sync_, asked.offset, found) == block_state::right &&
             found.sequence == asked.sequence && found.first_row == asked.first_row &&
             found.row_count == asked.row_count && found.schema_id == asked.schema_id &&
             found.type == asked.type;
    if (!found_) return fail("the checksum of a block is wrong");
    out.begin(found.schema_id, found.first_row);
    out.count = static_cast<std::size_t>(found.row_count);
    auto const checked =
        window_.at(found.payload(), static_cast<std::size_t>(found.checked_length));
    return found.is(block_type::columns) ? load_columns(found, checked, of, out)
                                         : load_rows(checked, of, out);
  }

  std::string const& reason() const noexcept { return reason_; }
  /// The block that was asked for last stands in its place.
  bool found() const noexcept { return found_; }

 private:
  /// Fields whose bytes follow each other, read at once.
  struct run {
    std::size_t first = 0;
    std::size_t last = 0;   // one past
    std::size_t begin = 0;  // in the payload
    std::size_t end = 0;
  };

  bool fail(std::string reason) {
    reason_ = std::move(reason);
    return false;
  }

  bool load_rows(std::string_view payload, projection const& of, row_batch& out) {
    constexpr std::size_t header = 16;
    return append_projected_rows(payload.substr(header), out.count, of, out.bytes) ||
           fail("rows are not as their schema says");
  }

  bool load_columns(log_block const& from, std::string_view head_bytes, projection& of,
                    row_batch& out) {
    wire_reader in(head_bytes);
    if (!read_columns_head(in, of.decoder.file_layout(), head_) ||
        head_.payload_size != from.payload_length) {
      return fail("the streams of a block are not as its schema says");
    }
    of.decoder.begin(head_);
    out.columns = &of;
    for (run next; find_run(of, next);) {
      if (!decode(from, next, of)) return false;
    }
    return true;
  }

  /// The next run of wanted fields, behind the one that `run` was; false if there is none.
  bool find_run(projection const& of, run& next) const {
    std::size_t i = next.last;
    while (i < of.wanted.size() && !of.wanted[i]) ++i;
    next = {i, i, 0, 0};
    for (; i < of.wanted.size() && of.wanted[i]; ++i) {
      auto const [begin, end] = of.decoder.range(head_, i);
      if (next.end == 0) next.begin = begin;
      next.end = std::max(next.end, end);
      next.last = i + 1;
    }
    return next.last > next.first;
  }

  bool decode(log_block const& from, run const& fields, projection& of) {
    std::size_t const size = fields.end - fields.begin;
    auto const run_bytes = read(from.payload() + fields.begin, size);
    if (run_bytes.size() != size) return fail("the file was cut off meanwhile");
    for (std::size_t i = fields.first; i < fields.last; ++i) {
      auto const [begin, end] = of.decoder.range(head_, i);
      std::string_view bytes;
      if (begin != end) bytes = run_bytes.substr(begin - fields.begin, end - begin);
      if (of.decoder.decode(head_, i, bytes)) continue;
      return fail("field '" + shortened(of.fields[i].name) + "': " + of.decoder.reason());
    }
    return true;
  }

  std::string_view read(std::uint64_t offset, std::size_t size) {
    if (size <= file_window::least) return window_.at(offset, size);
    if (bytes_.size() < size) bytes_.resize(size);  // and never less: resizing writes zeros
    return {bytes_.data(), file_->read(offset, bytes_.data(), size)};
  }

  input_file const* file_;
  std::array<char, 8> sync_;
  file_window window_;
  columns_head head_;
  std::string bytes_;
  std::string reason_;
  bool found_ = true;
};

}  // namespace trainlog::detail

#endif
