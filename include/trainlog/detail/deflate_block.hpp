// SPDX-License-Identifier: MIT
// Blocks of DEFLATE: literals and repetitions in the shortest of the three ways in which a block
// can be written (RFC 1951, 3.2.3 to 3.2.7).
#ifndef TRAINLOG_DETAIL_DEFLATE_BLOCK_HPP
#define TRAINLOG_DETAIL_DEFLATE_BLOCK_HPP

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "trainlog/detail/endian.hpp"
#include "trainlog/detail/huffman.hpp"

namespace trainlog::detail {

/// Appends bits, the lowest first.
class bit_writer {
 public:
  explicit bit_writer(std::string& out) : out_(out), at_(out.size()) {}

  /// Makes room for so many bits that put() writes.
  void reserve(std::uint64_t bits) { out_.resize(at_ + static_cast<std::size_t>(bits / 8) + 16); }

  /// At most 56 bits; those of `bits` above are 0.
  void put(std::uint64_t bits, unsigned count) noexcept {
    held_ |= bits << held_count_;
    held_count_ += count;
    store_le(reinterpret_cast<std::byte*>(out_.data()) + at_, held_);
    at_ += held_count_ / 8;
    held_ >>= held_count_ & 56U;
    held_count_ &= 7U;
  }

  /// Fills the last byte up with zeros.
  void align() noexcept { put(0, (8 - held_count_) % 8); }
  /// Aligned: appends bytes, for which room was made.
  void put_bytes(std::string_view bytes) noexcept {
    std::copy(bytes.begin(), bytes.end(), out_.begin() + static_cast<std::ptrdiff_t>(at_));
    at_ += bytes.size();
  }

  /// Ends the bits: cuts off the room that was not needed.
  void finish() {
    align();
    out_.resize(at_);
  }

 private:
  std::string& out_;
  std::size_t at_;
  std::uint64_t held_ = 0;
  unsigned held_count_ = 0;
};

/// A symbol of DEFLATE's alphabets, and the bits that follow its code.
struct deflate_symbol {
  std::uint16_t symbol = 0;
  std::uint8_t extra_count = 0;
  std::uint16_t extra = 0;
};

/// For lengths of 3 to 258.
constexpr deflate_symbol length_symbol(std::uint32_t length) noexcept {
  std::uint32_t const value = length - 3;
  if (value < 8) return {static_cast<std::uint16_t>(257 + value), 0, 0};
  if (value == 255) return {285, 0, 0};
  auto const extra = static_cast<std::uint32_t>(std::bit_width(value)) - 3;
  return {static_cast<std::uint16_t>(257 + 4 * extra + (value >> extra)),
          static_cast<std::uint8_t>(extra),
          static_cast<std::uint16_t>(value & ((1U << extra) - 1))};
}

/// For distances of 1 to 32768.
constexpr deflate_symbol distance_symbol(std::uint32_t distance) noexcept {
  std::uint32_t const value = distance - 1;
  if (value < 4) return {static_cast<std::uint16_t>(value), 0, 0};
  auto const extra = static_cast<std::uint32_t>(std::bit_width(value)) - 2;
  return {static_cast<std::uint16_t>(2 * extra + (value >> extra)),
          static_cast<std::uint8_t>(extra),
          static_cast<std::uint16_t>(value & ((1U << extra) - 1))};
}

constexpr std::array<deflate_symbol, 259> make_length_symbols() {
  std::array<deflate_symbol, 259> symbols{};
  for (std::uint32_t length = 3; length < 259; ++length) symbols[length] = length_symbol(length);
  return symbols;
}
inline constexpr std::array<deflate_symbol, 259> length_symbols = make_length_symbols();

inline constexpr std::size_t end_of_block = 256;
using deflate_literal_code = huffman_code<288>;  ///< of literals, lengths and the end
using deflate_distance_code = huffman_code<30>;

inline deflate_literal_code make_fixed_literals() noexcept {
  deflate_literal_code code;
  for (std::size_t i = 0; i < 288; ++i)
    code.lengths[i] = static_cast<std::uint8_t>(i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8);
  code.assign_codes();
  return code;
}
inline deflate_distance_code make_fixed_distances() noexcept {
  deflate_distance_code code;
  code.lengths.fill(5);
  code.assign_codes();
  return code;
}

/// The head of a block with codes of its own: their lengths, run-length encoded.
class dynamic_codes {
 public:
  dynamic_codes(std::array<std::uint32_t, 288> const& literals,
                std::array<std::uint32_t, 30> const& distances)
      : literals_(make_huffman_code(literals, max_huffman_length)),
        distances_(make_huffman_code(distances, max_huffman_length)) {
    literal_count_ = used(literals_.lengths, 257);
    distance_count_ = used(distances_.lengths, 1);
    std::array<std::uint8_t, 288 + 30> lengths{};
    std::copy_n(literals_.lengths.begin(), literal_count_, lengths.begin());
    std::copy_n(distances_.lengths.begin(), distance_count_, lengths.begin() + literal_count_);
    add_runs({lengths.data(), literal_count_ + distance_count_});
    std::array<std::uint32_t, 19> counts{};
    for (auto const& run : runs_) ++counts[run.symbol];
    lengths_ = make_huffman_code(counts, 7);
    while (length_count_ > 4 && lengths_.lengths[order[length_count_ - 1]] == 0) --length_count_;
  }

