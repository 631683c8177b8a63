// SPDX-License-Identifier: MIT
// The blocks of a log that is whole, still being written, or damaged (docs/format.md, Logs).
#ifndef TRAINLOG_LOG_BLOCK_SCAN_HPP
#define TRAINLOG_LOG_BLOCK_SCAN_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "trainlog/codec/blocks.hpp"
#include "trainlog/log/input_file.hpp"
#include "trainlog/log/log_block.hpp"
#include "trainlog/log/log_report.hpp"
#include "trainlog/record/error.hpp"

namespace trainlog::detail {

/// Goes through the blocks of a log. What is not right is noted, and passed by: nothing but the
/// header of the file, I/O errors, and blocks that ask not to be passed by, ends in an exception.
class block_scan {
 public:
  /// Reads the file's header. Blocks that are written from now on are not seen before extend().
  /// Throws io_error, decode_error.
  explicit block_scan(input_file const& file) : block_scan(file, read_file_header(file)) {}
  block_scan(input_file const& file, file_header const& header)
      : file_(&file),
        header_(header),
        sync_(sync_of(header_.file_id)),
        window_(file, file.size()) {}

  /// The next block that is right; those of schemas, gaps and ends are taken notice of, too.
  /// False at the end. Throws io_error, and decode_error for a critical block of unknown type.
  bool next(log_block& out) {
    while (!report_.unfinished && next_ < window_.end()) {
      switch (read_next(out)) {
        case block_state::right:
          seen_ = out.offset;
          next_ = seen_end_ = out.end();
          if (accept(out)) return true;
          break;
        case block_state::damaged:
          go_on_at(follows_block(out) ? out.end() : find_header(out.payload()),
                   "the checksum of a block is wrong");
          break;
        case block_state::cut:
          go_on_behind_cut(find_header(out.payload()));
          break;
        case block_state::none:
          go_on_behind_nothing();
      }
    }
    return false;
  }

  /// Blocks that came from this journal, from behind that position, are right only if all of their
  /// streams are. Their rows are in the journal, too, so that it is of use to know: if the machine
  /// failed, the file may have got the head of such a block and not the rest.
  void check_streams_of(std::uint64_t journal_id, std::uint64_t position) noexcept {
    checked_journal_ = journal_id;
    checked_from_ = position;
  }

  /// Those that were found not to be right for their streams alone.
  std::vector<log_block> const& torn() const noexcept { return torn_; }

  /// Sees what the file has now; next() goes on where it was. From now on what is not right at the
  /// end of the file is not damage, but not there yet. Throws io_error.
  void extend() {
    window_ = file_window(*file_, file_->size());
    report_.unfinished = false;
    growing_ = true;
  }

  file_header const& header() const noexcept { return header_; }
  std::array<char, 8> const& sync() const noexcept { return sync_; }
  /// Those of the blocks that have been passed, by their schema_id.
  std::map<std::uint32_t, log_schema> const& schemas() const noexcept { return schemas_; }
  /// What was found out so far. `rows` are those in blocks that are there.
  log_report const& report() const noexcept { return report_; }

  // What a writer that goes on with the file needs, after the last block.

  /// Where the last block that is right ends.
  std::uint64_t end() const noexcept { return last_.end; }
  std::uint32_t next_sequence() const noexcept { return last_.any ? last_.sequence + 1 : 0; }
  /// Where the last block that is right begins; 0 if there is none.
  std::uint64_t last_block() const noexcept { return last_.offset; }
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
  struct last_block_seen {
    std::uint64_t offset = 0;
    std::uint64_t end = header_size;
    std::uint32_t sequence = 0;
    bool any = false;
  };

  block_state read_next(log_block& out) {
    auto const state = read_right_block(window_, sync_, next_, out);
    bool const doubtful = state == block_state::right && out.is(block_type::columns) &&
                          out.journal_id == checked_journal_ && out.journal_id != 0 &&
                          out.journal_end > checked_from_;
    if (!doubtful || has_right_streams(window_, out)) return state;
    if (!growing_ && is_new(out)) torn_.push_back(out);
    return block_state::damaged;
  }

  /// True if another block, or the end of the file, follows that block. If bytes before it are gone
  /// or put in, a writer that went on with the file began at the next multiple of 8.
  bool follows_block(log_block const& before) {
    log_block after;
    return before.end() == window_.end() ||
           read_block_header(window_.at(before.end(), block_header_size), sync_, after) ||
           read_block_header(window_.at((before.end() + 7) / 8 * 8, block_header_size), sync_,
                             after);
  }

  // ---- blocks that are right

  /// Takes notice of a block; false if it is to be passed by.
  bool accept(log_block const& found) {
    if (!is_new(found)) {
      return pass_by(found, "a block is there a second time, or not in its place");
    }
    if (!is_known(found)) return note(found), false;
    if ((found.has_rows() || found.is(block_type::gap)) && found.first_row < next_row_) {
      note(found);
      return pass_by(found, "a block has rows that were there before");
    }
    if (found.is(block_type::schema) && !add_schema(found)) {
      note(found);
      return pass_by(found, "a schema cannot be read");
    }
    count_rows(found);
    note(found);
    return true;
  }

