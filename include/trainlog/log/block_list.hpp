// SPDX-License-Identifier: MIT
// The blocks of a log that have rows, as far as they have been asked for.
#ifndef TRAINLOG_LOG_BLOCK_LIST_HPP
#define TRAINLOG_LOG_BLOCK_LIST_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "trainlog/log/block_index.hpp"
#include "trainlog/log/block_scan.hpp"
#include "trainlog/log/input_file.hpp"
#include "trainlog/log/log_report.hpp"

namespace trainlog::detail {

/// Takes the blocks from the index, if the file has one; finds them one after the other, if not.
/// 96 bytes for each block that has been found.
class block_list {
 public:
  /// Throws io_error. Without `use_index`, looks at the blocks themselves.
  block_list(input_file const& file, file_header const& header, bool use_index)
      : scan_(file, header) {
    if (use_index) indexed_ = index_reader(file, scan_.sync()).read();
    if (indexed_) blocks_ = std::move(indexed_->blocks);
    complete_ = use_index_ = indexed_.has_value();
  }

  file_header const& header() const noexcept { return scan_.header(); }
  std::array<char, 8> const& sync() const noexcept { return scan_.sync(); }

  block_scan const& scan() const noexcept { return scan_; }
  /// Finds the next block of any kind; false at the end. Not with an index.
  bool next(log_block& out) {
    complete_ = !scan_.next(out);
    if (!complete_ && out.has_rows()) blocks_.push_back(out);
    return !complete_;
  }

  /// The i-th block with rows, counted from 0; null if there are not so many. Valid until the next
  /// call.
  log_block const* at(std::size_t i) {
    while (i >= blocks_.size() && !complete_) find_next();
    return i < blocks_.size() ? &blocks_[i] : nullptr;
  }
  /// The number of blocks with rows.
  std::size_t size() {
    while (!complete_) find_next();
    return blocks_.size();
  }
  /// The first block that has the row or one behind it; size() if there is none.
  std::size_t find_row(std::uint64_t row) {
    auto const is_before = [](log_block const& block, std::uint64_t wanted) {
      return block.end_row() <= wanted;
    };
    while (!complete_ && (blocks_.empty() || is_before(blocks_.back(), row))) find_next();
    auto const found = std::lower_bound(blocks_.begin(), blocks_.end(), row, is_before);
    return static_cast<std::size_t>(found - blocks_.begin());
  }

  /// Those that stand before the blocks that have been found.
  std::map<std::uint32_t, log_schema> const& schemas() const noexcept {
    return indexed_ ? indexed_->schemas : scan_.schemas();
  }
  /// Finds blocks until there is a schema; false if the file has none.
  bool find_schema() {
    while (!complete_ && schemas().empty()) find_next();
    return !schemas().empty();
  }

  /// What the blocks say of the whole file.
  log_report const& report() {
    size();
    return use_index_ ? indexed_->report : scan_.report();
  }
  /// The number of the row behind the last one.
  std::uint64_t next_row() {
    return use_index_ ? report().rows : (size(), scan_.tally().next_row());
  }
  /// Up to where the file has the rows of a journal.
  std::uint64_t journal_end(std::uint64_t journal_id) {
    size();
    return scan_.tally().journal_end(journal_id);
  }
  std::uint64_t journal_lost(std::uint64_t journal_id) {
    size();
    return scan_.tally().journal_lost(journal_id);
  }

  /// As of block_scan. Before any block has been asked for.
  void check_streams_of(std::uint64_t journal_id, std::uint64_t position) noexcept {
    scan_.check_streams_of(journal_id, position);
  }
  /// True if the blocks are those that the index tells of.
  bool are_indexed() const noexcept { return use_index_; }
  /// Finds the blocks where they are: one is not where the index says.
  void look_again() {
    use_index_ = complete_ = false;
    blocks_.clear();
  }
  /// Looks for no blocks: the file has none yet.
  void set_empty() noexcept { complete_ = true; }
  /// Sees what has been appended to the file. Not with an index.
  void extend() {
    scan_.extend();
    complete_ = false;
  }

 private:
  void find_next() {
    log_block found;
    next(found);
  }

  block_scan scan_;
  std::optional<indexed_blocks> indexed_;
  bool use_index_ = false;
  std::vector<log_block> blocks_;
  bool complete_ = false;
};

}  // namespace trainlog::detail

#endif
