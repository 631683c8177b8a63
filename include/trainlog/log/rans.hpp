// SPDX-License-Identifier: MIT
// Bytes coded by an asymmetric numeral system with ranges (docs/format.md, Coded planes).
// J. Duda, "Asymmetric numeral systems", arXiv:1311.2540; the division by multiplication is that of
// R. Alverson, "Integer division using reciprocals", 1991.
#ifndef TRAINLOG_LOG_RANS_HPP
#define TRAINLOG_LOG_RANS_HPP

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "trainlog/detail/wire.hpp"
#include "trainlog/log/frequencies.hpp"
#include "trainlog/log/rans_avx2.hpp"

namespace trainlog::detail {

// ---- encoding

/// States are from here up to 65536 times as much.
inline constexpr std::uint32_t rans_low = 1U << 15;
inline constexpr std::uint32_t rans_end = 1U << 31;  ///< states are less

/// How a byte moves a state.
struct rans_symbol {
  std::uint32_t limit = 0;  // larger states give up a word first
  std::uint32_t reciprocal =
      0;  // of the frequency; exact, as no state that is divided exceeds limit
  std::uint32_t offset = 0;
  std::uint16_t rest = 0;  // frequency_sum - frequency
  std::uint8_t shift = 0;
};

inline rans_symbol make_rans_symbol(std::uint32_t frequency, std::uint32_t start) noexcept {
  rans_symbol result;
  result.limit = (frequency << (31 - frequency_bits)) - 1;
  result.rest = static_cast<std::uint16_t>(frequency_sum - frequency);
  if (frequency == 1) {  // x / 1 as (x * (2^32 - 1)) >> 32, which is x - 1
    result.reciprocal = ~0U;
    result.offset = start + frequency_sum - 1;
    return result;
  }
  auto const shift = static_cast<unsigned>(std::bit_width(frequency - 1));
  result.reciprocal =
      static_cast<std::uint32_t>(((std::uint64_t{1} << (shift + 31)) + frequency - 1) / frequency);
  result.offset = start;
  result.shift = static_cast<std::uint8_t>(shift - 1);
  return result;
}

/// Appends the code of the bytes, whose values all have a frequency.
template <std::size_t States>
void append_rans(std::string& out, std::span<std::uint8_t const> bytes,
                 byte_counts const& frequencies) {
  std::array<rans_symbol, 256> symbols{};
  std::uint32_t start = 0;
  for (std::size_t v = 0; v < 256; ++v) {
    if (frequencies[v] != 0) symbols[v] = make_rans_symbol(frequencies[v], start);
    start += frequencies[v];
  }
  std::size_t const begin = out.size();
  std::size_t const room = 2 * bytes.size() + 4 * States;
  out.resize(begin + room);
  char* const end = out.data() + begin + room;
  char* at = end;  // the code is written from its end
  std::array<std::uint32_t, States> states;
  states.fill(rans_low);
  auto const put = [&](std::uint8_t byte, std::uint32_t& x) {
    auto const& symbol = symbols[byte];
    // No branches here and below: nobody can tell where they go.
    unsigned const full = x > symbol.limit ? 1 : 0;
    put_le(at - 2, static_cast<std::uint16_t>(x));
    at -= std::size_t{2} * full;
    x >>= 16 * full;
    auto const quotient = ((std::uint64_t{x} * symbol.reciprocal) >> 32) >> symbol.shift;
    x += symbol.offset + static_cast<std::uint32_t>(quotient) * symbol.rest;
  };
  std::size_t left = bytes.size();
  for (; left % States != 0; --left) put(bytes[left - 1], states[(left - 1) % States]);
  for (; left != 0; left -= States) {
    for (std::size_t i = States; i-- != 0;) put(bytes[left - States + i], states[i]);
  }
  for (std::size_t i = States; i-- != 0;) put_le(at -= 4, states[i]);
  out.erase(begin, static_cast<std::size_t>(at - out.data()) - begin);
}

// ---- decoding

/// For each slot, frequency << 20 | (slot - start) << 8 | value; behind them some that are not
/// used.
inline constexpr std::size_t rans_slots_at_once = 8;
using rans_table = std::array<std::uint32_t, frequency_sum + rans_slots_at_once>;

/// Written in pieces, of which the next value takes back what is too much: most values have a few
/// slots, and nobody can tell how many.
inline void fill_rans_table(rans_table& table, byte_counts const& frequencies) noexcept {
  std::uint32_t* slot = table.data();
  for (std::uint32_t v = 0; v < 256; ++v) {
    std::uint32_t entry = frequencies[v] << 20 | v;
    std::uint32_t* const end = slot + frequencies[v];
    for (; slot < end; slot += rans_slots_at_once) {
      for (std::uint32_t i = 0; i < rans_slots_at_once; ++i) slot[i] = entry + 256 * i;
      entry += 256 * rans_slots_at_once;
    }
    slot = end;
  }
}

template <std::size_t States>
bool read_rans_states(wire_reader& in, std::array<std::uint32_t, States>& states) {
  for (auto& x : states) {
    if (!in.number(x)) return false;
    if (x - rans_low >= rans_end - rans_low) return in.fail("a state", "another number", sizeof x);
  }
  return true;
}

/// Decodes bytes from `code` until `out` is full or the code is at its end; the state that is
/// next is the first. Returns how many.
template <std::size_t States>
std::size_t decode_rans(std::span<std::uint8_t> out, std::string_view& code,
                        rans_table const& table,
                        std::array<std::uint32_t, States>& states) noexcept {
  char const* at = code.data();
  char const* const end = at + code.size();
  std::size_t done = 0;
  auto const take = [&](std::uint32_t& x) {
    std::uint32_t const entry = table[x % frequency_sum];
    x = (entry >> 20) * (x >> frequency_bits) + ((entry >> 8) & (frequency_sum - 1));
    out[done++] = static_cast<std::uint8_t>(entry);
    return x < rans_low ? 1U : 0U;
  };
  auto const refill = [&](std::uint32_t& x, unsigned low) {
    std::uint32_t const word = get_le<std::uint16_t>(at);
    x = x << (16 * low) | (word & (0 - low));
    at += std::size_t{2} * low;
  };
  while (out.size() - done >= States && static_cast<std::size_t>(end - at) >= 2 * States) {
    for (auto& x : states) refill(x, take(x));
  }
  for (std::size_t i = 0; done < out.size(); ++i) {
    unsigned const low = take(states[i % States]);
    if (low != 0 && end - at < 2) break;
    if (low != 0) refill(states[i % States], low);
  }
  code.remove_prefix(static_cast<std::size_t>(at - code.data()));
  return done;
}

/// Reads bytes until `out` is full; nothing may follow their code in `in`.
template <std::size_t States>
bool read_rans(wire_reader& in, rans_table const& table, std::span<std::uint8_t> out) {
  std::array<std::uint32_t, States> states{};
  std::string_view code;
  if (!read_rans_states(in, states) || !in.bytes(in.remaining(), code)) return false;
  std::size_t done = 0;
  if constexpr (States == 32) done = decode_rans_avx2(out, code, table.data(), states.data());
  done += decode_rans<States>(out.subspan(done), code, table, states);
  bool good = done == out.size() && code.empty();
  for (auto const x : states) good = good && x == rans_low;
  return good || in.fail("a code that ends with its bytes", "another end");
}

}  // namespace trainlog::detail

#endif
