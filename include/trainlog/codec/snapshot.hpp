// SPDX-License-Identifier: MIT
// Records as binary snapshots: complete .tlog files (docs/format.md, Snapshots).
#ifndef TRAINLOG_CODEC_SNAPSHOT_HPP
#define TRAINLOG_CODEC_SNAPSHOT_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "trainlog/codec/blocks.hpp"
#include "trainlog/codec/decode_options.hpp"
#include "trainlog/codec/record_range.hpp"
#include "trainlog/codec/row_decode.hpp"
#include "trainlog/codec/row_encode.hpp"
#include "trainlog/codec/row_evolve.hpp"
#include "trainlog/codec/schema_bytes.hpp"
#include "trainlog/codec/schema_match.hpp"
#include "trainlog/detail/file.hpp"
#include "trainlog/record/access.hpp"
#include "trainlog/record/error.hpp"
#include "trainlog/record/serializable.hpp"
#include "trainlog/schema/evolution.hpp"
#include "trainlog/schema/schema_of.hpp"

namespace trainlog {
namespace detail {

inline constexpr std::size_t max_rows_in_block = 1U << 24U;
/// So large that the headers cost nothing, so small that a block stays in a cache.
inline constexpr std::size_t wanted_block_bytes = 1U << 20U;

inline std::string schema_payload_of(schema const& of) {
  std::string payload(8, '\0');  // schema 0, reserved
  append_le(payload, identity(of));
  append_schema(payload, of);
  return payload;
}

/// What the schema block of a file of T contains; made once, and there until the process ends.
template <class T>
std::string const& schema_payload() {
  static auto const& payload = *new std::string(schema_payload_of(schema_of<T>()));
  return payload;
}

inline void append_schema_block(std::string& file, block_writer& blocks, std::string_view payload) {
  blocks.begin(block_type::schema);
  file += payload;
  blocks.end();
}

template <class T>
void append_rows_block(std::string& file, block_writer& blocks, std::span<T const> rows,
                       std::size_t first_row) {
  blocks.begin(block_type::rows);
  append_le(file, std::uint32_t{0});
  append_le(file, static_cast<std::uint32_t>(rows.size()));
  append_le<std::uint64_t>(file, first_row);
  detail::append_rows(file, rows);
  blocks.end();
}

inline void append_end_block(std::string& file, block_writer& blocks, std::size_t rows) {
  blocks.begin(block_type::end);
  append_le<std::uint64_t>(file, rows);
  blocks.end();
}

/// The first of the rows, as many as make a block that is neither tiny nor huge.
template <class T>
std::span<T const> rows_of_block(std::span<T const> rows) noexcept {
  auto const some = detail::rows_within(rows, wanted_block_bytes);
  return some.first(std::min(some.size(), max_rows_in_block));
}

template <class T>
std::string snapshot_of(std::span<T const> rows) {
  std::size_t const bytes = detail::elements_size<T>(rows);
  std::string file;
  file.reserve(bytes + bytes / 1024 + schema_payload<T>().size() + 512);  // and the headers
  append_file_header(file, {});
  block_writer blocks(file);
  append_schema_block(file, blocks, schema_payload<T>());
  std::size_t first = 0;
  do {
    auto const some = detail::rows_of_block(rows.subspan(first));
    detail::append_rows_block(file, blocks, some, first);
    first += some.size();
  } while (first < rows.size());
  append_end_block(file, blocks, rows.size());
  return file;
}

// ---- reading

/// Throws what went wrong while `in` was read.
[[noreturn]] inline void throw_failure(wire_reader const& in, std::string const& path) {
  if (in.invalid()) {
    throw validation_error(in.found() + " at " + path + in.path() + " (byte " +
                           std::to_string(in.failed_at()) + ")");
  }
  fail_at(path + in.path(), in.failed_at(), in.expected(), in.found());
}

/// What a rows block says of its rows.
struct rows_header {
  std::uint32_t schema_id = 0;
  std::uint32_t count = 0;
  std::uint64_t first = 0;
};

/// `read` is the number of rows before this block.
inline rows_header read_rows_header(wire_reader& in, std::string const& name, std::size_t read) {
  rows_header rows;
  std::size_t const begin = in.offset();
  if (!in.number(rows.schema_id) || !in.number(rows.count) || !in.number(rows.first)) {
    throw_failure(in, name);
  }
  if (rows.schema_id != 0) {
    fail_at(name, begin, "rows of schema 0", "of " + std::to_string(rows.schema_id));
  }
  if (rows.count > std::min(in.remaining(), max_rows_in_block)) {
    fail_at(name, begin + 4, "at most 16777216 rows of a byte each at least",
            std::to_string(rows.count) + " in " + std::to_string(in.remaining()) + " bytes");
  }
  if (rows.first != read) {
    fail_at(name, begin + 8, "row " + std::to_string(read), std::to_string(rows.first));
  }
  return rows;
}

inline schema read_schema_block(wire_reader& in, std::string const& name) {
  std::uint32_t id = 0;
  std::uint32_t reserved = 0;
  std::uint64_t stored = 0;
  schema file;
  std::size_t const begin = in.offset();
  if (!in.number(id) || !in.number(reserved) || !in.number(stored) ||
      !schema_reader(in).read(file)) {
    throw_failure(in, name);
  }
  if (id != 0) fail_at(name, begin, "schema 0", std::to_string(id));
  if (auto const actual = identity(file); stored != actual) {
    fail_at(name, begin + 8, "the identity " + std::to_string(actual), std::to_string(stored));
  }
  return file;
}

/// Reads a snapshot into records of type T.
template <class T>
class snapshot_reader {
 public:
  /// `only_one` if a single row is wanted, whose path is "$" rather than "$[0]".
  snapshot_reader(std::string_view file, bool only_one, decode_options options)
      : blocks_(file), only_one_(only_one), options_(options) {}

