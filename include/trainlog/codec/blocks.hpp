// SPDX-License-Identifier: MIT
// The frame of a .tlog file: its header and its blocks (docs/format.md, Header and Blocks).
#ifndef TRAINLOG_CODEC_BLOCKS_HPP
#define TRAINLOG_CODEC_BLOCKS_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "trainlog/detail/crc32c.hpp"
#include "trainlog/detail/wire.hpp"
#include "trainlog/record/error.hpp"

namespace trainlog::detail {

inline constexpr std::string_view file_magic{"\x89TLOG\r\n\x1a", 8};
inline constexpr std::string_view block_sync{"TLB\xb1\x0cK\r\n", 8};
inline constexpr std::size_t header_size = 64;
inline constexpr std::size_t block_header_size = 48;
inline constexpr std::uint16_t format_major = 1;
inline constexpr std::uint16_t format_minor = 0;
inline constexpr std::uint16_t critical_flag = 1;

enum class block_type : std::uint16_t { schema = 1, rows, end, columns, gap, index };

/// The fields of a file header that a writer chooses.
struct file_header {
  std::array<char, 16> file_id{};  ///< zero in a snapshot
  std::int64_t created_ns = 0;     ///< since 1970; 0 in a snapshot
};

inline std::uint32_t crc_of(std::string_view bytes) noexcept {
  return crc32c(std::as_bytes(std::span(bytes.data(), bytes.size())));
}

inline constexpr std::size_t padding_of(std::uint64_t size) noexcept { return as_size(-size & 7U); }

// ---- writing

inline void append_file_header(std::string& out, file_header const& header) {
  std::size_t const begin = out.size();
  out += file_magic;
  append_le(out, format_major);
  append_le(out, format_minor);
  out.append(12, '\0');  // features, reserved
  out.append(header.file_id.data(), header.file_id.size());
  append_le(out, header.created_ns);
  out.append(12, '\0');  // reserved
  append_le(out, crc_of(std::string_view(out).substr(begin)));
}

/// The eight bytes that every block of the file begins with.
inline std::array<char, 8> sync_of(std::array<char, 16> const& file_id) noexcept {
  std::array<char, 8> sync{};
  for (std::size_t i = 0; i < sync.size(); ++i) {
    sync[i] = static_cast<char>(block_sync[i] ^ file_id[i]);
  }
  return sync;
}

/// The header of a block.
struct block_header {
  std::uint16_t type = 0;
  std::uint16_t flags = critical_flag;
  std::uint32_t sequence = 0;
  std::uint64_t payload_length = 0;
  std::uint64_t previous = 0;
  std::uint64_t checked_length = 0;
  std::uint32_t payload_crc = 0;
};

/// Writes the block_header_size bytes at `out`.
inline void put_block_header(char* out, std::array<char, 8> const& sync,
                             block_header const& header) noexcept {
  char* at = put_bytes(out, sync.data(), sync.size());
  at = put_le(at, header.type);
  at = put_le(at, header.flags);
  at = put_le(at, header.sequence);
  at = put_le(at, header.payload_length);
  at = put_le(at, header.previous);
  at = put_le(at, header.checked_length);
  at = put_le(at, header.payload_crc);
  put_le(at, crc_of({out, block_header_size - 4}));
}

/// Appends blocks to the bytes of a file. A block is begun, its payload appended to the file's
/// bytes, and ended.
class block_writer {
 public:
  explicit block_writer(std::string& file, file_header const& header = {})
      : file_(file), sync_(sync_of(header.file_id)) {}

  /// The payload is what is appended to the file until end().
  void begin(block_type type) {
    type_ = type;
    start_ = file_.size();
    file_.append(block_header_size, '\0');
  }

  void end() {
    auto const payload = std::string_view(file_).substr(start_ + block_header_size);
    block_header header;
    header.type = static_cast<std::uint16_t>(type_);
    header.sequence = sequence_;
    header.payload_length = payload.size();
    header.previous = sequence_ == 0 ? 0 : start_ - previous_;
    header.checked_length = payload.size();
    header.payload_crc = crc_of(payload);
    put_block_header(file_.data() + start_, sync_, header);
    file_.append(padding_of(header.payload_length), '\0');
    previous_ = start_;
    ++sequence_;
  }

 private:
  std::string& file_;
  std::array<char, 8> sync_;
  block_type type_{};
  std::size_t start_ = 0;
  std::size_t previous_ = 0;
  std::uint32_t sequence_ = 0;
};

// ---- reading

/// A block whose checksums are right.
struct block {
  std::uint16_t type = 0;
  std::uint16_t flags = 0;
  std::uint32_t sequence = 0;
  std::size_t offset = 0;  ///< of the payload, in the file
  std::string_view payload;

