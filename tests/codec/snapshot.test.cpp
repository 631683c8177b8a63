// SPDX-License-Identifier: MIT
#include <trainlog/binary.hpp>

#include <bit>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "codec/records.hpp"
#include "codec/tlog_parts.hpp"

using text_test::Entry;
using text_test::Everything;
using text_test::filler;
using text_test::Numbers;
using tlog_test::bytes;
using tlog_test::end_part;
using tlog_test::le;
using tlog_test::part;
using tlog_test::parts_of;
using tlog_test::rows_part;
using trainlog::decode_error;
using trainlog::from_binary;
using trainlog::identical;
using trainlog::to_binary;

namespace {

struct Floats {
  float single = 0;
  double real = 0;
  TRAINLOG_RECORD(Floats, single, real)
};
struct Empty {
  TRAINLOG_RECORD(Empty)
};
struct Long {
  std::string text;
  TRAINLOG_RECORD(Long, text)
};
struct Checked {
  double rate = 1;
  TRAINLOG_RECORD(Checked, rate)
};
TRAINLOG_META(Checked, rate, ge(0))
/// Four types for each node that is not a leaf.
template <int Height>
struct Tree {
  std::vector<Tree<Height - 1>> left;
  std::vector<Tree<Height - 1>> right;
  TRAINLOG_RECORD(Tree, left, right)
};
template <>
struct Tree<0> {
  TRAINLOG_RECORD(Tree)
};
struct Rate {
  std::string rate;
  TRAINLOG_RECORD(Rate, rate)
};

template <class T>
bool all_identical(std::vector<T> const& a, std::vector<T> const& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!identical(a[i], b[i])) return false;
  }
  return true;
}

template <class T>
void round_trip(std::vector<T> const& rows) {
  auto const file = to_binary(rows);
  CHECK(all_identical(from_binary<std::vector<T>>(file), rows));
  CHECK(to_binary(std::vector<T>(rows)) == file);
}

template <class T>
decode_error failure(std::string const& file) {
  try {
    static_cast<void>(from_binary<T>(file));
  } catch (decode_error const& error) {
    CHECK_FALSE(error.path().empty());
    CHECK_FALSE(error.expected().empty());
    CHECK_FALSE(error.found().empty());
    CHECK(error.offset() <= file.size());
    return error;
  }
  FAIL("no error");
  throw;
}

std::vector<Everything> some_rows() {
  filler random(11);
  return {random.make<Everything>(), {}, random.make<Everything>()};
}
using many = std::vector<Everything>;

/// Decodes bytes that may be anything: an error of ours, or rows that can be written again.
template <class T>
bool survives(std::string const& file) {
  try {
    auto const rows = from_binary<std::vector<T>>(file);
    return all_identical(from_binary<std::vector<T>>(to_binary(rows)), rows);
  } catch (trainlog::error const&) {
    return true;
  }
}

}  // namespace

TEST_CASE("snapshot: a log is named as such, open, with other records, or continued") {
  auto const whole = parts_of(to_binary(Long{"x"}));
  auto const log = tlog_test::header(1, 0, 0, 0, "0123456789abcdef");
  part const columns{4, "head", 1, 0};
  for (std::vector<part> const& parts : {std::vector<part>{},
                                         {whole[0]},
                                         {whole[0], columns},
                                         {whole[0], whole[1], whole[0]},
                                         {whole[0], whole[1], whole[2], whole[0]}}) {
    CHECK_THROWS_WITH(
        from_binary<Long>(tlog_test::file(parts, log)),
        "trainlog: expected a snapshot, found a log, which log_reader reads at header (byte 24)");
  }
}

TEST_CASE(
    "snapshot: one record, many and none come back identical, and equal ones as equal bytes") {
  filler random(5);
  for (int i = 0; i < 100; ++i) {
    auto const record = random.make<Everything>();
    auto const file = to_binary(record);
    CHECK(identical(from_binary<Everything>(file), record));
    CHECK(to_binary(Everything(record)) == file);
  }
  round_trip(some_rows());
  round_trip(std::vector<Everything>());
  round_trip(std::vector<Empty>(5));
  round_trip(std::vector<Entry>{{1, 0.5}, {2, -0.0, 1e300}});
  round_trip(std::vector<trainlog::frozen<Floats>>{Floats{1, 2}, Floats{3, 4}});
  CHECK(identical(from_binary<Empty>(to_binary(Empty{})), Empty{}));
}

