// SPDX-License-Identifier: MIT
// The rows in a journal, read beside its writer or after its end (docs/format.md, Journal).
#ifndef TRAINLOG_LOG_JOURNAL_SCAN_HPP
#define TRAINLOG_LOG_JOURNAL_SCAN_HPP

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trainlog/detail/descriptor.hpp"
#include "trainlog/detail/file.hpp"
#include "trainlog/detail/wire.hpp"
#include "trainlog/log/journal_format.hpp"

namespace trainlog::detail {

/// A row that a journal holds.
struct journal_row {
  std::uint64_t position = 0;  ///< of its slot
  std::uint64_t end = 0;       ///< of its slot: the position of the next
  std::string_view bytes;      ///< the row in wire form
};

/// What a journal was at one moment. What cannot be read is not there. Everything in it is only as
/// trustworthy as the file.
class journal_snapshot {
 public:
  journal_header header;
  std::uint64_t released = 0;  ///< the rows before this position are in the log
  std::uint64_t lost = 0;      ///< rows that could not be kept since the journal was new

  /// The rows at `from` (the greatest journal_end in the log) or behind it that are not released,
  /// in order. Views into the snapshot. Time is bounded by the size of the ring, whatever it holds.
  std::vector<journal_row> rows(std::uint64_t from = 0) const {
    std::vector<journal_row> found;
    std::uint64_t at = std::max(from, released);
    std::uint64_t in_vain = most_in_vain();
    if (is_position(at)) find_rows(at, at + header.ring_size, in_vain, found);
    return found;
  }

  /// True if a slot may stand there.
  static constexpr bool is_position(std::uint64_t at) noexcept {
    return at % 8 == 0 && at <= std::uint64_t{1} << 62U;
  }
  /// How many bytes without a row are looked at before a search is given up.
  std::uint64_t most_in_vain() const noexcept { return 65 * header.ring_size; }

  /// Appends the rows that begin at positions from `at` to `end`, and moves `at` behind them.
  void find_rows(std::uint64_t& at, std::uint64_t end, std::uint64_t& in_vain,
                 std::vector<journal_row>& found) const {
    end = std::min(end, end_);
    while (at < end) {
      if (std::uint64_t const offset = at % header.ring_size; offset >= used_) {
        at += header.ring_size - offset;  // there are zeros up to the end of the ring
        continue;
      }
      auto const row = row_at(at);
      std::uint64_t const zeros = row.bytes.empty() ? zeros_at(at) : 0;
      std::uint64_t const step = std::max<std::uint64_t>(8, zeros);
      std::uint64_t const cost = row.end == 0 ? std::max<std::uint64_t>(step, row.bytes.size()) : 0;
      if (cost > in_vain) return;
      in_vain -= cost;
      if (row.end != 0) found.push_back(row);
      at = row.end != 0 ? row.end : at + step;
    }
  }

  /// Reads again what stands between two positions, less than a ring apart.
  void read_again(int descriptor, std::uint64_t from, std::uint64_t to) {
    while (from < to) {
      std::uint64_t const offset = from % header.ring_size;
      std::uint64_t const size = std::min(to - from, header.ring_size - offset);
      auto const there = std::min(size, used_ - std::min(used_, offset));
      read_at(descriptor, ring_.data() + offset, there, header.ring_offset + offset);
      from += size;
    }
    // What is there a second time.
    std::copy_n(ring_.begin(), ring_.size() - used_, ring_.data() + used_);
  }

  /// Rows from that position on are not of the moment.
  void set_end(std::uint64_t position) noexcept { end_ = position; }

  /// True if there is nothing in the ring, be it released or not.
  bool empty() const noexcept { return ring_.find_first_not_of('\0') == std::string::npos; }

  /// The first bytes of the ring, in place of what is there. What follows them is zeros.
  void set_ring(std::string ring) {
    ring_ = std::move(ring);
    ring_.resize((ring_.size() + 7) / 8 * 8);
    used_ = ring_.size();
    // A row that goes on at the beginning is in one piece here.
    if (used_ == header.ring_size) ring_.append(ring_, 0, slot_size(max_row_of(header.ring_size)));
  }

 private:
  /// How many bytes from the position on are zeros, eight by eight, to the end of the ring at most.
  std::uint64_t zeros_at(std::uint64_t position) const noexcept {
    std::uint64_t const begin = position % header.ring_size;
    std::uint64_t at = begin;
    while (at < used_ && get_le<std::uint64_t>(ring_.data() + at) == 0) at += 8;
    return at - begin;
  }

  /// The slot at the position. If it is not right, `end` is 0 and `bytes` is what was checked.
  journal_row row_at(std::uint64_t position) const noexcept {
    std::uint64_t const offset = position % header.ring_size;
    std::uint64_t const room = ring_.size() - offset;
    char const* const slot = ring_.data() + offset;
    std::uint64_t const word = get_le<std::uint64_t>(slot);
    std::uint64_t const size = word >> 32U;
    bool const possible = size - 1 < max_row_of(header.ring_size) && slot_size(size) <= room;
    if (!possible) return {};
    journal_row row{position, 0, {slot + slot_head_size, static_cast<std::size_t>(size)}};
    if (is_right_slot(word, slot + slot_head_size, position, header, room)) {
      row.end = position + slot_size(size);
    }
    return row;
  }

