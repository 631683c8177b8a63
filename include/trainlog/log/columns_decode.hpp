// SPDX-License-Identifier: MIT
// The columns of a block turned back into rows (docs/format.md, Columns block).
#ifndef TRAINLOG_LOG_COLUMNS_DECODE_HPP
#define TRAINLOG_LOG_COLUMNS_DECODE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trainlog/codec/blocks.hpp"
#include "trainlog/detail/wire.hpp"
#include "trainlog/log/column_layout.hpp"
#include "trainlog/log/columns_head.hpp"
#include "trainlog/log/number_decode.hpp"
#include "trainlog/log/string_stream.hpp"

namespace trainlog::detail {

/// The reverse of gather.
template <std::size_t Width>
void scatter(char* out, std::size_t stride, char const* from, std::size_t count) noexcept {
  for (; count != 0; --count, from += Width, out += stride) std::memcpy(out, from, Width);
}

inline void scatter(char* out, std::size_t stride, char const* from, std::size_t count,
                    std::size_t width) noexcept {
  switch (width) {
    case 1:
      return scatter<1>(out, stride, from, count);
    case 2:
      return scatter<2>(out, stride, from, count);
    case 4:
      return scatter<4>(out, stride, from, count);
    case 8:
      return scatter<8>(out, stride, from, count);
    default:
      break;
  }
  for (; count != 0; --count, from += width, out += stride) put_bytes(out, from, width);
}

/// The fields that are wanted.
inline std::vector<schema_field> select_fields(std::vector<schema_field> const& fields,
                                               std::vector<bool> const& wanted) {
  std::vector<schema_field> selected;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (wanted[i]) selected.push_back(fields[i]);
  }
  return selected;
}

/// Reads chosen fields of columns blocks, one block after the other: begin() with its head,
/// decode() each wanted field, then the rows. Any bytes may come; what they claim is bounded by
/// plain_limit and the size of the payload.
class columns_decoder {
 public:
  /// Fields that are not `wanted` are neither decoded nor in the rows.
  columns_decoder(std::vector<schema_field> const& fields, std::vector<bool> const& wanted)
      : file_(fields), layout_(select_fields(fields, wanted)), streams_(layout_.stream_count()) {
    std::size_t selected = 0;
    for (bool const each : wanted) place_.push_back(each ? selected++ : none);
  }

  /// Of all fields of the file; it is what read_columns_head needs.
  column_layout const& file_layout() const noexcept { return file_; }
  /// Of the wanted fields; its fixed_row_size() is that of the rows.
  column_layout const& row_layout() const noexcept { return layout_; }

  /// Forgets the block before.
  void begin(columns_head const& head) {
    row_count_ = head.header.row_count;
    left_ = std::max(plain_limit, head.payload_size);
    decoded_ = 0;
    if (layout_.field_count() == 0) spend(1, row_count_);
  }

  /// The bytes of the payload that decode() needs: the first, and one past the last.
  std::pair<std::size_t, std::size_t> range(columns_head const& head, std::size_t field) const {
    auto const [first, last] = file_.streams_of(field);
    if (first == last) return {0, 0};
    return {head.streams[first].offset,
            head.streams[last - 1].offset + head.streams[last - 1].length};
  }

  /// Decodes a wanted field from the `range` of it. False if the bytes are damaged; reason() says
  /// how, and the rows of this block cannot be had.
  bool decode(columns_head const& head, std::size_t field, std::string_view bytes) {
    auto const first = file_.streams_of(field).first;
    auto const steps = layout_.steps_of(place_[field]);
    source_ = {head.streams.data() + first, bytes, layout_.streams_of(place_[field]).first};
    return decode_steps(steps.first, steps.second, row_count_);
  }

  /// What was wrong when decode() returned false.
  std::string const& reason() const noexcept { return reason_; }

  /// The numbers of a wanted field that is a number, little-endian, without gaps.
  std::string_view numbers(std::size_t field) const noexcept {
    return streams_[layout_.streams_of(place_[field]).first].values.bytes;
  }

