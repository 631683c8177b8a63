// SPDX-License-Identifier: MIT
#include <trainlog/codec/schema_bytes.hpp>
#include <trainlog/schema.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "codec/tlog_parts.hpp"

using namespace trainlog::detail;
using tlog_test::bytes;
using tlog_test::le;
using tlog_test::str;
using tlog_test::varint;
using trainlog::schema;
using trainlog::schema_of;

namespace {

enum class Phase : std::uint8_t { train, eval = 200 };
TRAINLOG_ENUM(Phase, train, eval)

struct Inner {
  float y = 0.5F;
  TRAINLOG_RECORD(Inner, y)
};

struct Row {
  double loss = 1;
  Phase phase = Phase::eval;
  std::optional<bool> maybe;
  std::array<Inner, 300> inner{};
  std::map<std::string, std::vector<std::int8_t>> map;
  std::chrono::duration<float, std::milli> pause{};
  std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds> at{};
  TRAINLOG_RECORD(Row, loss, phase, maybe, inner, map, pause, at)
};
TRAINLOG_META(Row, loss, unit("nats"), doc("mean"), aka("old"), aka("older"), goal(minimize),
              reduce(last))

std::string encoded(schema const& of) {
  std::string out;
  append_schema(out, of);
  return out;
}

/// Empty if the bytes are a schema and nothing else.
std::string problem(std::string_view from, schema* result = nullptr) {
  schema read;
  wire_reader in(from);
  if (!schema_reader(in).read(read)) return in.expected() + ", found " + in.found();
  if (result != nullptr) *result = read;
  return in.remaining() == 0 ? "" : "bytes left";
}

/// A schema with a field x of the type.
std::string with_type(std::string const& type) {
  return str("R") + varint(1) + str("x") + type + varint(0);
}

}  // namespace

TEST_CASE("schema_bytes: every kind and attribute stands as the format says") {
  auto row = schema_of<Row>();
  for (auto& field : row.fields) field.default_json.clear();
  for (auto& field : row.fields[3].type.element[0].fields) field.default_json = "0.25";
  std::string const wanted =
      str("Row") + varint(7) +                                //
      str("loss") + bytes({11}) + varint(6) +                 //
      str("unit") + str("nats") + str("doc") + str("mean") +  //
      str("aka") + str("old") + str("aka") + str("older") +   //
      str("goal") + str("minimize") + str("reduce") + str("last") + str("phase") + bytes({13}) +
      str("Phase") + bytes({6}) + varint(2) +  //
      str("train") + le(0, 8) + str("eval") + le(200, 8) + varint(0) + str("maybe") +
      bytes({14, 1}) + varint(0) + str("inner") + bytes({16}) + varint(300) + bytes({18}) +
      str("Inner") + varint(1) + str("y") + bytes({10}) + varint(1) + str("default") + str("0.25") +
      varint(0) + str("map") + bytes({17, 15, 2}) + varint(0) + str("pause") + bytes({19, 10, 1}) +
      varint(1000) + varint(0) + str("at") + bytes({20, 1, 5, 1}) + varint(1000) + varint(0);
  CHECK(encoded(row) == wanted);
}

TEST_CASE("schema_bytes: what is written is read, attributes included") {
  auto const& row = schema_of<Row>();
  schema back;
  REQUIRE(problem(encoded(row), &back) == "");
  CHECK(back.name == "Row");
  CHECK(to_text(back) == to_text(row));
  CHECK(encoded(back) == encoded(row));
  auto const& loss = back.fields[0];
  CHECK(loss.unit == "nats");
  CHECK(loss.doc == "mean");
  CHECK(loss.aka == std::vector<std::string>{"old", "older"});
  CHECK(loss.goal == trainlog::direction::minimize);
  CHECK(loss.reduce == trainlog::reduction::last);
  CHECK(loss.default_json == "1.0");
  CHECK(back.fields[1].type.name == "Phase");
}

TEST_CASE("schema_bytes: unknown attributes, goals and reductions are ignored") {
  std::string const from = str("R") + varint(1) + str("x") + bytes({1}) + varint(3) +
                           str("colour") + str("red") + str("goal") + str("sideways") +
                           str("reduce") + str("");
  schema back;
  REQUIRE(problem(from, &back) == "");
  CHECK(back.fields[0].goal == trainlog::direction::none);
  CHECK(back.fields[0].reduce == trainlog::reduction::none);
}

TEST_CASE("schema_bytes: every cut is an error") {
  auto const good = encoded(schema_of<Row>());
  std::size_t wrong = 0;
  for (std::size_t size = 0; size < good.size(); ++size) {
    if (problem(std::string_view(good).substr(0, size)).empty()) ++wrong;
  }
  CHECK(wrong == 0);
}