TEST_CASE("snapshot: every class of bit pattern of a float is kept") {
  std::vector<Floats> rows;
  for (std::uint32_t const exponent : {0U, 1U, 127U, 254U, 255U}) {
    for (std::uint32_t const mantissa : {0U, 1U, 0x400000U, 0x400001U, 0x2aaaaaU, 0x7fffffU}) {
      for (std::uint32_t const sign : {0U, 1U}) {
        auto const single = sign << 31U | exponent << 23U | mantissa;
        auto const real = std::uint64_t{sign} << 63U |
                          (exponent == 255U ? std::uint64_t{2047} : exponent) << 52U |
                          std::uint64_t{mantissa} << 29U | (mantissa & 1U);
        rows.push_back({std::bit_cast<float>(single), std::bit_cast<double>(real)});
      }
    }
  }
  auto const back = from_binary<std::vector<Floats>>(to_binary(rows));
  REQUIRE(back.size() == 60);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CHECK(std::bit_cast<std::uint32_t>(back[i].single) ==
          std::bit_cast<std::uint32_t>(rows[i].single));
    CHECK(std::bit_cast<std::uint64_t>(back[i].real) == std::bit_cast<std::uint64_t>(rows[i].real));
  }
}

TEST_CASE("snapshot: the ends of all integer types are kept") {
  auto const fill = [](Numbers& numbers, bool highest) {
    trainlog::for_each_field(numbers, [&]<class T>(std::string_view, T& field) {
      field = highest ? std::numeric_limits<T>::max() : std::numeric_limits<T>::lowest();
    });
  };
  std::vector<Numbers> rows(2);
  fill(rows[0], false);
  fill(rows[1], true);
  round_trip(rows);
}

TEST_CASE("snapshot: the frame is as the format says") {
  auto const file = to_binary(Floats{1, 2});
  std::string const fields = tlog_test::varint(2) + tlog_test::str("single") + bytes({10, 1}) +
                             tlog_test::str("default") + tlog_test::str("0.0") +
                             tlog_test::str("real") + bytes({11, 1}) + tlog_test::str("default") +
                             tlog_test::str("0.0");
  std::string const row = bytes({0, 0, 0x80, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0x40});
  CHECK(file ==
        tlog_test::file({tlog_test::schema_part("{single:float32,real:float64}", fields, "Floats"),
                         rows_part(1, row), end_part(1)}));
}

