// SPDX-License-Identifier: MIT
// Planes: many bytes of one kind, stored in the shortest form (docs/format.md, Planes).
#ifndef TRAINLOG_LOG_PLANES_HPP
#define TRAINLOG_LOG_PLANES_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "trainlog/detail/wire.hpp"
#include "trainlog/log/frequencies.hpp"
#include "trainlog/log/rans.hpp"

namespace trainlog::detail {

using byte_vector = std::vector<std::uint8_t>;

enum class plane_form : std::uint8_t { raw, constant, coded, coded_wide, sparse };

/// What a coded plane has in bytes, about, apart from the code of its bytes.
inline std::size_t coded_overhead(std::span<std::uint32_t const> counts) noexcept {
  std::size_t const present =
      counts.size() - static_cast<std::size_t>(std::count(counts.begin(), counts.end(), 0));
  return 20 + present + present / 8;
}

/// A plane of 32 states costs 112 bytes more than one of 4, and is decoded several times as fast.
inline bool is_worth_32_states(std::size_t bytes) noexcept { return bytes >= 4096; }

/// What a sparse plane has in bytes, about, if `others` of its `size` bytes are not the usual one.
inline std::size_t sparse_size(std::size_t size, std::size_t others) noexcept {
  std::size_t const gap = size / (others + 1);
  return 4 + others * (1 + varint_size(gap));
}

/// Appends what follows the form of a sparse plane.
inline void append_sparse(std::string& out, std::span<std::uint8_t const> bytes,
                          std::uint8_t usual) {
  out += static_cast<char>(usual);
  append_varint(
      out, bytes.size() - static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), usual)));
  auto from = bytes.begin();
  for (auto at = from; at != bytes.end(); ++at) {
    if (*at == usual) continue;
    append_varint(out, static_cast<std::uint64_t>(at - from));
    out += static_cast<char>(*at);
    from = at + 1;
  }
}

/// Appends a plane whose bytes have been counted.
inline void append_plane(std::string& out, std::span<std::uint8_t const> bytes,
                         byte_counts const& counts) {
  auto const* const most = std::max_element(counts.data(), counts.data() + counts.size());
  bool const wide = is_worth_32_states(bytes.size());
  std::uint64_t const coded = entropy_of(counts) / 2048 + coded_overhead(counts) + (wide ? 112 : 0);
  std::size_t const sparse = sparse_size(bytes.size(), bytes.size() - *most);
  if (*most == bytes.size()) {
    out += static_cast<char>(plane_form::constant);
    out += static_cast<char>(bytes.front());
  } else if (sparse <= std::min<std::uint64_t>(coded, bytes.size())) {
    out += static_cast<char>(plane_form::sparse);
    append_sparse(out, bytes, static_cast<std::uint8_t>(most - counts.data()));
  } else if (coded >= bytes.size()) {
    out += static_cast<char>(plane_form::raw);
    out.append(reinterpret_cast<char const*>(bytes.data()), bytes.size());
  } else {
    out += static_cast<char>(wide ? plane_form::coded_wide : plane_form::coded);
    auto const frequencies = frequencies_of(counts);
    append_frequencies(out, frequencies);
    std::string code;
    if (wide) append_rans<32>(code, bytes, frequencies);
    else append_rans<4>(code, bytes, frequencies);
    append_wire_string(out, code);
  }
}

inline bool read_coded_plane(wire_reader& in, bool wide, std::span<std::uint8_t> out) {
  byte_counts frequencies;
  std::string_view code;
  if (!read_frequencies(in, frequencies) || !in.string(code)) return false;
  rans_table table;
  fill_rans_table(table, frequencies);
  wire_reader from(code);
  return (wide ? read_rans<32>(from, table, out) : read_rans<4>(from, table, out)) ||
         in.fail(from.expected(), from.found());
}

inline bool read_sparse_plane(wire_reader& in, std::span<std::uint8_t> out) {
  std::uint8_t value = 0;
  std::uint64_t others = 0;
  if (!in.number(value) || !in.varint(others)) return false;
  std::fill(out.begin(), out.end(), value);
  for (std::uint64_t gap = 0; others != 0; --others) {
    if (!in.varint(gap) || !in.number(value)) return false;
    if (gap >= out.size()) return in.fail("a place in the plane", "one behind it", 1);
    out[static_cast<std::size_t>(gap)] = value;
    out = out.subspan(static_cast<std::size_t>(gap) + 1);
  }
  return true;
}

/// Reads a plane of out.size() bytes.
inline bool read_plane(wire_reader& in, std::span<std::uint8_t> out) {
  std::uint8_t form = 0;
  std::uint8_t value = 0;
  std::string_view raw;
  if (!in.number(form)) return false;
  switch (static_cast<plane_form>(form)) {
    case plane_form::raw:
      if (!in.bytes(out.size(), raw)) return false;
      if (!raw.empty()) std::memcpy(out.data(), raw.data(), raw.size());
      return true;
    case plane_form::constant:
      if (!in.number(value)) return false;
      std::fill(out.begin(), out.end(), value);
      return true;
    case plane_form::coded:
    case plane_form::coded_wide:
      return read_coded_plane(in, form == static_cast<std::uint8_t>(plane_form::coded_wide), out);
    case plane_form::sparse:
      return read_sparse_plane(in, out);
  }
  return in.fail("a form of a plane", std::to_string(form), 1);
}

}  // namespace trainlog::detail

#endif
