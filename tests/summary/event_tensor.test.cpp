// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <trainlog/detail/protobuf.hpp>
#include <trainlog/summary/event_tensor.hpp>

#include "catch.hpp"

using namespace trainlog::detail;
using trainlog::summary::data_type;
using trainlog::summary::event_tensor;

namespace {

std::string head_of(data_type type, std::vector<std::int64_t> const& sizes) {
  std::string out;
  append_proto_varint(out, 1, static_cast<std::uint64_t>(type));
  append_proto_message(out, 2, [&] {
    for (auto const size : sizes)
      append_proto_message(out, 2, [&] { append_proto_int(out, 1, size); });
  });
  return out;
}

template <class T>
std::string content_of(std::vector<T> const& numbers) {
  std::string out;
  for (T const each : numbers) append_le(out, each);
  return out;
}

std::string with_content(data_type type, std::vector<std::int64_t> const& sizes,
                         std::string_view content) {
  std::string out = head_of(type, sizes);
  append_proto_bytes(out, 4, content);
  return out;
}

std::string with_varints(data_type type, std::uint32_t field, std::vector<std::uint64_t> const& all,
                         bool packed) {
  std::string out = head_of(type, {static_cast<std::int64_t>(all.size())});
  std::string together;
  for (auto const each : all) {
    append_varint(together, each);
    if (!packed) append_proto_varint(out, field, each);
  }
  if (packed) append_proto_bytes(out, field, together);
  return out;
}

std::vector<double> numbers_in(std::string const& message) {
  auto const tensor = event_tensor::decode(message);
  return tensor ? tensor->numbers() : std::vector<double>{-12345};
}

using doubles = std::vector<double>;

}  // namespace

TEST_CASE("numbers of all types are read from the content of a tensor") {
  using enum data_type;
  CHECK(numbers_in(with_content(float32, {2}, content_of<float>({1.5F, -2}))) == doubles{1.5, -2});
  CHECK(numbers_in(with_content(float64, {2}, content_of<double>({0.1, 1e300}))) ==
        doubles{0.1, 1e300});
  CHECK(numbers_in(with_content(int8, {2}, content_of<std::int8_t>({-1, 127}))) ==
        doubles{-1, 127});
  CHECK(numbers_in(with_content(uint8, {2}, content_of<std::uint8_t>({255, 0}))) ==
        doubles{255, 0});
  CHECK(numbers_in(with_content(int16, {1}, content_of<std::int16_t>({-300}))) == doubles{-300});
  CHECK(numbers_in(with_content(uint16, {1}, content_of<std::uint16_t>({65535}))) ==
        doubles{65535});
  CHECK(numbers_in(with_content(int32, {1}, content_of<std::int32_t>({-70000}))) ==
        doubles{-70000});
  CHECK(numbers_in(with_content(uint32, {1}, content_of<std::uint32_t>({4000000000U}))) ==
        doubles{4e9});
  CHECK(numbers_in(with_content(int64, {1}, content_of<std::int64_t>({-5000000000}))) ==
        doubles{-5e9});
  CHECK(numbers_in(with_content(uint64, {1}, content_of<std::uint64_t>({1ULL << 63U}))) ==
        doubles{0x1p63});
  CHECK(numbers_in(with_content(boolean, {3}, std::string("\1\0\1", 3))) == doubles{1, 0, 1});
  CHECK(numbers_in(with_content(bfloat16, {2}, content_of<std::uint16_t>({0x3fc0, 0xc000}))) ==
        doubles{1.5, -2});
}

TEST_CASE("numbers of all types are read from the fields of a tensor, packed or not") {
  using enum data_type;
  auto const minus = [](std::int64_t value) { return static_cast<std::uint64_t>(value); };
  for (bool const packed : {false, true}) {
    CHECK(numbers_in(with_varints(int32, 7, {minus(-1), 300}, packed)) == doubles{-1, 300});
    CHECK(numbers_in(with_varints(int16, 7, {minus(-300)}, packed)) == doubles{-300});
    CHECK(numbers_in(with_varints(int8, 7, {minus(-3)}, packed)) == doubles{-3});
    CHECK(numbers_in(with_varints(uint8, 7, {200}, packed)) == doubles{200});
    CHECK(numbers_in(with_varints(uint16, 7, {60000}, packed)) == doubles{60000});
    CHECK(numbers_in(with_varints(int64, 10, {minus(-5000000000), 1}, packed)) == doubles{-5e9, 1});
    CHECK(numbers_in(with_varints(boolean, 11, {1, 0}, packed)) == doubles{1, 0});
    CHECK(numbers_in(with_varints(float16, 13, {0x3e00}, packed)) == doubles{1.5});
    CHECK(numbers_in(with_varints(bfloat16, 13, {0x3fc0}, packed)) == doubles{1.5});
    CHECK(numbers_in(with_varints(uint32, 16, {4000000000}, packed)) == doubles{4e9});
    CHECK(numbers_in(with_varints(uint64, 17, {1ULL << 63U}, packed)) == doubles{0x1p63});
  }
  std::string floats = head_of(float32, {2});
  append_proto_float(floats, 5, 1.5F);
  append_proto_float(floats, 5, -2.0F);
  CHECK(numbers_in(floats) == doubles{1.5, -2});
  std::string packed = head_of(float64, {2});
  append_proto_bytes(packed, 6, content_of<double>({0.1, 2}));
  CHECK(numbers_in(packed) == doubles{0.1, 2});
}