  bool is(block_type asked) const noexcept { return type == static_cast<std::uint16_t>(asked); }
  /// Of a type that snapshots are made of.
  bool is_of_snapshot() const noexcept { return type >= 1 && type <= 3; }
  /// Its payload has further checksums within.
  bool is_partly_checked() const noexcept { return is(block_type::columns) || type > 6; }
  bool is_critical() const noexcept { return (flags & critical_flag) != 0; }
  /// "block 2", in messages.
  std::string name() const { return "block " + std::to_string(sequence); }
};

[[noreturn]] inline void fail_at(std::string path, std::size_t offset, std::string expected,
                                 std::string found) {
  throw decode_error(std::move(path), {offset, 0, 0}, std::move(expected), std::move(found));
}

/// Reads the blocks of a whole file that is in memory, one after the other; every deviation from
/// the format is a decode_error. What lies outside of the blocks that next() returned is unread.
class block_reader {
 public:
  /// Checks the header. Throws decode_error.
  explicit block_reader(std::string_view file) : file_(file) {
    // Before the size: what is not a .tlog file at all is not one that was cut short.
    if (!file.starts_with(file_magic.substr(0, file.size()))) {
      fail_at("header", 0, "the first bytes of a .tlog file", "others: this is not a .tlog file");
    }
    if (file.size() < header_size) fail_at("header", 0, "a header of 64 bytes", cut_short(file));
    // Before the checksum, which another version may keep elsewhere.
    if (auto const major = load<std::uint16_t>(8); major != format_major) {
      fail_at("header", 8, "version 1 of the format", "version " + std::to_string(major));
    }
    check_crc("header", 0, file.substr(0, header_size - 4), load<std::uint32_t>(60));
    if (load<std::uint32_t>(12) != 0) fail_at("header", 12, "no required features", "unknown ones");
  }

  /// True if the header is one of a log: its file_id is not zero.
  bool is_log() const noexcept {
    return file_.substr(24, 16).find_first_not_of('\0') != std::string_view::npos;
  }
  bool at_end() const noexcept { return next_ == file_.size(); }
  /// Where the next block stands.
  std::size_t offset() const noexcept { return next_; }
  /// The bytes that have not been read.
  std::size_t remaining() const noexcept { return file_.size() - next_; }

  /// The next block that a snapshot is made of. Throws decode_error.
  block next() {
    for (;;) {
      std::size_t const start = next_;
      block const result = read_block();
      if (result.is_of_snapshot()) return result;
      if (result.is(block_type::columns)) {
        fail_at(result.name(), start + 8, "a snapshot", "the columns of a log");
      }
      if (result.is_critical()) {
        fail_at(result.name(), start + 8, "a known type of block", std::to_string(result.type));
      }
    }
  }

 private:
  template <class T>
  T load(std::size_t at) const noexcept {
    return get_le<T>(file_.data() + at);
  }
  /// What is found where the file ends too early: what is `left` of it.
  static std::string cut_short(std::string_view left) {
    return (left.empty() ? "the end" : std::to_string(left.size()) + " bytes") +
           ": the file is cut short";
  }

  /// `offset` is relative to the block.
  [[noreturn]] void fail(std::size_t offset, std::string expected, std::string found) const {
    fail_at("block " + std::to_string(sequence_), next_ + offset, std::move(expected),
            std::move(found));
  }

  static void check_crc(std::string path, std::size_t offset, std::string_view bytes,
                        std::uint32_t stored) {
    if (crc_of(bytes) == stored) return;
    fail_at(std::move(path), offset, "bytes that match their checksum", "damage");
  }

  /// The file id is at offset 24.
  bool has_sync() const noexcept {
    for (std::size_t i = 0; i < block_sync.size(); ++i) {
      if (file_[next_ + i] != static_cast<char>(block_sync[i] ^ file_[24 + i])) return false;
    }
    return true;
  }

  void check_header() const {
    if (remaining() < block_header_size) {
      fail(0, "a block header of 48 bytes", cut_short(file_.substr(next_)));
    }
    if (!has_sync()) fail(0, "the first bytes of a block", "others");
    check_crc("block " + std::to_string(sequence_), next_,
              file_.substr(next_, block_header_size - 4), load<std::uint32_t>(next_ + 44));
    if (auto const found = load<std::uint32_t>(next_ + 12); found != sequence_) {
      fail(12, "block number " + std::to_string(sequence_), std::to_string(found));
    }
    if (auto const previous = load<std::uint64_t>(next_ + 24); previous != distance_) {
      fail(24, "the distance to the block before", std::to_string(previous));
    }
  }

  block read_block() {
    check_header();
    auto const size = load<std::uint64_t>(next_ + 16);
    std::size_t const begin = next_ + block_header_size;
    auto const left = file_.substr(begin);
    if (size > left.size() || padding_of(size) > left.size() - size) {
      fail(16, "a payload of " + std::to_string(size) + " bytes and its padding", cut_short(left));
    }
    block const result{load<std::uint16_t>(next_ + 8), load<std::uint16_t>(next_ + 10), sequence_,
                       begin, file_.substr(begin, static_cast<std::size_t>(size))};
    check_type(result);
    check_payload(result);
    skip_padding(begin + result.payload.size(), padding_of(size));
    return result;
  }

  void check_type(block const& found) const {
    if (found.type == 0) fail(8, "a type of block", "0, which is never used");
    if (found.type <= 4 && !found.is_critical())
      fail(10, "the critical flag", "a block without it");
  }

  void check_payload(block const& found) const {
    auto const checked = load<std::uint64_t>(next_ + 32);
    auto const size = found.payload.size();
    if (found.is_partly_checked() ? checked > size : checked != size) {
      fail(32, "a checksum of " + std::to_string(size) + " bytes", "of " + std::to_string(checked));
    }
    check_crc(found.name(), found.offset,
              found.payload.substr(0, static_cast<std::size_t>(checked)),
              load<std::uint32_t>(next_ + 40));
  }

  void skip_padding(std::size_t begin, std::size_t size) {
    if (file_.substr(begin, size).find_first_not_of('\0') != std::string_view::npos) {
      fail(begin - next_, "padding of zeros", "other bytes");
    }
    distance_ = begin + size - next_;
    next_ += distance_;
    ++sequence_;
  }

  std::string_view file_;
  std::size_t next_ = header_size;
  std::size_t distance_ = 0;  // from the next block back to the one before
  std::uint32_t sequence_ = 0;
};

}  // namespace trainlog::detail

#endif
