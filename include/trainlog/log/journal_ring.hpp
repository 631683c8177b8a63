// SPDX-License-Identifier: MIT
// The writer's side of a journal: a ring of rows that threads fill without a lock and one drains
// (docs/format.md, Journal).
#ifndef TRAINLOG_LOG_JOURNAL_RING_HPP
#define TRAINLOG_LOG_JOURNAL_RING_HPP

#include <sys/uio.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include "trainlog/detail/descriptor.hpp"
#include "trainlog/detail/wire.hpp"
#include "trainlog/log/journal_format.hpp"
#include "trainlog/log/ring_memory.hpp"

namespace trainlog::detail {

/// Where the rows of a ring are, besides in memory.
enum class ring_backing {
  memory,   ///< nowhere
  mapped,   ///< the memory is the journal file
  written,  ///< each row is also written to the journal file
};

/// A ring of rows. Any number of threads reserve, fill and commit slots while one drains. In the
/// common case reserve and commit make no system call, take no lock and allocate nothing.
class journal_ring {
 public:
  /// A reserved place for a row.
  struct slot {
    char* row = nullptr;  ///< null if there was no room
    std::uint64_t position = 0;
  };

  /// `memory` holds the header of the journal and a ring of zeros, header.ring_size bytes, a power
  /// of two. `file` is the journal, but for a ring in memory.
  journal_ring(journal_header const& header, ring_backing backing, ring_memory memory,
               unique_descriptor file) noexcept
      : limit_(header.ring_size),
        ring_(memory.ring()),
        mask_(header.ring_size - 1),
        max_row_(max_row_of(header.ring_size)),
        header_(header),
        backing_(backing),
        memory_(std::move(memory)),
        file_(std::move(file)) {}

  // ---- threads that log

  /// A place for a row of `size` bytes, which the caller fills and commits, come what may: no later
  /// row is drained before. No place if the ring is full or closed, or the row too large for it.
  slot reserve(std::size_t size) noexcept {
    if (size > max_row_) [[unlikely]]
      return {};
    std::uint64_t const bytes = slot_size(size);
    std::uint64_t position = head_.load(std::memory_order_relaxed);
    do {
      // A closed head is beyond any limit.
      if (position + bytes > limit_.load(std::memory_order_acquire)) [[unlikely]]
        return {};
    } while (!head_.compare_exchange_weak(position, position + bytes, std::memory_order_relaxed));
    return {ring_ + (position & mask_) + slot_head_size, position};
  }

  /// Makes the row part of the journal. True if it is time to drain: that filled a half of the
  /// ring, or the row could not be written to the file.
  bool commit(slot const& of, std::size_t size) noexcept {
    std::uint64_t const word =
        slot_word(slot_check(of.row, size, of.position, header_.journal_id), size);
    bool is_safe = true;
    if (backing_ == ring_backing::written) [[unlikely]]
      is_safe = write_slot(of, size, word);
    word_of(of.row - slot_head_size).store(little_endian(word), std::memory_order_release);
    std::uint64_t const halves = of.position ^ (of.position + slot_size(size));
    return (halves & ~(mask_ >> 1U)) != 0 || !is_safe;
  }

  // ---- any thread

  journal_header const& header() const noexcept { return header_; }
  ring_backing backing() const noexcept { return backing_; }
  int descriptor() const noexcept { return file_.get(); }
  std::uint64_t max_row() const noexcept { return max_row_; }
  /// Where the next slot will be.
  std::uint64_t head() const noexcept {
    return head_.load(std::memory_order_acquire) & ~closed_bit;
  }
  /// True if a row of `size` bytes could have a place now.
  bool has_room(std::size_t size) const noexcept {
    return head_.load() + slot_size(size) <= limit_.load();
  }
  bool is_closed() const noexcept { return (head_.load() & closed_bit) != 0; }

  /// No row is accepted any more. Those that have a place will still be committed.
  void close() noexcept { head_.fetch_or(closed_bit); }

  /// Makes the number of rows that could not be kept known to readers. One thread at a time.
  void set_lost(std::uint64_t rows) noexcept { publish(lost_offset, rows); }

  // ---- the thread that drains, or holds the lock that lets it

  std::uint64_t released() const noexcept { return released_; }

  /// The word of the slot at the position, which is before head(): a full ring has an old one
  /// there. 0 if the row has not been committed.
  std::uint64_t word_at(std::uint64_t position) const noexcept {
    return little_endian(word_of(ring_ + (position & mask_)).load(std::memory_order_acquire));
  }
  /// The row of the slot at the position, in one piece.
  char const* row_at(std::uint64_t position) const noexcept {
    return ring_ + (position & mask_) + slot_head_size;
  }

