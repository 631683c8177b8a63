// SPDX-License-Identifier: MIT
#include <trainlog/binary.hpp>

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "catch.hpp"
#include "codec/one_field.hpp"
#include "codec/records.hpp"
#include "codec/tlog_parts.hpp"

using tlog_test::bytes;
using tlog_test::failure;
using tlog_test::le;
using tlog_test::place;
using tlog_test::reread;
using tlog_test::Row;
using tlog_test::str;
using tlog_test::varint;
using trainlog::decode_error;
using trainlog::from_binary;
using trainlog::to_binary;

namespace {

enum Loose { loose_a = 1, loose_b = 4 };  // holds 0 to 7
TRAINLOG_ENUM(Loose, loose_a, loose_b)
enum LooseSigned { below = -3, above = 1 };  // holds -4 to 3
TRAINLOG_ENUM(LooseSigned, below, above)
enum class Switch : bool { off, on };
TRAINLOG_ENUM(Switch, off, on)

struct own_error : trainlog::validation_error {
  using validation_error::validation_error;
};

struct Checked {
  std::int32_t n = 0;
  std::int32_t twice = 0;
  void post_init() { twice = 2 * n; }
  void validate() const {
    if (n < -100) throw own_error("far too small");
    if (n < 0) throw trainlog::validation_error("negative");
  }
  TRAINLOG_RECORD(Checked, n, twice)
};
TRAINLOG_META(Checked, twice, serialize(false))

struct Narrow {
  std::int16_t n = -1;
  TRAINLOG_RECORD(Narrow, n)
};

}  // namespace

TEST_CASE("row_decode: an enumeration never gets a value that it cannot hold") {
  auto const loose = [](int number, int first, int second) {
    std::string const type = bytes({13}) + str("E") + bytes({4}) + varint(2) + str("loose_a") +
                             le(static_cast<std::uint64_t>(first), 8) + str("loose_b") +
                             le(static_cast<std::uint64_t>(second), 8);
    auto const text =
        "enum<int32>{loose_a=" + std::to_string(first) + ",loose_b=" + std::to_string(second) + "}";
    return tlog_test::one_field(type, text, le(static_cast<std::uint64_t>(number), 4));
  };
  CHECK(from_binary<Row<Loose>>(loose(7, 1, 4)).x == 7);
  CHECK(from_binary<Row<Loose>>(loose(2, 2, 3)).x == loose_a);
  CHECK_THROWS_AS(from_binary<Row<Loose>>(loose(8, 1, 4)), decode_error);
  CHECK_THROWS_AS(from_binary<Row<Loose>>(loose(-1, 1, 4)), decode_error);

  auto file = to_binary(Row<LooseSigned>{below});
  auto parts = tlog_test::parts_of(file);
  for (int number = -6; number < 6; ++number) {
    parts[1].payload.replace(16, 4, le(static_cast<std::uint64_t>(number), 4));
    if (number >= -4 && number <= 3) {
      CHECK(from_binary<Row<LooseSigned>>(tlog_test::file(parts)).x == number);
    } else {
      CHECK_THROWS_AS(from_binary<Row<LooseSigned>>(tlog_test::file(parts)), decode_error);
    }
  }
  parts = tlog_test::parts_of(to_binary(Row<Switch>{Switch::on}));
  CHECK(from_binary<Row<Switch>>(tlog_test::file(parts)).x == Switch::on);
  parts[1].payload[16] = 2;
  CHECK(place(failure<Row<Switch>>(tlog_test::file(parts))) == "$.x: a value of Switch, found 2");
}

TEST_CASE("row_decode: post_init and validate are applied to every record, nested ones too") {
  CHECK(from_binary<Checked>(to_binary(Checked{3, 0})).twice == 6);
  CHECK(reread<std::vector<Checked>>(std::vector<Checked>{{1, 0}, {2, 0}})[1].twice == 4);
  CHECK(from_binary<std::vector<Checked>>(to_binary(std::vector<Checked>{{4, 0}}))[0].twice == 8);
  CHECK(from_binary<Checked>(to_binary(Narrow{5})).twice == 10);
  CHECK_THROWS_AS(from_binary<Checked>(to_binary(Narrow{-5})), trainlog::validation_error);
  CHECK_THROWS_WITH(from_binary<Row<std::vector<Checked>>>(
                        to_binary(Row<std::vector<Checked>>{{{1, 0}, {-2, 0}}})),
                    Catch::Contains("negative at $.x[1] (byte "));
  CHECK_THROWS_AS(from_binary<Checked>(to_binary(Checked{-101, 0})), own_error);
}

TEST_CASE("row_decode: flags, zero bytes and map keys have to be right") {
  using tlog_test::one_field;
  CHECK(place(failure<Row<bool>>(one_field(bytes({1}), "bool", bytes({2})))) ==
        "$.x: the byte 0 or 1, found 2");
  CHECK(place(failure<Row<std::optional<bool>>>(one_field(
            bytes({14, 1}), "optional<bool>", bytes({3, 1})))) == "$.x: the byte 0 or 1, found 3");
  CHECK(place(failure<Row<std::vector<bool>>>(
            one_field(bytes({15, 1}), "list<bool>", bytes({2, 1, 255})))) ==
        "$.x[1]: the byte 0 or 1, found 255");
  CHECK(place(failure<Row<std::array<int, 0>>>(one_field(
            bytes({16, 0, 4}), "array<int32,0>", bytes({7})))) == "$.x: the byte 0, found 7");
  using map = std::map<std::string, bool>;
  auto const maps = [](std::string const& rows) {
    return one_field(bytes({17, 1}), "map<bool>", rows);
  };
  CHECK(from_binary<Row<map>>(maps(bytes({2, 1, 'a', 1, 1, 'b', 0}))).x ==
        map{{"a", true}, {"b", false}});
  CHECK(place(failure<Row<map>>(maps(bytes({2, 1, 'b', 1, 1, 'a', 0})))) ==
        "$.x.a: keys in ascending order, found another");
  CHECK(place(failure<Row<map>>(maps(bytes({2, 2, 'b', ' ', 1, 2, 'b', ' ', 0})))) ==
        R"($.x["b "]: keys in ascending order, found another)");
  CHECK(place(failure<Row<map>>(maps(bytes({1, 1, 'b', 2})))) == "$.x.b: the byte 0 or 1, found 2");
  std::string const key(100'000, 'k');
  CHECK(failure<Row<map>>(maps(bytes({1}) + str(key) + bytes({2}))).path().size() < 100);
}

TEST_CASE("row_decode: a failure names the place in the record and the byte in the file") {
  auto rows = std::vector<text_test::Everything>(3);
  rows[2].paths["a b"].resize(2);
  rows[2].paths["a b"][1].y = 1.0F;
  auto parts = tlog_test::parts_of(to_binary(rows));
  auto& payload = parts[1].payload;
  std::size_t const end = payload.size() - 3 * 8;  // before pause, wall and at
  payload[end - 5] = 2;                            // the flag of y
  auto const error = failure<std::vector<text_test::Everything>>(tlog_test::file(parts));
  CHECK(place(error) == R"($[2].paths["a b"][1].y: the byte 0 or 1, found 2)");
  auto const begin = tlog_test::file({parts[0]}).size() + 48;
  CHECK(error.offset() == begin + end - 5);
}
