// SPDX-License-Identifier: MIT
// Planes: many bytes of one kind, stored in the shortest form (docs/format.md, Planes).
#ifndef TRAINLOG_LOG_PLANES_HPP
#define TRAINLOG_LOG_PLANES_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "trainlog/detail/wire.hpp"
#include "trainlog/log/frequencies.hpp"
#include "trainlog/log/rans.hpp"

namespace trainlog::detail {

using byte_vector = std::vector<std::uint8_t>;

enum class plane_form : std::uint8_t { raw, constant, coded, coded_wide };

/// What a coded plane has in bytes, about, apart from the code of its bytes.
inline std::size_t coded_overhead(std::span<std::uint32_t const> counts) noexcept {
  std::size_t const present =
      counts.size() - static_cast<std::size_t>(std::count(counts.begin(), counts.end(), 0));
  return 20 + present + present / 8;
}

/// A plane of 32 states costs 112 bytes more than one of 4, and is decoded several times as fast.
inline bool is_worth_32_states(std::size_t bytes) noexcept { return bytes >= 4096; }

/// Appends a plane whose bytes have been counted.
inline void append_plane(std::string& out, std::span<std::uint8_t const> bytes,
                         byte_counts const& counts) {
  bool const constant = std::find(counts.begin(), counts.end(), bytes.size()) != counts.end();
  std::uint64_t const code_bytes = entropy_of(counts) / 2048;
  if (constant) {
    out += static_cast<char>(plane_form::constant);
    out += static_cast<char>(bytes.front());
  } else if (code_bytes + coded_overhead(counts) >= bytes.size()) {
    out += static_cast<char>(plane_form::raw);
    out.append(reinterpret_cast<char const*>(bytes.data()), bytes.size());
  } else {
    bool const wide = is_worth_32_states(bytes.size());
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
  }
  return in.fail("a form of a plane", std::to_string(form), 1);
}

}  // namespace trainlog::detail

#endif
