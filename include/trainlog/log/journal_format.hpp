// SPDX-License-Identifier: MIT
// The parts of a journal: its header and its slots (docs/format.md, Journal).
#ifndef TRAINLOG_LOG_JOURNAL_FORMAT_HPP
#define TRAINLOG_LOG_JOURNAL_FORMAT_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "trainlog/codec/blocks.hpp"
#include "trainlog/detail/multiply.hpp"
#include "trainlog/detail/wire.hpp"

namespace trainlog::detail {

inline constexpr std::string_view journal_magic{"\x89TLJ\r\n\x1a\n", 8};
inline constexpr std::size_t journal_header_size = 128;
inline constexpr std::size_t released_offset = 2048;
inline constexpr std::size_t lost_offset = 2056;
inline constexpr std::size_t journal_page = 4096;  ///< offset and size of a ring are multiples
inline constexpr std::uint64_t max_ring_offset = std::uint64_t{1} << 20U;
inline constexpr std::uint64_t max_ring_size = std::uint64_t{1} << 28U;
inline constexpr std::size_t slot_head_size = 8;  ///< check and size

using file_id = std::array<char, 16>;

inline std::string journal_path(std::string const& log) { return log + "-journal"; }

struct journal_header {
  detail::file_id file_id{};
  std::uint64_t journal_id = 0;
  std::uint64_t ring_offset = journal_page;
  std::uint64_t ring_size = 0;
  std::uint32_t schema_id = 0;
  std::uint64_t first_row = 0;
  std::uint64_t process = 0;
};

/// The journal_header_size bytes of the header.
inline std::string journal_header_bytes(journal_header const& header) {
  std::string bytes(journal_magic);
  append_le(bytes, format_major);
  append_le(bytes, format_minor);
  append_le(bytes, std::uint32_t{0});  // required features
  bytes.append(header.file_id.data(), header.file_id.size());
  append_le(bytes, header.journal_id);
  append_le(bytes, header.ring_offset);
  append_le(bytes, header.ring_size);
  append_le(bytes, header.schema_id);
  append_le(bytes, std::uint32_t{0});
  append_le(bytes, header.first_row);
  append_le(bytes, header.process);
  bytes.resize(journal_header_size - 4);
  append_le(bytes, crc_of(bytes));
  return bytes;
}

/// True if a ring may be so large and stand there.
inline bool is_ring_place(journal_header const& header) noexcept {
  return header.ring_offset % journal_page == 0 && header.ring_size % journal_page == 0 &&
         header.ring_offset - 1 < max_ring_offset && header.ring_size - 1 < max_ring_size;
}

/// Reads a header; false if these are not the bytes of one that this version understands.
inline bool read_journal_header(std::string_view bytes, journal_header& header) noexcept {
  if (bytes.size() < journal_header_size || !bytes.starts_with(journal_magic)) return false;
  bytes = bytes.substr(0, journal_header_size);
  if (get_le<std::uint16_t>(bytes.data() + 8) != format_major) return false;
  if (crc_of(bytes.substr(0, 124)) != get_le<std::uint32_t>(bytes.data() + 124)) return false;
  if (get_le<std::uint32_t>(bytes.data() + 12) != 0) return false;
  bytes.copy(header.file_id.data(), header.file_id.size(), 16);
  header.journal_id = get_le<std::uint64_t>(bytes.data() + 32);
  header.ring_offset = get_le<std::uint64_t>(bytes.data() + 40);
  header.ring_size = get_le<std::uint64_t>(bytes.data() + 48);
  header.schema_id = get_le<std::uint32_t>(bytes.data() + 56);
  header.first_row = get_le<std::uint64_t>(bytes.data() + 64);
  header.process = get_le<std::uint64_t>(bytes.data() + 72);
  return is_ring_place(header);
}

// ---- slots

/// The bytes of a slot with a row of `size` bytes.
constexpr std::uint64_t slot_size(std::uint64_t size) noexcept {
  return slot_head_size + ((size + 7) & ~std::uint64_t{7});
}

/// The greatest row that goes through a ring.
constexpr std::uint64_t max_row_of(std::uint64_t ring_size) noexcept { return ring_size / 4; }

inline constexpr std::uint64_t check_factor = 0x9E3779B97F4A7C15U;

constexpr std::uint64_t fold(std::uint64_t a, std::uint64_t b) noexcept {
  auto const all = multiply(a, b);
  return all.high ^ all.low;
}

/// The number that the first `size` of eight bytes make, 1 to 8 of them.
inline std::uint64_t get_first(char const* at, std::size_t size) noexcept {
  return get_le<std::uint64_t>(at) & ~0ULL >> (64 - 8 * size);
}

/// The check of the row at `row`, behind which there are bytes up to a multiple of 8.
inline std::uint32_t slot_check(char const* row, std::size_t size, std::uint64_t position,
                                std::uint64_t journal_id) noexcept {
  std::uint64_t h = size * check_factor;
  std::uint64_t key = check_factor;  // i * K
  for (; size >= 16; size -= 16, row += 16, key += check_factor) {
    h ^= fold(get_le<std::uint64_t>(row) + key, get_le<std::uint64_t>(row + 8) ^ key);
  }
  if (size > 8) h ^= fold(get_first(row, 8) + key, get_first(row + 8, size - 8) ^ key);
  else if (size > 0) h ^= fold(get_first(row, size) + key, key);
  return static_cast<std::uint32_t>((h + position + journal_id) * check_factor >> 32U);
}

/// Check and size as the number that is stored last.
constexpr std::uint64_t slot_word(std::uint32_t check, std::uint64_t size) noexcept {
  return size << 32U | check;
}

/// True if a slot's word fits to the row behind it. `room` is what there is of bytes from the word.
inline bool is_right_slot(std::uint64_t word, char const* row, std::uint64_t position,
                          journal_header const& of, std::uint64_t room) noexcept {
  std::uint64_t const size = word >> 32U;
  if (size - 1 >= max_row_of(of.ring_size) || slot_size(size) > room) return false;
  return slot_check(row, size, position, of.journal_id) == static_cast<std::uint32_t>(word);
}

}  // namespace trainlog::detail

#endif
