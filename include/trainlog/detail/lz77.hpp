// SPDX-License-Identifier: MIT
// LZ77 for DEFLATE: bytes as literals and repetitions of what stood at most 32 KiB before (RFC
// 1951, 4), found by chains of equal hashes, with one byte of look-ahead.
#ifndef TRAINLOG_DETAIL_LZ77_HPP
#define TRAINLOG_DETAIL_LZ77_HPP

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "trainlog/detail/endian.hpp"

namespace trainlog::detail {

inline constexpr std::uint32_t lz77_window = 32768;
inline constexpr std::uint32_t lz77_max_length = 258;

/// How hard repetitions are looked for.
struct lz77_effort {
  std::uint32_t least = 4;     ///< shorter ones are not taken
  std::uint32_t chain = 128;   ///< places looked at
  std::uint32_t good = 8;      ///< having one of this length, a quarter of the places is looked at
  std::uint32_t lazy = 16;     ///< having one of this length, the next byte is not looked at
  std::uint32_t enough = 128;  ///< looks no further when one of this length is found
};

/// Cuts bytes into tokens. The bytes, fewer than 2^32 - 1, must outlive it.
class lz77_matcher {
 public:
  explicit lz77_matcher(std::string_view bytes, lz77_effort effort = {})
      : data_(reinterpret_cast<std::byte const*>(bytes.data())),
        size_(static_cast<std::uint32_t>(bytes.size())),
        effort_(effort),
        hash_bits_(static_cast<unsigned>(std::bit_width(std::clamp(size_, 256U, lz77_window) - 1))),
        heads_(std::size_t{1} << hash_bits_),
        before_(std::min<std::size_t>(std::bit_ceil(std::max(size_, 1U)), lz77_window)) {}

  /// The bytes that the tokens given so far stand for.
  std::uint32_t position() const noexcept { return taken_; }
  bool at_end() const noexcept { return taken_ == size_; }

  /// Calls literal(byte) or repetition(length, distance) until `tokens` tokens were given, or the
  /// bytes are at their end.
  template <class Literal, class Repetition>
  void run(std::size_t tokens, Literal literal, Repetition repetition) {
    while (tokens-- > 0 && taken_ < size_) {
      auto found = next_.length != 0 ? std::exchange(next_, {}) : find(taken_, 0);
      if (found.length == 0) {
        literal(std::to_integer<std::uint8_t>(data_[taken_++]));
        continue;
      }
      if (found.length < effort_.lazy) {
        next_ = find(taken_ + 1, found.length);
        if (next_.length != 0) {
          literal(std::to_integer<std::uint8_t>(data_[taken_++]));
          continue;
        }
      }
      repetition(found.length, found.distance);
      taken_ += found.length;
      insert_up_to(taken_);
    }
  }

 private:
  struct match {
    std::uint32_t length = 0;
    std::uint32_t distance = 0;
  };

  std::uint32_t word(std::uint32_t at) const noexcept { return load_le<std::uint32_t>(data_ + at); }
  std::uint32_t& head(std::uint32_t at) noexcept {
    return heads_[(word(at) * 0x9E3779B1U) >> (32U - hash_bits_)];
  }

  /// Makes the places before `end` known.
  void insert_up_to(std::uint32_t end) noexcept {
    if (size_ < 4) return;
    auto const mask = static_cast<std::uint32_t>(before_.size() - 1);
    for (end = std::min(end, size_ - 3); known_ < end; ++known_) {
      auto& first = head(known_);
      before_[known_ & mask] = first;
      first = known_ + 1;
    }
  }

  std::uint32_t length_at(std::uint32_t there, std::uint32_t here,
                          std::uint32_t limit) const noexcept {
    std::uint32_t length = 0;
    for (; length + 8 <= limit; length += 8) {
      auto const differ = load_le<std::uint64_t>(data_ + there + length) ^
                          load_le<std::uint64_t>(data_ + here + length);
      if (differ != 0) return length + static_cast<std::uint32_t>(std::countr_zero(differ) / 8);
    }
    while (length < limit && data_[there + length] == data_[here + length]) ++length;
    return length;
  }

  /// The longest repetition at a place that is longer than `longest`; none if there is none. The
  /// place becomes known.
  match find(std::uint32_t at, std::uint32_t longest) noexcept {
    insert_up_to(at);
    match best{};
    std::uint32_t const limit = std::min(lz77_max_length, size_ - at);
    std::uint32_t wanted = std::max(longest, effort_.least - 1);
    if (limit <= wanted || limit < 4) return best;
    auto const mask = static_cast<std::uint32_t>(before_.size() - 1);
    std::uint32_t const first_word = word(at);
    std::uint32_t left = longest >= effort_.good ? effort_.chain / 4 : effort_.chain;
    for (auto there = head(at); there != 0 && at - (there - 1) <= lz77_window && left-- > 0;) {
      std::uint32_t const place = there - 1;
      there = before_[place & mask];
      if (word(place) != first_word || word(place + wanted - 3) != word(at + wanted - 3)) continue;
      auto const length = length_at(place, at, limit);
      if (length <= wanted) continue;
      wanted = length;
      best = {length, at - place};
      if (length == limit || length >= effort_.enough) break;
    }
    insert_up_to(at + 1);
    return best;
  }

  std::byte const* data_;
  std::uint32_t size_;
  lz77_effort effort_;
  unsigned hash_bits_;
  std::vector<std::uint32_t> heads_;   ///< of each hash the last place, plus 1
  std::vector<std::uint32_t> before_;  ///< of each place the one before it with that hash, plus 1
  std::uint32_t taken_ = 0;
  std::uint32_t known_ = 0;  ///< the places before it are known
  match next_{};             ///< what was found at taken_, if a literal was taken for its sake
};

}  // namespace trainlog::detail

#endif