TEST_CASE("schema_bytes: kinds that do not exist, or may not stand there, are refused") {
  CHECK(problem(with_type(bytes({12}))) == "");
  for (int const kind : {0, 21, 22, 127, 128, 255}) {
    CHECK(problem(with_type(bytes({kind}))) ==
          "a kind of type, found the byte " + std::to_string(kind));
  }
  for (int kind = 0; kind < 256; ++kind) {
    bool const integer = kind >= 2 && kind <= 9;
    bool const number = kind >= 2 && kind <= 11;
    CHECK(problem(with_type(bytes({13}) + str("E") + bytes({kind, 0}))).empty() == integer);
    CHECK(problem(with_type(bytes({19, kind, 1, 1}))).empty() == number);
    CHECK(problem(with_type(bytes({20, 0, kind, 1, 1}))).empty() == number);
    CHECK(problem(with_type(bytes({20, kind, 5, 1, 1}))).empty() == (kind <= 1));
  }
}

TEST_CASE("schema_bytes: a period of zero is refused") {
  CHECK(problem(with_type(bytes({19, 5, 0, 1}))) == "a period of time, found zero");
  CHECK(problem(with_type(bytes({19, 5, 1, 0}))) == "a period of time, found zero");
  CHECK(problem(with_type(bytes({20, 1, 5, 1, 0}))) == "a period of time, found zero");
}

TEST_CASE("schema_bytes: two fields of one name are refused, at any depth") {
  std::string const x = str("x") + bytes({1, 0});
  std::string const y = str("y") + bytes({1, 0});
  CHECK(problem(str("R") + varint(2) + x + y) == "");
  CHECK(problem(str("R") + varint(3) + x + y + x) ==
        "fields of different names, found two of the same name");
  CHECK(problem(with_type(bytes({15, 18}) + str("I") + varint(2) + x + x)) ==
        "fields of different names, found two of the same name");
}

TEST_CASE("schema_bytes: types nest 64 deep and no deeper") {
  CHECK(problem(with_type(std::string(63, 15) + bytes({1}))) == "");
  CHECK(problem(with_type(std::string(64, 15) + bytes({1}))) ==
        "at most 64 nested types, found more");
  CHECK(problem(with_type(std::string(100000, 14))) == "at most 64 nested types, found more");
  std::string records = bytes({1});
  for (int i = 1; i < 64; ++i) records = bytes({18, 0, 1, 0}) + records + bytes({0});
  CHECK(problem(with_type(records)) == "");
  CHECK(problem(with_type(bytes({15}) + records)) == "at most 64 nested types, found more");
}

TEST_CASE("schema_bytes: a schema has 65,536 types and no more") {
  auto const many = [](std::uint64_t lists, std::uint64_t bools) {
    std::string all = str("R") + varint(lists + bools);
    for (std::uint64_t i = 0; i < lists; ++i) all += str(std::to_string(i)) + bytes({15, 1, 0});
    for (std::uint64_t i = 0; i < bools; ++i) all += str("b" + std::to_string(i)) + bytes({1, 0});
    return all;
  };
  CHECK(problem(many(32768, 0)) == "");
  CHECK(problem(many(32768, 1)) == "at most 65536 types, found more");
  CHECK(problem(many(0, 65536)) == "");
  CHECK(problem(many(0, 65537)) == "at most 65536 types, found more");
}

TEST_CASE("schema_bytes: a schema that no reader would accept is not written") {
  auto const refused = [](schema const& of, std::string const& problem) {
    std::string out = "before";
    CHECK_THROWS_WITH(append_schema(out, of),
                      "trainlog: the schema of R cannot be written: expected " + problem);
    CHECK(out == "before");
  };
  trainlog::schema_field field;
  schema many{"R", {}};
  for (std::size_t i = 0; i < max_types; ++i) {
    field.name = std::to_string(i);
    many.fields.push_back(field);
  }
  CHECK(problem(encoded(many)) == "");
  field.name = "one more";
  many.fields.push_back(field);
  refused(many, "at most 65536 types, found more");
  refused({"R", {field, field}}, "fields of different names, found two of the same name");
  auto deep = field;
  for (int i = 0; i < 64; ++i) {
    trainlog::schema_type outer;
    outer.kind = trainlog::type_kind::list;
    outer.element.push_back(std::move(deep.type));
    deep.type = std::move(outer);
  }
  refused({"R", {deep}}, "at most 64 nested types, found more");
  field.type.kind = trainlog::type_kind::duration;
  field.type.denominator = 0;
  refused({"R", {field}}, "a period of time, found zero");
}

TEST_CASE("schema_bytes: counts and lengths beyond the bytes are refused") {
  for (auto const count : {std::uint64_t{1} << 63U, std::uint64_t{0xffffffff}, std::uint64_t{99}}) {
    CHECK(problem(str("R") + varint(count)) != "");
    CHECK(problem(varint(count) + "R") != "");
    CHECK(problem(str("R") + varint(1) + str("x") + bytes({1}) + varint(count)) != "");
    CHECK(problem(with_type(bytes({13}) + str("E") + bytes({5}) + varint(count))) != "");
  }
  CHECK(problem(with_type(bytes({16}) + varint(~std::uint64_t{0}) + bytes({1}))) == "");
}
