// SPDX-License-Identifier: MIT
// Protocol buffers on the wire: fields appended to bytes, and read from bytes that may be hostile
// (protobuf.dev/programming-guides/encoding).
#ifndef TRAINLOG_DETAIL_PROTOBUF_HPP
#define TRAINLOG_DETAIL_PROTOBUF_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "trainlog/detail/endian.hpp"
#include "trainlog/detail/wire.hpp"

namespace trainlog::detail {

/// How a field's value is stored, which is all that can be known of it without its schema.
enum class proto_type : unsigned char { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

inline constexpr std::uint32_t max_proto_field = (1U << 29U) - 1;

// ---- writing. None leaves out a default (0, ""): whether a field is there is the caller's choice.

/// The key of a field below 16, which is one byte.
constexpr char proto_key(std::uint32_t field, proto_type type) noexcept {
  return static_cast<char>(field << 3U | static_cast<std::uint32_t>(type));
}
inline void append_proto_key(std::string& out, std::uint32_t field, proto_type type) {
  append_varint(out, std::uint64_t{field} << 3U | static_cast<std::uint64_t>(type));
}
/// uint32, uint64, bool, enum; and int32 and int64, of which a negative one takes 10 bytes.
inline void append_proto_varint(std::string& out, std::uint32_t field, std::uint64_t value) {
  append_proto_key(out, field, proto_type::varint);
  append_varint(out, value);
}
inline void append_proto_int(std::string& out, std::uint32_t field, std::int64_t value) {
  append_proto_varint(out, field, static_cast<std::uint64_t>(value));
}
inline void append_proto_double(std::string& out, std::uint32_t field, double value) {
  append_proto_key(out, field, proto_type::fixed64);
  append_le(out, value);
}
inline void append_proto_float(std::string& out, std::uint32_t field, float value) {
  append_proto_key(out, field, proto_type::fixed32);
  append_le(out, value);
}
/// bytes, string (which must be valid UTF-8), packed numbers, or an encoded message.
inline void append_proto_bytes(std::string& out, std::uint32_t field, std::string_view value) {
  append_proto_key(out, field, proto_type::bytes);
  append_wire_string(out, value);
}

/// Appends a message whose fields `append_fields()` appends to the same `out`. `about` is how many
/// bytes they will be: if that is right in magnitude, none of them is moved.
template <class AppendFields>
void append_proto_message(std::string& out, std::uint32_t field, AppendFields append_fields,
                          std::size_t about = 0) {
  append_proto_key(out, field, proto_type::bytes);
  std::size_t const slot = out.size();
  std::size_t const room = varint_size(about);
  out.append(room, '\0');
  append_fields();
  std::size_t const size = out.size() - slot - room;
  std::size_t const needed = varint_size(size);
  if (needed > room) out.insert(slot, needed - room, '\0');
  if (needed < room) out.erase(slot, room - needed);
  put_varint(out.data() + slot, size);
}

// ---- reading

/// Reads a varint from some bytes. Returns where it ends, or null if there is none.
[[gnu::noinline]] inline char const* read_long_varint(char const* at, char const* end,
                                                      std::uint64_t& value) noexcept {
  value = 0;
  for (unsigned shift = 0; at != end && shift < 70; shift += 7) {
    auto const byte = static_cast<unsigned char>(*at++);
    if (shift == 63 && byte > 1) return nullptr;  // more than 64 bits
    value |= std::uint64_t{byte & 0x7FU} << shift;
    if (byte < 0x80) return at;
  }
  return nullptr;
}
/// The same, for numbers that are mostly below 128.
[[gnu::always_inline]] inline char const* read_varint(char const* at, char const* end,
                                                      std::uint64_t& value) noexcept {
  if (at != end && static_cast<unsigned char>(*at) < 0x80) [[likely]] {
    value = static_cast<unsigned char>(*at);
    return at + 1;
  }
  std::uint64_t read = 0;  // so that `value` may stay in a register
  at = detail::read_long_varint(at, end, read);
  value = read;
  return at;
}

/// Takes a varint from the front of the bytes. False if there is none.
inline bool take_proto_varint(std::string_view& rest, std::uint64_t& value) noexcept {
  char const* const begin = rest.data();
  char const* const end = begin + rest.size();
  char const* const at = detail::read_varint(begin, end, value);
  if (at == nullptr) return false;
  rest = {at, static_cast<std::size_t>(end - at)};
  return true;
}

/// A field as it stands in a message. Only the member that belongs to `type` has a meaning.
struct proto_field {
  std::uint32_t number = 0;
  proto_type type = proto_type::varint;
  std::uint64_t bits = 0;  ///< of a varint, fixed32 or fixed64
  std::string_view bytes;  ///< a part of the message

