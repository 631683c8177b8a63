// SPDX-License-Identifier: MIT
// The blocks of a log that is whole, still being written, or damaged (docs/format.md, Logs).
#ifndef TRAINLOG_LOG_BLOCK_SCAN_HPP
#define TRAINLOG_LOG_BLOCK_SCAN_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "trainlog/codec/blocks.hpp"
#include "trainlog/codec/schema_bytes.hpp"
#include "trainlog/codec/snapshot.hpp"
#include "trainlog/detail/wire.hpp"
#include "trainlog/log/input_file.hpp"
#include "trainlog/log/log_report.hpp"
#include "trainlog/schema/schema.hpp"

namespace trainlog::detail {

inline constexpr std::uint32_t max_columns_rows = 1U << 20U;

/// A block whose header and checked bytes are right, and what its payload begins with.
struct log_block {
  std::uint64_t offset = 0;  ///< of its header
  std::uint64_t payload_length = 0;
  std::uint64_t checked_length = 0;
  std::uint32_t sequence = 0;
  std::uint16_t type = 0;
  std::uint16_t flags = 0;
  std::uint32_t payload_crc = 0;
  std::uint32_t schema_id = 0;    ///< of rows and columns
  std::uint64_t first_row = 0;    ///< of rows, columns and gap
  std::uint64_t row_count = 0;    ///< of rows, columns, gap and end
  std::uint64_t journal_id = 0;   ///< of columns and gap
  std::uint64_t journal_end = 0;  ///< of columns; of a gap its journal_lost

  bool is(block_type asked) const noexcept { return type == static_cast<std::uint16_t>(asked); }
  bool has_rows() const noexcept { return is(block_type::rows) || is(block_type::columns); }
  std::uint64_t payload() const noexcept { return offset + block_header_size; }
  std::uint64_t end() const noexcept {
    return payload() + payload_length + padding_of(payload_length);
  }
};

/// A schema of a log.
struct log_schema {
  schema rows;
  std::string payload;  ///< of its block
};

/// What the header of the file says. Throws decode_error if it is not one of a .tlog file.
inline file_header read_file_header(input_file const& file) {
  std::array<char, header_size> bytes;
  std::size_t const size = file.read(0, bytes.data(), bytes.size());
  in_file(file.path(), [&] { return block_reader({bytes.data(), size}).offset(); });
  file_header header;
  std::copy_n(bytes.data() + 24, header.file_id.size(), header.file_id.data());
  header.created_ns = load_le<std::int64_t>(reinterpret_cast<std::byte const*>(bytes.data() + 40));
  return header;
}

/// Reads the fields of a block header, if it is one of the file: its sync and checksum are right,
/// and its lengths are possible.
inline bool read_block_header(std::string_view bytes, std::array<char, 8> const& sync,
                              log_block& out) {
  if (bytes.size() < block_header_size || !bytes.starts_with({sync.data(), sync.size()})) {
    return false;
  }
  wire_reader in(bytes.substr(sync.size(), block_header_size - sync.size()));
  std::uint64_t previous = 0;
  std::uint32_t header_crc = 0;
  in.number(out.type);
  in.number(out.flags);
  in.number(out.sequence);
  in.number(out.payload_length);
  in.number(previous);
  in.number(out.checked_length);
  in.number(out.payload_crc);
  in.number(header_crc);
  bool const is_partly_checked = out.is(block_type::columns) || out.type > 6;
  return header_crc == crc_of(bytes.substr(0, block_header_size - 4)) && out.type != 0 &&
         out.payload_length <= std::numeric_limits<std::uint64_t>::max() / 4 &&
         (is_partly_checked ? out.checked_length <= out.payload_length
                            : out.checked_length == out.payload_length);
}

/// Reads what is asked of the payload's first bytes; false if it is not as the format says.
inline bool read_block_start(std::string_view payload, log_block& out) {
  wire_reader in(payload);
  std::uint32_t count = 0;
  if (out.is(block_type::rows)) {
    if (!in.number(out.schema_id) || !in.number(count) || !in.number(out.first_row)) return false;
    out.row_count = count;
    return count <= max_rows_in_block && count <= in.remaining();
  }
  if (out.is(block_type::columns)) {
    if (!in.number(out.schema_id) || !in.number(count) || !in.number(out.first_row)) return false;
    out.row_count = count;
    return in.number(out.journal_id) && in.number(out.journal_end) && count >= 1 &&
           count <= max_columns_rows;
  }
  if (out.is(block_type::gap)) {
    return in.number(out.first_row) && in.number(out.row_count) && in.number(out.journal_id) &&
           in.number(out.journal_end);
  }
  if (out.is(block_type::end)) return in.number(out.row_count);
  return true;
}

enum class block_state {
  right,
  damaged,  ///< the header is right, the payload is not
  cut,      ///< the header is right, and the file ends within the payload
  none,     ///< there is no header
};

/// Reads the block at that place of a file.
inline block_state read_right_block(file_window& window, std::array<char, 8> const& sync,
                                    std::uint64_t offset, log_block& out) {
  out = log_block{};
  if (!read_block_header(window.at(offset, block_header_size), sync, out)) return block_state::none;
  out.offset = offset;
  if (out.end() > window.end()) return block_state::cut;
  auto const checked = window.at(out.payload(), static_cast<std::size_t>(out.checked_length));
  bool const right = checked.size() == out.checked_length && crc_of(checked) == out.payload_crc &&
                     read_block_start(checked, out);
  return right ? block_state::right : block_state::damaged;
}

/// Adds the schema of a block to those of the file; false if it cannot be, or its number is there.
inline bool read_schema_payload(std::string_view payload,
                                std::map<std::uint32_t, log_schema>& schemas) {
  log_schema added;
  added.payload = payload;
  wire_reader in(added.payload);
  std::uint32_t id = 0;
  std::uint32_t reserved = 0;
  std::uint64_t stored = 0;
  return in.number(id) && in.number(reserved) && in.number(stored) &&
         schema_reader(in).read(added.rows) && identity(added.rows) == stored &&
         schemas.try_emplace(id, std::move(added)).second;
}

constexpr std::uint64_t saturated_sum(std::uint64_t a, std::uint64_t b) noexcept {
  constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  return a > most - b ? most : a + b;
}

/// Goes through the blocks of a log. What is not right is noted, and passed by: nothing but the
/// header of the file, I/O errors, and blocks that ask not to be passed by, ends in an exception.
class block_scan {
 public:
  /// Reads the file's header. Blocks that are written from now on are not seen before extend().
  /// Throws io_error, decode_error.
  explicit block_scan(input_file const& file)
      : file_(&file),
        header_(read_file_header(file)),
        sync_(sync_of(header_.file_id)),
        window_(file, file.size()) {}

