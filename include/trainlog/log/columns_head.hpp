// SPDX-License-Identifier: MIT
// The head of a columns block: what stands where in it (docs/format.md, Columns block).
#ifndef TRAINLOG_LOG_COLUMNS_HEAD_HPP
#define TRAINLOG_LOG_COLUMNS_HEAD_HPP

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "trainlog/detail/wire.hpp"
#include "trainlog/log/column_layout.hpp"

namespace trainlog::detail {

inline constexpr std::uint32_t max_block_rows = 1U << 20;
/// What the values of a block may have in bytes even if the block itself is smaller.
inline constexpr std::size_t plain_limit = std::size_t{16} << 20;

struct columns_header {
  std::uint32_t schema_id = 0;
  std::uint32_t row_count = 0;
  std::uint64_t first_row = 0;
  std::uint64_t journal_id = 0;
  std::uint64_t journal_end = 0;
};

/// Where the bytes of a stream stand, and how its values are encoded in them.
struct stream_entry {
  std::uint8_t encoding = 0;
  std::size_t offset = 0;  ///< in the payload
  std::size_t length = 0;
  std::uint32_t crc = 0;
};

struct columns_head {
  columns_header header;
  std::vector<stream_entry> streams;
  std::size_t payload_size = 0;  ///< of head and streams; a reader MUST compare it with the block's
};

inline void append_columns_header(std::string& out, columns_header const& header) {
  append_le(out, header.schema_id);
  append_le(out, header.row_count);
  append_le(out, header.first_row);
  append_le(out, header.journal_id);
  append_le(out, header.journal_end);
}

inline bool read_columns_header(wire_reader& in, columns_header& out) {
  if (!in.number(out.schema_id) || !in.number(out.row_count)) return false;
  if (out.row_count == 0 || out.row_count > max_block_rows) {
    return in.fail("1 to 1048576 rows", std::to_string(out.row_count), 4);
  }
  return in.number(out.first_row) && in.number(out.journal_id) && in.number(out.journal_end);
}

inline void append_stream_entry(std::string& out, stream_entry const& entry) {
  out += static_cast<char>(entry.encoding);
  append_varint(out, entry.length);
  append_le(out, entry.crc);
}

inline bool read_stream_entry(wire_reader& in, stream_entry& out) {
  std::uint64_t length = 0;
  if (!in.number(out.encoding) || !in.varint(length) || !in.number(out.crc)) return false;
  if (length > std::numeric_limits<std::uint32_t>::max()) {
    return in.fail("a stream of less than 4 GiB", std::to_string(length));
  }
  out.length = static_cast<std::size_t>(length);
  return true;
}

/// Reads the whole head, which are the first checked_length bytes of the payload. `in` has just
/// these.
inline bool read_columns_head(wire_reader& in, column_layout const& layout, columns_head& out) {
  std::size_t const size = in.remaining();
  out.streams.clear();
  if (!read_columns_header(in, out.header)) return false;
  out.payload_size = size;
  for (std::size_t i = 0; i < layout.stream_count(); ++i) {
    stream_entry entry;
    entry.offset = out.payload_size;
    if (!read_stream_entry(in, entry)) return false;
    out.payload_size += entry.length;
    out.streams.push_back(entry);
  }
  return in.remaining() == 0 || in.fail("the end of the head", "more bytes");
}

}  // namespace trainlog::detail

#endif
