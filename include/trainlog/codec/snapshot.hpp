// SPDX-License-Identifier: MIT
// Records as binary snapshots: complete .tlog files (docs/format.md, Snapshots).
#ifndef TRAINLOG_CODEC_SNAPSHOT_HPP
#define TRAINLOG_CODEC_SNAPSHOT_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "trainlog/codec/blocks.hpp"
#include "trainlog/codec/row_decode.hpp"
#include "trainlog/codec/row_encode.hpp"
#include "trainlog/codec/schema_bytes.hpp"
#include "trainlog/detail/file.hpp"
#include "trainlog/record/error.hpp"
#include "trainlog/schema/evolution.hpp"
#include "trainlog/schema/schema_of.hpp"

namespace trainlog {
namespace detail {

/// A type of which from_binary and load make one value: a record, or a vector of records.
template <class T>
inline constexpr bool is_record_list = false;
template <record T, class Allocator>
inline constexpr bool is_record_list<std::vector<T, Allocator>> = true;

inline constexpr std::size_t max_rows_in_block = 1U << 24U;
inline constexpr std::size_t wanted_block_bytes = 16U << 20U;

inline void append_schema_block(std::string& file, block_writer& blocks, schema const& of) {
  blocks.begin(block_type::schema);
  append_le(file, std::uint32_t{0});
  append_le(file, std::uint32_t{0});
  append_le(file, identity(of));
  append_schema(file, of);
  blocks.end();
}

template <class T>
void append_rows_block(std::string& file, block_writer& blocks, std::span<T const> rows,
                       std::size_t first_row) {
  blocks.begin(block_type::rows);
  append_le(file, std::uint32_t{0});
  append_le(file, static_cast<std::uint32_t>(rows.size()));
  append_le(file, static_cast<std::uint64_t>(first_row));
  append_rows(file, rows);
  blocks.end();
}

inline void append_end_block(std::string& file, block_writer& blocks, std::size_t rows) {
  blocks.begin(block_type::end);
  append_le(file, static_cast<std::uint64_t>(rows));
  blocks.end();
}

/// So many rows that a block is neither tiny nor huge.
template <class T>
constexpr std::size_t rows_in_block() noexcept {
  return std::clamp<std::size_t>(wanted_block_bytes / std::max(sizeof(T), fixed_size<T>()), 1,
                                 max_rows_in_block);
}

template <class T>
std::string snapshot_of(std::span<T const> rows) {
  std::string file;
  file.reserve(1024 + rows.size() * fixed_size<T>());
  append_file_header(file, {});
  block_writer blocks(file);
  append_schema_block(file, blocks, schema_of<T>());
  std::size_t first = 0;
  do {
    std::size_t const count = std::min(rows.size() - first, rows_in_block<T>());
    append_rows_block(file, blocks, rows.subspan(first, count), first);
    first += count;
  } while (first < rows.size());
  append_end_block(file, blocks, rows.size());
  return file;
}

/// Throws what went wrong while `in` was read.
[[noreturn]] inline void throw_failure(wire_reader const& in, std::string path) {
  throw decode_error(path + in.path(), {in.failed_at(), 0, 0}, in.expected(), in.found());
}

/// Reads the rows blocks of a snapshot for a record of type T.
template <class T>
class snapshot_reader {
 public:
  explicit snapshot_reader(std::string_view file) : blocks_(file) {}

  std::vector<T> read() {
    for (;;) {
      if (blocks_.at_end()) {
        block_reader::fail(blocks_.name(), blocks_.offset(), "an end block", "the end of the file");
      }
      std::string const name = blocks_.name();
      block const next = blocks_.next();
      wire_reader in(next.payload, next.payload_offset);
      if (next.type == static_cast<std::uint16_t>(block_type::schema)) read_schema(in, name);
      if (next.type == static_cast<std::uint16_t>(block_type::rows)) read_rows(in, name);
      if (next.type == static_cast<std::uint16_t>(block_type::end)) return read_end(in, name);
    }
  }

 private:
  void read_schema(wire_reader& in, std::string const& name) {
    std::uint32_t id = 0;
    std::uint32_t reserved = 0;
    std::uint64_t stored_identity = 0;
    schema file;
    if (has_schema_) block_reader::fail(name, in.offset(), "one schema in a snapshot", "another");
    if (!in.number(id) || !in.number(reserved) || !in.number(stored_identity) ||
        !schema_reader(in).read(file)) {
      throw_failure(in, name);
    }
    if (id != 0) block_reader::fail(name, in.offset(), "schema 0", std::to_string(id));
    make_plan(plan_, file, schema_of<T>());
    has_schema_ = true;
  }

