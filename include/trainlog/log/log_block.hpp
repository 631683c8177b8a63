// SPDX-License-Identifier: MIT
// One block of a log, wherever it stands, and what its payload begins with (docs/format.md,
// Blocks).
#ifndef TRAINLOG_LOG_LOG_BLOCK_HPP
#define TRAINLOG_LOG_LOG_BLOCK_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "trainlog/codec/blocks.hpp"
#include "trainlog/codec/schema_bytes.hpp"
#include "trainlog/codec/snapshot.hpp"
#include "trainlog/detail/wire.hpp"
#include "trainlog/log/columns_head.hpp"
#include "trainlog/log/input_file.hpp"
#include "trainlog/schema/schema.hpp"

namespace trainlog::detail {

/// The sum, or the greatest number: a file may say anything.
constexpr std::uint64_t saturated_sum(std::uint64_t a, std::uint64_t b) noexcept {
  constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  return a > most - b ? most : a + b;
}

/// A block whose header and checked bytes are right, and what its payload begins with.
struct log_block {
  std::uint64_t offset = 0;  ///< of its header
  std::uint64_t payload_length = 0;
  std::uint64_t checked_length = 0;
  std::uint32_t sequence = 0;
  std::uint16_t type = 0;
  std::uint16_t flags = 0;
  std::uint32_t payload_crc = 0;
  std::uint32_t schema_id = 0;    ///< of rows and columns
  std::uint64_t first_row = 0;    ///< of rows, columns and gap
  std::uint64_t row_count = 0;    ///< of rows, columns, gap and end
  std::uint64_t journal_id = 0;   ///< of columns and gap
  std::uint64_t journal_end = 0;  ///< of columns; of a gap its journal_lost

