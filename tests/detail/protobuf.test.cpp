// SPDX-License-Identifier: MIT
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <trainlog/detail/protobuf.hpp>

#include "catch.hpp"

using namespace trainlog::detail;
using namespace std::string_literals;

namespace {

/// The numbers of the fields, and -1 if the message is malformed behind them.
std::vector<std::int64_t> numbers_in(std::string_view message) {
  std::vector<std::int64_t> numbers;
  proto_reader reader(message);
  for (proto_field field; reader.next(field);) numbers.push_back(field.number);
  if (reader.is_malformed()) numbers.push_back(-1);
  return numbers;
}

}  // namespace

TEST_CASE("protobuf fields have the bytes of the encoding guide") {
  std::string out;
  append_proto_varint(out, 1, 150);
  append_proto_bytes(out, 2, "testing");
  append_proto_message(out, 3, [&] { append_proto_varint(out, 1, 150); });
  CHECK(out == "\x08\x96\x01\x12\x07testing\x1a\x03\x08\x96\x01"s);

  std::string numbers;
  append_proto_int(numbers, 1, -2);
  append_proto_float(numbers, 2, 1.0F);
  append_proto_double(numbers, 16, 1.0);
  CHECK(
      numbers ==
      "\x08\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01\x15\0\0\x80\x3f\x81\x01\0\0\0\0\0\0\xf0\x3f"s);
}

TEST_CASE("a protobuf message may be of another size than was said") {
  for (std::size_t const size : {0U, 1U, 127U, 128U, 16383U, 16384U, 3000000U}) {
    for (std::size_t const about : {0U, 127U, 128U, 16384U, 3000000U}) {
      std::string out = "x";
      append_proto_message(out, 3, [&] { out.append(size, 'm'); }, about);
      std::string expected = "x";
      append_proto_bytes(expected, 3, std::string(size, 'm'));
      CHECK((out == expected));
    }
  }
}

TEST_CASE("a protobuf message is read as it was written") {
  std::string out;
  append_proto_int(out, 1, std::numeric_limits<std::int64_t>::min());
  append_proto_varint(out, max_proto_field, std::numeric_limits<std::uint64_t>::max());
  append_proto_float(out, 3, -0.5F);
  append_proto_double(out, 4, 1e300);
  append_proto_bytes(out, 5, "");
  proto_reader reader(out);
  proto_field field;
  REQUIRE(reader.next(field));
  CHECK(field.is(1, proto_type::varint));
  CHECK(field.as_int() == std::numeric_limits<std::int64_t>::min());
  REQUIRE(reader.next(field));
  CHECK(field.number == max_proto_field);
  CHECK(field.bits == std::numeric_limits<std::uint64_t>::max());
  REQUIRE(reader.next(field));
  CHECK(field.as_float() == -0.5F);
  REQUIRE(reader.next(field));
  CHECK(field.as_double() == 1e300);
  REQUIRE(reader.next(field));
  CHECK(field.is(5, proto_type::bytes));
  CHECK(field.bytes.empty());
  CHECK_FALSE(reader.next(field));
  CHECK_FALSE(reader.is_malformed());
}

TEST_CASE("hostile protobuf bytes are called malformed") {
  using numbers = std::vector<std::int64_t>;
  CHECK(numbers_in("").empty());
  CHECK(numbers_in("\x00\x01"s) == numbers{-1});                                      // field 0
  CHECK(numbers_in("\x08"s) == numbers{-1});                                          // no value
  CHECK(numbers_in("\x0b\x0c"s) == numbers{-1});                                      // a group
  CHECK(numbers_in("\x0e\x01"s) == numbers{-1});                                      // no type
  CHECK(numbers_in("\x08\x01\x12\x05test"s) == numbers{1, -1});                       // cut short
  CHECK(numbers_in("\x09\0\0\0\0\0\0\0"s) == numbers{-1});                            // cut short
  CHECK(numbers_in("\x0d\0\0\0"s) == numbers{-1});                                    // cut short
  CHECK(numbers_in("\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s) == numbers{-1});  // a huge size
  CHECK(numbers_in("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"s) == numbers{-1});  // 65 bits
  CHECK(numbers_in("\x08" + std::string(11, '\x80')) == numbers{-1});                 // never ends
  CHECK(numbers_in("\x80\x80\x80\x80\x80\x10\x00"s) == numbers{-1});  // a field beyond 2^29
}
