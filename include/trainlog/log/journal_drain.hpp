// SPDX-License-Identifier: MIT
// Rows on their way from the journal into the log (docs/format.md, Journal; design note 6).
#ifndef TRAINLOG_LOG_JOURNAL_DRAIN_HPP
#define TRAINLOG_LOG_JOURNAL_DRAIN_HPP

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <string_view>
#include <utility>
#include <vector>

#include "trainlog/codec/blocks.hpp"
#include "trainlog/log/columns_encode.hpp"
#include "trainlog/log/journal_ring.hpp"
#include "trainlog/log/kill_point.hpp"
#include "trainlog/log/log_file.hpp"
#include "trainlog/schema/schema.hpp"

namespace trainlog::detail {

/// Turns rows into columns blocks of a log.
class block_maker {
 public:
  block_maker(log_file& file, std::vector<schema_field> const& fields, std::uint32_t schema_id)
      : file_(file), encoder_(fields), schema_id_(schema_id) {}

  columns_encoder& rows() noexcept { return encoder_; }
  /// Enough for a block that is neither tiny nor huge.
  bool is_enough() const noexcept {
    return encoder_.row_count() >= 65536 || encoder_.plain_bytes() >= (std::size_t{4} << 20U);
  }

  /// Appends the rows, if there are any, as a block. Returns errno, and then the rows are
  /// forgotten, too.
  int append(std::uint64_t journal_id, std::uint64_t journal_end) {
    if (encoder_.row_count() == 0) return 0;
    block_.clear();
    block_.schema_id = schema_id_;
    block_.rows = encoder_.row_count();
    block_.checked = encoder_.append_payload(
        block_.bytes, {schema_id_, 0, file_.rows(), journal_id, journal_end});
    encoder_.clear();
    return file_.append(block_);
  }

 private:
  log_file& file_;
  columns_encoder encoder_;
  new_block block_{block_type::columns};
  std::uint32_t schema_id_;
};

/// Drains a ring into a log. One thread at a time.
class journal_drain {
 public:
  journal_drain(journal_ring& ring, log_file& file, std::vector<schema_field> const& fields)
      : ring_(ring), file_(file), blocks_(file, fields, ring.header().schema_id) {}

  /// Appends a block of the first committed rows before the position `to`, which is not behind the
  /// head of the ring, and gives their space back. Returns errno; the rows are then still there.
  int step(std::uint64_t to) noexcept {
    try {
      std::uint64_t const end = gather(to);
      TRAINLOG_KILL_POINT("drain gathered");
      if (int const error = blocks_.append(ring_.header().journal_id, end)) return error;
      TRAINLOG_KILL_POINT("drain appended");
      return release(end);
    } catch (std::exception const&) {
      blocks_.rows().clear();  // of which there may be a part of a row
      return ENOMEM;
    }
  }

  /// Appends a row that is too large for the ring. All rows before have been drained. Returns
  /// errno; nothing is left of the row then.
  int append_large(std::string_view row) noexcept {
    try {
      blocks_.rows().add_row(row);
      int const error = blocks_.append(ring_.header().journal_id, ring_.released());
      if (error == 0) TRAINLOG_KILL_POINT("large row appended");
      return error;
    } catch (std::exception const&) {
      blocks_.rows().clear();
      return ENOMEM;
    }
  }

  /// Appends a gap for rows of which nothing is left but that the journal counts `total` now.
  int append_gap(std::uint64_t rows, std::uint64_t total) {
    return file_.append_gap(rows, ring_.header().journal_id, total);
  }

  /// Slots without a word are damaged from now on: no thread is about to commit one.
  void pass_holes(bool passes) noexcept { passes_holes_ = passes; }

  /// The rows before this position are on the disk, and will stay there: their space is given back
  /// only when the disk has the log that took them.
  void promise(std::uint64_t position) noexcept {
    promised_ = position;
    has_promised_ = true;
  }
  /// Something was ever promised, be it that there are no rows.
  bool has_promised() const noexcept { return has_promised_; }

