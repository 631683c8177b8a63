// SPDX-License-Identifier: MIT
// The elements of the .tlog format: numbers, varints and strings (docs/format.md, Elements).
#ifndef TRAINLOG_DETAIL_WIRE_HPP
#define TRAINLOG_DETAIL_WIRE_HPP

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>

#include "trainlog/detail/endian.hpp"

namespace trainlog::detail {

/// A size that is known to fit. Where the types are the same, a cast in plain sight would be
/// useless.
template <std::unsigned_integral T>
constexpr std::size_t as_size(T value) noexcept {
  return static_cast<std::size_t>(value);
}

constexpr std::size_t varint_size(std::uint64_t value) noexcept {
  return static_cast<std::size_t>(70 - std::countl_zero(value | 1U)) / 7;
}
constexpr std::size_t wire_string_size(std::size_t size) noexcept {
  return varint_size(size) + size;
}

/// The number at `in`, as put_le writes it.
template <storable_number T>
T get_le(char const* in) noexcept {
  return load_le<T>(reinterpret_cast<std::byte const*>(in));
}

// Each writes at `out`, which has room for it, and returns one past the last byte.

template <storable_number T>
char* put_le(char* out, T value) noexcept {
  store_le(reinterpret_cast<std::byte*>(out), value);
  return out + sizeof(T);
}

inline char* put_varint(char* out, std::uint64_t value) noexcept {
  for (; value >= 0x80; value >>= 7U) *out++ = static_cast<char>(value | 0x80U);
  *out++ = static_cast<char>(value);
  return out;
}

inline char* put_bytes(char* out, void const* bytes, std::size_t size) noexcept {
  if (size != 0) std::memcpy(out, bytes, size);
  return out + size;
}

inline char* put_wire_string(char* out, std::string_view text) noexcept {
  return put_bytes(put_varint(out, text.size()), text.data(), text.size());
}

template <storable_number T>
void append_le(std::string& out, T value) {
  char bytes[sizeof(T)];
  put_le(bytes, value);
  out.append(bytes, sizeof bytes);
}

inline void append_varint(std::string& out, std::uint64_t value) {
  if (value < 0x80) return out.push_back(static_cast<char>(value));
  char bytes[10];
  auto const size = put_varint(bytes, value) - bytes;
  out.append(bytes, static_cast<std::size_t>(size));
}

inline void append_wire_string(std::string& out, std::string_view text) {
  append_varint(out, text.size());
  out.append(text);
}

/// Reads elements from the front of some bytes. Each function returns false, and keeps a
/// description of the first failure, if the bytes are not what is asked for.
class wire_reader {
 public:
  /// `offset` is where in the file the bytes stand.
  explicit wire_reader(std::string_view bytes, std::size_t offset = 0) noexcept
      : rest_(bytes), end_offset_(offset + bytes.size()) {}

  std::size_t remaining() const noexcept { return rest_.size(); }
  /// Where the next byte stands in the file.
  std::size_t offset() const noexcept { return end_offset_ - rest_.size(); }

  template <storable_number T>
  bool number(T& value) {
    if (rest_.size() < sizeof(T)) [[unlikely]]
      return truncated(sizeof(T));
    value = load_le<T>(reinterpret_cast<std::byte const*>(rest_.data()));
    rest_.remove_prefix(sizeof(T));
    return true;
  }

  /// The next `size` bytes, in place.
  bool bytes(std::uint64_t size, std::string_view& value) {
    if (rest_.size() < size) [[unlikely]]
      return truncated(size);
    value = rest_.substr(0, as_size(size));
    rest_.remove_prefix(value.size());
    return true;
  }

  /// The bytes of `count` things of `size` bytes each.
  bool array(std::uint64_t count, std::size_t size, std::string_view& value) {
    bool const more_than_any_file = count > std::numeric_limits<std::uint64_t>::max() / size;
    return bytes(more_than_any_file ? std::numeric_limits<std::uint64_t>::max() : count * size,
                 value);
  }

  bool varint(std::uint64_t& value) {
    if (rest_.empty() || static_cast<unsigned char>(rest_.front()) >= 0x80) {
      return long_varint(value);
    }
    value = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return true;
  }

  /// A count of things that have at least one byte each.
  bool count(std::uint64_t& value) {
    return varint(value) && (value <= rest_.size() || truncated(value));
  }

  bool string(std::string_view& value) {
    std::uint64_t size = 0;
    return varint(size) && bytes(size, value);
  }

  /// A byte that is 0 or 1.
  bool flag(bool& value) {
    std::uint8_t byte = 0;
    if (!number(byte)) return false;
    value = byte == 1;
    return byte <= 1 || fail("the byte 0 or 1", std::to_string(byte), 1);
  }

  /// The byte that stands for a value without content.
  bool zero() {
    std::uint8_t byte = 0;
    return number(byte) && (byte == 0 || fail("the byte 0", std::to_string(byte), 1));
  }

  /// Notes what was expected and found `back` bytes before the current place. Always false.
  [[gnu::cold, gnu::noinline]] bool fail(std::string_view expected, std::string_view found,
                                         std::size_t back = 0) {
    expected_ = expected;
    found_ = found;
    failed_at_ = offset() - back;
    return false;
  }

  /// Notes that a record has been read and is not valid. Always false.
  [[gnu::cold, gnu::noinline]] bool fail_invalid(std::string_view problem) {
    invalid_ = true;
    return fail("a valid record", problem);
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
  bool invalid() const noexcept { return invalid_; }

 private:
  bool long_varint(std::uint64_t& value) {
    value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      std::uint8_t byte = 0;
      if (!number(byte)) return false;
      value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
      if (byte >= 0x80) continue;
      bool const shortest = (byte != 0 || shift == 0) && (shift < 63 || byte == 1);
      return shortest || fail("the shortest varint", "a longer one", shift / 7 + 1);
    }
    return fail("a varint of up to 64 bits", "a longer one", 10);
  }

  [[gnu::cold, gnu::noinline]] bool truncated(std::uint64_t wanted) {
    return fail(std::to_string(wanted) + " more bytes", std::to_string(rest_.size()));
  }

  std::string_view rest_;
  std::size_t end_offset_;
  std::string expected_;
  std::string found_;
  std::string path_;
  std::size_t failed_at_ = 0;
  bool invalid_ = false;
};

}  // namespace trainlog::detail

#endif