  void read_rows(wire_reader& in, std::string const& name) {
    std::uint32_t id = 0;
    std::uint32_t count = 0;
    std::uint64_t first = 0;
    if (!in.number(id) || !in.number(count) || !in.number(first)) throw_failure(in, name);
    if (id != 0 || !has_schema_)
      block_reader::fail(name, in.offset(), "rows of schema 0", "others");
    if (first != rows_.size()) {
      block_reader::fail(name, in.offset(), "row " + std::to_string(rows_.size()),
                         std::to_string(first));
    }
    if (count > std::min(in.remaining(), max_rows_in_block)) {
      block_reader::fail(name, in.offset(), "rows of a byte each at least",
                         std::to_string(count) + " rows");
    }
    if (!read_plain_rows(in, count)) read_each_row(in, count);
    if (in.remaining() != 0) {
      block_reader::fail(name, in.offset(), "the end of the block",
                         std::to_string(in.remaining()) + " bytes");
    }
  }

  void read_each_row(wire_reader& in, std::size_t count) {
    rows_.reserve(rows_.size() + count);
    for (; count > 0; --count) {
      T row = access::blank<T>();
      if (!read_value(in, plan_.row, row)) throw_failure(in, "$" + index_step(rows_.size()));
      rows_.push_back(std::move(row));
    }
  }

  /// All rows at once, if they are stored as T is in memory and nothing is to be checked.
  bool read_plain_rows(wire_reader& in, std::size_t count) {
    if constexpr (is_plain<T>()) {
      T const blank = access::blank<T>();
      if (!plan_.row.same || !in_member_order(blank) || in.remaining() < count * sizeof(T))
        return false;
      std::string_view bytes;
      in.bytes(count * sizeof(T), bytes);
      std::size_t const size = rows_.size();
      rows_.resize(size + count, blank);
      if (count != 0)
        std::memcpy(static_cast<void*>(rows_.data() + size), bytes.data(), bytes.size());
      return true;
    }
    return false;
  }

  std::vector<T> read_end(wire_reader& in, std::string const& name) {
    std::uint64_t rows = 0;
    if (!in.number(rows)) throw_failure(in, name);
    if (!has_schema_) block_reader::fail(name, in.offset(), "a schema before the end", "none");
    if (rows != rows_.size()) {
      block_reader::fail(name, in.offset() - 8, std::to_string(rows_.size()) + " rows",
                         std::to_string(rows));
    }
    if (!blocks_.at_end()) {
      block_reader::fail(name, blocks_.offset(), "the end of the file", "more bytes");
    }
    return std::move(rows_);
  }

  block_reader blocks_;
  evolution_plan plan_;
  bool has_schema_ = false;
  std::vector<T> rows_;
};

template <class T>
T only_row(std::vector<T> rows) {
  if (rows.size() == 1) return std::move(rows.front());
  block_reader::fail("$", 0, "one row", std::to_string(rows.size()));
}

}  // namespace detail

/// The record as the bytes of a snapshot: a .tlog file with one row. Equal records give equal
/// bytes.
template <record T>
std::string to_binary(T const& value) {
  return detail::snapshot_of(std::span<T const>(&value, 1));
}

/// The records as the bytes of a snapshot with a row each.
template <record T>
std::string to_binary(std::span<T const> rows) {
  return detail::snapshot_of(rows);
}
template <record T, class Allocator>
std::string to_binary(std::vector<T, Allocator> const& rows) {
  return detail::snapshot_of(std::span<T const>(rows));
}

/// The record, or the std::vector of records, in the bytes of a snapshot. The file's schema is
/// matched to T's by name (docs/format.md). Throws decode_error for bytes that are not a whole and
/// undamaged snapshot, schema_error if the schemas do not match, validation_error for values that
/// the record's own rules forbid. Memory is a small multiple of the bytes, whatever they say.
template <class T>
  requires(record<T> || detail::is_record_list<T>)
T from_binary(std::string_view bytes) {
  if constexpr (record<T>) {
    return detail::only_row(detail::snapshot_reader<T>(bytes).read());
  } else {
    auto rows = detail::snapshot_reader<typename T::value_type>(bytes).read();
    return T(std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
  }
}

/// Writes a record, or a vector of them, as a snapshot. A crash leaves the old file or the new one,
/// whole. Throws io_error.
template <class T>
void save_binary(std::string const& path, T const& value) {
  detail::replace_file(path, to_binary(value));
}

/// Reads a record, or a std::vector of them, from a snapshot. Throws io_error, and what from_binary
/// throws, with the file's name.
template <class T>
T load_binary(std::string const& path) {
  try {
    return from_binary<T>(detail::read_file(path));
  } catch (decode_error const& problem) {
    throw problem.in_file(path);
  }
}

}  // namespace trainlog

#endif