TEST_CASE("numbers of 16 bits are those of IEEE 754") {
  CHECK(half_to_double(0x0000) == 0.0);
  CHECK(std::signbit(half_to_double(0x8000)));
  CHECK(half_to_double(0x0001) == 0x1p-24);
  CHECK(half_to_double(0x03ff) == 1023 * 0x1p-24);
  CHECK(half_to_double(0x0400) == 0x1p-14);
  CHECK(half_to_double(0x3c00) == 1.0);
  CHECK(half_to_double(0xc000) == -2.0);
  CHECK(half_to_double(0x7bff) == 65504.0);
  CHECK(half_to_double(0xfc00) == -std::numeric_limits<double>::infinity());
  CHECK(std::isnan(half_to_double(0x7e00)));
}

TEST_CASE("a tensor with one number is that number, whatever its rank") {
  using enum data_type;
  auto const number_in = [](std::string const& message) {
    return event_tensor::decode(message).value().number();
  };
  CHECK(number_in(with_content(float64, {}, content_of<double>({0.1}))) == 0.1);
  CHECK(number_in(with_content(float64, {1, 1}, content_of<double>({0.1}))) == 0.1);
  CHECK(!number_in(with_content(float64, {2}, content_of<double>({0.1, 0.2}))));
  std::string without_shape;
  append_proto_varint(without_shape, 1, 1);
  append_proto_float(without_shape, 5, 2.5F);
  CHECK(number_in(without_shape) == 2.5);
}

TEST_CASE("strings are read, and the last one stands for those that are not stored") {
  std::string message = head_of(data_type::string, {2, 2});
  append_proto_bytes(message, 8, "a");
  append_proto_bytes(message, 8, "");
  auto const tensor = event_tensor::decode(message).value();
  CHECK(tensor.strings() == std::vector<std::string_view>{"a", "", "", ""});
  CHECK(tensor.shape().rank() == 2);
  CHECK(tensor.numbers().empty());
  CHECK(!tensor.number());

  std::string filled = head_of(data_type::float32, {3});
  append_proto_float(filled, 5, 7);
  CHECK(numbers_in(filled) == doubles{7, 7, 7});
}

TEST_CASE("what is no tensor is none, and needs no memory") {
  using enum data_type;
  auto const is_tensor = [](std::string const& message) {
    return event_tensor::decode(message).has_value();
  };
  CHECK(!is_tensor(""));
  CHECK(!is_tensor("\x08"));
  CHECK(is_tensor(with_content(float32, {0}, "")));
  CHECK(!is_tensor(with_content(float32, {}, "")));
  CHECK(!is_tensor(with_content(float32, {1}, "12345")));
  CHECK(!is_tensor(with_content(float32, {1}, "12345678")));
  CHECK(!is_tensor(with_content(float32, {-1}, "1234")));
  CHECK(!is_tensor(with_content(static_cast<data_type>(8), {1}, "12345678")));
  CHECK(!is_tensor(with_content(static_cast<data_type>(200), {1}, "12345678")));
  CHECK(is_tensor(with_content(float32, {1, 1, 1, 1, 1, 1, 1, 1}, "1234")));
  CHECK(!is_tensor(with_content(float32, {1, 1, 1, 1, 1, 1, 1, 1, 1}, "1234")));
  CHECK(!is_tensor(with_content(float32, {std::int64_t{1} << 62U, 4}, "1234")));
  CHECK(!is_tensor(with_content(float32, {std::int64_t{1} << 40U}, "1234")));
  CHECK(!is_tensor(with_varints(int32, 7, {1}, true) + "\x3a\x01\xff"));
  std::string text = head_of(string, {1});
  append_proto_varint(text, 8, 1);
  CHECK(!is_tensor(text));
}
