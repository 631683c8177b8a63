// SPDX-License-Identifier: MIT
// Blocks of which the disk got the head and not all streams, made whole from the journal
// (docs/format.md, Logs; design note 7).
#ifndef TRAINLOG_LOG_MEND_BLOCKS_HPP
#define TRAINLOG_LOG_MEND_BLOCKS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "trainlog/codec/blocks.hpp"
#include "trainlog/codec/row_skip.hpp"
#include "trainlog/detail/descriptor.hpp"
#include "trainlog/detail/file.hpp"
#include "trainlog/log/block_list.hpp"
#include "trainlog/log/columns_encode.hpp"
#include "trainlog/log/journal_rows.hpp"
#include "trainlog/log/kill_point.hpp"
#include "trainlog/log/log_block.hpp"
#include "trainlog/schema/schema.hpp"

namespace trainlog::detail {

/// How many rows of a torn block the journal has.
inline std::uint64_t count_rows_of(log_block const& torn, block_list& blocks,
                                   journal_rows const& journal) {
  std::uint64_t before = 0;  // up to where the blocks before it have the journal's rows
  auto const raise = [&](log_block const& block) {
    bool const counts = block.offset < torn.offset && block.journal_id == torn.journal_id;
    if (counts) before = std::max(before, block.journal_end);
  };
  for (std::size_t i = 0; i < blocks.size(); ++i) raise(*blocks.at(i));
  for (auto const& other : blocks.scan().torn()) raise(other);
  auto const [first, last] = journal.rows_of(torn);
  return last - std::min(last, std::max(first, journal.behind(before).first));
}

/// The payload of a block, made again of the journal's rows; nothing if it is not the one whose
/// head, with the checksums of all streams, the file has.
inline std::string payload_of(log_block const& torn, std::vector<schema_field> const& fields,
                              journal_rows const& journal) {
  columns_encoder rows(fields);
  auto const [first, last] = journal.rows_of(torn);
  for (std::size_t i = first; i != last; ++i) {
    if (is_row(journal[i].bytes, fields)) rows.add_row(journal[i].bytes);
  }
  if (rows.row_count() != torn.row_count) return {};
  std::string payload;
  std::size_t const head = rows.append_payload(
      payload, {torn.schema_id, 0, torn.first_row, torn.journal_id, torn.journal_end});
  bool const same = payload.size() == torn.payload_length && head == torn.checked_length &&
                    crc_of(std::string_view(payload).substr(0, head)) == torn.payload_crc;
  return same ? payload : std::string();
}

/// What was done to torn blocks: those whose head is on the disk, and not all of their streams.
struct mended_blocks {
  bool any = false;        ///< the file was changed
  std::uint64_t lost = 0;  ///< rows at the end that neither the block nor the journal has
};

/// Writes the streams of torn blocks again from the journal's rows. Where these are not all of
/// the block's, zeros take its place, so that what there is of them is shown once. A block of
/// which the journal has nothing stays as it is. Throws io_error.
inline mended_blocks mend_blocks(int file, block_list& blocks, journal_rows const& journal,
                                 file_operation const& writing) {
  mended_blocks result;
  for (auto const& torn : blocks.scan().torn()) {
    std::uint64_t const own = count_rows_of(torn, blocks, journal);
    auto const schema = blocks.schemas().find(torn.schema_id);
    if (own == 0 || schema == blocks.schemas().end()) continue;
    std::string bytes = payload_of(torn, schema->second.rows.fields, journal);
    bool const same = !bytes.empty();
    if (!same) bytes.resize(static_cast<std::size_t>(torn.end() - torn.offset));
    if (!same && torn.offset >= blocks.scan().tally().end()) result.lost += torn.row_count - own;
    std::uint64_t const at = same ? torn.payload() : torn.offset;
    if (int const error = write_at(file, bytes.data(), bytes.size(), at)) writing.fail(error);
    result.any = true;
  }
  TRAINLOG_KILL_POINT("blocks mended");
  if (int const error = result.any ? sync_data(file) : 0) writing.fail(error);
  return result;
}

}  // namespace trainlog::detail

#endif
