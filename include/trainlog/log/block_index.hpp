// SPDX-License-Identifier: MIT
// The index at the end of a closed log (docs/format.md, Index block).
#ifndef TRAINLOG_LOG_BLOCK_INDEX_HPP
#define TRAINLOG_LOG_BLOCK_INDEX_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trainlog/codec/blocks.hpp"
#include "trainlog/detail/wire.hpp"
#include "trainlog/log/block_scan.hpp"
#include "trainlog/log/input_file.hpp"
#include "trainlog/log/log_report.hpp"

namespace trainlog::detail {

/// What an index says of a log.
struct indexed_blocks {
  std::vector<log_block> blocks;  ///< those with rows; their lengths and journals are not known
  std::map<std::uint32_t, log_schema> schemas;
  log_report report;
};

/// Reads the index of a closed log. It is trusted only if everything in it fits: what does not is
/// no damage, but a reason to look at the blocks themselves.
class index_reader {
 public:
  index_reader(input_file const& file, std::array<char, 8> const& sync)
      : sync_(sync), window_(file, file.size()) {}

  std::optional<indexed_blocks> read() {
    log_block end;
    log_block index;
    if (!find_end(end) || !find_index(end, index)) return {};
    if (!read_entries(index) || rows_ != end.row_count) return {};
    result_.report.rows = rows_;
    result_.report.closed = true;
    return std::move(result_);
  }

 private:
  static constexpr std::size_t end_payload = 16;

  bool read_right(std::uint64_t offset, block_type type, log_block& out) {
    return read_right_block(window_, sync_, offset, out) == block_state::right && out.is(type);
  }

  std::string_view payload_of(log_block const& of) {
    return window_.at(of.payload(), static_cast<std::size_t>(of.payload_length));
  }

  bool find_end(log_block& end) {
    constexpr std::size_t size = block_header_size + end_payload;
    return window_.end() > header_size + size &&
           read_right(window_.end() - size, block_type::end, end) &&
           end.payload_length == end_payload;
  }

  bool find_index(log_block const& end, log_block& index) {
    wire_reader in(payload_of(end).substr(8));
    std::uint64_t distance = 0;
    return in.number(distance) && distance != 0 && distance < end.offset &&
           read_right(end.offset - distance, block_type::index, index) &&
           index.end() == end.offset && index.sequence + 1 == end.sequence;
  }

  bool read_entries(log_block const& index) {
    std::string const payload(payload_of(index));
    wire_reader in(payload);
    std::uint64_t count = 0;
    if (!in.count(count) || count != index.sequence) return false;
    log_block last;
    std::uint64_t offset = header_size;
    for (std::uint64_t i = 0; i < count; ++i) {
      last = {};
      last.sequence = static_cast<std::uint32_t>(i);
      if (!read_entry(in, offset, last) || !add(last)) return false;
    }
    // Its place is that of all blocks before it.
    return in.remaining() == 0 && count != 0 &&
           read_right(last.offset, static_cast<block_type>(last.type), last) &&
           last.end() == index.offset;
  }

  bool read_entry(wire_reader& in, std::uint64_t& offset, log_block& out) const {
    std::uint64_t type = 0;
    std::uint64_t distance = 0;
    if (!in.varint(type) || !in.varint(distance) || type - 1 > 0xFFFE) return false;
    if (distance > (window_.end() - offset) / 8) return false;
    out.type = static_cast<std::uint16_t>(type);
    out.offset = offset += 8 * distance;
    if (!out.has_rows()) return true;
    std::uint64_t schema_id = 0;
    if (!in.varint(schema_id) || !in.varint(out.row_count)) return false;
    out.schema_id = static_cast<std::uint32_t>(schema_id);
    return schema_id == out.schema_id && out.row_count <= max_rows_in_block;
  }

  bool add(log_block& found) {
    if (found.is(block_type::schema)) return add_schema(found.offset);
    if (found.is(block_type::gap)) return add_gap(found.offset);
    if (!found.has_rows()) return found.type <= 6;
    found.first_row = rows_;
    rows_ += found.row_count;
    result_.blocks.push_back(found);
    return true;
  }

  bool add_schema(std::uint64_t offset) {
    log_block found;
    return read_right(offset, block_type::schema, found) &&
           read_schema_payload(payload_of(found), result_.schemas);
  }

  bool add_gap(std::uint64_t offset) {
    log_block found;
    if (!read_right(offset, block_type::gap, found)) return false;
    result_.report.lost = saturated_sum(result_.report.lost, found.row_count);
    return true;
  }

  std::array<char, 8> sync_;
  file_window window_;
  std::uint64_t rows_ = 0;
  indexed_blocks result_;
};

}  // namespace trainlog::detail

#endif
