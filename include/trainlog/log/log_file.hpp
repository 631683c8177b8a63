// SPDX-License-Identifier: MIT
// The writer's side of a log file: whole blocks, one after the other (docs/format.md, Logs).
#ifndef TRAINLOG_LOG_LOG_FILE_HPP
#define TRAINLOG_LOG_LOG_FILE_HPP

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "trainlog/codec/blocks.hpp"
#include "trainlog/codec/snapshot.hpp"
#include "trainlog/detail/descriptor.hpp"
#include "trainlog/detail/wire.hpp"
#include "trainlog/log/journal_format.hpp"

namespace trainlog::detail {

/// The entries of an index block, gathered block by block.
class index_entries {
 public:
  /// A block whose header stands at `offset`. The schema_id and row_count are of rows and columns.
  void add(block_type type, std::uint64_t offset, std::uint32_t schema_id, std::uint64_t rows) {
    append_varint(entries_, static_cast<std::uint64_t>(type));
    append_varint(entries_, (offset - last_) / 8);
    if (type == block_type::rows || type == block_type::columns) {
      append_varint(entries_, schema_id);
      append_varint(entries_, rows);
    }
    last_ = offset;
    ++count_;
  }
  /// Makes room for one more, so that add() does not throw.
  void reserve_one() {
    constexpr std::size_t most = 40;  // four numbers
    if (entries_.capacity() - entries_.size() < most) entries_.reserve(2 * entries_.size() + most);
  }
  void append_to(std::string& out) const {
    append_varint(out, count_);
    out += entries_;
  }

 private:
  std::string entries_;
  std::uint64_t last_ = header_size;
  std::uint64_t count_ = 0;
};

/// A block that is to be appended. Its payload is appended to `bytes`.
struct new_block {
  block_type type;
  std::string bytes = std::string(block_header_size, '\0');
  std::size_t checked = 0;  ///< how many bytes of the payload its checksum covers; 0 for all
  std::uint32_t schema_id = 0;
  std::uint64_t rows = 0;  ///< that are in it

  explicit new_block(block_type of) : type(of) {}
  void clear() { bytes.resize(block_header_size); }
};

/// What a log has, where the next block is to follow.
struct log_end {
  std::uint64_t offset = 0;
  std::uint64_t last_block = 0;  ///< where its header stands; 0 if there is none
  std::uint32_t sequence = 0;
  std::uint64_t rows = 0;
  index_entries index;
  bool has_index = true;  ///< `index` has all blocks of the file
};

/// Appends blocks. A failure of the system is returned as errno, 0 if there was none. The log is
/// then as it was before: what stands behind its end, if that cannot be cut off now, is cut off
/// before the next block. One thread at a time.
class log_file {
 public:
  log_file(unique_descriptor file, detail::file_id const& id)
      : file_(std::move(file)), id_(id), sync_(sync_of(id)) {}

  int descriptor() const noexcept { return file_.get(); }
  detail::file_id const& file_id() const noexcept { return id_; }
  std::uint64_t rows() const noexcept { return end_.rows; }

  /// Makes the file a log without rows.
  int create(file_header header, std::string_view schema) {
    header.file_id = id_;
    use_schema(schema);
    std::string bytes;
    append_file_header(bytes, header);
    block_writer blocks(bytes, header);
    append_schema_block(bytes, blocks, schema);
    end_.index.reserve_one();
    if (int const error = write(bytes)) return error;
    note(block_type::schema, header_size, bytes.size() - header_size, 0, 0);
    return 0;
  }

  /// Goes on after the blocks that the file has. What follows them is cut off.
  int go_on(log_end end) {
    end_ = std::move(end);
    torn_ = true;
    return cut();
  }

  /// Says what the schema is of the rows that follow, which the file has. Its block is repeated now
  /// and then, so that no damage to it costs them all.
  void use_schema(std::string_view payload) { schema_ = payload; }

  /// Appends a block and its padding by one write, as far as the system can.
  int append(new_block& block) {
    if (block.type == block_type::columns && is_in_use(block.schema_id)) {
      if (int const error = repeat_schema(columns_since_ >= 64)) return error;
    }
    return append_only(block);
  }

