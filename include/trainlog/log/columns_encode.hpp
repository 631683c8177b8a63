// SPDX-License-Identifier: MIT
// Rows gathered into the columns of a block (docs/format.md, Columns block).
#ifndef TRAINLOG_LOG_COLUMNS_ENCODE_HPP
#define TRAINLOG_LOG_COLUMNS_ENCODE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "trainlog/codec/blocks.hpp"
#include "trainlog/detail/wire.hpp"
#include "trainlog/log/column_layout.hpp"
#include "trainlog/log/columns_head.hpp"
#include "trainlog/log/number_encode.hpp"
#include "trainlog/log/strided_copy.hpp"
#include "trainlog/log/string_stream.hpp"

namespace trainlog::detail {

/// Turns rows into the payload of a columns block. Rows are trusted: those of a file are to be
/// checked by skip_fields first.
class columns_encoder {
 public:
  explicit columns_encoder(std::vector<schema_field> const& fields)
      : layout_(fields), streams_(layout_.stream_count()) {}

  column_layout const& layout() const noexcept { return layout_; }

  /// Adds a row as it stands in a rows block.
  void add_row(std::string_view row) {
    if (layout_.fixed_row_size() != 0) return add_rows(row.data(), row.size(), 1);
    take(0, layout_.steps().size(), row.data());
    ++row_count_;
  }

  /// Adds `count` rows of layout().fixed_row_size() bytes, which is not 0, the first bytes of two
  /// neighbours `stride` bytes apart.
  void add_rows(char const* first, std::size_t stride, std::size_t count) {
    row_count_ += count;
    plain_bytes_ += layout_.fixed_row_size() * count;
    // So few at once that they stay in the nearest cache from one column to the next.
    for (std::size_t some = 0; count != 0; count -= some, first += some * stride) {
      some = std::min<std::size_t>(count, 256);
      for (auto const& column : layout_.fixed()) {
        std::string& bytes = streams_[column.stream].bytes;
        std::size_t const size = bytes.size();
        std::size_t const width = column.width * column.count;
        bytes.resize(size + width * some);
        gather(bytes.data() + size, first + column.offset, stride, some, width);
      }
    }
  }

  std::size_t row_count() const noexcept { return row_count_; }
  /// What the values gathered have in bytes; of all rows together at most plain_limit if they are
  /// to be compressed.
  std::size_t plain_bytes() const noexcept { return plain_bytes_; }

  /// Appends head and streams; returns the length of the head. `header.row_count` is filled in.
  std::size_t append_payload(std::string& out, columns_header header) {
    header.row_count = static_cast<std::uint32_t>(row_count_);
    encoded_.clear();
    std::size_t const begin = out.size();
    append_columns_header(out, header);
    for (std::size_t i = 0; i < streams_.size(); ++i) append_stream_entry(out, encode(i));
    std::size_t const head = out.size() - begin;
    out += encoded_;
    return head;
  }

  /// Forgets the rows, and keeps the memory.
  void clear() noexcept {
    for (auto& stream : streams_) stream.clear();
    row_count_ = 0;
    plain_bytes_ = 0;
  }

 private:
  stream_entry encode(std::size_t stream) {
    stream_entry entry;
    std::size_t const width = layout_.width_of(stream);
    std::size_t const begin = encoded_.size();
    bool const plain = plain_bytes_ > plain_limit;
    if (width == 0 && plain) append_plain_strings(encoded_, streams_[stream]);
    else if (width == 0) entry.encoding = append_strings(encoded_, streams_[stream], numbers_);
    else if (plain) encoded_ += streams_[stream].bytes;
    else entry.encoding = numbers_.append(encoded_, streams_[stream].bytes, width);
    entry.length = encoded_.size() - begin;
    entry.crc = crc_of(std::string_view(encoded_).substr(begin));
    return entry;
  }

  static std::uint64_t take_varint(char const*& at) noexcept {
    std::uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      auto const byte = static_cast<unsigned char>(*at++);
      value |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return value;
    }
  }

  char const* take_bytes(std::size_t stream, char const* at, std::size_t size) {
    streams_[stream].bytes.append(at, size);
    plain_bytes_ += size;
    return at + size;
  }

  char const* take_string(std::size_t stream, char const* at) {
    auto const size = static_cast<std::size_t>(take_varint(at));
    streams_[stream].sizes.push_back(size);
    plain_bytes_ += varint_size(size);
    return take_bytes(stream, at, size);
  }

  std::uint64_t take_count(std::size_t stream, char const*& at) {
    std::uint64_t const count = take_varint(at);
    append_le(streams_[stream].bytes, count);
    plain_bytes_ += sizeof count;
    return count;
  }

  /// The elements of a list or an array, whose steps are those from `first`.
  char const* take_elements(std::size_t first, std::size_t last, char const* at,
                            std::uint64_t count) {
    auto const& step = layout_.steps()[first];
    if (step.kind == column_step::number && step.end == last) {
      return take_bytes(step.stream, at, static_cast<std::size_t>(count) * step.width);
    }
    for (; count != 0; --count) at = take(first, last, at);
    return at;
  }

  char const* take_map(std::size_t index, char const* at) {
    auto const& step = layout_.steps()[index];
    for (auto count = take_count(step.stream, at); count != 0; --count) {
      at = take(index + 1, step.end, take_string(step.stream + 1, at));
    }
    return at;
  }

  char const* take_zero(char const* at) noexcept {
    ++plain_bytes_;
    return at + 1;
  }

  char const* take_step(std::size_t index, char const* at) {
    auto const& step = layout_.steps()[index];
    std::uint64_t count = step.length;
    switch (step.kind) {
      case column_step::number:
      case column_step::flag:
        return take_bytes(step.stream, at, step.width);
      case column_step::string:
        return take_string(step.stream, at);
      case column_step::optional:
        at = take_bytes(step.stream, at, 1);
        return at[-1] == 0 ? at : take(index + 1, step.end, at);
      case column_step::list:
        count = take_count(step.stream, at);
        return take_elements(index + 1, step.end, at, count);
      case column_step::array:
        if (count == 0) return take_zero(at);
        return take_elements(index + 1, step.end, at, count);
      case column_step::map:
        return take_map(index, at);
      case column_step::zero:
        break;
    }
    return take_zero(at);
  }

  /// Takes what the steps from `first` up to `last` say from a row; returns what follows.
  char const* take(std::size_t first, std::size_t last, char const* at) {
    for (; first < last; first = layout_.steps()[first].end) at = take_step(first, at);
    return at;
  }

  column_layout layout_;
  std::vector<string_column> streams_;  // numbers are in `bytes` alone
  std::string encoded_;
  number_encoder numbers_;
  std::size_t row_count_ = 0;
  std::size_t plain_bytes_ = 0;
};

}  // namespace trainlog::detail

#endif
