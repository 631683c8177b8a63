// SPDX-License-Identifier: MIT
// Tensors of event files, decoded (tensor.proto, tensor_shape.proto).
#ifndef TRAINLOG_SUMMARY_EVENT_TENSOR_HPP
#define TRAINLOG_SUMMARY_EVENT_TENSOR_HPP

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "trainlog/detail/protobuf.hpp"
#include "trainlog/summary/event.hpp"
#include "trainlog/summary/shape.hpp"

namespace trainlog::detail {

/// The field that has the elements of a type one by one.
struct tensor_storage {
  summary::data_type type = summary::data_type::float32;
  std::uint32_t field = 0;
};

/// Of the type with that number. Nothing of one that is not known here.
inline std::optional<tensor_storage> storage_of(std::uint64_t type) noexcept {
  using enum summary::data_type;
  static constexpr tensor_storage known[] = {
      {float32, 5}, {float64, 6},  {int32, 7},   {uint8, 7},    {int16, 7},
      {int8, 7},    {string, 8},   {int64, 10},  {boolean, 11}, {bfloat16, 13},
      {uint16, 7},  {float16, 13}, {uint32, 16}, {uint64, 17}};
  for (auto const& each : known) {
    if (static_cast<std::uint64_t>(each.type) == type) return each;
  }
  return {};
}

/// The number that has these bits in IEEE 754's binary16.
constexpr double half_to_double(std::uint16_t bits) noexcept {
  double const sign = (bits & 0x8000U) != 0 ? -1.0 : 1.0;
  unsigned const exponent = bits >> 10U & 0x1FU;
  unsigned const fraction = bits & 0x3FFU;
  if (exponent == 31) {
    using limits = std::numeric_limits<double>;
    return fraction != 0 ? limits::quiet_NaN() : sign * limits::infinity();
  }
  double result = fraction * 0x1p-24;
  if (exponent == 0) return sign * result;
  result += 0x1p-14;
  for (unsigned i = 1; i < exponent; ++i) result *= 2;
  return sign * result;
}

/// An element's number. Of bits only as many count as the type has.
constexpr double element_number(summary::data_type type, std::uint64_t bits) noexcept {
  using enum summary::data_type;
  switch (type) {
    case float32:
      return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
    case float64:
      return std::bit_cast<double>(bits);
    case int32:
      return static_cast<std::int32_t>(bits);
    case int16:
      return static_cast<std::int16_t>(bits);
    case int8:
      return static_cast<std::int8_t>(bits);
    case int64:
      return static_cast<double>(static_cast<std::int64_t>(bits));
    case boolean:
      return bits != 0 ? 1.0 : 0.0;
    case bfloat16:
      return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16U);
    case float16:
      return half_to_double(static_cast<std::uint16_t>(bits));
    case uint8:
      return static_cast<std::uint8_t>(bits);
    case uint16:
      return static_cast<std::uint16_t>(bits);
    case uint32:
      return static_cast<std::uint32_t>(bits);
    case uint64:
      return static_cast<double>(bits);
    case string:
      break;
  }
  return 0;
}

/// Calls take(bits) for each number of a repeated field, packed or not. False if there is one of
/// another form.
template <class Take>
bool for_each_in_field(proto_field field, proto_type of, Take const& take) {
  if (field.type == of) return take(field.bits), true;
  if (field.type != proto_type::bytes) return false;
  if (of == proto_type::varint) {
    for (std::uint64_t bits = 0; !field.bytes.empty(); take(bits)) {
      if (!take_proto_varint(field.bytes, bits)) return false;
    }
    return true;
  }
  std::size_t const size = of == proto_type::fixed32 ? 4 : 8;
  if (field.bytes.size() % size != 0) return false;
  for (std::size_t at = 0; at != field.bytes.size(); at += size) {
    auto const* const from = reinterpret_cast<std::byte const*>(field.bytes.data() + at);
    take(size == 4 ? load_le<std::uint32_t>(from) : load_le<std::uint64_t>(from));
  }
  return true;
}

}  // namespace trainlog::detail

namespace trainlog::summary {

/// A tensor of an event file. It refers to the bytes of the event.
class event_tensor {
 public:
  /// More elements than this are not made of fewer that are stored.
  static constexpr std::int64_t most_repeated = std::int64_t{1} << 20U;

  /// Of an encoded TensorProto. Nothing if it is malformed, of a type that data_type does not name,
  /// of more than 8 dimensions, or has not the elements that its shape asks for.
  static std::optional<event_tensor> decode(std::string_view message) {
    event_tensor made(message);
    if (!made.read_head() || !made.count_stored()) return {};
    auto const wanted = made.shape_.count();
    auto const stored = static_cast<std::int64_t>(made.stored_);
    bool const repeats = stored != 0 && stored < wanted && wanted <= most_repeated;
    if (stored != wanted && !repeats) return {};
    return made;
  }

  data_type type() const noexcept { return storage_.type; }
  summary::shape const& shape() const noexcept { return shape_; }
  /// How many elements there are.
  std::size_t count() const noexcept { return static_cast<std::size_t>(shape_.count()); }

