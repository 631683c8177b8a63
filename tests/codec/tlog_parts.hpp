// SPDX-License-Identifier: MIT
// .tlog files taken apart, changed, and put together again with right lengths and checksums:
// docs/format.md written a second time, without the code under test.
#ifndef TRAINLOG_TESTS_CODEC_TLOG_PARTS_HPP
#define TRAINLOG_TESTS_CODEC_TLOG_PARTS_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace tlog_test {

/// CRC-32C, a bit at a time.
inline std::uint32_t crc(std::string_view bytes) {
  std::uint32_t state = 0xffffffff;
  for (char const c : bytes) {
    state ^= static_cast<unsigned char>(c);
    for (int i = 0; i < 8; ++i) state = (state >> 1U) ^ ((state & 1U) != 0 ? 0x82f63b78U : 0U);
  }
  return ~state;
}

/// The number as `size` bytes, lowest first.
inline std::string le(std::uint64_t value, std::size_t size) {
  std::string bytes;
  for (; bytes.size() < size; value >>= 8U) bytes += static_cast<char>(value & 0xffU);
  return bytes;
}
inline std::uint64_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = size; i-- > 0;)
    value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
  return value;
}
inline std::string varint(std::uint64_t value) {
  std::string bytes;
  for (; value > 127; value /= 128) bytes += static_cast<char>(value % 128 + 128);
  return bytes + static_cast<char>(value);
}
inline std::string str(std::string_view value) { return varint(value.size()) + std::string(value); }
inline std::string bytes(std::initializer_list<int> values) {
  std::string result;
  for (int const value : values) result += static_cast<char>(value);
  return result;
}

inline std::string header(std::uint64_t major = 1, std::uint64_t minor = 0,
                          std::uint64_t required = 0, std::uint64_t optional = 0,
                          std::string const& file_id = std::string(16, '\0')) {
  std::string const all = "\x89TLOG\r\n\x1a" + le(major, 2) + le(minor, 2) + le(required, 4) +
                          le(optional, 4) + le(0, 4) + file_id + le(0, 8) + le(0, 12);
  return all + le(crc(all), 4);
}

struct part {
  std::uint64_t type = 0;
  std::string payload;
  std::uint64_t flags = 1;
  std::size_t unchecked = 0;  ///< bytes at the payload's end that its checksum does not cover
};

/// A file of the blocks, all of whose frame is right.
inline std::string file(std::vector<part> const& parts, std::string const& begin = header()) {
  std::string all = begin;
  std::size_t previous = 0;
  std::uint64_t sequence = 0;
  for (auto const& each : parts) {
    std::string head;
    std::string const sync = "TLB\xb1\x0cK\r\n";
    for (std::size_t i = 0; i < 8; ++i) head += static_cast<char>(sync[i] ^ begin[24 + i]);
    std::size_t const checked = each.payload.size() - each.unchecked;
    head += le(each.type, 2) + le(each.flags, 2) + le(sequence, 4) + le(each.payload.size(), 8) +
            le(sequence == 0 ? 0 : all.size() - previous, 8) + le(checked, 8) +
            le(crc(each.payload.substr(0, checked)), 4);
    previous = all.size();
    ++sequence;
    all += head + le(crc(head), 4) + each.payload;
    all.append((8 - each.payload.size() % 8) % 8, '\0');
  }
  return all;
}

/// The blocks of a good file.
inline std::vector<part> parts_of(std::string const& all) {
  std::vector<part> parts;
  for (std::size_t at = 64; at < all.size();) {
    std::size_t const size = number_at(all, at + 16, 8);
    parts.push_back(
        {number_at(all, at + 8, 2), all.substr(at + 48, size), number_at(all, at + 10, 2)});
    at += 48 + (size + 7) / 8 * 8;
  }
  return parts;
}

/// Makes the checksums of a changed file right, as far as its blocks can be followed.
inline void reseal(std::string& all) {
  if (all.size() < 64) return;
  auto const put = [&](std::size_t at, std::uint32_t value) { all.replace(at, 4, le(value, 4)); };
  std::string_view const view(all);
  put(60, crc(view.substr(0, 60)));
  for (std::size_t at = 64; all.size() - at >= 48;) {
    auto const size = number_at(all, at + 16, 8);
    std::size_t const left = all.size() - at - 48;
    if (size <= left) {
      all.replace(at + 32, 8, le(size, 8));
      put(at + 40, crc(view.substr(at + 48, size)));
    }
    put(at + 44, crc(view.substr(at, 44)));
    if (size > left || (size + 7) / 8 * 8 > left) return;
    at += 48 + (size + 7) / 8 * 8;
  }
}

/// FNV-1a.
inline std::uint64_t hash(std::string_view of) {
  std::uint64_t value = 0xcbf29ce484222325U;
  for (char const c : of) value = (value ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return value;
}

inline part schema_part(std::string_view identity_text, std::string const& fields,
                        std::string_view name = "Row") {
  return {1, le(0, 8) + le(hash(identity_text), 8) + str(name) + fields};
}
inline part rows_part(std::uint64_t count, std::string const& rows, std::uint64_t first = 0,
                      std::uint64_t schema = 0) {
  return {2, le(schema, 4) + le(count, 4) + le(first, 8) + rows};
}
inline part end_part(std::uint64_t rows) { return {3, le(rows, 8)}; }

/// A snapshot of rows with a single field `x`; `type` is its type's bytes.
inline std::string one_field(std::string const& type, std::string_view type_text,
                             std::string const& rows, std::uint64_t count = 1) {
  return file(
      {schema_part("{x:" + std::string(type_text) + "}", varint(1) + str("x") + type + varint(0)),
       rows_part(count, rows), end_part(count)});
}

}  // namespace tlog_test

#endif
