// SPDX-License-Identifier: MIT
#include "trainlog/log/columns_decode.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "catch.hpp"
#include "codec/records.hpp"
#include "log/columns_block.hpp"

using namespace columns_test;

namespace {

struct Epoch {
  std::int64_t step = 0;
  double loss = 0;
  float rate = 0;
  bool last = false;
  std::array<std::int16_t, 3> shape{};
  TRAINLOG_RECORD(Epoch, step, loss, rate, last, shape)
};

std::vector<Epoch> epochs(int count) {
  std::vector<Epoch> rows;
  for (int i = 0; i < count; ++i) {
    rows.push_back({i, 1.0 / (i + 1), 0.5F, i % 7 == 0, {static_cast<std::int16_t>(i), 1, -1}});
  }
  return rows;
}

struct Two {
  double loss = 0;
  bool last = false;
  TRAINLOG_RECORD(Two, loss, last)
};

struct Nothing {
  TRAINLOG_RECORD(Nothing)
};

struct Odd {
  std::array<std::vector<double>, 0> none{};
  Nothing nothing;
  std::vector<Nothing> nothings;
  std::array<std::array<std::array<float, 0>, 2>, 3> deep{};
  std::map<std::string, std::vector<std::optional<std::string>>> words;
  std::array<text_test::Point, 2> points{};
  TRAINLOG_RECORD(Odd, none, nothing, nothings, deep, words, points)
};

}  // namespace

TEST_CASE("columns: rows of one size come back byte for byte") {
  auto const rows = epochs(1000);
  auto encoder = gathered(rows);
  CHECK(encoder.layout().fixed_row_size() == 27);
  CHECK(encoder.plain_bytes() == 27000);
  CHECK(decoded<Epoch>(payload_of(encoder)) == rows_of(rows));
}

TEST_CASE("columns: rows that stand apart are gathered") {
  auto const rows = epochs(100);
  columns_encoder encoder(trainlog::schema_of<Epoch>().fields);
  std::string slots;
  for (auto const& row : rows) slots += "12345678" + row_of(row);
  encoder.add_rows(slots.data() + 8, 35, 60);
  encoder.add_rows(slots.data() + 8 + 60 * 35, 35, 40);
  CHECK(decoded<Epoch>(payload_of(encoder)) == rows_of(rows));
}

TEST_CASE("columns: rows of every type come back byte for byte") {
  text_test::filler random(5);
  std::vector<text_test::Everything> rows;
  for (int i = 0; i < 300; ++i) rows.push_back(random.make<text_test::Everything>());
  auto encoder = gathered(rows);
  CHECK(decoded<text_test::Everything>(payload_of(encoder)) == rows_of(rows));
}

TEST_CASE("columns: empty arrays, records and lists keep their place in the row") {
  text_test::filler random(6);
  std::vector<Odd> rows(20);
  for (auto& row : rows) {
    row.nothings.resize(rows.size() % 3);
    row.words = {{"a", {}}, {"b", {std::nullopt, "text", ""}}};
  }
  auto encoder = gathered(rows);
  CHECK(decoded<Odd>(payload_of(encoder)) == rows_of(rows));
  auto none = gathered(std::vector<Nothing>(3));
  CHECK(decoded<Nothing>(payload_of(none)) == std::string(3, '\0'));
}

TEST_CASE("columns: only the wanted fields are in the rows") {
  auto const rows = epochs(50);
  auto encoder = gathered(rows);
  std::vector<Two> two;
  for (auto const& row : rows) two.push_back({row.loss, row.last});
  auto const block = payload_of(encoder);
  auto const fields = trainlog::schema_of<Epoch>().fields;
  CHECK(decoded(block, fields, {false, true, false, true, false}) == rows_of(two));
  CHECK(decoded(block, fields, std::vector<bool>(5)) == std::string(50, '\0'));
}

TEST_CASE("columns: a decoder and an encoder go from block to block") {
  auto const fields = trainlog::schema_of<text_test::Everything>().fields;
  std::vector<bool> const all(fields.size(), true);
  columns_encoder encoder(fields);
  columns_decoder decoder(fields, all);
  text_test::filler random(7);
  for (int i = 0; i < 20; ++i) {
    std::string rows;
    for (int j = 0; j <= i; ++j) {
      auto const row = row_of(random.make<text_test::Everything>());
      encoder.add_row(row);
      rows += row;
    }
    CHECK(decoded(payload_of(encoder), decoder, all) == rows);
    encoder.clear();
  }
}