TEST_CASE("snapshot: a cut between two blocks is noticed as one") {
  auto const file = to_binary(std::vector<Entry>(100'000, Entry(1, 2)));
  std::size_t end = 64;
  for (auto const& each : parts_of(file)) {
    auto const error = failure<std::vector<Entry>>(file.substr(0, end));
    CHECK(error.found() == "the end: the file is cut short");
    CHECK(error.offset() == end);
    end += 48 + (each.payload.size() + 7) / 8 * 8;
  }
}

TEST_CASE("snapshot: a record of more types than the format has cannot be written") {
  CHECK(from_binary<Tree<14>>(to_binary(Tree<14>{})).left.empty());  // 65,532 types
  CHECK_THROWS_AS(to_binary(Tree<15>{}), trainlog::schema_error);
  CHECK_THROWS_AS(to_binary(std::vector<Tree<15>>()), trainlog::schema_error);
  CHECK_THROWS_WITH(
      to_binary(Tree<15>{}),
      "trainlog: the schema of Tree cannot be written: expected at most 65536 types, found more");
}

TEST_CASE("snapshot: a million rows come back, in blocks of about a mebibyte") {
  std::vector<Entry> rows;
  for (std::int64_t i = 0; i < 1'000'000; ++i) rows.emplace_back(i, static_cast<double>(i) / 3);
  auto const file = to_binary(rows);
  CHECK(from_binary<std::vector<Entry>>(file) == rows);
  auto const parts = parts_of(file);
  CHECK(parts.size() == 25);  // 24 MB
  for (auto const& each : parts) CHECK(each.payload.size() <= (1U << 20U) + 16);
  std::vector<Long> const texts(40, Long{std::string(100'000, 'x')});
  CHECK(parts_of(to_binary(texts)).size() == 6);
  round_trip(texts);
  round_trip(std::vector<Empty>(3'000'000));
}

TEST_CASE("snapshot: one record wants exactly one row, many take any number") {
  CHECK(failure<Floats>(to_binary(std::vector<Floats>(2))).found() == "2");
  auto const none = failure<Floats>(to_binary(std::vector<Floats>()));
  CHECK(none.expected() == "one row");
  CHECK(none.found() == "0");
  CHECK(from_binary<std::vector<Floats>>(to_binary(Floats{})).size() == 1);
  auto const parts = parts_of(to_binary(Floats{}));
  CHECK(from_binary<std::vector<Floats>>(tlog_test::file({parts[0], end_part(0)})).empty());
}

namespace match_test {

struct Layer {
  int width = 0;
  double rate = 0;
  TRAINLOG_RECORD(Layer, width, rate)
};
struct Old {
  std::vector<Layer> layers;
  Layer best;
  int seed = 1;
  TRAINLOG_RECORD(Old, layers, best, seed)
};
struct Renamed {
  int units = 0;
  double rate = 0;
  TRAINLOG_RECORD(Renamed, units, rate)
};
struct New {
  std::optional<Renamed> best;
  std::vector<Renamed> layers;
  TRAINLOG_RECORD(New, best, layers)
};
struct Aliased {
  int start = 1;
  int more = 2;
  TRAINLOG_RECORD(Aliased, start, more)
};
TRAINLOG_META(Aliased, start, aka("seed"))

}  // namespace match_test

TEST_CASE("snapshot: every cut, and every bit that is flipped, is an error") {
  auto const good = to_binary(some_rows());
  std::size_t unnoticed = 0;
  auto const check = [&](std::string const& file) {
    try {
      static_cast<void>(from_binary<many>(file));
      ++unnoticed;
    } catch (decode_error const&) {
    }
  };
  for (std::size_t size = 0; size < good.size(); ++size) check(good.substr(0, size));
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    auto file = good;
    file[bit / 8] = static_cast<char>(file[bit / 8] ^ (1 << bit % 8));
    check(file);
  }
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (char const value : {'\0', '\xff'}) {
      auto file = good;
      file[at] = value;
      if (file != good) check(file);
    }
  }
  for (std::size_t size = 1; size < 100; ++size) check(good + std::string(size, '\0'));
  CHECK(unnoticed == 0);
}

TEST_CASE("snapshot: damage under right checksums is an error or other values, never more") {
  filler random(3);
  auto const good = to_binary(std::vector<Everything>{random.make<Everything>()});
  std::size_t bad = 0;
  auto const check = [&](std::string file) {
    tlog_test::reseal(file);
    if (!survives<Everything>(file) || !survives<Entry>(file)) ++bad;
  };
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (int const value : {0, 1, 2, 127, 128, 255, good[at] ^ 1, good[at] ^ 64}) {
      auto file = good;
      file[at] = static_cast<char>(value);
      check(file);
    }
    check(good.substr(0, at));
    check(good.substr(0, at) + good.substr(at + 1));
    check(good.substr(0, at) + "\xff\xff\xff\xff\xff\xff\xff\xff\x7f" + good.substr(at));
  }
  CHECK(bad == 0);
}

TEST_CASE("snapshot: blocks in the wrong order, twice, or missing are errors") {
  auto const parts = parts_of(to_binary(Floats{1, 2}));
  auto const& schema = parts[0];
  auto const& rows = parts[1];
  auto const& end = parts[2];
  auto const fails = [](std::vector<part> const& all) {
    return failure<std::vector<Floats>>(tlog_test::file(all)).path();
  };
  CHECK(fails({rows, schema, end}) == "block 0");
  CHECK(fails({rows, end}) == "block 0");
  CHECK(fails({end}) == "block 0");
  CHECK(fails({schema, schema, rows, end}) == "block 1");
  CHECK(fails({schema, rows, schema, end}) == "block 2");
  CHECK(fails({schema, rows, rows, end}) == "block 2");
  CHECK(fails({schema, rows}) == "block 2");
  CHECK(fails({schema, end}) == "block 1");
  CHECK(fails({schema, rows, end_part(2)}) == "block 2");
  CHECK(fails({schema, rows, {3, ""}}) == "block 2");
  CHECK(fails({schema, rows, end, end}) == "the end");
  CHECK(fails({schema, rows, end, rows}) == "the end");
}

TEST_CASE("snapshot: rows blocks that lie about themselves are errors") {
  auto const parts = parts_of(to_binary(Floats{1, 2}));
  std::string const row(12, 'r');
  auto const fails = [&](part const& rows, std::uint64_t count = 1) {
    return failure<std::vector<Floats>>(tlog_test::file({parts[0], rows, end_part(count)}));
  };
  std::size_t const payload = tlog_test::file({parts[0]}).size() + 48;
  CHECK(fails(rows_part(1, row, 0, 1)).offset() == payload);       // of another schema
  CHECK(fails(rows_part(1, row, 1)).offset() == payload + 8);      // not the first
  CHECK(fails(rows_part(1, row + 'x')).offset() == payload + 28);  // bytes left over
  CHECK(fails(rows_part(1, row + row)).offset() == payload + 28);
  CHECK(fails(rows_part(2, row), 2).offset() == payload + 28);  // bytes missing
  CHECK(fails(rows_part(0, row), 0).offset() == payload + 16);
  CHECK(fails(rows_part(0xffffffff, row)).offset() == payload + 4);
  CHECK(fails(rows_part(13, row)).offset() == payload + 4);
  CHECK(fails({2, "short"}).path() == "block 1");
}

TEST_CASE("snapshot: lengths and counts of absurd size are errors") {
  for (auto const size : {std::uint64_t{1} << 63U, std::uint64_t{0xffffffff}, ~std::uint64_t{0},
                          (std::uint64_t{1} << 61U) + 1}) {
    auto const claim = tlog_test::varint(size) + "abc";
    for (auto const& [kind, name] : {std::pair{15, "list"}, std::pair{17, "map"}}) {
      for (auto const& [element, of] :
           {std::pair{1, "bool"}, std::pair{11, "float64"}, std::pair{12, "string"}}) {
        auto const file =
            tlog_test::one_field(bytes({kind, element}), std::string(name) + "<" + of + ">", claim);
        CHECK(failure<Empty>(file).path() == "$.x");
      }
    }
    CHECK(failure<Empty>(tlog_test::one_field(bytes({12}), "string", claim)).path() == "$.x");
    auto const array = bytes({16}) + tlog_test::varint(size) + bytes({11});
    auto const text = "array<float64," + std::to_string(size) + ">";
    CHECK(failure<Empty>(tlog_test::one_field(array, text, "abc")).path() == "$.x");
  }
}

TEST_CASE("snapshot: the schema block has to be of schema 0, and its identity right") {
  auto parts = parts_of(to_binary(Floats{1, 2}));
  auto const good = parts[0].payload;
  parts[0].payload[0] = 1;
  CHECK(failure<Floats>(tlog_test::file(parts)).offset() == 64 + 48);
  parts[0].payload = good;
  parts[0].payload[9] = static_cast<char>(parts[0].payload[9] ^ 1);
  CHECK(failure<Floats>(tlog_test::file(parts)).offset() == 64 + 48 + 8);
  parts[0].payload = good;
  parts[0].payload[4] = 1;  // reserved
  CHECK(identical(from_binary<Floats>(tlog_test::file(parts)), Floats{1, 2}));
}

TEST_CASE("snapshot: what later versions may add is passed over") {
  auto parts = parts_of(to_binary(Floats{1, 2}));
  parts[0].payload += "more";
  parts[2].payload += "more";
  parts.insert(parts.begin(), {7, "unknown", 0});
  parts.insert(parts.begin() + 2, {0xffff, "", 0});
  parts.insert(parts.begin() + 4, {5, std::string(1000, 'u'), 0});
  auto const later = tlog_test::header(1, 9, 0, 1);
  CHECK(identical(from_binary<Floats>(tlog_test::file(parts, later)), Floats{1, 2}));
  parts[2].flags = 1;
  CHECK(failure<Floats>(tlog_test::file(parts, later)).path() == "block 2");
  parts[2].flags = 0;
  CHECK(failure<Floats>(tlog_test::file(parts, tlog_test::header(2))).path() == "header");
  CHECK(failure<Floats>(tlog_test::file(parts, tlog_test::header(1, 0, 1))).path() == "header");
}

TEST_CASE("snapshot: a file of a log, with an id of its own, reads alike") {
  auto const parts = parts_of(to_binary(Floats{1, 2}));
  auto const header = tlog_test::header(1, 0, 0, 0, "0123456789abcdef");
  CHECK(identical(from_binary<Floats>(tlog_test::file(parts, header)), Floats{1, 2}));
}

TEST_CASE("snapshot: files that are saved come back, and errors name the file") {
  auto const path = std::string("trainlog_snapshot_test.tlog");
  auto const rows = some_rows();
  trainlog::save_binary(path, rows);
  CHECK(all_identical(trainlog::load_binary<many>(path), rows));
  CHECK_THROWS_WITH(trainlog::load_binary<Everything>(path), Catch::Contains(path));
  trainlog::save_binary(path, Floats{-1, -1});
  CHECK(trainlog::load_binary<Checked>(path).rate == 1);  // not in the file: its default
  trainlog::save_binary(path, Checked{-1});
  CHECK_THROWS_WITH(
      trainlog::load_binary<Checked>(path),
      Catch::Contains("rate = -1.0 is less than 0.0 at $ (byte") && Catch::Contains(path));
  CHECK_THROWS_AS(trainlog::load_binary<Checked>(path), trainlog::validation_error);
  CHECK_THROWS_WITH(trainlog::load_binary<Rate>(path), Catch::Contains(path));
  CHECK_THROWS_AS(trainlog::load_binary<Rate>(path), trainlog::schema_error);
  std::remove(path.c_str());
  CHECK_THROWS_AS(trainlog::load_binary<Floats>(path), trainlog::io_error);
}

TEST_CASE("snapshot: an error of a class of the program's own is thrown as it is") {
  struct own_error : trainlog::validation_error {
    using validation_error::validation_error;
  };
  struct own_decode_error : trainlog::decode_error {
    using decode_error::decode_error;
  };
  struct own_schema_error : trainlog::schema_error {
    using schema_error::schema_error;
  };
  auto const load = []() -> int { throw own_error("own"); };
  CHECK_THROWS_AS(trainlog::detail::in_file("a.tlog", load), own_error);
  CHECK_THROWS_WITH(trainlog::detail::in_file("a.tlog", load), "own");
  auto const decode = []() -> int { throw own_decode_error("$", {}, "a", "b"); };
  CHECK_THROWS_AS(trainlog::detail::in_file("a.tlog", decode), own_decode_error);
  auto const match = []() -> int { throw own_schema_error("own", {}, {}); };
  CHECK_THROWS_AS(trainlog::detail::in_file("a.tlog", match), own_schema_error);
}

TEST_CASE("snapshot: what has no match is an error where the options say so, at any depth") {
  using trainlog::from_binary;
  trainlog::decode_options const no_unknown{.unknown = trainlog::unknown_fields::error};
  trainlog::decode_options const no_missing{.missing = trainlog::missing_fields::error};
  auto const bytes = to_binary(match_test::Old{});
  CHECK(from_binary<match_test::New>(bytes).layers.empty());
  CHECK(from_binary<match_test::Old>(bytes, {no_unknown.unknown, no_missing.missing}).seed == 1);
  CHECK_THROWS_WITH(from_binary<match_test::New>(bytes, no_unknown),
                    "trainlog: rows of Old are not those of New: $.layers.width: not in the "
                    "record; $.best.width: not in the record; $.seed: not in the record");
  CHECK_THROWS_WITH(from_binary<match_test::New>(bytes, no_missing),
                    "trainlog: rows of Old are not those of New: $.layers.units: not in the file; "
                    "$.best.units: not in the file");
  CHECK_THROWS_WITH(from_binary<match_test::Aliased>(bytes, no_missing),
                    "trainlog: rows of Old are not those of Aliased: $.more: not in the file");
}
