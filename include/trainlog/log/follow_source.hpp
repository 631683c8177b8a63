// SPDX-License-Identifier: MIT
// The rows of a log as they are committed, by reading alone (docs/format.md, Journal).
#ifndef TRAINLOG_LOG_FOLLOW_SOURCE_HPP
#define TRAINLOG_LOG_FOLLOW_SOURCE_HPP

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "trainlog/detail/error.hpp"
#include "trainlog/detail/file.hpp"
#include "trainlog/log/block_loader.hpp"
#include "trainlog/log/block_scan.hpp"
#include "trainlog/log/input_file.hpp"
#include "trainlog/log/journal_scan.hpp"
#include "trainlog/log/log_block.hpp"
#include "trainlog/log/log_report.hpp"

namespace trainlog::detail {

/// A log that another process may be writing, looked at again and again. Each look takes the
/// journal first, then the blocks that the log has more than at the look before, then those rows of
/// the journal that follow each other: rows behind one that is still being written wait for it.
class follow_source {
 public:
  follow_source(std::string path, projections::choose_fields choose)
      : path_(std::move(path)), projections_(std::move(choose)) {}
  follow_source(follow_source const&) = delete;
  follow_source& operator=(follow_source const&) = delete;

  /// The next rows, in `out` from number next_row() on; false if there are none now.
  /// Throws io_error, and decode_error for a file that is no log.
  bool next(row_batch& out) {
    if (!looking_ && !look()) return false;
    if (next_block(out) || next_journal(out)) return true;
    looking_ = false;
    closed_ = log_->scan.report().closed && !journal_;
    return false;
  }

  /// Says that all rows before that number have been taken.
  void take(std::uint64_t row) noexcept { next_row_ = std::max(next_row_, row); }
  std::uint64_t next_row() const noexcept { return next_row_; }

  /// At the last look the log was closed, and had no rows that were not taken.
  bool closed() const noexcept { return closed_; }
  /// At the last look there was a journal of which nobody knows what it holds.
  bool journal_unreadable() const noexcept { return unreadable_; }
  /// Rows in blocks that could not be read.
  std::uint64_t damaged() const noexcept { return damaged_; }

 private:
  struct open_log {
    input_file file;
    block_scan scan;
    block_loader loader;
    explicit open_log(std::string const& path)
        : file(path), scan(file), loader(file, scan.sync()) {}
    open_log(open_log const&) = delete;
    open_log& operator=(open_log const&) = delete;
  };

  /// Where the journal was seen to end.
  struct journal_mark {
    std::uint64_t journal_id = 0;
    std::uint64_t position = 0;
  };

  /// Begins to look at what is new; false if nothing is.
  bool look() {
    if (!open() || !is_anything_new()) return false;
    journal_ = read_journal(path_, log_->scan.header().file_id, unreadable_);
    if (journal_) log_->scan.check_streams_of(journal_->header.journal_id, journal_->released);
    size_ = log_->file.size();
    log_->scan.extend();
    log_->loader.refresh();
    closed_ = false;
    return looking_ = true;
  }

  /// False if the file is not there yet, or has not its header.
  bool open() {
    if (log_) return true;
    try {
      if (input_file(path_).size() < header_size) return false;
    } catch (io_error const& problem) {
      if (problem.error_number() == ENOENT) return false;
      throw;
    }
    log_.emplace(path_);
    return true;
  }

  /// A look at the file's size and at where the journal's next slot will be.
  bool is_anything_new() const {
    if (log_->file.size() != size_) return true;
    unique_descriptor const journal(retry_interrupted(
        [&] { return ::open(journal_path(path_).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK); }));
    bool unreadable = !journal && errno != ENOENT;
    std::optional<journal_header> header;
    if (journal) header = read_journal_header(journal.get());
    unreadable = unreadable || (journal && !header);
    if (!header || header->file_id != log_->scan.header().file_id) {
      return mark_.journal_id != 0 || unreadable != unreadable_;
    }
    if (header->journal_id != mark_.journal_id) return true;
    char word[slot_head_size] = {};
    read_at(journal.get(), word, sizeof word,
            header->ring_offset + mark_.position % header->ring_size);
    return load_word(word) != 0;
  }

  bool next_block(row_batch& out) {
    for (log_block block; log_->scan.next(block);) {
      if (!block.has_rows() || block.first_row + block.row_count <= next_row_) continue;
      projection* const wanted = projection_of(block.schema_id);
      if (wanted != nullptr && log_->loader.load(block, *wanted, out)) return true;
      damaged_ += block.row_count;
    }
    return false;
  }

  /// Where a schema should stand it may be damaged, and be repeated behind the rows.
  projection* projection_of(std::uint32_t schema_id) {
    auto* const found = projections_.find(schema_id, log_->scan.schemas());
    auto& sought = sought_[schema_id];
    if (found != nullptr || sought == size_) return found;
    sought = size_;
    block_scan ahead(log_->file);
    for (log_block block; ahead.next(block);) {
    }
    return projections_.find(schema_id, ahead.schemas());
  }

  bool next_journal(row_batch& out) {
    if (!journal_) return mark_ = {}, false;
    looking_ = false;  // these are the last of this look
    auto& scan = log_->scan;
    auto const& header = journal_->header;
    std::uint64_t position = std::max(journal_->released, scan.journal_end(header.journal_id));
    projection* const wanted = projection_of(header.schema_id);
    out.begin(header.schema_id, std::max(scan.next_row(), header.first_row));
    for (auto const& row : journal_->rows(position)) {
      if (row.position != position || wanted == nullptr) break;
      out.add(row.bytes, *wanted);
      position = row.end;
    }
    mark_ = {header.journal_id, position};
    return out.count != 0 && out.first_row + out.count > next_row_;
  }

  std::string path_;
  projections projections_;
  std::optional<open_log> log_;
  std::optional<journal_snapshot> journal_;
  journal_mark mark_;
  std::uint64_t size_ = 0;
  std::map<std::uint32_t, std::uint64_t> sought_;  // schemas, and in how much of the file
  std::uint64_t next_row_ = 0;
  std::uint64_t damaged_ = 0;
  bool unreadable_ = false;
  bool looking_ = false;
  bool closed_ = false;
};

}  // namespace trainlog::detail

#endif
