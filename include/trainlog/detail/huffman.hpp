// SPDX-License-Identifier: MIT
// Canonical Huffman codes of limited length, as DEFLATE wants them (RFC 1951, 3.2.2).
#ifndef TRAINLOG_DETAIL_HUFFMAN_HPP
#define TRAINLOG_DETAIL_HUFFMAN_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace trainlog::detail {

inline constexpr unsigned max_huffman_length = 15;

/// How many symbols have a code of a length.
using huffman_counts = std::array<std::uint32_t, max_huffman_length + 1>;

/// Replaces the weights of leaves, ascending, by their depths in a Huffman tree, descending: in
/// place (Moffat and Katajainen, "In-Place Calculation of Minimum-Redundancy Codes", 1995). There
/// are at least 2.
inline void weights_to_depths(std::span<std::uint32_t> tree) noexcept {
  std::size_t const n = tree.size();
  std::size_t leaf = 0;
  std::size_t root = 0;
  // Of each inner node the weight, then the index of its parent.
  for (std::size_t next = 0; next + 1 < n; ++next) {
    auto const lighter = [&]() -> std::uint32_t {
      if (leaf >= n || (root < next && tree[root] < tree[leaf])) {
        auto const weight = tree[root];
        tree[root++] = static_cast<std::uint32_t>(next);
        return weight;
      }
      return tree[leaf++];
    };
    auto const first = lighter();
    auto const second = lighter();
    tree[next] = first + second;
  }
  // Depths of the inner nodes.
  tree[n - 2] = 0;
  for (std::size_t next = n - 2; next-- > 0;) tree[next] = tree[tree[next]] + 1;
  // Of each depth, what is no inner node is a leaf.
  std::size_t inner = n - 1;
  std::size_t left = n;
  std::uint32_t depth = 0;
  for (std::size_t available = 1; available > 0; ++depth) {
    std::size_t used = 0;
    for (; inner > 0 && tree[inner - 1] == depth; --inner) ++used;
    for (; available > used; --available) tree[--left] = depth;
    available = 2 * used;
  }
}

/// How many codes there are of each length, none above `limit`: codes that are too long are cut,
/// and others made longer, until there is room for all.
inline huffman_counts limited_counts(std::span<std::uint32_t const> depths,
                                     unsigned limit) noexcept {
  huffman_counts counts{};
  for (auto const depth : depths) ++counts[std::min(depth, limit)];
  std::uint32_t used = 0;  // in units of the longest code
  for (unsigned length = 1; length <= limit; ++length) used += counts[length] << (limit - length);
  for (; used > 1U << limit; --used) {
    unsigned length = limit - 1;
    while (counts[length] == 0) --length;
    --counts[length], --counts[limit];
    counts[length + 1] += 2;
  }
  return counts;
}

/// The code of each of Size symbols, in the order in which its bits are written. Symbols that do
/// not occur have length 0.
template <std::size_t Size>
struct huffman_code {
  std::array<std::uint8_t, Size> lengths{};
  std::array<std::uint16_t, Size> codes{};

  /// Gives the symbols codes by their lengths.
  void assign_codes() noexcept {
    std::array<std::uint32_t, max_huffman_length + 2> next{};
    for (auto const length : lengths) next[length + 1U] += length != 0 ? 1U : 0U;
    for (unsigned length = 1; length <= max_huffman_length; ++length)
      next[length + 1] = (next[length] + next[length + 1]) << 1U;
    for (std::size_t symbol = 0; symbol < Size; ++symbol) {
      std::uint32_t code = next[lengths[symbol]];
      if (lengths[symbol] != 0) ++next[lengths[symbol]];
      std::uint32_t reversed = 0;
      for (unsigned bit = 0; bit < lengths[symbol]; ++bit, code >>= 1U)
        reversed = reversed << 1U | (code & 1U);
      codes[symbol] = static_cast<std::uint16_t>(reversed);
    }
  }
};

/// The best code for symbols that occur so many times, without codes above `limit` bits. At least
/// two symbols get one, without which some decoders refuse a code.
template <std::size_t Size>
huffman_code<Size> make_huffman_code(std::array<std::uint32_t, Size> counts,
                                     unsigned limit) noexcept {
  std::size_t used = 0;
  for (auto const count : counts) used += count != 0 ? 1 : 0;
  for (std::size_t symbol = 0; used < 2; ++symbol) {
    if (counts[symbol] == 0) counts[symbol] = 1, ++used;
  }
  std::array<std::uint64_t, Size> sorted;  // weight and symbol
  std::size_t n = 0;
  for (std::size_t symbol = 0; symbol < Size; ++symbol) {
    if (counts[symbol] != 0) sorted[n++] = std::uint64_t{counts[symbol]} << 32U | symbol;
  }
  std::sort(sorted.begin(), sorted.begin() + n);
  std::array<std::uint32_t, Size> tree;
  for (std::size_t i = 0; i < n; ++i) tree[i] = static_cast<std::uint32_t>(sorted[i] >> 32U);
  weights_to_depths({tree.data(), n});
  auto by_length = limited_counts({tree.data(), n}, limit);

  huffman_code<Size> code;
  unsigned length = limit;
  for (std::size_t i = 0; i < n; ++i) {
    while (by_length[length] == 0) --length;
    --by_length[length];
    code.lengths[static_cast<std::uint32_t>(sorted[i])] = static_cast<std::uint8_t>(length);
  }
  code.assign_codes();
  return code;
}

}  // namespace trainlog::detail

#endif
