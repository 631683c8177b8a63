// SPDX-License-Identifier: MIT
// Which rows of a journal the log beside it has not (docs/format.md, Journal).
#ifndef TRAINLOG_LOG_JOURNAL_ROWS_HPP
#define TRAINLOG_LOG_JOURNAL_ROWS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
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

  /// Reads the journal. To be called before the log is read. Of the id, the first `known` bytes are
  /// certain.
  journal_rows(std::string const& log_path, file_id const& id, std::size_t known = sizeof(file_id))
      : journal_(read_journal(log_path, id, unreadable_, known)),
        in_vain_(journal_ ? journal_->most_in_vain() : 0) {
    look_from(0);
  }
  journal_rows(journal_rows const&) = delete;  // the rows are views
  journal_rows& operator=(journal_rows const&) = delete;

  bool any() const noexcept { return journal_.has_value(); }
  /// There is one of which nobody knows what it holds.
  bool unreadable() const noexcept { return unreadable_; }
  std::uint64_t id() const noexcept { return journal_ ? journal_->header.journal_id : 0; }
  std::uint64_t released() const noexcept { return journal_ ? journal_->released : 0; }
  std::uint64_t lost() const noexcept { return journal_ ? journal_->lost : 0; }
  std::uint32_t schema_id() const noexcept { return journal_ ? journal_->header.schema_id : 0; }
  /// The number of rows in the log when the journal was new.
  std::uint64_t first_row() const noexcept { return journal_ ? journal_->header.first_row : 0; }
  /// A row of the range that was asked for last.
  journal_row const& operator[](std::size_t i) const noexcept { return rows_[i]; }

  /// Those that follow the last block.
  range behind(block_list& blocks) const { return behind(blocks.journal_end(id())); }
  /// Those from a position on.
  range behind(std::uint64_t position) const { return between(position, ~std::uint64_t{0}); }
  /// Those at positions from `begin` to `end`, in one lap of the ring.
  range between(std::uint64_t begin, std::uint64_t end) const {
    if (!journal_) return {0, 0};
    begin = std::max(begin, released());
    look_from(begin);
    std::size_t const first = index_of(begin);
    end = std::min(end, saturated_sum(begin, journal_->header.ring_size));
    return {first, std::max(first, index_of(end))};
  }

  /// Those of a block that came from the journal, as far as it has them still.
  range rows_of(log_block const& block) const {
    std::uint64_t const lap = journal_ ? journal_->header.ring_size : 0;
    auto const [first, last] =
        between(block.journal_end - std::min(block.journal_end, lap), block.journal_end);
    return {last - std::min<std::uint64_t>(last - first, block.row_count), last};
  }

  /// Those that are missing before the i-th block.
  range missing_before(block_list& blocks, std::size_t i) const {
    log_block const block = *blocks.at(i);
    log_block const* const before = i > 0 ? blocks.at(i - 1) : nullptr;
    std::uint64_t const begin = before != nullptr ? before->end_row() : 0;
    if (!overlaps(block) || block.first_row <= begin) return {0, 0};
    auto [first, last] = between(end_before(blocks, i), block.journal_end);
    // The last of these are the block's own.
    last -= std::min<std::uint64_t>(last - first, block.row_count);
    return {last - std::min<std::uint64_t>(last - first, block.first_row - begin), last};
  }

  /// How many are missing before any block.
  std::uint64_t missing(block_list& blocks) const {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; any() && i < blocks.size(); ++i) {
      auto const [first, last] = missing_before(blocks, i);
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

  /// Looks for rows in the lap of the ring that begins there: after a failure of the machine
  /// `released` may be many laps behind.
  void look_from(std::uint64_t begin) const {
    begin = std::max(begin, released());
    if (!journal_ || !journal_snapshot::is_position(begin)) return;
    auto seen = seen_.upper_bound(begin);
    bool const goes_on = seen != seen_.begin() && std::prev(seen)->second >= begin;
    seen = goes_on ? std::prev(seen) : seen_.emplace(begin, begin).first;
    auto const old = static_cast<std::ptrdiff_t>(rows_.size());
    journal_->find_rows(seen->second, begin + journal_->header.ring_size, in_vain_, rows_);
    sort_from(old);
  }

  /// Puts the rows from the i-th on in their places among those before.
  void sort_from(std::ptrdiff_t i) const {
    auto const middle = rows_.begin() + i;
    auto const is_before = [](journal_row const& a, journal_row const& b) {
      return a.position < b.position;
    };
    auto const is_same = [](journal_row const& a, journal_row const& b) {
      return a.position == b.position;
    };
    if (middle == rows_.begin() || middle == rows_.end()) return;
    if (is_before(*std::prev(middle), *middle)) return;
    std::sort(rows_.begin(), rows_.end(), is_before);
    rows_.erase(std::unique(rows_.begin(), rows_.end(), is_same), rows_.end());
  }

  bool unreadable_ = false;
  std::optional<journal_snapshot> journal_;
  // What has been found so far:
  mutable std::map<std::uint64_t, std::uint64_t> seen_;  // from and up to where
  mutable std::uint64_t in_vain_;
  mutable std::vector<journal_row> rows_;  // by position
};

}  // namespace trainlog::detail

#endif
