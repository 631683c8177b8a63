// SPDX-License-Identifier: MIT
// The blocks of a log that is whole, still being written, or damaged (docs/format.md, Logs).
#ifndef TRAINLOG_LOG_BLOCK_SCAN_HPP
#define TRAINLOG_LOG_BLOCK_SCAN_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "trainlog/codec/blocks.hpp"
#include "trainlog/log/block_search.hpp"
#include "trainlog/log/block_tally.hpp"
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
    while (!tally_.report.unfinished && next_ < window_.end()) {
      switch (read_next(out)) {
        case block_state::right:
          seen_ = out.offset;
          next_ = seen_end_ = out.end();
          if (accept(out)) return true;
          break;
        case block_state::damaged:
          go_on_at(
              is_followed_by_block(out, window_, sync_) ? out.end() : find_header(out.payload()),
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
    tally_.report.unfinished = false;
    growing_ = true;
  }

  file_header const& header() const noexcept { return header_; }
  std::array<char, 8> const& sync() const noexcept { return sync_; }
  /// Those of the blocks that have been passed, by their schema_id.
  std::map<std::uint32_t, log_schema> const& schemas() const noexcept { return schemas_; }
  /// What was found out so far. `rows` are those in blocks that are there.
  log_report const& report() const noexcept { return tally_.report; }
  block_tally const& tally() const noexcept { return tally_; }

 private:
  block_state read_next(log_block& out) {
    auto const state = read_right_block(window_, sync_, next_, out);
    bool const doubtful = state == block_state::right && out.is(block_type::columns) &&
                          out.journal_id == checked_journal_ && out.journal_id != 0 &&
                          out.journal_end > checked_from_;
    if (!doubtful || has_right_streams(window_, out)) return state;
    if (!growing_ && tally_.is_new(out)) torn_.push_back(out);
    return block_state::damaged;
  }

  // ---- blocks that are right

  /// Takes notice of a block; false if it is to be passed by.
  bool accept(log_block const& found) {
    if (!tally_.is_new(found)) {
      return pass_by(found, "a block is there a second time, or not in its place");
    }
    if (!is_known(found)) return tally_.note(found), false;
    if (tally_.repeats_rows(found)) {
      tally_.note(found);
      return pass_by(found, "a block has rows that were there before");
    }
    if (found.is(block_type::schema) && !add_schema(found)) {
      tally_.note(found);
      return pass_by(found, "a schema cannot be read");
    }
    tally_.count(found);
    return true;
  }

  bool pass_by(log_block const& found, char const* reason) {
    tally_.report.add_damage(found.offset, found.end(), reason);
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

  bool add_schema(log_block const& found) {
    if (!read_schema_payload(
            window_.at(found.payload(), static_cast<std::size_t>(found.payload_length)),
            schemas_)) {
      return false;
    }
    tally_.know_schema(schemas_.rbegin()->first);
    return true;
  }

  // ---- what is not right

  /// What stands from the place of the next block up to `found` is damaged.
  void go_on_at(std::uint64_t found, char const* reason) {
    tally_.report.unfinished = growing_ && found == window_.end();
    if (tally_.report.unfinished) return;
    tally_.report.add_damage(next_, found, reason);
    next_ = found;
  }

  /// The file ends within the block: it was being written, unless other blocks follow.
  void go_on_behind_cut(std::uint64_t found) {
    if (found < window_.end()) return go_on_at(found, "a block is shorter than it says");
    tally_.report.unfinished = true;
  }

  /// There is no block where the next one should be.
  void go_on_behind_nothing() {
    // If bytes of the last block are gone, be it one that was passed by, what follows it stands
    // before its end.
    std::uint64_t const begin = next_ == seen_end_ ? seen_ + block_header_size : next_ + 1;
    std::uint64_t const found = find_header(begin);
    if (found < next_) {
      tally_.report.add_damage(seen_, found, "a block is shorter than it says");
      next_ = found;
    } else if (found == window_.end() && is_unwritten(window_, next_)) {
      tally_.report.unfinished = true;
    } else {
      go_on_at(found, "there is no block");
    }
  }

  std::uint64_t find_header(std::uint64_t begin) {
    return find_block_header(window_, sync_, begin, tally_.next_sequence());
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
  block_tally tally_;
  std::vector<log_block> torn_;
  std::map<std::uint32_t, log_schema> schemas_;
};

}  // namespace trainlog::detail

#endif