  deflate_literal_code const& literals() const noexcept { return literals_; }
  deflate_distance_code const& distances() const noexcept { return distances_; }

  /// Of the head.
  std::uint64_t bits() const noexcept {
    std::uint64_t bits = 14 + 3 * length_count_;
    for (auto const& run : runs_)
      bits += std::uint64_t{lengths_.lengths[run.symbol]} + run.extra_count;
    return bits;
  }

  void write(bit_writer& out) const noexcept {
    out.put(literal_count_ - 257, 5);
    out.put(distance_count_ - 1, 5);
    out.put(length_count_ - 4, 4);
    for (std::size_t i = 0; i < length_count_; ++i) out.put(lengths_.lengths[order[i]], 3);
    for (auto const& run : runs_) {
      out.put(lengths_.codes[run.symbol], lengths_.lengths[run.symbol]);
      out.put(run.extra, run.extra_count);
    }
  }

 private:
  static constexpr std::array<std::uint8_t, 19> order = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                                         11, 4,  12, 3, 13, 2, 14, 1, 15};

  template <std::size_t Size>
  static std::size_t used(std::array<std::uint8_t, Size> const& lengths, std::size_t least) {
    std::size_t count = Size < 288 ? Size : 286;
    while (count > least && lengths[count - 1] == 0) --count;
    return count;
  }

  void add_runs(std::span<std::uint8_t const> lengths) {
    for (std::size_t i = 0, run = 0; i < lengths.size(); i += run) {
      std::uint8_t const length = lengths[i];
      for (run = 1; i + run < lengths.size() && lengths[i + run] == length;) ++run;
      std::size_t left = run;
      if (length != 0) runs_.push_back({length, 0, 0}), --left;
      while (left >= 3) left -= add_run(length, left);
      for (; left > 0; --left) runs_.push_back({length, 0, 0});
    }
  }

  /// Symbols 16 (the length before, 3 to 6 times), 17 and 18 (zeros, 3 to 10 and 11 to 138 times).
  std::size_t add_run(std::uint8_t length, std::size_t left) {
    std::size_t const taken = std::min<std::size_t>(left, length != 0 ? 6 : 138);
    bool const is_long = length == 0 && taken > 10;
    runs_.push_back({static_cast<std::uint16_t>(length != 0 ? 16
                                                : is_long   ? 18
                                                            : 17),
                     static_cast<std::uint8_t>(length != 0 ? 2
                                               : is_long   ? 7
                                                           : 3),
                     static_cast<std::uint16_t>(taken - (is_long ? 11 : 3))});
    return taken;
  }

  deflate_literal_code literals_;
  deflate_distance_code distances_;
  huffman_code<19> lengths_{};
  std::vector<deflate_symbol> runs_;
  std::size_t literal_count_ = 0;
  std::size_t distance_count_ = 0;
  std::size_t length_count_ = 19;
};

