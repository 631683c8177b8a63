// SPDX-License-Identifier: MIT
#include <trainlog/schema.hpp>

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "catch.hpp"

namespace {

enum class Phase : std::uint8_t { train, eval };
TRAINLOG_ENUM(Phase, train, eval)

TRAINLOG_NAMEDTUPLE(Inner, (std::int8_t, i), (std::uint64_t, u, 1))

struct Extreme {
  double best = INFINITY;
  std::vector<float> curve{1.0F, NAN};
  TRAINLOG_RECORD(Extreme, best, curve)
};

struct Row {
  double loss = 0.5;
  std::optional<int> maybe;
  std::vector<Inner> list;
  std::map<std::string, bool> map;
  Phase phase = Phase::eval;
  TRAINLOG_RECORD(Row, loss, maybe, list, map, phase)
};
TRAINLOG_META(Row, loss, unit("nats"), doc("the \"mean\""))

}  // namespace

TEST_CASE("the JSON Schema of a record is JSON, and says what its JSON form is") {
  auto const schema = nlohmann::json::parse(trainlog::json_schema<Row>());
  CHECK(schema["$schema"] == "https://json-schema.org/draft/2020-12/schema");
  CHECK(schema["title"] == "Row");
  auto const& properties = schema["properties"];
  CHECK(properties.size() == 5);
  CHECK(properties["loss"] == nlohmann::json::parse(R"({"type":["number","null"],"default":0.5,
      "unit":"nats","description":"the \"mean\""})"));
  CHECK(properties["maybe"]["anyOf"][1]["type"] == "null");
  CHECK(properties["maybe"]["anyOf"][0]["minimum"] == -2147483648);
  CHECK(properties["map"]["additionalProperties"]["type"] == "boolean");
  CHECK(properties["phase"]["anyOf"][0]["enum"] == nlohmann::json::parse(R"(["train","eval"])"));
  auto const& inner = properties["list"]["items"];
  CHECK(inner["required"] == nlohmann::json::parse(R"(["i"])"));
  CHECK(inner["properties"]["i"]["minimum"] == -128);
  CHECK(inner["properties"]["i"]["maximum"] == 127);
  CHECK(inner["properties"]["u"]["maximum"] == 18446744073709551615U);
  CHECK(inner["properties"]["u"]["default"] == 1);
  CHECK(schema["required"].empty());
}

TEST_CASE("a default that JSON has no number for is what to_json writes: null") {
  auto const properties = nlohmann::json::parse(trainlog::json_schema<Extreme>())["properties"];
  CHECK(properties["best"]["default"].is_null());
  CHECK(properties["curve"]["default"] == nlohmann::json::parse("[1.0,null]"));
}
