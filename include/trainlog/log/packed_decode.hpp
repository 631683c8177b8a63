// SPDX-License-Identifier: MIT
// Packed numbers read back (docs/format.md, Streams of numbers).
#ifndef TRAINLOG_LOG_PACKED_DECODE_HPP
#define TRAINLOG_LOG_PACKED_DECODE_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "trainlog/detail/endian.hpp"
#include "trainlog/detail/wire.hpp"
#include "trainlog/log/bit_pack.hpp"
#include "trainlog/log/number_layout.hpp"
#include "trainlog/log/planes.hpp"
#include "trainlog/log/unpack_avx2.hpp"

namespace trainlog::detail {

/// What stands before the numbers.
struct packed_head {
  std::uint64_t base = 0;
  std::uint64_t step = 0;
  std::uint8_t rest = 0;
  std::uint8_t planes = 0;
};

inline bool read_packed_head(wire_reader& in, std::size_t width, packed_head& out) {
  std::string_view base;
  if (!in.bytes(width, base) || !in.varint(out.step) || !in.number(out.rest) ||
      !in.number(out.planes)) {
    return false;
  }
  std::array<char, 8> bytes{};
  put_bytes(bytes.data(), base.data(), base.size());
  out.base = get_le<std::uint64_t>(bytes.data());
  return (out.step != 0 && out.planes <= width && out.rest <= 8 * width) ||
         in.fail("a step, and no more planes and bits than a number has", "others");
}

/// Reads the planes first, then puts the numbers together.
template <class T>
class packed_reader {
 public:
  packed_reader(wire_reader& in, std::span<char> out, byte_vector& scratch)
      : in_(in), out_(out.data()), count_(out.size() / sizeof(T)), scratch_(scratch) {}

  bool read() {
    packed_head head;
    if (!read_packed_head(in_, sizeof(T), head) || !read_planes(head)) return false;
    parts_.base = head.base;
    parts_.step = head.step;
    parts_.rest_bits = head.rest;
    if (!in_.bytes(packed_size(count_, head.rest), parts_.rest)) return false;
    put_numbers(unpack_avx2<sizeof(T)>(parts_, count_, out_));
    return true;
  }

 private:
  bool read_planes(packed_head const& head) {
    scratch_.resize(count_ * head.planes);
    parts_.planes = head.planes;
    for (std::size_t i = 0; i < head.planes; ++i) {
      auto const plane = std::span(scratch_).subspan(i * count_, count_);
      if (!in_.number(parts_.shift[i])) return false;
      if (parts_.shift[i] >= 64) {
        return in_.fail("a shift below 64", std::to_string(parts_.shift[i]), 1);
      }
      if (!read_plane(in_, plane)) return false;
      parts_.plane[i] = plane.data();
    }
    return true;
  }

  /// The numbers from `first` on, which is a multiple of 8.
  void put_numbers(std::size_t first) noexcept {
    auto const rest = parts_.rest.substr(first / 8 * parts_.rest_bits);
    visit_bits(rest, count_ - first, parts_.rest_bits, [&](std::size_t i, std::uint64_t number) {
      for (std::size_t p = 0; p < parts_.planes; ++p) {
        number += std::uint64_t{parts_.plane[p][first + i]} << parts_.shift[p];
      }
      put_le(out_ + (first + i) * sizeof(T), static_cast<T>(parts_.base + parts_.step * number));
    });
  }

  wire_reader& in_;
  char* out_;
  std::size_t count_;
  byte_vector& scratch_;
  packed_parts parts_;
};

}  // namespace trainlog::detail

#endif