  std::size_t row_count() const noexcept { return row_count_; }

  /// Appends the rows as in a rows block, with the wanted fields alone. All of them are decoded.
  void append_rows(std::string& out) {
    std::size_t const size = out.size();
    if (std::size_t const row = layout_.fixed_row_size(); row != 0) {
      out.resize(size + row * row_count_);
      return put_fixed_rows(out.data() + size, row);
    }
    out.resize(size + decoded_);
    char* at = out.data() + size;
    for (auto& each : streams_) each.rewind();
    for (std::size_t i = 0; i < row_count_; ++i) at = put(0, layout_.steps().size(), at);
    out.resize(static_cast<std::size_t>(at - out.data()));
  }

  /// Writes rows of row_layout().fixed_row_size() bytes, which is not 0, `stride` bytes apart.
  void put_fixed_rows(char* out, std::size_t stride) const noexcept {
    for (std::size_t first = 0; first < row_count_; first += rows_at_once) {
      std::size_t const count = std::min(rows_at_once, row_count_ - first);
      for (auto const& column : layout_.fixed()) {
        std::size_t const width = column.width * column.count;
        scatter(out + first * stride + column.offset, stride,
                streams_[column.stream].values.bytes.data() + first * width, count, width);
      }
    }
  }

 private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  /// So few that they stay in the nearest cache from one column to the next.
  static constexpr std::size_t rows_at_once = 256;

  struct stream {
    string_column values;  // numbers are in `bytes` alone
    char const* next_byte = nullptr;
    std::uint64_t const* next_size = nullptr;

    void rewind() noexcept {
      next_byte = values.bytes.data();
      next_size = values.sizes.data();
    }
    char const* take(std::size_t size) noexcept { return (next_byte += size) - size; }
    std::uint64_t take_number() noexcept { return get_le<std::uint64_t>(take(8)); }
  };

  /// The encoded streams of a field.
  struct field_source {
    stream_entry const* entries = nullptr;  // of its first stream
    std::string_view bytes;
    std::size_t first_stream = 0;  // in layout_
  };

  // ---- decoding

  bool fail(std::string_view reason) {
    reason_ = reason;
    return false;
  }

  bool spend(std::uint64_t count, std::uint64_t size) {
    if (size != 0 && count > left_ / size) return fail("more values than a block may have");
    left_ -= static_cast<std::size_t>(count * size);
    decoded_ += static_cast<std::size_t>(count * size);
    return true;
  }

  stream_entry const& entry_of(std::size_t index) const noexcept {
    return source_.entries[index - source_.first_stream];
  }

  bool open(std::size_t index, std::string_view& bytes) {
    auto const& entry = entry_of(index);
    bytes = source_.bytes.substr(entry.offset - source_.entries->offset, entry.length);
    return crc_of(bytes) == entry.crc || fail("bytes that do not match their checksum");
  }

  bool read_failed(wire_reader const& in) {
    reason_ = "expected " + in.expected() + ", found " + in.found();
    return false;
  }

  bool decode_numbers(std::size_t index, std::uint64_t count) {
    std::size_t const width = layout_.width_of(index);
    std::string_view bytes;
    if (!spend(count, width) || !open(index, bytes)) return false;
    auto& values = streams_[index].values.bytes;
    values.resize(static_cast<std::size_t>(count) * width);
    wire_reader in(bytes);
    return numbers_.read(in, entry_of(index).encoding, width, values) || read_failed(in);
  }

  bool decode_strings(std::size_t index, std::uint64_t count) {
    std::string_view bytes;
    if (count > left_) return fail("more strings than a block may have");
    if (!open(index, bytes)) return false;
    auto& values = streams_[index].values;
    values.clear();
    wire_reader in(bytes);
    string_reader reader(in, numbers_, left_);
    if (!reader.read(entry_of(index).encoding, static_cast<std::size_t>(count), values)) {
      return read_failed(in);
    }
    return spend(plain_size(values), 1);
  }

