// SPDX-License-Identifier: MIT
#include <trainlog/binary.hpp>

#include <array>
#include <cstdint>
#include <map>

#include "catch.hpp"
#include "codec/one_field.hpp"
#include "codec/records.hpp"
#include "codec/tlog_parts.hpp"

using tlog_test::bytes;
using tlog_test::failure;
using tlog_test::place;
using trainlog::from_binary;
using trainlog::to_binary;

namespace {

struct Most {
  std::int32_t first = 0;
  text_test::Everything skipped;
  std::array<double, 0> none{};
  std::int32_t last = 0;
  TRAINLOG_RECORD(Most, first, skipped, none, last)
};
struct Few {
  std::int32_t last = 0;
  std::int32_t first = 0;
  TRAINLOG_RECORD(Few, last, first)
};
struct Other {
  TRAINLOG_RECORD(Other)
};

}  // namespace

TEST_CASE("row_skip: fields that only the file has are skipped, of every type") {
  text_test::filler random(3);
  for (int i = 0; i < 100; ++i) {
    auto const few =
        from_binary<Few>(to_binary(Most{1 + i, random.make<text_test::Everything>(), {}, -i}));
    CHECK(few.first == 1 + i);
    CHECK(few.last == -i);
  }
}

TEST_CASE("row_skip: bytes that no value has are noticed in what is skipped, too") {
  auto const skipped = [](std::string const& type, std::string const& text,
                          std::string const& row) {
    return place(failure<Other>(tlog_test::one_field(type, text, row)));
  };
  CHECK(skipped(bytes({17, 1}), "map<bool>", bytes({1, 1, 'b', 2})) ==
        "$.x: the byte 0 or 1, found 2");
  CHECK(skipped(bytes({14, 2}), "optional<int8>", bytes({2, 0})) ==
        "$.x: the byte 0 or 1, found 2");
  CHECK(skipped(bytes({16, 0, 2}), "array<int8,0>", bytes({1})) == "$.x: the byte 0, found 1");
  CHECK(skipped(bytes({18, 0, 0}), "{}", bytes({1})) == "$.x: the byte 0, found 1");
  CHECK(skipped(bytes({15, 5}), "list<int64>", bytes({2, 0, 0, 0, 0, 0, 0, 0, 0, 0})) ==
        "$.x: 16 more bytes, found 9");
}
