// SPDX-License-Identifier: MIT
// All rows of a log, those of its journal included, a block at a time (docs/format.md, Logs).
#ifndef TRAINLOG_LOG_STORED_ROWS_HPP
#define TRAINLOG_LOG_STORED_ROWS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "trainlog/log/block_list.hpp"
#include "trainlog/log/block_loader.hpp"
#include "trainlog/log/block_scan.hpp"
#include "trainlog/log/input_file.hpp"
#include "trainlog/log/journal_rows.hpp"
#include "trainlog/log/log_report.hpp"

namespace trainlog::detail {

/// Reads the wanted fields of all rows. Rows that are damaged are passed by and counted.
class stored_rows {
 public:
  /// Throws io_error and decode_error; what is damaged behind the file's header is no error, and a
  /// file that its writer has only begun is a log without rows.
  stored_rows(std::string const& path, projections::choose_fields choose)
      : projections_(std::move(choose)),
        file_(path),
        only_begun_(is_only_begun(file_)),
        header_(only_begun_ ? file_header{} : find_file_header(file_, header_damaged_)),
        journal_(path, header_.file_id, header_damaged_ ? salvaged_id_size : sizeof(file_id)),
        blocks_(file_, header_, !journal_.any()),
        loader_(file_, blocks_.sync()) {
    blocks_.check_streams_of(journal_.id(), journal_.released());
    if (only_begun_) blocks_.set_empty();  // whatever is written meanwhile
  }
  stored_rows(stored_rows const&) = delete;
  stored_rows& operator=(stored_rows const&) = delete;

  /// The next rows; false at the end.
  bool next(row_batch& out) {
    while (blocks_.at(next_) != nullptr) {
      if (next_part_ == part::missing) {
        next_part_ = part::block;
        if (load_missing(out)) return true;
      }
      next_part_ = part::missing;
      log_block const block = *blocks_.at(next_);
      if (load_block(block, out)) return ++next_, true;
      if (is_elsewhere()) look_again_for(block);
      else ++next_;
    }
    if (next_part_ == part::done) return false;
    next_part_ = part::done;
    return load_tail(out, projections_);
  }

  /// The next batch is the one that has the row, or rows behind it.
  void seek(std::uint64_t row) {
    next_ = blocks_.find_row(row);
    next_part_ = part::missing;
  }

  /// The rows behind the last block, as far as `by` wants them.
  bool load_tail(row_batch& out, projections& by) {
    std::uint64_t const row = std::max(blocks_.next_row(), journal_.first_row());
    return load_journal(journal_.behind(blocks_), row, out, by);
  }

  block_list& blocks() noexcept { return blocks_; }
  input_file const& file() const noexcept { return file_; }
  block_loader& loader() noexcept { return loader_; }

  /// The wanted fields of a schema; null if the file has no such schema.
  projection* projection_of(std::uint32_t schema_id) {
    return projection_of(schema_id, projections_);
  }
  projection* projection_of(std::uint32_t schema_id, projections& by) {
    auto* const found = by.find(schema_id, blocks_.schemas());
    if (found != nullptr) return found;
    blocks_.size();  // where it should stand it is damaged; it may be repeated
    return by.find(schema_id, blocks_.schemas());
  }

  /// What the blocks say, and what is damaged of the rows that have been read.
  log_report report() {
    log_report result = blocks_.report();
    auto const [first, last] = journal_.behind(blocks_);
    std::uint64_t const missing = journal_.missing(blocks_);
    bool const readable = blocks_.schemas().contains(journal_.schema_id());
    (readable ? result.recovered : result.damaged) = missing + last - first;
    if (readable) result.recovered -= std::min<std::uint64_t>(result.recovered, bad_rows_.size());
    if (readable) result.damaged = bad_rows_.size();
    result.missing -= std::min(result.missing, missing);
    result.missing = saturated_sum(result.missing, missing_behind(last - first));
    result.rows += result.recovered;
    result.rows -= std::min(result.rows, damaged_);
    result.damaged += damaged_;
    std::uint64_t const said = blocks_.journal_lost(journal_.id());
    result.lost = saturated_sum(result.lost, journal_.lost() - std::min(journal_.lost(), said));
    result.closed = result.closed && !journal_.any();
    result.unfinished = result.unfinished || only_begun_;
    if (journal_.unreadable()) result.add_damage(0, 0, "the journal beside the file is unreadable");
    if (header_damaged_) result.add_damage(0, header_size, "the header of the file is wrong");
    for (auto const& [offset, damage] : damages_) {
      result.add_damage(damage.begin, damage.end, damage.reason);
    }
    return result;
  }

 private:
  /// How many rows are neither in a block nor among the `found` of the journal behind the last one,
  /// though the journal's beginning, or a block that is not right but for its head, tells of them.
  std::uint64_t missing_behind(std::uint64_t found) {
    std::uint64_t const begin = blocks_.next_row();
    std::uint64_t end = std::max(begin, journal_.first_row());
    std::uint64_t const before = end - begin;
    end = saturated_sum(end, found);
    std::uint64_t known = end;
    for (auto const& torn : blocks_.scan().torn()) {
      known = std::max(known, torn.end_row());
    }
    return saturated_sum(before, known - end);
  }

  enum class part { missing, block, done };

  bool load_block(log_block const& block, row_batch& out) {
    projection* const wanted = projection_of(block.schema_id);
    if (wanted != nullptr && loader_.load(block, *wanted, out)) return true;
    if (!is_elsewhere()) count_damage(block, wanted != nullptr);
    return false;
  }

  /// True if the last block was not where the index says: it may have moved.
  bool is_elsewhere() const noexcept { return blocks_.are_indexed() && !loader_.found(); }

  void look_again_for(log_block const& block) {
    blocks_.look_again();
    next_ = blocks_.find_row(block.first_row);
  }

  /// The journal's rows that are missing before the next block.
  bool load_missing(row_batch& out) {
    auto const missing = journal_.missing_before(blocks_, next_);
    std::uint64_t const row = blocks_.at(next_)->first_row;
    return load_journal(missing, row - (missing.second - missing.first), out, projections_);
  }

  bool load_journal(journal_rows::range rows, std::uint64_t first_row, row_batch& out,
                    projections& by) {
    auto const [first, last] = rows;
    projection* const wanted = projection_of(journal_.schema_id(), by);
    if (first == last || wanted == nullptr) return false;
    out.begin(journal_.schema_id(), first_row);
    for (std::size_t i = first; i != last; ++i) {
      if (!out.add(journal_[i].bytes, *wanted)) bad_rows_.insert(journal_[i].position);
    }
    return out.count != 0;
  }

  /// Counts a block that cannot be read, once.
  void count_damage(log_block const& block, bool has_schema) {
    std::string reason = has_schema ? loader_.reason() : "the schema of a block is missing";
    auto const [place, is_new] = damages_.try_emplace(
        block.offset, log_damage{block.offset, block.end(), std::move(reason)});
    if (is_new) damaged_ += block.row_count;
  }

  projections projections_;
  input_file file_;
  bool only_begun_;
  bool header_damaged_ = false;
  file_header header_;
  journal_rows journal_;
  block_list blocks_;
  block_loader loader_;
  std::size_t next_ = 0;
  part next_part_ = part::missing;
  std::map<std::uint64_t, log_damage> damages_;  // by the offset of the block
  std::set<std::uint64_t> bad_rows_;             // of the journal, by their positions
  std::uint64_t damaged_ = 0;
};

}  // namespace trainlog::detail

#endif