/// The tokens of one block, and what the block stands for.
class deflate_block {
 public:
  void add_literal(std::uint8_t byte) {
    tokens_.push_back(byte);
    ++literals_[byte];
  }
  void add_repetition(std::uint32_t length, std::uint32_t distance) {
    tokens_.push_back(distance << 16U | length);
    ++literals_[length_symbols[length].symbol];
    ++distances_[distance_symbol(distance).symbol];
  }

  /// Writes the block, which stands for `bytes`, and empties it.
  void write(bit_writer& out, std::string_view bytes, bool is_last) {
    ++literals_[end_of_block];
    dynamic_codes const own(literals_, distances_);
    auto const own_bits = own.bits() + bits_by(own.literals(), own.distances());
    static auto const fixed_literals = make_fixed_literals();
    static auto const fixed_distances = make_fixed_distances();
    auto const fixed_bits = bits_by(fixed_literals, fixed_distances);
    auto const stored_bits = 8 * (bytes.size() + 5 * (bytes.size() / max_stored + 1));
    out.reserve(std::max(std::min({own_bits, fixed_bits, std::uint64_t{stored_bits}}) + 64,
                         std::uint64_t{128}));
    if (stored_bits <= std::min(own_bits, fixed_bits)) {
      write_stored(out, bytes, is_last);
    } else if (fixed_bits <= own_bits) {
      out.put((is_last ? 1U : 0U) | 1U << 1U, 3);
      write_tokens(out, fixed_literals, fixed_distances);
    } else {
      out.put((is_last ? 1U : 0U) | 2U << 1U, 3);
      own.write(out);
      write_tokens(out, own.literals(), own.distances());
    }
    tokens_.clear();
    literals_.fill(0), distances_.fill(0);
  }

 private:
  static constexpr std::size_t max_stored = 65535;

  std::uint64_t bits_by(deflate_literal_code const& literals,
                        deflate_distance_code const& distances) const noexcept {
    std::uint64_t bits = 3;
    for (std::size_t i = 0; i < literals_.size(); ++i) {
      unsigned const extra = i < 265 || i >= 285 ? 0 : static_cast<unsigned>(i - 261) / 4;
      bits += std::uint64_t{literals_[i]} * (literals.lengths[i] + extra);
    }
    for (std::size_t i = 0; i < distances_.size(); ++i) {
      unsigned const extra = i < 4 ? 0 : static_cast<unsigned>(i - 2) / 2;
      bits += std::uint64_t{distances_[i]} * (distances.lengths[i] + extra);
    }
    return bits;
  }

  static void write_stored(bit_writer& out, std::string_view bytes, bool is_last) noexcept {
    do {
      auto const part = bytes.substr(0, max_stored);
      bytes.remove_prefix(part.size());
      out.put(is_last && bytes.empty() ? 1 : 0, 3);
      out.align();
      out.put(part.size() | (~part.size() & 0xFFFFU) << 16U, 32);
      out.put_bytes(part);
    } while (!bytes.empty());
  }

  void write_tokens(bit_writer& out, deflate_literal_code const& literals,
                    deflate_distance_code const& distances) const noexcept {
    for (std::uint32_t const token : tokens_) {
      std::uint32_t const low = token & 0xFFFFU;
      if (token < 65536) {
        out.put(literals.codes[low], literals.lengths[low]);
        continue;
      }
      auto const length = length_symbols[low];
      auto const distance = distance_symbol(token >> 16U);
      unsigned count = literals.lengths[length.symbol];
      std::uint64_t bits = literals.codes[length.symbol];
      bits |= std::uint64_t{length.extra} << count;
      count += length.extra_count;
      bits |= std::uint64_t{distances.codes[distance.symbol]} << count;
      count += distances.lengths[distance.symbol];
      bits |= std::uint64_t{distance.extra} << count;
      out.put(bits, count + distance.extra_count);
    }
    out.put(literals.codes[end_of_block], literals.lengths[end_of_block]);
  }

  std::vector<std::uint32_t> tokens_;  ///< a literal, or distance << 16 | length
  std::array<std::uint32_t, 288> literals_{};
  std::array<std::uint32_t, 30> distances_{};
};

}  // namespace trainlog::detail

#endif