  /// Rows that were not as they had been written when they were to be drained: a wild pointer.
  /// Counted since the last call.
  std::uint64_t take_damaged() noexcept { return std::exchange(damaged_, 0); }
  /// The errno of the last time that the log could not be synchronised for a promise.
  int sync_error() const noexcept { return sync_error_; }

 private:
  /// Gathers committed rows before `to`, at most half a ring of them, so that threads have room
  /// while the rest is drained; returns the position behind the last of them.
  std::uint64_t gather(std::uint64_t to) {
    std::uint64_t at = ring_.released();
    std::uint64_t const enough = at + ring_.header().ring_size / 2;
    while (at < std::min(to, enough) && !blocks_.is_enough()) {
      if (ring_.word_at(at) == 0 && !passes_holes_) break;
      std::uint64_t const begin = at;
      at = is_fixed() ? gather_fixed(at, to, enough) : gather_one(at, to);
      if (at == begin) at = pass_by(at, to);
    }
    return at;
  }

  bool is_fixed() noexcept { return blocks_.rows().layout().fixed_row_size() != 0; }

  bool is_right(std::uint64_t at, std::uint64_t word, std::uint64_t to) const noexcept {
    return is_right_slot(word, ring_.row_at(at), at, ring_.header(), to - at);
  }

  std::uint64_t gather_one(std::uint64_t at, std::uint64_t to) {
    std::uint64_t const word = ring_.word_at(at);
    if (!is_right(at, word, to)) return at;
    blocks_.rows().add_row({ring_.row_at(at), static_cast<std::size_t>(word >> 32U)});
    return at + slot_size(word >> 32U);
  }

  /// As many rows of the same size as stand there.
  std::uint64_t gather_fixed(std::uint64_t at, std::uint64_t to, std::uint64_t enough) {
    std::size_t const size = blocks_.rows().layout().fixed_row_size();
    std::size_t const stride = slot_size(size);
    char const* const first = ring_.row_at(at);
    std::size_t count = 0;
    for (; at < std::min(to, enough); at += stride, ++count) {
      std::uint64_t const word = ring_.word_at(at);
      if (word >> 32U != size || !is_right(at, word, to)) break;
    }
    if (count != 0) blocks_.rows().add_rows(first, stride, count);
    return at;
  }

  /// Passes by what was damaged in memory: a slot, or if its size is wrong all up to the next slot
  /// that is right.
  std::uint64_t pass_by(std::uint64_t at, std::uint64_t to) noexcept {
    ++damaged_;
    std::uint64_t const size = slot_size(ring_.word_at(at) >> 32U);
    if (ring_.word_at(at) >> 32U != 0 && size <= to - at && may_follow(at + size, to)) {
      return at + size;
    }
    for (at += 8; at < to && !is_right(at, ring_.word_at(at), to);) at += 8;
    return std::min(at, to);
  }

  /// A slot may stand there, or the end.
  bool may_follow(std::uint64_t at, std::uint64_t to) const noexcept {
    return at == to || ring_.word_at(at) == 0 || is_right(at, ring_.word_at(at), to);
  }

  int release(std::uint64_t end) noexcept {
    if (end != ring_.released() && ring_.released() < promised_) {
      if (int const error = file_.sync()) sync_error_ = error;
      TRAINLOG_KILL_POINT("drain synchronised");
    }
    ring_.release(end);
    TRAINLOG_KILL_POINT("drain released");
    return 0;
  }

  journal_ring& ring_;
  log_file& file_;
  block_maker blocks_;
  std::uint64_t promised_ = 0;
  bool has_promised_ = false;
  std::uint64_t damaged_ = 0;
  int sync_error_ = 0;
  bool passes_holes_ = false;
};

}  // namespace trainlog::detail

#endif
