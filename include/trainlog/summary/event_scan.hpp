// SPDX-License-Identifier: MIT
// The records of an event file, one behind the other, past what is damaged.
#ifndef TRAINLOG_SUMMARY_EVENT_SCAN_HPP
#define TRAINLOG_SUMMARY_EVENT_SCAN_HPP

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "trainlog/detail/endian.hpp"
#include "trainlog/detail/file.hpp"
#include "trainlog/summary/event_report.hpp"
#include "trainlog/summary/tfrecord.hpp"

namespace trainlog::detail {

/// The bytes that a file has when it is opened, read in large pieces.
class event_bytes {
 public:
  /// Throws io_error, also for what is no regular file; does not wait for the writer of a pipe.
  explicit event_bytes(std::string path)
      : path_(std::move(path)),
        descriptor_(file_operation(path_, "read").open(path_, O_RDONLY | O_NONBLOCK)) {
    file_operation const reading(path_, "read");
    reading.check(static_cast<bool>(descriptor_));
    struct ::stat status{};
    reading.check(::fstat(descriptor_.get(), &status) == 0);
    if (!S_ISREG(status.st_mode)) reading.fail(S_ISDIR(status.st_mode) ? EISDIR : ESPIPE);
    end_ = static_cast<std::uint64_t>(status.st_size);
  }

  std::string const& path() const noexcept { return path_; }
  std::uint64_t end() const noexcept { return end_; }

  /// The bytes from the offset on: `size` of them or more, or as many as there are. Valid until the
  /// next call. Throws io_error.
  std::string_view from(std::uint64_t offset, std::size_t size) {
    auto const skipped = static_cast<std::size_t>(offset - begin_);
    if (offset >= begin_ && skipped + size <= bytes_.size()) [[likely]]
      return {bytes_.data() + skipped, bytes_.size() - skipped};
    return fill(offset, size);
  }

 private:
  static constexpr std::size_t piece = std::size_t{256} << 10U;

  std::string_view fill(std::uint64_t offset, std::size_t size) {
    if (offset >= end_) return {};
    auto const wanted = std::min<std::uint64_t>(std::max(size, piece), end_ - offset);
    file_operation const reading(path_, "read");
    resize_content(bytes_, static_cast<std::size_t>(wanted), reading);
    bytes_.resize(reading.read_at(descriptor_.get(), bytes_.data(), bytes_.size(), offset));
    begin_ = offset;
    if (bytes_.size() < wanted) end_ = offset + bytes_.size();  // cut meanwhile
    return bytes_;
  }

  std::string path_;
  unique_descriptor descriptor_;
  std::uint64_t end_ = 0;
  std::uint64_t begin_ = 0;
  std::string bytes_;
};

/// What there is at some place of a file of records.
enum class tfrecord_state : unsigned char {
  record,   ///< a whole record
  torn,     ///< a record that is cut short, or not written to its end yet
  damaged,  ///< a length whose checksum is wrong: where the next record begins is not known
  bad_data  ///< a record whose data do not match their checksum. The next one may be good
};

/// Goes through the records of a file. What is damaged is counted in a report, and the next record
/// looked for whose two checksums are right.
class event_scan {
 public:
  /// Throws io_error.
  event_scan(std::string path, summary::event_report& report)
      : bytes_(std::move(path)), report_(&report), searchable_(64 * bytes_.end() + (1U << 24U)) {
    ++report_->files;
  }

  /// The data of the next good record, valid until the next call. False at the end. Throws
  /// io_error.
  bool next(std::string_view& data) {
    for (begin_ = end_; begin_ != bytes_.end(); begin_ = end_) {
      std::uint64_t size = 0;
      auto const state = look_at(begin_, size, data);
      if (state == tfrecord_state::record) [[likely]] {
        end_ = begin_ + tfrecord_overhead + size;
        return true;
      }
      end_ = skip(state, size);
    }
    return false;
  }

  std::string const& path() const noexcept { return bytes_.path(); }
  /// Where the record that next() gave begins and ends.
  std::uint64_t begin() const noexcept { return begin_; }
  std::uint64_t end() const noexcept { return end_; }

  /// Counts the record that next() gave as damaged.
  void refuse(std::string_view reason) { damaged(end_, reason); }

