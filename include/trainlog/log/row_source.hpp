// SPDX-License-Identifier: MIT
// All rows of a log, those of its journal included, a block at a time (docs/format.md, Logs).
#ifndef TRAINLOG_LOG_ROW_SOURCE_HPP
#define TRAINLOG_LOG_ROW_SOURCE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "trainlog/log/block_list.hpp"
#include "trainlog/log/block_loader.hpp"
#include "trainlog/log/block_scan.hpp"
#include "trainlog/log/input_file.hpp"
#include "trainlog/log/journal_scan.hpp"
#include "trainlog/log/log_report.hpp"

namespace trainlog::detail {

/// The rows of a journal that the log beside it has not, or has only damaged.
class journal_rows {
 public:
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
  std::uint64_t lost() const noexcept { return journal_ ? journal_->lost : 0; }
  std::uint32_t schema_id() const noexcept { return journal_ ? journal_->header.schema_id : 0; }
  journal_row const& operator[](std::size_t i) const noexcept { return rows_[i]; }

  /// The rows at positions from `begin` up to `end`.
  range between(std::uint64_t begin, std::uint64_t end) const noexcept {
    return {index_of(begin), std::max(index_of(begin), index_of(end))};
  }
  /// Those at `begin` or behind it.
  range from(std::uint64_t begin) const noexcept { return {index_of(begin), rows_.size()}; }

  /// True if the journal still has rows of that block, which came from it.
  bool overlaps(log_block const& block) const noexcept {
    return any() && block.journal_id == id() && block.journal_end > journal_->released;
  }

 private:
  std::size_t index_of(std::uint64_t position) const noexcept {
    auto const found = std::lower_bound(
        rows_.begin(), rows_.end(), position,
        [](journal_row const& row, std::uint64_t wanted) { return row.position < wanted; });
    return static_cast<std::size_t>(found - rows_.begin());
  }

  std::optional<journal_snapshot> journal_;
  std::vector<journal_row> rows_;
};

/// Reads the wanted fields of all rows. Rows that are damaged are passed by and counted.
class row_source {
 public:
  /// Says which fields of a schema of the file are wanted. What it throws ends the reading.
  using choose_fields = std::function<projection(std::uint32_t id, schema const&)>;

  /// Throws io_error and decode_error; what is damaged behind the file's header is no error.
  row_source(std::string const& path, choose_fields choose)
      : file_(path),
        choose_(std::move(choose)),
        journal_(path, read_file_header(file_).file_id),
        blocks_(file_, !journal_.any()),
        loader_(file_, blocks_.sync()) {}
  row_source(row_source const&) = delete;
  row_source& operator=(row_source const&) = delete;

  /// The next rows; false at the end.
  bool next(row_batch& out) {
    while (log_block const* block = blocks_.at(next_)) {
      if (next_part_ == part::rescued) {
        next_part_ = part::block;
        auto const rescued = missing_before(next_);
        if (load_journal(rescued, block->first_row - (rescued.second - rescued.first), out))
          return true;
        block = blocks_.at(next_);
      }
      log_block const wanted = *block;
      next_part_ = part::rescued;
      if (load(next_++, wanted, out)) return true;
    }
    if (next_part_ == part::done) return false;
    next_part_ = part::done;
    return load_journal(tail(), blocks_.next_row(), out);
  }

  /// The next batch is the one that has the row, or rows behind it.
  void seek(std::uint64_t row) {
    next_ = blocks_.find_row(row);
    next_part_ = part::rescued;
  }

  /// Reads one block, by its place in blocks(); false if it has no rows that are as they were
  /// written.
  bool load(std::size_t i, row_batch& out) {
    log_block const* const block = blocks_.at(i);
    return block != nullptr && load(i, log_block(*block), out);
  }
  /// The rows behind the last block.
  bool load_tail(row_batch& out) { return load_journal(tail(), blocks_.next_row(), out); }

  block_list& blocks() noexcept { return blocks_; }
  input_file const& file() const noexcept { return file_; }
  block_loader& loader() noexcept { return loader_; }

  /// The wanted fields of a schema; null if the file has no such schema.
  projection* projection_of(std::uint32_t schema_id) {
    auto const known = projections_.find(schema_id);
    if (known != projections_.end()) return &known->second;
    auto const found = blocks_.schemas().find(schema_id);
    if (found == blocks_.schemas().end()) return nullptr;
    return &projections_.emplace(schema_id, choose_(schema_id, found->second.rows)).first->second;
  }