TEST_CASE("columns: the head says where everything stands") {
  auto encoder = gathered(epochs(10));
  auto const block = payload_of(encoder, {7, 0, 1000, 0x1122334455667788, 4096});
  columns_head head;
  wire_reader in(std::string_view(block.payload).substr(0, block.head));
  REQUIRE(read_columns_head(in, encoder.layout(), head));
  CHECK(head.header.schema_id == 7);
  CHECK(head.header.row_count == 10);
  CHECK(head.header.first_row == 1000);
  CHECK(head.header.journal_id == 0x1122334455667788);
  CHECK(head.header.journal_end == 4096);
  CHECK(head.streams.size() == 5);
  CHECK(head.streams.front().offset == block.head);
  CHECK(head.payload_size == block.payload.size());
}

namespace {

/// Encoded streams whose checksums are made right again after something has changed.
void reseal(columns_block& from, column_layout const& layout) {
  columns_head head;
  wire_reader in(std::string_view(from.payload).substr(0, from.head));
  if (!read_columns_head(in, layout, head)) return;
  std::string fresh;
  append_columns_header(fresh, head.header);
  for (auto& entry : head.streams) {
    if (entry.offset + entry.length > from.payload.size()) return;
    entry.crc = crc_of(std::string_view(from.payload).substr(entry.offset, entry.length));
    append_stream_entry(fresh, entry);
  }
  from.payload.replace(0, from.head, fresh);
}

}  // namespace

TEST_CASE("columns: a flipped bit in a stream costs the field that has it") {
  auto const rows = epochs(300);
  auto encoder = gathered(rows);
  auto const whole = payload_of(encoder);
  auto const fields = trainlog::schema_of<Epoch>().fields;
  for (std::size_t at = whole.head; at < whole.payload.size(); ++at) {
    auto flipped = whole;
    flipped.payload[at] = static_cast<char>(flipped.payload[at] ^ 4);
    int good = 0;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      std::vector<bool> one(fields.size());
      one[i] = true;
      auto const got = decoded(flipped, fields, one);
      if (got) ++good;
      if (got) REQUIRE(got == decoded(whole, fields, one));
    }
    REQUIRE(good == 4);
  }
}

TEST_CASE("columns: any bytes with right checksums are decoded or refused") {
  text_test::filler random(8);
  std::vector<text_test::Everything> rows;
  for (int i = 0; i < 12; ++i) rows.push_back(random.make<text_test::Everything>());
  auto encoder = gathered(rows);
  auto const whole = payload_of(encoder);
  auto const fields = trainlog::schema_of<text_test::Everything>().fields;
  std::vector<bool> const all(fields.size(), true);
  columns_decoder decoder(fields, all);
  for (std::size_t at = 0; at < whole.payload.size(); ++at) {
    for (int const change : {1, 0x80, 0xff}) {
      auto flipped = whole;
      flipped.payload[at] = static_cast<char>(flipped.payload[at] ^ change);
      reseal(flipped, encoder.layout());
      decoded(flipped, decoder, all);
    }
  }
}

TEST_CASE("columns: a small block with endless values is refused") {
  trainlog::schema_type number;
  number.kind = trainlog::type_kind::int64;
  trainlog::schema_type array;
  array.kind = trainlog::type_kind::array;
  array.length = std::uint64_t{1} << 40;
  array.element = {number};
  trainlog::schema_type list = array;
  list.kind = trainlog::type_kind::list;
  auto const refused = [](trainlog::schema_type const& type, std::string_view stream,
                          std::uint32_t row_count) {
    trainlog::schema_field field;
    field.type = type;
    column_layout const layout({field});
    columns_block made;
    append_columns_header(made.payload, {0, row_count, 0, 0, 0});
    for (std::size_t i = 0; i < layout.stream_count(); ++i) {
      append_stream_entry(made.payload, {1, 0, stream.size(), crc_of(stream)});
    }
    made.head = made.payload.size();
    for (std::size_t i = 0; i < layout.stream_count(); ++i) made.payload += stream;
    return !decoded(made, {field}, {true});
  };
  // All numbers are 2^32.
  std::string_view const many("\0\0\0\0\x01\0\0\0\x01\0\0", 11);
  CHECK_FALSE(refused(number, many, 1U << 20));
  CHECK(refused(number, many, (1U << 20) + 1));
  CHECK(refused(array, many, 1));
  CHECK(refused(list, many, 1));
  trainlog::schema_type empty;
  empty.kind = trainlog::type_kind::record;
  array.element = {empty};
  CHECK(refused(array, many, 1));
  array.length = 16;
  CHECK_FALSE(refused(array, many, 1U << 20));
  array.length = 17;
  CHECK(refused(array, many, 1U << 20));
}

TEST_CASE("columns: a block beyond the limit is left plain, and is read") {
  columns_encoder encoder(trainlog::schema_of<Epoch>().fields);
  auto const rows = rows_of(epochs(1000));
  std::string all;
  while (encoder.plain_bytes() <= plain_limit) {
    encoder.add_rows(rows.data(), 27, 1000);
    all += rows;
  }
  auto const block = payload_of(encoder);
  CHECK(block.payload.size() == block.head + all.size());
  CHECK(decoded<Epoch>(block) == all);
}
