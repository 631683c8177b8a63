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

}  // namespace trainlog::detail

#endif
