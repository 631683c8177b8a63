// SPDX-License-Identifier: MIT
// Which rows of a journal the log beside it has not (docs/format.md, Journal).
#ifndef TRAINLOG_LOG_JOURNAL_ROWS_HPP
#define TRAINLOG_LOG_JOURNAL_ROWS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "trainlog/log/block_list.hpp"
#include "trainlog/log/journal_scan.hpp"
#include "trainlog/log/log_block.hpp"

namespace trainlog::detail {

/// The rows of a journal, beside the blocks of its log. Those that the log has not are behind its
/// last block; or before one of them, if there the log lacks a block that it had: after a failure
/// of the machine it may have any of those that were not synchronised, while the journal keeps the
/// rows of each until it is.
class journal_rows {
 public:
  /// Of the rows, the first, and one past the last.
  using range = std::pair<std::size_t, std::size_t>;

  /// Reads the journal. To be called before the log is read.
  journal_rows(std::string const& log_path, file_id const& id)
      : journal_(read_journal(log_path, id)) {
    if (journal_) rows_ = journal_->rows();
  }
  journal_rows(journal_rows const&) = delete;  // the rows are views
  journal_rows& operator=(journal_rows const&) = delete;

  bool any() const noexcept { return journal_.has_value(); }
  std::uint64_t id() const noexcept { return journal_ ? journal_->header.journal_id : 0; }
  std::uint64_t released() const noexcept { return journal_ ? journal_->released : 0; }
  std::uint64_t lost() const noexcept { return journal_ ? journal_->lost : 0; }
  std::uint32_t schema_id() const noexcept { return journal_ ? journal_->header.schema_id : 0; }
  journal_row const& operator[](std::size_t i) const noexcept { return rows_[i]; }

  std::size_t size() const noexcept { return rows_.size(); }

  /// Those that follow the last block.
  range behind(block_list& blocks) const { return behind(blocks.journal_end(id())); }
  /// Those from a position on.
  range behind(std::uint64_t position) const { return {index_of(position), rows_.size()}; }

  /// Those of a block that came from the journal, as far as it has them still.
  range rows_of(log_block const& block) const {
    auto const last = index_of(block.journal_end);
    return {last - std::min<std::uint64_t>(last, block.row_count), last};
  }

  /// Those that are missing before the i-th block.
  range missing_before(block_list& blocks, std::size_t i) const {
    log_block const block = *blocks.at(i);
    if (!overlaps(block)) return {0, 0};
    auto first = index_of(end_before(blocks, i));
    auto last = std::max(first, index_of(block.journal_end));
    // The last of these are the block's own.
    last -= std::min<std::uint64_t>(last - first, block.row_count);
    log_block const* const before = i > 0 ? blocks.at(i - 1) : nullptr;
    std::uint64_t const begin = before != nullptr ? before->first_row + before->row_count : 0;
    return {last - std::min<std::uint64_t>(last - first, block.first_row - begin), last};
  }

  /// How many are missing before any block.
  std::uint64_t missing(block_list& blocks) const {
    std::uint64_t sum = 0;
    for (std::size_t i = blocks.size(); i > 0 && overlaps(*blocks.at(i - 1)); --i) {
      auto const [first, last] = missing_before(blocks, i - 1);
      sum += last - first;
    }
    return sum;
  }

 private:
  /// True if the journal still has rows of that block, which came from it.
  bool overlaps(log_block const& block) const noexcept {
    return any() && block.journal_id == id() && block.journal_end > released();
  }

  /// Up to where the blocks before the i-th have rows of the journal.
  std::uint64_t end_before(block_list& blocks, std::size_t i) const {
    while (i > 0) {
      log_block const& before = *blocks.at(--i);
      if (before.journal_id == id()) return before.journal_end;
    }
    return 0;
  }

  std::size_t index_of(std::uint64_t position) const noexcept {
    auto const found = std::lower_bound(
        rows_.begin(), rows_.end(), position,
        [](journal_row const& row, std::uint64_t wanted) { return row.position < wanted; });
    return static_cast<std::size_t>(found - rows_.begin());
  }

  std::optional<journal_snapshot> journal_;
  std::vector<journal_row> rows_;
};

}  // namespace trainlog::detail

#endif
