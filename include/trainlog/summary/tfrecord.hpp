// SPDX-License-Identifier: MIT
// TFRecord framing: u64 length, its masked CRC, the data, their masked CRC; all little-endian
// (tensorflow.org/tutorials/load_data/tfrecord).
#ifndef TRAINLOG_SUMMARY_TFRECORD_HPP
#define TRAINLOG_SUMMARY_TFRECORD_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "trainlog/detail/crc32c.hpp"
#include "trainlog/detail/endian.hpp"
#include "trainlog/detail/wire.hpp"

namespace trainlog::detail {

inline constexpr std::size_t tfrecord_header_size = 12;
inline constexpr std::size_t tfrecord_footer_size = 4;
/// What a record has more than its data.
inline constexpr std::size_t tfrecord_overhead = tfrecord_header_size + tfrecord_footer_size;

/// The most bytes of data of an event: protocol buffers have no larger messages.
inline constexpr std::uint64_t max_event_size = 0x7FFFFFFF;

/// The CRC32C of the bytes, rotated and shifted so that bytes that hold it may be checked by
/// another.
inline std::uint32_t masked_crc32c(std::string_view bytes) noexcept {
  std::uint32_t const crc = crc32c(std::as_bytes(std::span(bytes.data(), bytes.size())));
  return std::rotr(crc, 15) + 0xa282ead8U;
}

/// Begins a record at the end of `out`: its data are to be appended. Returns where it begins.
inline std::size_t begin_tfrecord(std::string& out) {
  std::size_t const begin = out.size();
  out.append(tfrecord_header_size, '\0');
  return begin;
}

/// Ends the record that begins there and whose data are the rest of `out`.
inline void end_tfrecord(std::string& out, std::size_t begin) {
  std::string_view const data = std::string_view(out).substr(begin + tfrecord_header_size);
  std::uint32_t const crc = masked_crc32c(data);
  char* const header = out.data() + begin;
  put_le(header, std::uint64_t{data.size()});
  put_le(header + 8, masked_crc32c({header, 8}));
  append_le(out, crc);
}

inline void append_tfrecord(std::string& out, std::string_view data) {
  std::size_t const begin = begin_tfrecord(out);
  out.append(data);
  end_tfrecord(out, begin);
}

/// What there is at some place of a file of records.
enum class tfrecord_state : unsigned char {
  record,   ///< a whole record
  end,      ///< nothing more, or not yet
  torn,     ///< a record that is cut short, or not written to its end yet
  damaged,  ///< a length whose checksum is wrong: where the next record begins is not known
  bad_data  ///< a record whose data do not match their checksum. The next one may be good
};

/// Goes through records that stand one behind the other in memory. Never throws or allocates.
class tfrecord_reader {
 public:
  explicit tfrecord_reader(std::string_view bytes) noexcept : bytes_(bytes) {}

  /// The next record's data, of a bad one too. After `end`, `torn` and `damaged` it stays where it
  /// is.
  tfrecord_state next(std::string_view& data) noexcept {
    std::string_view const rest = bytes_.substr(offset_);
    if (rest.empty()) return tfrecord_state::end;
    if (rest.size() < tfrecord_header_size) return tfrecord_state::torn;
    if (load<std::uint32_t>(rest, 8) != masked_crc32c(rest.substr(0, 8)))
      return tfrecord_state::damaged;
    auto const size = load<std::uint64_t>(rest, 0);
    if (rest.size() < tfrecord_overhead || size > rest.size() - tfrecord_overhead)
      return tfrecord_state::torn;
    data = rest.substr(tfrecord_header_size, as_size(size));
    offset_ += tfrecord_overhead + data.size();
    auto const crc = load<std::uint32_t>(rest, tfrecord_header_size + data.size());
    return crc == masked_crc32c(data) ? tfrecord_state::record : tfrecord_state::bad_data;
  }

  /// Where the next record begins.
  std::size_t offset() const noexcept { return offset_; }

 private:
  template <class T>
  static T load(std::string_view bytes, std::size_t at) noexcept {
    return load_le<T>(reinterpret_cast<std::byte const*>(bytes.data() + at));
  }

  std::string_view bytes_;
  std::size_t offset_ = 0;
};

}  // namespace trainlog::detail

#endif