  bool is(std::uint32_t wanted, proto_type as) const noexcept {
    return number == wanted && type == as;
  }
  std::int64_t as_int() const noexcept { return static_cast<std::int64_t>(bits); }
  double as_double() const noexcept { return std::bit_cast<double>(bits); }
  float as_float() const noexcept { return std::bit_cast<float>(static_cast<std::uint32_t>(bits)); }
};

/// Goes through the fields of a message. Never throws, allocates or reads outside of the bytes.
class proto_reader {
 public:
  explicit proto_reader(std::string_view message) noexcept
      : at_(message.data()), end_(message.data() + message.size()) {}

  /// Reads the next field. False at the end, and where the bytes are no message; is_malformed()
  /// tells which.
  [[gnu::always_inline]] bool next(proto_field& field) noexcept {
    if (at_ == end_) return false;
    at_ = read(at_, end_, field);
    if (at_ != nullptr) [[likely]]
      return true;
    is_malformed_ = true;
    at_ = end_;
    return false;
  }
  bool is_malformed() const noexcept { return is_malformed_; }

 private:
  /// Returns where the field ends, or null.
  [[gnu::always_inline]] static char const* read(char const* at, char const* end,
                                                 proto_field& field) noexcept {
    std::uint64_t key = 0;
    at = detail::read_varint(at, end, key);
    std::uint64_t const number = key >> 3U;
    if (at == nullptr || number == 0 || number > max_proto_field) return nullptr;
    field = {static_cast<std::uint32_t>(number), static_cast<proto_type>(key & 7U), 0, {}};
    switch (field.type) {
      case proto_type::varint:
        return detail::read_varint(at, end, field.bits);
      case proto_type::fixed64:
        return read_fixed<std::uint64_t>(at, end, field.bits);
      case proto_type::fixed32:
        return read_fixed<std::uint32_t>(at, end, field.bits);
      case proto_type::bytes:
        return read_bytes(at, end, field.bytes);
    }
    return nullptr;  // groups, which proto3 does not have, and what is no type
  }

  template <class Bits>
  static char const* read_fixed(char const* at, char const* end, std::uint64_t& value) noexcept {
    if (static_cast<std::size_t>(end - at) < sizeof(Bits)) return nullptr;
    value = load_le<Bits>(reinterpret_cast<std::byte const*>(at));
    return at + sizeof(Bits);
  }

  [[gnu::always_inline]] static char const* read_bytes(char const* at, char const* end,
                                                       std::string_view& bytes) noexcept {
    std::uint64_t size = 0;
    at = detail::read_varint(at, end, size);
    if (at == nullptr || size > static_cast<std::uint64_t>(end - at)) return nullptr;
    bytes = {at, static_cast<std::size_t>(size)};
    return at + size;
  }

  char const* at_;
  char const* end_;
  bool is_malformed_ = false;
};

/// Whether the bytes are fields up to their end, as those of any message are.
inline bool is_proto_message(std::string_view bytes) noexcept {
  proto_reader reader(bytes);
  for (proto_field field; reader.next(field);) {
  }
  return !reader.is_malformed();
}

}  // namespace trainlog::detail

#endif
