// SPDX-License-Identifier: MIT
// Streams of numbers read back (docs/format.md, Streams of numbers).
#ifndef TRAINLOG_LOG_NUMBER_DECODE_HPP
#define TRAINLOG_LOG_NUMBER_DECODE_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "trainlog/detail/wire.hpp"
#include "trainlog/log/index_table.hpp"
#include "trainlog/log/number_layout.hpp"
#include "trainlog/log/number_sample.hpp"
#include "trainlog/log/packed_decode.hpp"

namespace trainlog::detail {

/// Decodes streams of numbers, and keeps its memory from one to the next.
class number_decoder {
 public:
  /// Reads numbers of `width` bytes each until `out` is full; nothing may follow them.
  bool read(wire_reader& in, std::uint8_t encoding, std::size_t width, std::span<char> out) {
    bool const dictionary = encoding == encoding_of(0, number_layout::dictionary);
    return (dictionary ? read_dictionary(in, width, out) : read_one(in, encoding, width, out)) &&
           (in.remaining() == 0 || in.fail("the end of the stream", "more bytes"));
  }

  /// Reads an encoding byte and numbers that are not in a dictionary; others may follow them.
  bool read_nested(wire_reader& in, std::size_t width, std::span<char> out) {
    std::uint8_t encoding = 0;
    return in.number(encoding) && read_one(in, encoding, width, out);
  }

  /// Reads indices below `size` of a dictionary of that size.
  bool read_indices(wire_reader& in, std::size_t size, std::string& out) {
    std::size_t const width = index_width(size);
    return read_nested(in, width, out) &&
           (are_below(out, width, size) || in.fail("indices of a dictionary", "greater ones"));
  }

  /// Reads the size of a dictionary.
  static bool read_size(wire_reader& in, std::size_t& size) {
    std::uint64_t count = 0;
    if (!in.varint(count)) return false;
    size = static_cast<std::size_t>(count);
    return (count != 0 && count <= max_dictionary) ||
           in.fail("a dictionary of 1 to 65536 values", std::to_string(count));
  }

 private:
  bool read_one(wire_reader& in, std::uint8_t encoding, std::size_t width, std::span<char> out) {
    if (encoding == encoding_of(0, number_layout::plain)) return read_plain(in, out);
    unsigned const order = encoding >> 4;
    if (encoding != encoding_of(order, number_layout::packed) || order > max_order ||
        out.size() <= order * width) {
      return in.fail("a known encoding", std::to_string(encoding));
    }
    return read_plain(in, out.first(order * width)) && with_width(width, [&](auto zero) {
             using number = decltype(zero);
             if (!packed_reader<number>(in, out.subspan(order * width), scratch_).read())
               return false;
             if (order == 1) add_up<number>(out);
             if (order == 2) add_up_twice<number>(out);
             return true;
           });
  }

  static bool read_plain(wire_reader& in, std::span<char> out) {
    std::string_view plain;
    if (!in.bytes(out.size(), plain)) return false;
    put_bytes(out.data(), plain.data(), plain.size());
    return true;
  }

  template <class T>
  static void add_up(std::span<char> out) noexcept {
    T value{0};
    for (std::size_t at = 0; at < out.size(); at += sizeof(T)) {
      value = static_cast<T>(value + get_le<T>(&out[at]));
      put_le(&out[at], value);
    }
  }

  /// The first two numbers stand as they are.
  template <class T>
  static void add_up_twice(std::span<char> out) noexcept {
    T value = get_le<T>(&out[sizeof(T)]);
    T difference = static_cast<T>(value - get_le<T>(out.data()));
    for (std::size_t at = 2 * sizeof(T); at < out.size(); at += sizeof(T)) {
      difference = static_cast<T>(difference + get_le<T>(&out[at]));
      value = static_cast<T>(value + difference);
      put_le(&out[at], value);
    }
  }

  bool read_dictionary(wire_reader& in, std::size_t width, std::span<char> out) {
    std::size_t size = 0;
    if (!read_size(in, size)) return false;
    std::string values(size * width, '\0');
    std::string indices(out.size() / width * index_width(size), '\0');
    if (!read_nested(in, width, values) || !read_indices(in, size, indices)) return false;
    with_width(width, [&](auto zero) {
      using number = decltype(zero);
      for (std::size_t i = 0; i < out.size() / sizeof(number); ++i) {
        auto const index = index_at(indices, index_width(size), i);
        put_le(&out[i * sizeof(number)], get_le<number>(&values[index * sizeof(number)]));
      }
    });
    return true;
  }

  byte_vector scratch_;
};

}  // namespace trainlog::detail

#endif