  bool pass_by(log_block const& found, char const* reason) {
    report_.add_damage(found.offset, found.end(), reason);
    return false;
  }

  /// Throws decode_error if the block must be known.
  bool is_known(log_block const& found) const {
    if (found.type <= 6) return true;
    if ((found.flags & critical_flag) == 0) return false;
    throw decode_error("block " + std::to_string(found.sequence),
                       {static_cast<std::size_t>(found.offset), 0, 0}, "a known type of block",
                       std::to_string(found.type), file_->path());
  }

  void note(log_block const& found) {
    report_.closed = found.is(block_type::end);
    last_ = {found.offset, found.end(), found.sequence, true};
  }

  bool add_schema(log_block const& found) {
    if (!read_schema_payload(
            window_.at(found.payload(), static_cast<std::size_t>(found.payload_length)),
            schemas_)) {
      return false;
    }
    next_schema_ = std::max(next_schema_, schemas_.rbegin()->first + 1);
    return true;
  }

  void count_rows(log_block const& found) {
    if (found.is(block_type::end)) miss_rows(found.row_count);
    if (found.has_rows() || found.is(block_type::gap)) miss_rows(found.first_row);
    if (found.is(block_type::gap)) {
      report_.lost = saturated_sum(report_.lost, found.row_count);
      raise(journal_losses_, found);
    }
    if (!found.has_rows()) return;
    next_schema_ = std::max(next_schema_, found.schema_id + 1);
    report_.rows += found.row_count;
    next_row_ = saturated_sum(next_row_, found.row_count);
    raise(journal_ends_, found);
  }

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

  /// The next row is said to be number `row`.
  void miss_rows(std::uint64_t row) {
    if (row <= next_row_) return;
    report_.missing = saturated_sum(report_.missing, row - next_row_);
    next_row_ = row;
  }

  // ---- what is not right

  /// What stands from the place of the next block up to `found` is damaged.
  void go_on_at(std::uint64_t found, char const* reason) {
    report_.unfinished = growing_ && found == window_.end();
    if (report_.unfinished) return;
    report_.add_damage(next_, found, reason);
    next_ = found;
  }

  /// The file ends within the block: it was being written, unless other blocks follow.
  void go_on_behind_cut(std::uint64_t found) {
    if (found < window_.end()) return go_on_at(found, "a block is shorter than it says");
    report_.unfinished = true;
  }

  /// There is no block where the next one should be.
  void go_on_behind_nothing() {
    // If bytes of the last block are gone, be it one that was passed by, what follows it stands
    // before its end.
    std::uint64_t const begin = next_ == seen_end_ ? seen_ + block_header_size : next_ + 1;
    std::uint64_t const found = find_header(begin);
    if (found < next_) {
      report_.add_damage(seen_, found, "a block is shorter than it says");
      next_ = found;
    } else if (found == window_.end() && is_unwritten(next_)) {
      report_.unfinished = true;
    } else {
      go_on_at(found, "there is no block");
    }
  }

  /// Where, at `begin` or later, the header of a block stands that was not there before; the end
  /// of the file if there is none.
  std::uint64_t find_header(std::uint64_t begin) {
    std::string_view const sync(sync_.data(), sync_.size());
    while (begin < window_.end()) {
      auto const bytes = window_.at(begin, file_window::most);
      if (bytes.size() < sync.size()) break;
      auto const found = bytes.find(sync);
      if (found == std::string_view::npos) {
        begin += bytes.size() - (sync.size() - 1);
      } else {
        begin += found;
        if (is_new_header(begin)) return begin;
        ++begin;
      }
    }
    return window_.end();
  }

  bool is_new_header(std::uint64_t offset) {
    log_block found;
    return read_block_header(window_.at(offset, block_header_size), sync_, found) && is_new(found);
  }
  bool is_new(log_block const& found) const noexcept {
    return !last_.any || found.sequence > last_.sequence;
  }

  /// True if less than a header, or nothing but zeros, stand from there to the end.
  bool is_unwritten(std::uint64_t begin) {
    if (window_.end() - begin < block_header_size) return true;
    while (begin < window_.end()) {
      auto const bytes = window_.at(begin, file_window::most);
      if (bytes.empty() || bytes.find_first_not_of('\0') != std::string_view::npos) return false;
      begin += bytes.size();
    }
    return true;
  }

  input_file const* file_;
  file_header header_;
  std::array<char, 8> sync_;
  file_window window_;
  bool growing_ = false;
  std::uint64_t checked_journal_ = 0;
  std::uint64_t checked_from_ = 0;
  std::uint64_t next_ = header_size;  // where the next block should be
  std::uint64_t seen_ = 0;            // the last block that is right, be it in its place or not
  std::uint64_t seen_end_ = 0;
  std::uint64_t next_row_ = 0;
  std::uint32_t next_schema_ = 0;
  last_block_seen last_;
  std::vector<log_block> torn_;
  std::map<std::uint32_t, log_schema> schemas_;
  numbers_by_journal journal_ends_;
  numbers_by_journal journal_losses_;
  log_report report_;
};

}  // namespace trainlog::detail

#endif