  /// What the blocks say, and what is damaged of the rows that have been read.
  log_report report() {
    log_report result = blocks_.report();
    auto const [first, last] = tail();
    bool const readable = blocks_.schemas().contains(journal_.schema_id());
    std::uint64_t const missing = missing_rescued();
    result.rows += missing + (readable ? last - first : 0);
    result.rows -= std::min(result.rows, damaged_);
    result.recovered = rescued_ + missing + (readable ? last - first : 0);
    result.missing -= std::min(result.missing, missing);
    result.damaged = damaged_ + (readable ? 0 : last - first);
    std::uint64_t const said = blocks_.journal_lost(journal_.id());
    result.lost = saturated_sum(result.lost, journal_.lost() - std::min(journal_.lost(), said));
    result.closed = result.closed && !journal_.any();
    for (auto const& [offset, damage] : damages_) {
      result.add_damage(damage.begin, damage.end, damage.reason);
    }
    return result;
  }

 private:
  enum class part { rescued, block, done };

  bool load(std::size_t i, log_block const& block, row_batch& out) {
    projection* const wanted = projection_of(block.schema_id);
    if (wanted != nullptr && loader_.load(block, *wanted, out)) return true;
    return rescue(i, block, wanted, out);
  }

  // ---- the journal

  /// The rows of a block that came from the journal, if that has them still, and of the blocks that
  /// are missing before it.
  journal_rows::range rows_up_to(std::size_t i) {
    log_block const& block = *blocks_.at(i);
    if (!journal_.overlaps(block)) return {0, 0};
    std::uint64_t begin = 0;
    for (std::size_t k = i; k > 0 && begin == 0; --k) {
      log_block const& before = *blocks_.at(k - 1);
      if (before.journal_id == block.journal_id) begin = before.journal_end;
    }
    return journal_.between(begin, block.journal_end);
  }

  journal_rows::range missing_before(std::size_t i) {
    auto [first, last] = rows_up_to(i);
    log_block const& block = *blocks_.at(i);
    last -= std::min<std::uint64_t>(last - first, block.row_count);
    log_block const* const before = i > 0 ? blocks_.at(i - 1) : nullptr;
    std::uint64_t const end = before != nullptr ? before->first_row + before->row_count : 0;
    first = last - std::min<std::uint64_t>(last - first, blocks_.at(i)->first_row - end);
    return {first, last};
  }

  /// How many rows of missing blocks the journal has.
  std::uint64_t missing_rescued() {
    std::uint64_t sum = 0;
    for (std::size_t i = blocks_.size(); i > 0 && journal_.overlaps(*blocks_.at(i - 1)); --i) {
      auto const [first, last] = missing_before(i - 1);
      sum += last - first;
    }
    return sum;
  }

  journal_rows::range tail() { return journal_.from(blocks_.journal_end(journal_.id())); }

  bool load_journal(journal_rows::range rows, std::uint64_t first_row, row_batch& out) {
    auto const [first, last] = rows;
    if (first == last) return false;
    projection* const wanted = projection_of(journal_.schema_id());
    if (wanted == nullptr) return false;
    out.schema_id = journal_.schema_id();
    out.first_row = first_row;
    out.count = last - first;
    out.columns = nullptr;
    out.bytes.clear();
    for (std::size_t i = first; i != last; ++i) {
      if (!append_projected_rows(journal_[i].bytes, 1, *wanted, out.bytes)) return false;
    }
    return true;
  }

  /// Takes the rows of a damaged block from the journal, if it has them all; else counts them.
  bool rescue(std::size_t i, log_block const& block, projection const* wanted, row_batch& out) {
    std::string reason = wanted == nullptr ? "the schema of a block is missing" : loader_.reason();
    auto [first, last] = rows_up_to(i);
    bool const there = last - first >= block.row_count && block.schema_id == journal_.schema_id();
    first = last - std::min<std::uint64_t>(last - first, block.row_count);
    bool const rescued = there && load_journal({first, last}, block.first_row, out);
    bool const is_new =
        damages_.try_emplace(block.offset, log_damage{block.offset, block.end(), std::move(reason)})
            .second;
    if (is_new) (rescued ? rescued_ : damaged_) += block.row_count;
    return rescued;
  }

  input_file file_;
  choose_fields choose_;
  journal_rows journal_;
  block_list blocks_;
  block_loader loader_;
  std::map<std::uint32_t, projection> projections_;
  std::size_t next_ = 0;
  part next_part_ = part::rescued;
  std::map<std::uint64_t, log_damage> damages_;
  std::uint64_t damaged_ = 0;
  std::uint64_t rescued_ = 0;
};

}  // namespace trainlog::detail

#endif