  std::vector<T> read() {
    read_schema(next_block());
    block next = next_block();
    for (; next.is(block_type::rows); next = next_block()) read_rows(next);
    read_end(next);
    return std::move(rows_);
  }

 private:
  block next_block() {
    try {
      return blocks_.next();
    } catch (decode_error const&) {
      refuse_log();
      throw;
    }
  }

  /// For what is wrong with a snapshot, but not with a log.
  void refuse_log() const {
    if (blocks_.is_log()) fail_at("header", 24, "a snapshot", "a log, which log_reader reads");
  }

  void require(block const& found, block_type wanted, std::string_view name) const {
    if (found.is(wanted)) return;
    refuse_log();
    fail_at(found.name(), found.offset - block_header_size, std::string(name) + " block",
            "one of type " + std::to_string(found.type));
  }

  void read_schema(block const& from) {
    require(from, block_type::schema, "a schema");
    plan_.row.same = from.payload == schema_payload<T>();
    if (plan_.row.same) return;
    wire_reader in(from.payload, from.offset);
    make_plan(plan_, read_schema_block(in, from.name()), schema_of<T>());
    require_matches(plan_, schema_of<T>(), options_);
  }

  void read_rows(block const& from) {
    std::string const name = from.name();
    wire_reader in(from.payload, from.offset);
    auto const header = read_rows_header(in, name, rows_.size());
    check_number(rows_.size() + header.count, from.offset + 4);
    reserve(header.count, from);
    if (!read_plain_rows(in, header.count)) read_each_row(in, header.count);
    if (in.remaining() != 0) {
      fail_at(name, in.offset(), "the end of the block", std::to_string(in.remaining()) + " bytes");
    }
  }

  void check_number(std::size_t rows, std::size_t offset) const {
    if (only_one_ && rows > 1) fail_at("$", offset, "one row", std::to_string(rows));
  }

  /// Makes room for the rows of all blocks, if they are like this one.
  void reserve(std::size_t count, block const& from) {
    if (rows_.size() + count <= rows_.capacity()) return;
    std::size_t const bytes = from.payload.size() + blocks_.remaining();
    double const blocks = static_cast<double>(bytes) / static_cast<double>(from.payload.size());
    detail::reserve_within(
        rows_, static_cast<std::uint64_t>(static_cast<double>(count) * blocks) + 1, bytes);
  }

  void read_each_row(wire_reader& in, std::size_t count) {
    for (; count > 0; --count) {
      if (!detail::read_value(in, plan_.row, detail::append_blank(rows_)))
        throw_failure(in, row_path());
    }
  }

  std::string row_path() const {
    std::string path = "$";
    if (!only_one_) append_element(path, rows_.size() - 1);
    return path;
  }