 private:
  /// What there is at a place; the size of its data, of a record and of bad data. Of larger records
  /// than there can be, the data are not read.
  tfrecord_state look_at(std::uint64_t place, std::uint64_t& size, std::string_view& data) {
    std::string_view rest = bytes_.from(place, tfrecord_header_size);
    if (rest.size() < tfrecord_header_size) return tfrecord_state::torn;
    if (!has_good_header(rest)) return tfrecord_state::damaged;
    size = number_at<std::uint64_t>(rest, 0);
    std::uint64_t const room = bytes_.end() - place - tfrecord_header_size;
    if (room < tfrecord_footer_size || size > room - tfrecord_footer_size)
      return tfrecord_state::torn;
    if (size > max_event_size) return tfrecord_state::bad_data;
    auto const wanted = static_cast<std::size_t>(size);
    if (rest.size() < tfrecord_overhead + wanted) {
      rest = bytes_.from(place, tfrecord_overhead + wanted);
      if (rest.size() < tfrecord_overhead + wanted) return tfrecord_state::torn;  // cut meanwhile
    }
    data = {rest.data() + tfrecord_header_size, wanted};
    bool const good =
        number_at<std::uint32_t>(rest, tfrecord_header_size + wanted) == masked_crc32c(data);
    return good ? tfrecord_state::record : tfrecord_state::bad_data;
  }

  template <class T>
  static T number_at(std::string_view bytes, std::size_t at) noexcept {
    return load_le<T>(reinterpret_cast<std::byte const*>(bytes.data() + at));
  }

  /// True if a length with its checksum is there.
  static bool has_good_header(std::string_view rest) noexcept {
    return number_at<std::uint32_t>(rest, 8) == masked_crc32c(rest.substr(0, 8));
  }

  /// Counts what is at begin_, and returns where to go on.
  std::uint64_t skip(tfrecord_state state, std::uint64_t size) {
    if (state == tfrecord_state::bad_data) {
      // Somebody may have gone on behind a torn record, whose length then says too much.
      std::uint64_t const behind = begin_ + tfrecord_overhead + size;
      std::uint64_t const next = begins_at(behind) ? behind : find_record(begin_ + 1);
      damaged(next, "the checksum of the event is wrong");
      return next;
    }
    std::uint64_t const next = find_record(begin_ + 1);
    if (state == tfrecord_state::torn && next == bytes_.end()) {
      ++report_->unfinished;
    } else if (state == tfrecord_state::torn) {
      damaged(next, "the event is cut short, and others follow");
    } else {
      damaged(next, "the checksum of the event's length is wrong");
    }
    return next;
  }

  void damaged(std::uint64_t end, std::string_view reason) {
    report_->add_damage(bytes_.path(), begin_, end, reason);
  }

  /// True if the file ends there, or has a length with its checksum.
  bool begins_at(std::uint64_t place) {
    if (place == bytes_.end()) return true;
    std::string_view const rest = bytes_.from(place, tfrecord_header_size);
    return rest.size() >= tfrecord_header_size && has_good_header(rest);
  }

  /// The first good record from there on, or the end. How many bytes of would-be records are looked
  /// at is limited, lest a file that is made of them takes for ever.
  std::uint64_t find_record(std::uint64_t place) {
    for (; place < bytes_.end(); place += step_at(place)) {
      std::uint64_t size = 0;
      std::string_view data;
      auto const state = look_at(place, size, data);
      if (state == tfrecord_state::record) return place;
      if (state != tfrecord_state::bad_data) continue;
      if (size > searchable_) break;
      searchable_ -= size;
    }
    return bytes_.end();
  }

  /// How far the next record may be, where none begins. Files of which a disk has lost a part have
  /// many zeros, and these are no header.
  std::uint64_t step_at(std::uint64_t place) {
    auto const is_zero = [](std::string_view bytes) {
      return bytes[0] == '\0' && bytes.substr(1) == bytes.substr(0, bytes.size() - 1);
    };
    auto const size =
        static_cast<std::size_t>(std::min<std::uint64_t>(bytes_.end() - place, zeros));
    auto const rest = bytes_.from(place, size).substr(0, size);
    if (rest.size() < tfrecord_header_size || !is_zero(rest.substr(0, tfrecord_header_size)))
      return 1;
    return rest.size() > tfrecord_header_size && is_zero(rest) ? rest.size() - tfrecord_header_size
                                                               : 1;
  }

  static constexpr std::size_t zeros = 4096;  // that are looked at at a time

  event_bytes bytes_;
  summary::event_report* report_;
  std::uint64_t searchable_;
  std::uint64_t begin_ = 0;
  std::uint64_t end_ = 0;
};

}  // namespace trainlog::detail

#endif