  std::uint64_t end_ = ~std::uint64_t{0};
  std::uint64_t used_ = 0;  // how many bytes of the ring there are
  std::string ring_;
};

/// The ring's bytes, as many of its first as the file has; zeros where they cannot be read.
inline std::string read_ring(int descriptor, journal_header const& header, std::uint64_t there) {
  constexpr std::size_t piece = 65536;
  auto const size = static_cast<std::size_t>(std::min(header.ring_size, there));
  bool const whole = size == header.ring_size;
  std::string ring;
  ring.reserve(size + (whole ? slot_size(max_row_of(header.ring_size)) : 8));
  ring.resize(size);
  for (std::size_t at = 0; at < size; at += piece) {
    auto const wanted = std::min(piece, size - at);
    auto const count = read_at(descriptor, ring.data() + at, wanted, header.ring_offset + at);
    std::fill_n(ring.data() + at + count, wanted - count, '\0');
  }
  return ring;
}

/// The header of an open journal, if it is one.
inline std::optional<journal_header> read_journal_header(int descriptor) {
  char bytes[journal_header_size];
  journal_header header;
  if (read_at(descriptor, bytes, sizeof bytes, 0) != sizeof bytes) return {};
  if (!read_journal_header({bytes, sizeof bytes}, header)) return {};
  return header;
}

/// Reads how much of an open journal is in the log, and what was lost; false if it has not that, or
/// the first is no position.
inline bool read_counters(int descriptor, std::uint64_t& released, std::uint64_t& lost) noexcept {
  char bytes[16];
  if (read_at(descriptor, bytes, sizeof bytes, released_offset) != sizeof bytes) return false;
  released = get_le<std::uint64_t>(bytes);
  lost = get_le<std::uint64_t>(bytes + 8);
  return released % 8 == 0;
}

/// The ring as it is read once, and then how much of it is in the log. While the ring is read, rows
/// are committed: of two, the one that was committed later may be seen alone.
inline std::optional<journal_snapshot> read_journal_once(int descriptor) {
  auto const header = read_journal_header(descriptor);
  struct ::stat status{};
  if (!header || ::fstat(descriptor, &status) != 0) return {};
  auto const file_size = static_cast<std::uint64_t>(status.st_size);
  if (file_size < header->ring_offset) return {};
  journal_snapshot snapshot;
  snapshot.header = *header;
  // Memory follows the file, not what it says of itself.
  snapshot.set_ring(read_ring(descriptor, *header, file_size - header->ring_offset));
  if (!read_counters(descriptor, snapshot.released, snapshot.lost)) return {};
  return snapshot;
}

/// Reads again where there were no rows before others. What was committed before a row that has
/// been seen is there now; or it is in the log.
inline bool read_holes_again(int descriptor, journal_snapshot& of) {
  std::uint64_t const begin = of.released;
  bool any = false;
  std::uint64_t at = begin;
  for (auto const& row : of.rows()) {
    if (row.position > at) of.read_again(descriptor, at, row.position), any = true;
    at = row.end;
  }
  if (!any) return true;
  if (!read_counters(descriptor, of.released, of.lost)) return false;
  // The next lap may have begun in the holes.
  if (of.released != begin) of.set_end(begin + of.header.ring_size);
  return true;
}

/// Takes what an open journal holds, such that with a row all are there that had been committed
/// before it and are not in the log. Nothing if the file is not a journal.
inline std::optional<journal_snapshot> read_journal(int descriptor) {
  auto snapshot = read_journal_once(descriptor);
  if (snapshot && !read_holes_again(descriptor, *snapshot)) return {};
  return snapshot;
}

/// Opens the journal of the log at `log_path`, which may be a symbolic link to it: the journal
/// stands beside the log. If it cannot be opened, errno says why.
inline unique_descriptor open_journal(std::string const& log_path) {
  std::string const path = journal_path(resolve_links(log_path, file_operation(log_path, "read")));
  return unique_descriptor(
      retry_interrupted([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK); }));
}

/// What the journal of the log at `log_path` holds, if there is one and it belongs to the log whose
/// file_id is `id`, of which the first `known` bytes are certain. To be called before the log
/// itself is read, so that no row that moves from the journal to the log in between is missed. Only
/// reads, takes no lock, and never throws for what a file contains. Memory: as much of the ring as
/// the file has, and a quarter of it. `unreadable` tells of one of which nobody knows what it
/// holds.
inline std::optional<journal_snapshot> read_journal(std::string const& log_path, file_id const& id,
                                                    bool& unreadable,
                                                    std::size_t known = sizeof(file_id)) {
  auto const journal = open_journal(log_path);
  unreadable = !journal && errno != ENOENT;
  if (!journal) return {};
  auto const header = read_journal_header(journal.get());
  if (header && !std::equal(id.begin(), id.begin() + known, header->file_id.begin())) return {};
  auto result = header ? read_journal(journal.get()) : std::nullopt;
  unreadable = !result;
  return result;
}
inline std::optional<journal_snapshot> read_journal(std::string const& log_path,
                                                    file_id const& id) {
  bool ignored = false;
  return read_journal(log_path, id, ignored);
}

}  // namespace trainlog::detail

#endif
