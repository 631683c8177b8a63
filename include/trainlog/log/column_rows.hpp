// SPDX-License-Identifier: MIT
// Decoded columns turned back into rows (docs/format.md, Streams).
#ifndef TRAINLOG_LOG_COLUMN_ROWS_HPP
#define TRAINLOG_LOG_COLUMN_ROWS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "trainlog/detail/wire.hpp"
#include "trainlog/log/column_layout.hpp"
#include "trainlog/log/strided_copy.hpp"
#include "trainlog/log/string_stream.hpp"
#include "trainlog/schema/schema.hpp"

namespace trainlog::detail {

/// The values of a stream, taken one after the other.
struct decoded_stream {
  string_column values;  ///< numbers are in `bytes` alone
  char const* next_byte = nullptr;
  std::uint64_t const* next_size = nullptr;

  void rewind() noexcept {
    next_byte = values.bytes.data();
    next_size = values.sizes.data();
  }
  char const* take(std::size_t size) noexcept { return (next_byte += size) - size; }
  std::uint64_t take_number() noexcept { return get_le<std::uint64_t>(take(8)); }
};

/// The streams of some fields, filled by a decoder, as rows. The values are trusted: the decoder
/// has seen to it that counts, flags and sizes are those of the streams.
class column_rows {
 public:
  explicit column_rows(std::vector<schema_field> const& fields)
      : layout_(fields), streams_(layout_.stream_count()) {}

  column_layout const& layout() const noexcept { return layout_; }
  decoded_stream& stream(std::size_t i) noexcept { return streams_[i]; }
  decoded_stream const& stream(std::size_t i) const noexcept { return streams_[i]; }

  /// Appends `count` rows, all that there are, as in a rows block. They have at most `most` bytes.
  void append(std::string& out, std::size_t count, std::size_t most) {
    std::size_t const size = out.size();
    if (std::size_t const row = layout_.fixed_row_size(); row != 0) {
      out.resize(size + row * count);
      return put_fixed(out.data() + size, row, count);
    }
    out.resize(size + most);
    char* at = out.data() + size;
    for (auto& each : streams_) each.rewind();
    for (std::size_t i = 0; i < count; ++i) at = put(0, layout_.steps().size(), at);
    out.resize(static_cast<std::size_t>(at - out.data()));
  }

  /// Writes `count` rows of layout().fixed_row_size() bytes, which is not 0, `stride` bytes apart.
  void put_fixed(char* out, std::size_t stride, std::size_t count) const noexcept {
    for (std::size_t first = 0; first < count; first += rows_at_once) {
      std::size_t const some = std::min(rows_at_once, count - first);
      for (auto const& column : layout_.fixed()) {
        std::size_t const width = column.width * column.count;
        scatter(out + first * stride + column.offset, stride,
                streams_[column.stream].values.bytes.data() + first * width, some, width);
      }
    }
  }

 private:
  /// So few that they stay in the nearest cache from one column to the next.
  static constexpr std::size_t rows_at_once = 256;

  char* put_numbers(column_step const& step, char* out, std::size_t count) noexcept {
    return put_bytes(out, streams_[step.stream].take(step.width * count), step.width * count);
  }

  char* put_string(std::size_t index, char* out) noexcept {
    auto& from = streams_[index];
    auto const size = static_cast<std::size_t>(*from.next_size++);
    return put_wire_string(out, {from.take(size), size});
  }

  char* put_elements(std::size_t first, std::size_t last, char* out, std::uint64_t count) noexcept {
    auto const& step = layout_.steps()[first];
    if (step.kind == column_step::number && step.end == last) {
      return put_numbers(step, out, static_cast<std::size_t>(count));
    }
    for (; count != 0; --count) out = put(first, last, out);
    return out;
  }

  char* put_map(std::size_t index, char* out) noexcept {
    auto const& step = layout_.steps()[index];
    auto count = streams_[step.stream].take_number();
    out = put_varint(out, count);
    for (; count != 0; --count) out = put(index + 1, step.end, put_string(step.stream + 1, out));
    return out;
  }

  char* put_step(std::size_t index, char* out) noexcept {
    auto const& step = layout_.steps()[index];
    std::uint64_t count = step.length;
    switch (step.kind) {
      case column_step::number:
      case column_step::flag:
        return put_numbers(step, out, 1);
      case column_step::string:
        return put_string(step.stream, out);
      case column_step::optional:
        out = put_numbers(step, out, 1);
        return out[-1] == 0 ? out : put(index + 1, step.end, out);
      case column_step::list:
        count = streams_[step.stream].take_number();
        return put_elements(index + 1, step.end, put_varint(out, count), count);
      case column_step::array:
        if (count == 0) break;
        return put_elements(index + 1, step.end, out, count);
      case column_step::map:
        return put_map(index, out);
      case column_step::zero:
        break;
    }
    *out = 0;
    return out + 1;
  }

  char* put(std::size_t first, std::size_t last, char* out) noexcept {
    for (; first < last; first = layout_.steps()[first].end) out = put_step(first, out);
    return out;
  }

  column_layout layout_;
  std::vector<decoded_stream> streams_;
};

}  // namespace trainlog::detail

#endif