  /// All rows at once, if they are stored as T is in memory.
  bool read_plain_rows(wire_reader& in, std::size_t count) {
    if constexpr (is_plain<T>()) {
      if (!plan_.row.same || !is_stored_as_is<T>()) return false;
      if (!detail::append_objects(in, rows_, count)) throw_failure(in, row_path());
      return true;
    } else {
      return false;
    }
  }

  void read_end(block const& from) {
    require(from, block_type::end, "an end");
    wire_reader in(from.payload, from.offset);
    std::uint64_t rows = 0;
    if (!in.number(rows)) throw_failure(in, from.name());
    if (rows != rows_.size()) {
      fail_at(from.name(), from.offset, std::to_string(rows_.size()) + " rows",
              std::to_string(rows));
    }
    if (only_one_ && rows == 0) fail_at("$", from.offset, "one row", "0");
    if (!blocks_.at_end()) {
      refuse_log();
      fail_at("the end", blocks_.offset(), "the end of the file",
              std::to_string(blocks_.remaining()) + " bytes");
    }
  }

  block_reader blocks_;
  bool only_one_;
  decode_options options_;
  evolution_plan plan_;
  std::vector<T> rows_;
};

/// What `load` returns. What it throws gets the name of the file; an error of a class of the
/// program's own, from the rules of a record, stays as it is.
template <class Load>
auto in_file(std::string const& path, Load const& load) {
  try {
    return load();
  } catch (decode_error const& problem) {
    if (is_exactly(problem)) throw problem.in_file(path);
    throw;
  } catch (schema_error const& problem) {
    if (is_exactly(problem)) throw problem.in_file(path);
    throw;
  } catch (validation_error const& problem) {
    if (is_exactly(problem)) throw problem.in_file(path);
    throw;
  }
}

}  // namespace detail

/// The record as the bytes of a snapshot: a .tlog file with one row. Equal records give equal
/// bytes.
template <record T>
[[nodiscard]] std::string to_binary(T const& value) {
  if constexpr (detail::require_serializer<T>()) return detail::snapshot_of(std::span(&value, 1));
  else return {};
}

/// The records of a range as the bytes of a snapshot with a row each.
template <record_range Range>
[[nodiscard]] std::string to_binary(Range&& records) {
  using row = detail::range_value<Range>;
  if constexpr (!detail::require_serializer<row>()) {
    return {};
  } else if constexpr (requires { std::span<row const>(records); }) {
    return detail::snapshot_of(std::span<row const>(records));
  } else {
    std::vector<row> rows;
    for (auto const& record : records) rows.push_back(record);
    return detail::snapshot_of(std::span<row const>(rows));
  }
}

template <detail::no_records T>
std::string to_binary(T&&) {
  detail::refuse_type<T>();
}

/// The record, or the std::vector of records, in the bytes of a snapshot. The file's schema is
/// matched to T's by name (docs/format.md). Throws decode_error for bytes that are not a whole and
/// undamaged snapshot, schema_error if the schemas do not match or the options forbid what has no
/// match, validation_error for values that the record's own rules forbid. Memory follows what has
/// been read, never what a count claims.
template <detail::decodable T>
[[nodiscard]] T from_binary(std::string_view bytes, decode_options options = {}) {
  if constexpr (!detail::require_serializer<T>()) {
    return detail::access::blank<T>();
  } else if constexpr (record<T>) {
    return std::move(detail::snapshot_reader<T>(bytes, true, options).read().front());
  } else {
    auto rows = detail::snapshot_reader<typename T::value_type>(bytes, false, options).read();
    if constexpr (std::is_same_v<T, decltype(rows)>) return rows;
    else return T(std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
  }
}

template <class T>
  requires(!detail::decodable<T>)
T from_binary(std::string_view, decode_options = {}) {
  detail::refuse_type<T>();
}

/// Writes a record, or a range of them, as a snapshot, whatever the path's extension. A crash
/// leaves the old file or the new one, whole. Throws io_error, and schema_error if the record has
/// more types than the format allows; then no file has changed.
template <class T>
void save_binary(std::string const& path, T const& value) {
  detail::replace_file(path, trainlog::to_binary(value));
}

/// Reads a record (the file must have exactly one row), or a std::vector of them, from a snapshot.
/// Throws io_error, and what from_binary throws, with the file's name.
template <class T>
[[nodiscard]] T load_binary(std::string const& path, decode_options options = {}) {
  return detail::in_file(path, [&] { return from_binary<T>(detail::read_file(path), options); });
}

}  // namespace trainlog

#endif