  /// Zeros the ring up to the position and lets threads use it again. All rows before have been
  /// committed and are in the log.
  void release(std::uint64_t position) noexcept {
    std::size_t const size = static_cast<std::size_t>(position - released_);
    if (size == 0) return;
    std::memset(ring_ + (released_ & mask_), 0, size);
    if (backing_ == ring_backing::written) write_ring(released_, size);
    released_ = position;
    publish(released_offset, position);
    limit_.store(position + header_.ring_size, std::memory_order_release);
  }

  /// Returns when the disk has all that has been committed: 0, or errno.
  int sync() noexcept {
    if (backing_ == ring_backing::memory) return 0;
    return sync_data(file_.get());
  }

  /// True if a row that waits may be in memory alone: it could not be written to the file.
  bool lacks_rows() const noexcept { return lacks_before_.load() > released_; }

  /// The errno of the first failure to write to the file since the last call; 0 if there was none.
  int take_write_error() noexcept { return write_error_.exchange(0); }

  /// In a child that fork made: this is the parent's journal.
  void detach() noexcept {
    close();
    file_.reset();
    backing_ = ring_backing::memory;
  }

 private:
  static constexpr std::uint64_t closed_bit = std::uint64_t{1} << 63U;

  static std::atomic_ref<std::uint64_t> word_of(char* at) noexcept {
    return std::atomic_ref<std::uint64_t>(*reinterpret_cast<std::uint64_t*>(at));
  }
  /// The number whose bytes in memory are those of `value` in a file, and back.
  static std::uint64_t little_endian(std::uint64_t value) noexcept {
    char bytes[8];
    put_le(bytes, value);
    std::memcpy(&value, bytes, sizeof bytes);
    return value;
  }

  void publish(std::size_t offset, std::uint64_t value) noexcept {
    word_of(memory_.head() + offset).store(little_endian(value), std::memory_order_release);
    if (backing_ == ring_backing::written) {
      note(write_at(file_.get(), memory_.head() + offset, 8, offset));
    }
  }

  void note(int error) noexcept {
    int none = 0;
    if (error != 0) write_error_.compare_exchange_strong(none, error);
  }

  /// Writes a part of the ring to its place in the file.
  void write_ring(std::uint64_t position, std::size_t size) noexcept {
    std::uint64_t const at = position & mask_;
    std::size_t const first = std::min<std::size_t>(size, header_.ring_size - at);
    note(write_at(file_.get(), ring_ + at, first, header_.ring_offset + at));
    note(write_at(file_.get(), ring_, size - first, header_.ring_offset));
  }

  /// Writes a slot to its place in the file: the word with the row's beginning, and last. False if
  /// that failed.
  bool write_slot(slot const& of, std::size_t size, std::uint64_t word) noexcept {
    std::uint64_t const at = of.position & mask_;
    std::size_t const bytes = slot_size(size);
    std::size_t const first = std::min<std::size_t>(bytes, header_.ring_size - at);
    int error = write_at(file_.get(), ring_, bytes - first, header_.ring_offset);
    word = little_endian(word);
    ::iovec parts[2] = {{&word, slot_head_size}, {of.row, first - slot_head_size}};
    auto const count = retry_interrupted([&] {
      return ::pwritev(file_.get(), parts, 2, static_cast<::off_t>(header_.ring_offset + at));
    });
    if (count < 0) error = errno;
    else if (static_cast<std::size_t>(count) != first) error = ENOSPC;
    if (error == 0) return true;
    note(error);
    std::uint64_t const end = of.position + bytes;
    std::uint64_t before = lacks_before_.load();
    while (before < end && !lacks_before_.compare_exchange_weak(before, end)) {
    }
    return false;
  }

  alignas(64) std::atomic<std::uint64_t> head_{0};
  // What each row reads; it changes once in thousands of rows.
  alignas(64) std::atomic<std::uint64_t> limit_;
  char* ring_;
  std::uint64_t mask_;
  std::uint64_t max_row_;
  journal_header header_;
  ring_backing backing_;
  alignas(64) std::atomic<int> write_error_{0};
  std::atomic<std::uint64_t> lacks_before_{0};  // all rows from there on are in the file
  std::uint64_t released_ = 0;                  // only who drains changes it
  ring_memory memory_;
  unique_descriptor file_;
};

}  // namespace trainlog::detail

#endif