  /// Bytes that are 0 or 1; counts the ones.
  bool decode_flags(std::size_t index, std::uint64_t count, std::uint64_t& ones) {
    if (!decode_numbers(index, count)) return false;
    unsigned all = 0;
    ones = 0;
    for (char const each : streams_[index].values.bytes) {
      all |= static_cast<unsigned char>(each);
      ones += static_cast<unsigned char>(each);
    }
    return all <= 1 || fail("a flag that is neither 0 nor 1");
  }

  /// How many elements there are of lists or maps.
  bool decode_counts(std::size_t index, std::uint64_t count, std::uint64_t& sum) {
    if (!decode_numbers(index, count)) return false;
    auto& counts = streams_[index];
    counts.rewind();
    sum = 0;
    for (; count != 0; --count) {
      std::uint64_t const each = counts.take_number();
      if (each > left_ || sum > left_) return fail("more elements than a block may have");
      sum += each;
    }
    return true;
  }

  /// The keys of `count` maps.
  bool decode_keys(std::size_t counts_index, std::uint64_t count, std::uint64_t sum) {
    if (!decode_strings(counts_index + 1, sum)) return false;
    auto& counts = streams_[counts_index];
    auto& keys = streams_[counts_index + 1];
    counts.rewind();
    keys.rewind();
    for (; count != 0; --count) {
      if (!take_ascending(keys, counts.take_number())) return fail("keys that do not ascend");
    }
    return true;
  }

  static bool take_ascending(stream& keys, std::uint64_t count) noexcept {
    std::string_view last;
    for (std::uint64_t i = 0; i < count; ++i) {
      auto const size = static_cast<std::size_t>(*keys.next_size++);
      std::string_view const key(keys.take(size), size);
      if (i != 0 && last >= key) return false;
      last = key;
    }
    return true;
  }

  bool decode_array(std::uint64_t length, std::uint64_t count, std::uint64_t& sum) {
    sum = 0;
    if (length == 0) return spend(count, 1);
    if (count > left_ / length) return fail("more elements than a block may have");
    sum = count * length;
    return true;
  }

  bool decode_step(std::size_t at, std::uint64_t count) {
    auto const& step = layout_.steps()[at];
    std::uint64_t inner = 0;
    switch (step.kind) {
      case column_step::number:
        return decode_numbers(step.stream, count);
      case column_step::flag:
        return decode_flags(step.stream, count, inner);
      case column_step::string:
        return decode_strings(step.stream, count);
      case column_step::zero:
        return spend(count, 1);
      case column_step::optional:
        if (!decode_flags(step.stream, count, inner)) return false;
        break;
      case column_step::list:
        if (!decode_counts(step.stream, count, inner)) return false;
        break;
      case column_step::array:
        if (!decode_array(step.length, count, inner)) return false;
        break;
      case column_step::map:
        if (!decode_counts(step.stream, count, inner)) return false;
        if (!decode_keys(step.stream, count, inner)) return false;
        break;
    }
    return decode_steps(at + 1, step.end, inner);
  }

  /// Decodes what the steps from `first` up to `last` say, each `count` times.
  bool decode_steps(std::size_t first, std::size_t last, std::uint64_t count) {
    for (; first < last; first = layout_.steps()[first].end) {
      if (!decode_step(first, count)) return false;
    }
    return true;
  }

  // ---- rows

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

  column_layout file_;
  column_layout layout_;
  std::vector<std::size_t> place_;  // of each field of the file, which of layout_
  std::vector<stream> streams_;
  field_source source_;
  number_decoder numbers_;
  std::string reason_;
  std::size_t row_count_ = 0;
  std::size_t left_ = 0;     // bytes of values that may still come
  std::size_t decoded_ = 0;  // bytes of values that came: rows have no more
};

}  // namespace trainlog::detail

#endif