  /// Says that rows are not there. Of a journal it says also up to which of the rows that the
  /// journal counts as lost the log tells now.
  int append_gap(std::uint64_t rows, std::uint64_t journal_id = 0, std::uint64_t journal_lost = 0) {
    new_block gap(block_type::gap);
    append_le(gap.bytes, end_.rows);
    append_le(gap.bytes, rows);
    append_le(gap.bytes, journal_id);
    append_le(gap.bytes, journal_lost);
    return append(gap);
  }

  /// Appends an index, unless blocks are missing in it, and an end.
  int finish() {
    if (int const error = repeat_schema(true)) return error;
    new_block end(block_type::end);
    append_le(end.bytes, end_.rows);
    std::uint64_t distance = 0;
    if (end_.has_index) {
      std::uint64_t const begin = end_.offset;
      new_block index(block_type::index);
      end_.index.append_to(index.bytes);
      if (int const error = append(index)) return error;
      distance = end_.offset - begin;
    }
    append_le(end.bytes, distance);
    return append(end);
  }

  int sync() noexcept { return sync_data(file_.get()); }

  /// Gives up the lock. Nothing can be written any more.
  void close() noexcept { file_.reset(); }

 private:
  int append_only(new_block& block) {
    if (int const error = cut()) return error;
    std::string_view const payload = std::string_view(block.bytes).substr(block_header_size);
    block_header header;
    header.type = static_cast<std::uint16_t>(block.type);
    header.flags = block.type <= block_type::columns ? critical_flag : std::uint16_t{0};
    header.sequence = end_.sequence;
    header.payload_length = payload.size();
    header.previous = end_.last_block == 0 ? 0 : end_.offset - end_.last_block;
    header.checked_length = block.checked == 0 ? payload.size() : block.checked;
    header.payload_crc = crc_of(payload.substr(0, header.checked_length));
    put_block_header(block.bytes.data(), sync_, header);
    std::string schema;
    if (block.type == block_type::schema) schema.assign(payload);
    block.bytes.append(padding_of(payload.size()), '\0');
    // Behind the write nothing may throw: the file has the block then.
    end_.index.reserve_one();
    if (int const error = write(block.bytes)) return error;
    if (block.type == block_type::schema) {
      schema_.swap(schema);
      is_repeated_ = false;
    }
    note(block.type, end_.offset, block.bytes.size(), block.schema_id, block.rows);
    return 0;
  }

  bool is_in_use(std::uint32_t schema_id) const noexcept {
    return schema_.size() >= 4 && get_le<std::uint32_t>(schema_.data()) == schema_id;
  }

  /// Appends the schema once more, if that costs little: for the first time, or `again`.
  int repeat_schema(bool again) {
    bool const cheap = bytes_since_ >= 16 * (block_header_size + schema_.size());
    if (schema_.empty() || !cheap || (is_repeated_ && !again)) return 0;
    new_block block(block_type::schema);
    block.bytes += schema_;
    if (int const error = append_only(block)) return error;
    is_repeated_ = true;
    return 0;
  }

  int write(std::string_view bytes) noexcept {
    int const error = write_at(file_.get(), bytes.data(), bytes.size(), end_.offset);
    if (error != 0) torn_ = true;
    if (error != 0) cut();
    return error;
  }

  /// Cuts off what an unfinished write left.
  int cut() noexcept {
    if (!torn_) return 0;
    auto const size = static_cast<::off_t>(end_.offset);
    if (retry_interrupted([&] { return ::ftruncate(file_.get(), size); }) != 0) return errno;
    torn_ = false;
    return 0;
  }

  /// There is room for it in the index.
  void note(block_type type, std::uint64_t offset, std::uint64_t size, std::uint32_t schema_id,
            std::uint64_t rows) {
    end_.index.add(type, offset, schema_id, rows);
    end_.last_block = offset;
    end_.offset = offset + size;
    end_.rows += rows;
    ++end_.sequence;
    bytes_since_ = type == block_type::schema ? 0 : bytes_since_ + size;
    columns_since_ = type == block_type::schema ? 0 : columns_since_ + (rows != 0 ? 1U : 0U);
  }

  unique_descriptor file_;
  detail::file_id id_;
  std::array<char, 8> sync_;
  log_end end_;
  std::string schema_;             // the payload of the block of the schema in use
  std::uint64_t bytes_since_ = 0;  // its block, or another schema's, was written
  std::uint64_t columns_since_ = 0;
  bool is_repeated_ = false;
  bool torn_ = false;  // there may be bytes behind the end
};

}  // namespace trainlog::detail

#endif
