// SPDX-License-Identifier: MIT
// Streams of strings (docs/format.md, Streams of strings).
#ifndef TRAINLOG_LOG_STRING_STREAM_HPP
#define TRAINLOG_LOG_STRING_STREAM_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "trainlog/detail/wire.hpp"
#include "trainlog/log/index_table.hpp"
#include "trainlog/log/number_decode.hpp"
#include "trainlog/log/number_encode.hpp"
#include "trainlog/log/planes.hpp"

namespace trainlog::detail {

enum class string_layout : std::uint8_t { plain, coded, dictionary };

/// Strings, the bytes of one after those of the other.
struct string_column {
  std::string bytes;
  std::vector<std::uint64_t> sizes;

  void add(std::string_view text) {
    bytes += text;
    sizes.push_back(text.size());
  }
  void clear() noexcept {
    bytes.clear();
    sizes.clear();
  }

  template <class Visit>
  void visit(Visit visit) const {
    std::size_t at = 0;
    for (auto const size : sizes) {
      visit(std::string_view(bytes).substr(at, static_cast<std::size_t>(size)));
      at += static_cast<std::size_t>(size);
    }
  }
};

/// What the strings have in bytes as they stand in rows.
inline std::size_t plain_size(string_column const& strings) noexcept {
  std::size_t sum = strings.bytes.size();
  for (auto const size : strings.sizes) sum += varint_size(size);
  return sum;
}

// ---- encoding

inline void append_plain_strings(std::string& out, string_column const& strings) {
  strings.visit([&](std::string_view text) { append_wire_string(out, text); });
}

inline void append_coded_strings(std::string& out, string_column const& strings,
                                 number_encoder& numbers) {
  std::string sizes;
  for (auto const size : strings.sizes) append_le(sizes, size);
  numbers.append_nested(out, sizes, 8);
  std::span const bytes(reinterpret_cast<std::uint8_t const*>(strings.bytes.data()),
                        strings.bytes.size());
  append_plane(out, bytes, count_bytes(bytes));
}

/// The strings plain or coded, whichever is shorter.
inline string_layout append_shorter(std::string& out, string_column const& strings,
                                    number_encoder& numbers) {
  std::size_t const begin = out.size();
  if (!strings.bytes.empty()) append_coded_strings(out, strings, numbers);
  if (!strings.bytes.empty() && out.size() - begin < plain_size(strings)) {
    return string_layout::coded;
  }
  out.resize(begin);
  append_plain_strings(out, strings);
  return string_layout::plain;
}

/// Appends a dictionary if each string comes twice or so.
inline bool append_string_dictionary(std::string& out, string_column const& strings,
                                     number_encoder& numbers) {
  index_table<std::string_view> table(strings.sizes.size() / 2);
  index_list indices;
  bool few = !strings.sizes.empty();
  strings.visit([&](std::string_view text) {
    if (!few) return;
    auto const index = table.find(text);
    few = index != table.none;
    if (few) indices.add(index);
  });
  if (!few) return false;
  string_column values;
  for (auto const text : table.values()) values.add(text);
  append_varint(out, table.values().size());
  std::size_t const begin = out.size();
  out += '\0';
  out[begin] = static_cast<char>(append_shorter(out, values, numbers));
  std::size_t const width = index_width(table.values().size());
  numbers.append_nested(out, indices.plain(width), width);
  return true;
}

/// Appends the encoded strings; returns the encoding.
inline std::uint8_t append_strings(std::string& out, string_column const& strings,
                                   number_encoder& numbers) {
  std::size_t const begin = out.size();
  auto layout = string_layout::dictionary;
  if (!append_string_dictionary(out, strings, numbers) ||
      out.size() - begin >= plain_size(strings)) {
    out.resize(begin);
    layout = append_shorter(out, strings, numbers);
  }
  return static_cast<std::uint8_t>(layout);
}

// ---- decoding

/// Reads streams of strings.
class string_reader {
 public:
  /// The strings may have `limit` bytes as they stand in rows.
  string_reader(wire_reader& in, number_decoder& numbers, std::size_t limit)
      : in_(in), numbers_(numbers), limit_(limit) {}

  /// Appends `count` strings to those of `out`; nothing may follow them.
  bool read(std::uint8_t encoding, std::size_t count, string_column& out) {
    if (count > limit_) return in_.fail("fewer strings", std::to_string(count));
    bool const dictionary = encoding == static_cast<std::uint8_t>(string_layout::dictionary);
    return (dictionary ? read_dictionary(count, out) : read_one(encoding, count, out)) &&
           (in_.remaining() == 0 || in_.fail("the end of the stream", "more bytes"));
  }

 private:
  bool too_long() { return in_.fail("fewer bytes of strings", "more"); }

  bool read_one(std::uint8_t encoding, std::size_t count, string_column& out) {
    if (encoding == static_cast<std::uint8_t>(string_layout::plain)) return read_plain(count, out);
    if (encoding == static_cast<std::uint8_t>(string_layout::coded)) return read_coded(count, out);
    return in_.fail("a known encoding", std::to_string(encoding));
  }

  bool read_plain(std::size_t count, string_column& out) {
    std::size_t const before = in_.remaining();
    for (; count != 0; --count) {
      std::string_view text;
      if (!in_.string(text)) return false;
      if (before - in_.remaining() > limit_) return too_long();
      out.add(text);
    }
    return true;
  }

  bool read_coded(std::size_t count, string_column& out) {
    std::string sizes(count * 8, '\0');
    if (!numbers_.read_nested(in_, 8, sizes)) return false;
    std::size_t sum = 0;
    std::size_t const before = out.bytes.size();
    for (std::size_t i = 0; i < count; ++i) {
      auto const size = get_le<std::uint64_t>(&sizes[8 * i]);
      if (size > limit_ - sum) return too_long();
      sum += static_cast<std::size_t>(size);
      out.sizes.push_back(size);
    }
    out.bytes.resize(before + sum);
    return read_plane(in_, {reinterpret_cast<std::uint8_t*>(&out.bytes[before]), sum});
  }

  bool read_dictionary(std::size_t count, string_column& out) {
    std::size_t size = 0;
    std::uint8_t encoding = 0;
    string_column values;
    if (!numbers_.read_size(in_, size) || !in_.number(encoding) ||
        !read_one(encoding, size, values)) {
      return false;
    }
    std::string indices(count * index_width(size), '\0');
    return numbers_.read_indices(in_, size, indices) && look_up(values, indices, out);
  }

  bool look_up(string_column const& values, std::string_view indices, string_column& out) {
    std::vector<std::string_view> texts;
    values.visit([&](std::string_view text) { texts.push_back(text); });
    std::size_t const width = index_width(texts.size());
    std::size_t const before = out.bytes.size();
    for (std::size_t i = 0; i < indices.size() / width; ++i) {
      out.add(texts[index_at(indices, width, i)]);
      if (out.bytes.size() - before > limit_) return too_long();
    }
    return true;
  }

  wire_reader& in_;
  number_decoder& numbers_;
  std::size_t limit_;
};

}  // namespace trainlog::detail

#endif
