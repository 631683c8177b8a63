// SPDX-License-Identifier: MIT
// The rows of a journal that follow each other from a position on (docs/format.md, Journal).
#ifndef TRAINLOG_LOG_JOURNAL_TAIL_HPP
#define TRAINLOG_LOG_JOURNAL_TAIL_HPP

#include <sys/stat.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "trainlog/detail/wire.hpp"
#include "trainlog/log/journal_format.hpp"
#include "trainlog/log/journal_scan.hpp"

namespace trainlog::detail {

/// Reads an open journal from where its rows are new up to the first place where there is none, a
/// piece of 64 KiB at a time: the rest of the ring is not looked at.
class journal_tail {
 public:
  /// The next row is that at `position`.
  journal_tail(int descriptor, journal_header const& header, std::uint64_t position) noexcept
      : descriptor_(descriptor), header_(header), position_(position) {
    struct ::stat status{};
    if (::fstat(descriptor, &status) == 0) file_size_ = static_cast<std::uint64_t>(status.st_size);
  }

  /// Where the next row is, or will be.
  std::uint64_t position() const noexcept { return position_; }

  /// The next row, valid until the next call; false if it is not there, or not yet.
  bool next(std::string_view& row) {
    if (!journal_snapshot::is_position(position_)) return false;
    std::uint64_t const size = get_le<std::uint64_t>(bytes(slot_head_size)) >> 32U;
    std::uint64_t const slot = slot_size(size);
    // Memory follows the file, not what it says of itself.
    if (size - 1 >= max_row_of(header_.ring_size) || slot > file_size_) return false;
    char const* const at = bytes(static_cast<std::size_t>(slot));
    if (!is_right_slot(get_le<std::uint64_t>(at), at + slot_head_size, position_, header_, slot))
      return false;
    row = {at + slot_head_size, static_cast<std::size_t>(size)};
    position_ += slot;
    return true;
  }

 private:
  /// So many bytes from the position on; zeros where the file has none.
  char const* bytes(std::size_t size) {
    if (position_ - begin_ + size > bytes_.size()) fill(size);
    return bytes_.data() + (position_ - begin_);
  }

  void fill(std::size_t size) {
    constexpr std::size_t piece = 65536;
    size =
        static_cast<std::size_t>(std::min<std::uint64_t>(std::max(size, piece), header_.ring_size));
    begin_ = position_;
    bytes_.assign(size, '\0');
    std::uint64_t const offset = position_ % header_.ring_size;
    auto const first = std::min(size, static_cast<std::size_t>(header_.ring_size - offset));
    read_at(descriptor_, bytes_.data(), first, header_.ring_offset + offset);
    read_at(descriptor_, bytes_.data() + first, size - first, header_.ring_offset);
  }

  int descriptor_;
  journal_header header_;
  std::uint64_t position_;
  std::uint64_t file_size_ = 0;
  std::uint64_t begin_ = 0;  // the position of bytes_
  std::string bytes_;
};

}  // namespace trainlog::detail

#endif