  /// The next block that is right; those of schemas, gaps and ends are taken notice of, too.
  /// False at the end. Throws io_error, and decode_error for a critical block of unknown type.
  bool next(log_block& out) {
    while (!report_.unfinished && next_ < window_.end()) {
      switch (read_right_block(window_, sync_, next_, out)) {
        case block_state::right:
          next_ = out.end();
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

  /// Sees what the file has now; next() goes on where it was. Throws io_error.
  void extend() {
    window_ = file_window(*file_, file_->size());
    report_.unfinished = false;
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
  /// The number of schemas, and the schema_id of the next one.
  std::uint32_t next_schema() const noexcept {
    return schemas_.empty() ? 0 : schemas_.rbegin()->first + 1;
  }
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

  /// True if another block, or the end of the file, follows that block.
  bool follows_block(log_block const& before) {
    log_block after;
    return before.end() == window_.end() ||
           read_block_header(window_.at(before.end(), block_header_size), sync_, after);
  }

  // ---- blocks that are right

  /// Takes notice of a block; false if it is to be passed by.
  bool accept(log_block const& found) {
    if (!is_new(found)) {
      return pass_by(found, "a block is there a second time, or not in its place");
    }
    if (!is_known(found)) return note(found), false;
    if ((found.has_rows() || found.is(block_type::gap)) && found.first_row < next_row_) {
      return pass_by(found, "a block has rows that were there before");
    }
    if (found.is(block_type::schema) && !add_schema(found)) {
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
    return read_schema_payload(
        window_.at(found.payload(), static_cast<std::size_t>(found.payload_length)), schemas_);
  }

  void count_rows(log_block const& found) {
    if (found.is(block_type::end)) miss_rows(found.row_count);
    if (found.has_rows() || found.is(block_type::gap)) miss_rows(found.first_row);
    if (found.is(block_type::gap)) {
      report_.lost = saturated_sum(report_.lost, found.row_count);
      raise(journal_losses_, found);
    }
    if (!found.has_rows()) return;
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
    // If bytes of the last block are gone, what follows it stands where its own end should be.
    std::uint64_t const begin = next_ == last_.end ? last_.offset + block_header_size : next_ + 1;
    std::uint64_t const found = find_header(begin);
    if (found < next_) {
      report_.add_damage(last_.offset, found, "a block is shorter than it says");
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
      } else if (is_new_header(begin += found)) {
        return begin;
      } else {
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
  std::uint64_t next_ = header_size;  // where the next block should be
  std::uint64_t next_row_ = 0;
  last_block_seen last_;
  std::map<std::uint32_t, log_schema> schemas_;
  numbers_by_journal journal_ends_;
  numbers_by_journal journal_losses_;
  log_report report_;
};

}  // namespace trainlog::detail

#endif