  bool is(block_type asked) const noexcept { return type == static_cast<std::uint16_t>(asked); }
  bool has_rows() const noexcept { return is(block_type::rows) || is(block_type::columns); }
  /// The number of the row behind its last one.
  std::uint64_t end_row() const noexcept { return saturated_sum(first_row, row_count); }
  std::uint64_t payload() const noexcept { return offset + block_header_size; }
  std::uint64_t end() const noexcept {
    return payload() + payload_length + padding_of(payload_length);
  }
};

/// A schema of a log.
struct log_schema {
  schema rows;
  std::string payload;  ///< of its block
};

/// What the header of the file says. Throws decode_error if it is not one of a .tlog file.
inline file_header read_file_header(input_file const& file) {
  std::array<char, header_size> bytes;
  std::size_t const size = file.read(0, bytes.data(), bytes.size());
  in_file(file.path(), [&] { return block_reader({bytes.data(), size}).offset(); });
  file_header header;
  std::copy_n(bytes.data() + 24, header.file_id.size(), header.file_id.data());
  header.created_ns = get_le<std::int64_t>(bytes.data() + 40);
  return header;
}

/// Reads the fields of a block header, if it is one of the file: its sync and checksum are right,
/// and its lengths are possible.
inline bool read_block_header(std::string_view bytes, std::array<char, 8> const& sync,
                              log_block& out) {
  if (bytes.size() < block_header_size || !bytes.starts_with({sync.data(), sync.size()})) {
    return false;
  }
  wire_reader in(bytes.substr(sync.size(), block_header_size - sync.size()));
  std::uint64_t previous = 0;
  std::uint32_t header_crc = 0;
  in.number(out.type);
  in.number(out.flags);
  in.number(out.sequence);
  in.number(out.payload_length);
  in.number(previous);
  in.number(out.checked_length);
  in.number(out.payload_crc);
  in.number(header_crc);
  bool const is_partly_checked = out.is(block_type::columns) || out.type > 6;
  bool const is_typed = out.type > 4 || (out.type != 0 && (out.flags & critical_flag) != 0);
  return header_crc == crc_of(bytes.substr(0, block_header_size - 4)) && is_typed &&
         out.payload_length <= std::numeric_limits<std::uint64_t>::max() / 4 &&
         (is_partly_checked ? out.checked_length <= out.payload_length
                            : out.checked_length == out.payload_length);
}

/// Reads what is asked of the payload's first bytes; false if it is not as the format says.
inline bool read_block_start(std::string_view payload, log_block& out) {
  wire_reader in(payload);
  std::uint32_t count = 0;
  if (out.is(block_type::rows)) {
    if (!in.number(out.schema_id) || !in.number(count) || !in.number(out.first_row)) return false;
    out.row_count = count;
    return count <= max_rows_in_block && count <= in.remaining();
  }
  if (out.is(block_type::columns)) {
    columns_header header;
    if (!read_columns_header(in, header)) return false;
    out.schema_id = header.schema_id;
    out.row_count = header.row_count;
    out.first_row = header.first_row;
    out.journal_id = header.journal_id;
    out.journal_end = header.journal_end;
    return true;
  }
  if (out.is(block_type::gap)) {
    return in.number(out.first_row) && in.number(out.row_count) && in.number(out.journal_id) &&
           in.number(out.journal_end);
  }
  if (out.is(block_type::end)) return in.number(out.row_count);
  return true;
}

enum class block_state {
  right,
  damaged,  ///< the header is right, the payload is not
  cut,      ///< the header is right, and the file ends within the payload
  none,     ///< there is no header
};

/// Reads the block at that place of a file.
inline block_state read_right_block(file_window& window, std::array<char, 8> const& sync,
                                    std::uint64_t offset, log_block& out) {
  out = log_block{};
  if (!read_block_header(window.at(offset, block_header_size), sync, out)) return block_state::none;
  out.offset = offset;
  if (out.end() > window.end()) return block_state::cut;
  auto const checked = window.at(out.payload(), static_cast<std::size_t>(out.checked_length));
  bool const right = checked.size() == out.checked_length && crc_of(checked) == out.payload_crc &&
                     read_block_start(checked, out);
  return right ? block_state::right : block_state::damaged;
}

/// How many bytes of a file_id the sync of a block tells.
inline constexpr std::size_t salvaged_id_size = block_sync.size();

/// What a header that is damaged said, as far as the first block tells: its sync gives half of the
/// file_id. False if it does not follow a header that was of this version.
inline bool salvage_file_header(input_file const& file, file_header& header) {
  file_window window(file, file.size());
  std::string const bytes(window.at(0, header_size + block_header_size));
  if (bytes.size() < header_size + block_header_size) return false;
  std::uint32_t stored = 0;
  wire_reader(std::string_view(bytes).substr(header_size - 4)).number(stored);
  if (stored == crc_of(std::string_view(bytes).substr(0, header_size - 4))) return false;
  std::copy_n(bytes.data() + 24, header.file_id.size(), header.file_id.data());
  for (std::size_t i = 0; i < block_sync.size(); ++i) {
    header.file_id[i] = static_cast<char>(bytes[header_size + i] ^ block_sync[i]);
  }
  log_block first;
  return read_right_block(window, sync_of(header.file_id), header_size, first) ==
             block_state::right &&
         first.is(block_type::schema) && first.sequence == 0;
}

/// True for the bytes of a file of which its writer ended before it had written the header.
inline bool is_begun_header(std::string_view bytes) noexcept {
  return bytes.size() < header_size &&
         (bytes.starts_with(file_magic) || file_magic.starts_with(bytes));
}

/// True if there is nothing in the file but what a writer left that ended while it made it.
inline bool is_only_begun(input_file const& file) {
  char bytes[header_size];
  return is_begun_header({bytes, file.read(0, bytes, sizeof bytes)});
}

/// What the header of a file says that may be damaged; `damaged` tells. Throws decode_error if
/// it is not one of a .tlog file that this version can read.
inline file_header find_file_header(input_file const& file, bool& damaged) {
  damaged = false;
  try {
    return read_file_header(file);
  } catch (decode_error const&) {
    file_header header;
    damaged = salvage_file_header(file, header);
    if (!damaged) throw;
    return header;
  }
}

/// True if the streams of a columns block are as they were written.
inline bool has_right_streams(file_window& window, log_block const& of) {
  std::string const head(window.at(of.payload(), static_cast<std::size_t>(of.checked_length)));
  wire_reader in(head);
  columns_header header;
  if (!read_columns_header(in, header)) return false;
  std::uint64_t left = of.payload_length - of.checked_length;
  for (stream_entry entry; in.remaining() != 0; left -= entry.length) {
    if (!read_stream_entry(in, entry) || entry.length > left) return false;
    auto const bytes = window.at(of.payload() + of.payload_length - left, entry.length);
    if (bytes.size() != entry.length || crc_of(bytes) != entry.crc) return false;
  }
  return left == 0;
}

/// Adds the schema of a block to those of the file, unless it is a repeat of one of them; false if
/// it cannot be read, or another one has its number.
inline bool read_schema_payload(std::string_view payload,
                                std::map<std::uint32_t, log_schema>& schemas) {
  std::uint32_t id = 0;
  if (wire_reader(payload).number(id)) {
    auto const known = schemas.find(id);
    if (known != schemas.end()) return known->second.payload == payload;
  }
  log_schema added;
  added.payload = payload;
  wire_reader in(added.payload);
  std::uint32_t reserved = 0;
  std::uint64_t stored = 0;
  return in.number(id) && in.number(reserved) && in.number(stored) &&
         schema_reader(in).read(added.rows) && identity(added.rows) == stored &&
         schemas.try_emplace(id, std::move(added)).second;
}

}  // namespace trainlog::detail

#endif
