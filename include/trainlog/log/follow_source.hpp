// SPDX-License-Identifier: MIT
// The rows of a log as they are committed, by reading alone (docs/format.md, Journal).
#ifndef TRAINLOG_LOG_FOLLOW_SOURCE_HPP
#define TRAINLOG_LOG_FOLLOW_SOURCE_HPP

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "trainlog/detail/error.hpp"
#include "trainlog/detail/file.hpp"
#include "trainlog/detail/wire.hpp"
#include "trainlog/log/block_loader.hpp"
#include "trainlog/log/block_scan.hpp"
#include "trainlog/log/input_file.hpp"
#include "trainlog/log/journal_scan.hpp"
#include "trainlog/log/journal_tail.hpp"
#include "trainlog/log/log_block.hpp"
#include "trainlog/log/log_report.hpp"

namespace trainlog::detail {

/// A log that another process may be writing, looked at again and again. Each look takes the
/// journal's `released` first, then the blocks that the log has more than at the look before, then
/// those rows of the journal that follow each other behind both: rows behind one that is still
/// being written wait for it. If the path is another file's, that is a log of its own.
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
    bool header_damaged = false;
    block_scan scan;
    block_loader loader;
    explicit open_log(std::string const& path)
        : file(path),
          scan(file, find_file_header(file, header_damaged)),
          loader(file, scan.sync()) {}
    open_log(open_log const&) = delete;
    open_log& operator=(open_log const&) = delete;
  };

  /// A journal as it is at the beginning of a look.
  struct live_journal {
    unique_descriptor file;
    journal_header header;
    std::uint64_t released = 0;
  };

  /// Where the journal was seen to end.
  struct journal_mark {
    std::uint64_t journal_id = 0;
    std::uint64_t position = 0;
  };

  /// Begins to look at what is new; false if nothing is.
  bool look() {
    if (!open()) return false;
    if (!is_anything_new()) {
      if (!is_replaced()) return false;
      start_over();
      if (!open()) return false;
    }
    journal_ = find_journal(unreadable_);
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

  /// The journal of the log, if there is one; `unreadable` tells of one of which nobody knows what
  /// it holds.
  std::optional<live_journal> find_journal(bool& unreadable) const {
    live_journal found{open_journal(path_), {}, 0};
    unreadable = !found.file && errno != ENOENT;
    if (!found.file) return {};
    auto const header = read_journal_header(found.file.get());
    auto const& id = log_->scan.header().file_id;
    std::size_t const known = log_->header_damaged ? salvaged_id_size : id.size();
    if (header && !std::equal(id.begin(), id.begin() + known, header->file_id.begin())) return {};
    std::uint64_t lost = 0;
    unreadable = !header || !read_counters(found.file.get(), found.released, lost);
    if (unreadable) return {};
    found.header = *header;
    return found;
  }

  /// A look at the file's size and at where the journal's next slot will be.
  bool is_anything_new() const {
    if (log_->file.size() != size_) return true;
    bool unreadable = false;
    auto const journal = find_journal(unreadable);
    if (!journal) return mark_.journal_id != 0 || unreadable != unreadable_;
    auto const& header = journal->header;
    if (header.journal_id != mark_.journal_id) return true;
    char word[slot_head_size] = {};
    read_at(journal->file.get(), word, sizeof word,
            header.ring_offset + mark_.position % header.ring_size);
    return get_le<std::uint64_t>(word) != 0;
  }

  /// True if another file has been put in the place of the one that is open.
  bool is_replaced() const {
    struct ::stat ours{};
    struct ::stat now{};
    bool const known =
        ::fstat(log_->file.descriptor(), &ours) == 0 && ::stat(path_.c_str(), &now) == 0;
    return known && (now.st_ino != ours.st_ino || now.st_dev != ours.st_dev);
  }

  /// Forgets the file, of which all has been taken.
  void start_over() {
    journal_.reset();
    log_.reset();
    projections_.clear();
    sought_.clear();
    mark_ = {};
    size_ = next_row_ = 0;
    closed_ = false;
  }

  bool next_block(row_batch& out) {
    for (log_block block; log_->scan.next(block);) {
      if (!block.has_rows() || block.end_row() <= next_row_) continue;
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
    std::uint64_t const position =
        std::max(journal_->released, scan.tally().journal_end(header.journal_id));
    projection* const wanted = projection_of(header.schema_id);
    out.begin(header.schema_id, std::max(scan.tally().next_row(), header.first_row));
    journal_tail rows(journal_->file.get(), header, position);
    for (std::string_view row; wanted != nullptr && rows.next(row);) out.add(row, *wanted);
    mark_ = {header.journal_id, rows.position()};
    return out.count != 0 && out.first_row + out.count > next_row_;
  }

  std::string path_;
  projections projections_;
  std::optional<open_log> log_;
  std::optional<live_journal> journal_;
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
