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
