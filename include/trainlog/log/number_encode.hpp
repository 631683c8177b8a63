// SPDX-License-Identifier: MIT
// Streams of numbers, each encoded as suits it (docs/format.md, Streams of numbers).
#ifndef TRAINLOG_LOG_NUMBER_ENCODE_HPP
#define TRAINLOG_LOG_NUMBER_ENCODE_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "trainlog/detail/endian.hpp"
#include "trainlog/detail/wire.hpp"
#include "trainlog/log/index_table.hpp"
#include "trainlog/log/number_layout.hpp"
#include "trainlog/log/number_sample.hpp"
#include "trainlog/log/packed_encode.hpp"

namespace trainlog::detail {

/// Encodes streams of numbers, and keeps its memory from one to the next.
class number_encoder {
 public:
  /// Appends the numbers of `width` bytes each that stand in `plain`; returns the encoding.
  std::uint8_t append(std::string& out, std::string_view plain, std::size_t width) {
    std::size_t const begin = out.size();
    auto encoding = encoding_of(0, number_layout::plain);
    if (!plain.empty()) {
      load(plain, width);
      number_sample sample(numbers_, width);
      encoding = append_packed_of(out, plain, width, sample.best_order());
      auto const bits = 2048 * std::uint64_t{out.size() - begin} / numbers_.size();
      if (bits > 512 && bits / 2 > sample.bits_by_value() &&
          try_dictionary(out, begin, plain, width)) {
        encoding = encoding_of(0, number_layout::dictionary);
      }
    }
    return keep_if_shorter(out, begin, plain, encoding);
  }

  /// As append(), after a byte for the encoding, and never as a dictionary.
  void append_nested(std::string& out, std::string_view plain, std::size_t width) {
    out += '\0';
    std::size_t const begin = out.size();
    load(plain, width);
    auto encoding =
        append_packed_of(out, plain, width, number_sample(numbers_, width).best_order());
    encoding = keep_if_shorter(out, begin, plain, encoding);
    out[begin - 1] = static_cast<char>(encoding);
  }

 private:
  static std::uint8_t keep_if_shorter(std::string& out, std::size_t begin, std::string_view plain,
                                      std::uint8_t encoding) {
    if (out.size() - begin < plain.size()) return encoding;
    out.resize(begin);
    out += plain;
    return encoding_of(0, number_layout::plain);
  }

  void load(std::string_view plain, std::size_t width) {
    numbers_.resize(plain.size() / width);
    with_width(width, [&](auto zero) {
      using number = decltype(zero);
      char const* at = plain.data();
      for (auto& each : numbers_) each = get_le<number>((at += sizeof(number)) - sizeof(number));
    });
  }

  /// What is in numbers_, after this many times taking differences.
  std::uint8_t append_packed_of(std::string& out, std::string_view plain, std::size_t width,
                                unsigned order) {
    out += plain.substr(0, order * width);
    for (std::size_t first = 1; first <= order; ++first) {
      for (std::size_t i = numbers_.size() - 1; i >= first; --i) numbers_[i] -= numbers_[i - 1];
    }
    auto const rest = std::span(numbers_).subspan(order);
    append_packed(out, rest, width, range_in(rest, width, order));
    return encoding_of(order, number_layout::packed);
  }

  /// Numbers may be closer together with their sign, differences always are.
  static number_range range_in(std::span<std::uint64_t> numbers, std::size_t width,
                               unsigned order) {
    auto const whole = order == 0 ? range_of<std::uint64_t>(numbers) : number_range{};
    if (order == 0 && whole.span >> (8 * width - 1) == 0) return whole;
    auto const unused = static_cast<unsigned>(64 - 8 * width);
    for (auto& number : numbers) {
      number = static_cast<std::uint64_t>(static_cast<std::int64_t>(number << unused) >> unused);
    }
    auto const with_sign = range_of<std::int64_t>(numbers);
    return order != 0 || with_sign.span < whole.span ? with_sign : whole;
  }

  /// Puts a dictionary in place of what follows `begin`, if that is shorter.
  bool try_dictionary(std::string& out, std::size_t begin, std::string_view plain,
                      std::size_t width) {
    load(plain, width);
    index_table<std::uint64_t> table(numbers_.size() / 2);
    index_list indices;
    for (auto const number : numbers_) {
      auto const index = table.find(number);
      if (index == table.none) return false;
      indices.add(index);
    }
    std::string dictionary;
    append_varint(dictionary, table.values().size());
    append_nested(dictionary, plain_of(table.values(), width), width);
    std::size_t const narrow = index_width(table.values().size());
    append_nested(dictionary, indices.plain(narrow), narrow);
    if (dictionary.size() >= out.size() - begin) return false;
    out.replace(begin, out.npos, dictionary);
    return true;
  }

  static std::string plain_of(std::vector<std::uint64_t> const& numbers, std::size_t width) {
    std::string bytes;
    for (auto const number : numbers) {
      char each[8];
      put_le(each, number);
      bytes.append(each, width);
    }
    return bytes;
  }

  std::vector<std::uint64_t> numbers_;
};

}  // namespace trainlog::detail

#endif
