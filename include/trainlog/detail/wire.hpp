// SPDX-License-Identifier: MIT
// The elements of the .tlog format: numbers, varints and strings (docs/format.md, Elements).
#ifndef TRAINLOG_DETAIL_WIRE_HPP
#define TRAINLOG_DETAIL_WIRE_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "trainlog/detail/append_number.hpp"
#include "trainlog/detail/endian.hpp"

namespace trainlog::detail {

inline void append_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7U) out += static_cast<char>(value | 0x80U);
  out += static_cast<char>(value);
}

inline void append_wire_string(std::string& out, std::string_view text) {
  append_varint(out, text.size());
  out.append(text);
}

/// Writes the number's bytes at `out`, which has room for them; returns one past the last.
template <storable_number T>
char* put_le(char* out, T value) noexcept {
  store_le(reinterpret_cast<std::byte*>(out), value);
  return out + sizeof(T);
}

template <storable_number T>
void append_le(std::string& out, T value) {
  char bytes[sizeof(T)];
  put_le(bytes, value);
  out.append(bytes, sizeof(T));
}

/// Reads elements from the front of some bytes. Each function returns false, and leaves a
/// description of the first failure, if the bytes are not what is asked for.
class wire_reader {
 public:
  /// `offset` is where in the file the bytes stand.
  explicit wire_reader(std::string_view bytes, std::size_t offset = 0) noexcept
      : rest_(bytes), begin_(bytes.data()), offset_(offset) {}

  std::size_t remaining() const noexcept { return rest_.size(); }
  /// Where the next byte stands in the file.
  std::size_t offset() const noexcept {
    return offset_ + static_cast<std::size_t>(rest_.data() - begin_);
  }

  template <storable_number T>
  bool number(T& value) noexcept {
    if (rest_.size() < sizeof(T)) return truncated(sizeof(T));
    value = load_le<T>(reinterpret_cast<std::byte const*>(rest_.data()));
    rest_.remove_prefix(sizeof(T));
    return true;
  }

  /// The next `size` bytes, in place.
  bool bytes(std::uint64_t size, std::string_view& value) noexcept {
    if (rest_.size() < size) return truncated(size);
    value = rest_.substr(0, static_cast<std::size_t>(size));
    rest_.remove_prefix(static_cast<std::size_t>(size));
    return true;
  }

  bool varint(std::uint64_t& value) noexcept {
    value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      std::uint8_t byte = 0;
      if (!number(byte)) return false;
      value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
      if (byte >= 0x80) continue;
      bool const shortest = byte != 0 || shift == 0;
      return (shortest && (shift < 63 || byte == 1)) || fail("a varint", "one that is too long");
    }
    return fail("a varint", "one of more than 10 bytes");
  }

  /// A count of things that have at least one byte each.
  bool count(std::uint64_t& value) noexcept {
    return varint(value) && (value <= rest_.size() || truncated(value));
  }

  bool string(std::string_view& value) noexcept {
    std::uint64_t size = 0;
    return varint(size) && bytes(size, value);
  }

  /// Notes what was expected and found at the current place. Always false.
  bool fail(std::string_view expected, std::string_view found) {
    if (expected_.empty()) {
      expected_ = expected;
      found_ = found;
      failed_at_ = offset();
    }
    return false;
  }

  /// Puts a step in front of the path of the failure. Always false.
  bool failed_in(std::string_view step) {
    path_.insert(0, step);
    return false;
  }

  std::string const& expected() const noexcept { return expected_; }
  std::string const& found() const noexcept { return found_; }
  std::string const& path() const noexcept { return path_; }
  std::size_t failed_at() const noexcept { return failed_at_; }

 private:
  bool truncated(std::uint64_t wanted) {
    std::string expected;
    append_integer(expected, wanted);
    std::string found;
    append_integer(found, rest_.size());
    return fail(expected + " more bytes", found);
  }

  std::string_view rest_;
  char const* begin_;
  std::size_t offset_;
  std::string expected_;
  std::string found_;
  std::string path_;
  std::size_t failed_at_ = 0;
};

}  // namespace trainlog::detail

#endif
