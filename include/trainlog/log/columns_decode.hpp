// SPDX-License-Identifier: MIT
// The columns of a block decoded, whatever its bytes are (docs/format.md, Columns block).
#ifndef TRAINLOG_LOG_COLUMNS_DECODE_HPP
#define TRAINLOG_LOG_COLUMNS_DECODE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trainlog/codec/blocks.hpp"
#include "trainlog/detail/wire.hpp"
#include "trainlog/log/column_layout.hpp"
#include "trainlog/log/column_rows.hpp"
#include "trainlog/log/columns_head.hpp"
#include "trainlog/log/flat_fields.hpp"
#include "trainlog/log/number_decode.hpp"
#include "trainlog/log/string_stream.hpp"

namespace trainlog::detail {

/// Reads chosen fields of columns blocks, one block after the other: begin() with its head,
/// decode() each wanted field, then the rows. Any bytes may come; what they claim is bounded by
/// plain_limit and the size of the payload.
class columns_decoder {
 public:
  /// Fields that are not `wanted` are neither decoded nor in the rows.
  columns_decoder(std::vector<schema_field> const& fields, std::vector<bool> const& wanted)
      : file_(fields), rows_(select_fields(fields, wanted)) {
    std::size_t selected = 0;
    for (bool const each : wanted) place_.push_back(each ? selected++ : none);
  }

  /// Of all fields of the file; it is what read_columns_head needs.
  column_layout const& file_layout() const noexcept { return file_; }
  /// Of the wanted fields; its fixed_row_size() is that of the rows.
  column_layout const& row_layout() const noexcept { return rows_.layout(); }

  /// Forgets the block before.
  void begin(columns_head const& head) {
    row_count_ = head.header.row_count;
    left_ = std::max(plain_limit, head.payload_size);
    decoded_ = 0;
    if (row_layout().field_count() == 0) spend(1, row_count_);
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
    auto const steps = row_layout().steps_of(place_[field]);
    source_ = {head.streams.data() + first, bytes, row_layout().streams_of(place_[field]).first};
    return decode_steps(steps.first, steps.second, row_count_);
  }

  /// What was wrong when decode() returned false.
  std::string const& reason() const noexcept { return reason_; }

  /// The numbers of a wanted field that is a number, little-endian, without gaps.
  std::string_view numbers(std::size_t field) const noexcept {
    return rows_.stream(row_layout().streams_of(place_[field]).first).values.bytes;
  }

  std::size_t row_count() const noexcept { return row_count_; }

  /// Appends the rows as in a rows block, with the wanted fields alone. All of them are decoded.
  void append_rows(std::string& out) { rows_.append(out, row_count_, decoded_); }

  /// Writes rows of row_layout().fixed_row_size() bytes, which is not 0, `stride` bytes apart.
  void put_fixed_rows(char* out, std::size_t stride) const noexcept {
    rows_.put_fixed(out, stride, row_count_);
  }

 private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  /// The encoded streams of a field.
  struct field_source {
    stream_entry const* entries = nullptr;  // of its first stream
    std::string_view bytes;
    std::size_t first_stream = 0;  // in row_layout()
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
    std::size_t const width = row_layout().width_of(index);
    std::string_view bytes;
    if (!spend(count, width) || !open(index, bytes)) return false;
    auto& values = rows_.stream(index).values.bytes;
    values.resize(static_cast<std::size_t>(count) * width);
    wire_reader in(bytes);
    return numbers_.read(in, entry_of(index).encoding, width, values) || read_failed(in);
  }

  bool decode_strings(std::size_t index, std::uint64_t count) {
    std::string_view bytes;
    if (count > left_) return fail("more strings than a block may have");
    if (!open(index, bytes)) return false;
    auto& values = rows_.stream(index).values;
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
    for (char const each : rows_.stream(index).values.bytes) {
      all |= static_cast<unsigned char>(each);
      ones += static_cast<unsigned char>(each);
    }
    return all <= 1 || fail("a flag that is neither 0 nor 1");
  }

  /// How many elements there are of lists or maps.
  bool decode_counts(std::size_t index, std::uint64_t count, std::uint64_t& sum) {
    if (!decode_numbers(index, count)) return false;
    auto& counts = rows_.stream(index);
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
    auto& counts = rows_.stream(counts_index);
    auto& keys = rows_.stream(counts_index + 1);
    counts.rewind();
    keys.rewind();
    for (; count != 0; --count) {
      if (!take_ascending(keys, counts.take_number())) return fail("keys that do not ascend");
    }
    return true;
  }

  static bool take_ascending(decoded_stream& keys, std::uint64_t count) noexcept {
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
    auto const& step = row_layout().steps()[at];
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
    for (; first < last; first = row_layout().steps()[first].end) {
      if (!decode_step(first, count)) return false;
    }
    return true;
  }

  column_layout file_;
  column_rows rows_;
  std::vector<std::size_t> place_;  // of each field of the file, which of rows_
  field_source source_;
  number_decoder numbers_;
  std::string reason_;
  std::size_t row_count_ = 0;
  std::size_t left_ = 0;     // bytes of values that may still come
  std::size_t decoded_ = 0;  // bytes of values that came: rows have no more
};

}  // namespace trainlog::detail

#endif