  /// The only element of a tensor of numbers that has but one.
  std::optional<double> number() const {
    if (count() != 1 || type() == data_type::string) return {};
    double found = 0;
    for_each_bits([&](std::uint64_t bits) { found = detail::element_number(type(), bits); });
    return found;
  }

  /// All elements, the last index running fastest; of strings none. Integers beyond 2^53 are
  /// rounded. As in TensorFlow, the last one that is stored stands for those that are not.
  std::vector<double> numbers() const {
    std::vector<double> all;
    if (type() == data_type::string) return all;
    all.reserve(count());
    for_each_bits([&](std::uint64_t bits) { all.push_back(detail::element_number(type(), bits)); });
    if (!all.empty()) all.resize(count(), all.back());
    return all;
  }

  /// All strings, or byte strings; of numbers none.
  std::vector<std::string_view> strings() const {
    std::vector<std::string_view> all;
    if (type() != data_type::string) return all;
    all.reserve(count());
    for_each_value([&](detail::proto_field const& field) { all.push_back(field.bytes); });
    if (!all.empty()) all.resize(count(), all.back());
    return all;
  }

 private:
  explicit event_tensor(std::string_view message) noexcept : message_(message) {}

  bool read_head() {
    std::uint64_t type = 0;
    std::string_view shape;
    detail::proto_reader reader(message_);
    for (detail::proto_field field; reader.next(field);) {
      if (field.is(1, detail::proto_type::varint)) type = field.bits;
      if (field.is(2, detail::proto_type::bytes)) shape = field.bytes;
      if (field.is(4, detail::proto_type::bytes)) content_ = field.bytes;
    }
    auto const storage = detail::storage_of(type);
    if (reader.is_malformed() || !storage) return false;
    storage_ = *storage;
    return read_shape(shape);
  }

  bool read_shape(std::string_view message) {
    std::array<std::int64_t, summary::shape::max_rank> sizes{};
    std::size_t rank = 0;
    std::int64_t count = 1;
    detail::proto_reader reader(message);
    for (detail::proto_field field; reader.next(field);) {
      if (!field.is(2, detail::proto_type::bytes)) continue;
      std::int64_t const size = dimension(field.bytes);
      if (rank == sizes.size() || size < 0) return false;
      if (size != 0 && count > std::numeric_limits<std::int64_t>::max() / size) return false;
      count *= size;
      sizes[rank++] = size;
    }
    shape_ = summary::shape(std::span<std::int64_t const>(sizes.data(), rank));
    return !reader.is_malformed();
  }

  /// -1 if it is malformed.
  static std::int64_t dimension(std::string_view message) noexcept {
    std::int64_t size = 0;
    detail::proto_reader reader(message);
    for (detail::proto_field field; reader.next(field);) {
      if (field.is(1, detail::proto_type::varint)) size = field.as_int();
    }
    return reader.is_malformed() ? -1 : size;
  }

  bool count_stored() {
    auto const add = [&](auto const&) { ++stored_; };
    if (type() == data_type::string) return for_each_value(add);
    return for_each_bits(add);
  }

  /// Calls take(field) for each field with elements.
  template <class Take>
  bool for_each_value(Take const& take) const {
    bool const is_text = type() == data_type::string;
    detail::proto_reader reader(message_);
    for (detail::proto_field field; reader.next(field);) {
      if (field.number != storage_.field) continue;
      if (is_text && field.type != detail::proto_type::bytes) return false;
      take(field);
    }
    return true;
  }

  /// Calls take(bits) for each number that is stored. False if some cannot be read.
  template <class Take>
  bool for_each_bits(Take const& take) const {
    if (!content_.empty()) return for_each_in_content(take);
    auto form = detail::proto_type::varint;
    if (type() == data_type::float32) form = detail::proto_type::fixed32;
    if (type() == data_type::float64) form = detail::proto_type::fixed64;
    bool good = true;
    for_each_value([&](detail::proto_field const& field) {
      good = detail::for_each_in_field(field, form, take) && good;
    });
    return good;
  }

  template <class Take>
  bool for_each_in_content(Take const& take) const {
    std::size_t const size = detail::element_size(type());
    if (content_.size() % size != 0) return false;
    auto const* const begin = reinterpret_cast<std::byte const*>(content_.data());
    for (std::size_t at = 0; at != content_.size(); at += size) {
      if (size == 1) take(detail::load_le<std::uint8_t>(begin + at));
      if (size == 2) take(detail::load_le<std::uint16_t>(begin + at));
      if (size == 4) take(detail::load_le<std::uint32_t>(begin + at));
      if (size == 8) take(detail::load_le<std::uint64_t>(begin + at));
    }
    return true;
  }

  std::string_view message_;
  std::string_view content_;
  detail::tensor_storage storage_;
  summary::shape shape_;
  std::size_t stored_ = 0;
};

}  // namespace trainlog::summary

#endif
