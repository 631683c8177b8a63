// SPDX-License-Identifier: MIT
// Events on their way into a file, the first of them perhaps partly there already.
#ifndef TRAINLOG_SUMMARY_EVENT_BUFFER_HPP
#define TRAINLOG_SUMMARY_EVENT_BUFFER_HPP

#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>

#include "trainlog/detail/endian.hpp"
#include "trainlog/detail/file.hpp"
#include "trainlog/summary/options.hpp"
#include "trainlog/summary/tfrecord.hpp"

namespace trainlog::detail {

/// Records in memory. The disk may take a part of one and then no more: the rest of it is then what
/// is written first when there is room again, so that a file only ever grows.
class event_buffer {
 public:
  /// Appends a record whose data `append_data(std::string&)` appends. Throws what that throws, and
  /// summary_error for more than `most` bytes; nothing is appended then. Returns the record's size.
  template <class AppendData>
  std::size_t append(AppendData append_data, std::uint64_t most = max_event_size) {
    rollback on_exit{bytes_, begin_tfrecord(bytes_)};
    append_data(bytes_);
    require_size(bytes_.size() - on_exit.size - tfrecord_header_size, most);
    end_tfrecord(bytes_, on_exit.size);
    std::size_t const size = bytes_.size() - on_exit.size;
    on_exit.size = bytes_.size();
    ++events_;
    return size;
  }

  /// Takes back the last record, which has that size. False if a part of it is in the file.
  bool remove_last(std::size_t size) noexcept {
    if (waiting_bytes() < size) return false;
    bytes_.resize(bytes_.size() - size);
    --events_;
    return true;
  }

  /// Drops the first record, of which a part may be in the file. There must be one.
  void remove_first() noexcept {
    bytes_.erase(0, record_size(0));
    --events_;
    written_ = 0;
  }

  /// Writes all of it, as far as the disk takes it. Returns errno.
  int write_to(int descriptor) noexcept {
    int error = 0;
    while (written_ != bytes_.size()) {
      auto const count = retry_interrupted(
          [&] { return ::write(descriptor, bytes_.data() + written_, waiting_bytes()); });
      if (count <= 0) {
        error = count == 0 ? EIO : errno;
        break;
      }
      written_ += static_cast<std::size_t>(count);
    }
    forget_written();
    return error;
  }

  /// What is left is for another file: a record of which a part has been written is whole again.
  void restart() noexcept { written_ = 0; }

  /// Drops everything; returns how many records that were.
  std::uint64_t clear() noexcept {
    std::uint64_t const dropped = events_;
    bytes_.clear();
    events_ = 0;
    written_ = 0;
    return dropped;
  }

  std::size_t waiting_bytes() const noexcept { return bytes_.size() - written_; }
  /// Records that are not in the file, or not all of them.
  std::uint64_t waiting_events() const noexcept { return events_; }
  /// How much of the first record is in the file.
  std::size_t torn_bytes() const noexcept { return written_; }

 private:
  struct rollback {
    std::string& bytes;
    std::size_t size;
    ~rollback() { bytes.resize(size); }
  };

  static void require_size(std::uint64_t size, std::uint64_t most) {
    if (size <= most) return;
    throw summary::summary_error("trainlog: an event of " + std::to_string(size) +
                                 " bytes: readers take at most " + std::to_string(most));
  }

  static constexpr std::size_t kept_capacity = std::size_t{1} << 20U;

  void forget_written() noexcept {
    if (written_ == bytes_.size()) {
      clear();
      if (bytes_.capacity() > kept_capacity) bytes_ = {};
      return;
    }
    std::size_t begin = 0;
    for (std::size_t size = record_size(0); begin + size <= written_; size = record_size(begin)) {
      begin += size;
      --events_;
    }
    bytes_.erase(0, begin);
    written_ -= begin;
  }

  std::size_t record_size(std::size_t at) const noexcept {
    auto const* const header = reinterpret_cast<std::byte const*>(bytes_.data() + at);
    return tfrecord_overhead + as_size(load_le<std::uint64_t>(header));
  }

  std::string bytes_;
  std::uint64_t events_ = 0;
  std::size_t written_ = 0;
};

}  // namespace trainlog::detail

#endif
