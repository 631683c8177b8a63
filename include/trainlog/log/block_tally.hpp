// SPDX-License-Identifier: MIT
// What the blocks of a log say together: its rows, those that are missing, and where it ends.
#ifndef TRAINLOG_LOG_BLOCK_TALLY_HPP
#define TRAINLOG_LOG_BLOCK_TALLY_HPP

#include <algorithm>
#include <cstdint>
#include <map>

#include "trainlog/codec/blocks.hpp"
#include "trainlog/log/log_block.hpp"
#include "trainlog/log/log_report.hpp"

namespace trainlog::detail {

/// Counts the blocks that are right, in their order. A block is either counted, or only noted as
/// the last one if nothing in it is to be used.
class block_tally {
 public:
  /// Rows, lost and missing ones are counted here, and whether the last block is an end; the rest
  /// is for who finds the blocks.
  log_report report;

  void note(log_block const& found) noexcept {
    report.closed = found.is(block_type::end);
    last_block_ = found.offset;
    end_ = found.end();
    next_sequence_ = std::uint64_t{found.sequence} + 1;
  }

  void count(log_block const& found) {
    note(found);
    bool const has_place = found.has_rows() || found.is(block_type::gap);
    if (has_place) expect_row(found.first_row);
    if (found.is(block_type::end)) expect_row(found.row_count);
    if (found.is(block_type::gap)) {
      report.lost = saturated_sum(report.lost, found.row_count);
      raise(journal_losses_, found);
    }
    if (!found.has_rows()) return;
    know_schema(found.schema_id);
    report.rows += found.row_count;
    next_row_ = saturated_sum(next_row_, found.row_count);
    raise(journal_ends_, found);
  }

  /// There is, or was, a schema of that number.
  void know_schema(std::uint32_t id) noexcept { next_schema_ = std::max(next_schema_, id + 1); }

  /// False if the block is there a second time, or stands behind one that was written later.
  bool is_new(log_block const& found) const noexcept { return found.sequence >= next_sequence_; }
  /// True if the block has rows whose numbers were there before.
  bool repeats_rows(log_block const& found) const noexcept {
    return (found.has_rows() || found.is(block_type::gap)) && found.first_row < next_row_;
  }

  // What a writer that goes on with the file needs.

  /// Where the last block ends.
  std::uint64_t end() const noexcept { return end_; }
  /// Where the last block begins; 0 if there is none.
  std::uint64_t last_block() const noexcept { return last_block_; }
  /// The sequence of the next block, which is at least that.
  std::uint64_t next_sequence() const noexcept { return next_sequence_; }
  /// The first_row of the next block.
  std::uint64_t next_row() const noexcept { return next_row_; }
  /// The schema_id of the next new schema: no rows refer to it, be their schema damaged.
  std::uint32_t next_schema() const noexcept { return next_schema_; }
  /// Up to where the file has the rows of a journal; 0 if it has none.
  std::uint64_t journal_end(std::uint64_t journal_id) const {
    return find_in(journal_ends_, journal_id);
  }
  /// How many of the rows that a journal says to be lost the file says to be lost.
  std::uint64_t journal_lost(std::uint64_t journal_id) const {
    return find_in(journal_losses_, journal_id);
  }

 private:
  using numbers_by_journal = std::map<std::uint64_t, std::uint64_t>;

  static void raise(numbers_by_journal& numbers, log_block const& found) {
    if (found.journal_id == 0) return;
    auto& number = numbers[found.journal_id];
    number = std::max(number, found.journal_end);
  }
  static std::uint64_t find_in(numbers_by_journal const& numbers, std::uint64_t journal_id) {
    auto const found = numbers.find(journal_id);
    return found == numbers.end() ? 0 : found->second;
  }

  /// The next row is said to be number `row`: those before it are missing.
  void expect_row(std::uint64_t row) noexcept {
    if (row <= next_row_) return;
    report.missing = saturated_sum(report.missing, row - next_row_);
    next_row_ = row;
  }

  std::uint64_t end_ = header_size;
  std::uint64_t last_block_ = 0;
  std::uint64_t next_sequence_ = 0;
  std::uint64_t next_row_ = 0;
  std::uint32_t next_schema_ = 0;
  numbers_by_journal journal_ends_;
  numbers_by_journal journal_losses_;
};

}  // namespace trainlog::detail

#endif
