// SPDX-License-Identifier: MIT
#include <trainlog/schema.hpp>

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "catch.hpp"

namespace {

struct Metrics {
  std::int64_t epoch = -1;
  float loss = 0.1F;
  std::vector<int> sizes{64, 10};
  std::string note = "a\n\"b\"";
  double best = INFINITY;
  int hidden = 3;
  TRAINLOG_RECORD(Metrics, epoch, loss, sizes, note, best, hidden)
};
TRAINLOG_META(Metrics, epoch, required())
TRAINLOG_META(Metrics, loss, unit("nats"), doc("mean"), rename("train/loss"), aka("loss"),
              aka("cost"), goal(minimize), reduce(mean))
TRAINLOG_META(Metrics, hidden, serialize(false))

TRAINLOG_NAMEDTUPLE(Entry, (int, step), (double, lr, 0.5))

struct Outer {
  Entry entry{3};
  TRAINLOG_RECORD(Outer, entry)
};

struct Renamed {
  double x = 0.5;
  int hidden = 3;
  TRAINLOG_RECORD(Renamed, x, hidden)
};
TRAINLOG_META(Renamed, x, rename("pos/x"))
TRAINLOG_META(Renamed, hidden, rename("pos/x"), serialize(false))
struct Holder {
  Renamed one;
  std::vector<Renamed> some = std::vector<Renamed>(1);
  TRAINLOG_RECORD(Holder, one, some)
};

struct Plain {
  double x = 0;
  std::optional<int> n;
};
TRAINLOG_DESCRIBE(Plain, x, n)
struct Recorded {
  double x = 7;
  std::optional<int> n;
  TRAINLOG_RECORD(Recorded, x, n)
};
TRAINLOG_NAMEDTUPLE(Tuple, (double, x), (std::optional<int>, n))

struct Twice {
  double x = 0;
  double y = 0;
  TRAINLOG_RECORD(Twice, x, y)
};
TRAINLOG_META(Twice, y, rename("x"))

struct Node {
  std::vector<Node> children;
  TRAINLOG_RECORD(Node, children)
};

}  // namespace

TEST_CASE("however a record is declared, its schema is the same") {
  auto const wanted = to_text(trainlog::schema_of<Recorded>());
  CHECK(wanted == "{x:float64,n:optional<int32>}");
  CHECK(to_text(trainlog::schema_of<Plain>()) == wanted);
  CHECK(to_text(trainlog::schema_of<Tuple>()) == wanted);
  CHECK(to_text(trainlog::schema_of<trainlog::frozen<Recorded>>()) == wanted);
}

TEST_CASE("the defaults of nested records have the names and fields that are in files") {
  auto const& fields = trainlog::schema_of<Holder>().fields;
  CHECK(to_text(fields[0].type) == "{pos/x:float64}");
  CHECK(fields[0].default_json == R"({"pos/x":0.5})");
  CHECK(fields[1].default_json == R"([{"pos/x":0.5}])");
}

TEST_CASE("two fields may not have the same name in files, unless one is not in them") {
  STATIC_REQUIRE(trainlog::detail::file_names_differ<Renamed>);
  STATIC_REQUIRE_FALSE(trainlog::detail::file_names_differ<Twice>);
}

TEST_CASE("a record that contains itself has no schema") {
  CHECK_THROWS_WITH(trainlog::schema_of<Node>(), "trainlog: types nest more than 64 deep");
}

TEST_CASE("a schema carries names in files, metadata and defaults") {
  auto const& schema = trainlog::schema_of<Metrics>();
  CHECK(schema.name == "Metrics");
  REQUIRE(schema.fields.size() == 5);
  auto const& loss = schema.fields[1];
  CHECK(loss.name == "train/loss");
  CHECK(loss.unit == "nats");
  CHECK(loss.doc == "mean");
  CHECK(loss.aka == std::vector<std::string>{"loss", "cost"});
  CHECK(loss.goal == trainlog::direction::minimize);
  CHECK(loss.reduce == trainlog::reduction::mean);
  CHECK_FALSE(loss.required);
  REQUIRE(loss.default_value.has_value());
  CHECK(*loss.default_value == 0.1F);
  CHECK(loss.default_json == "0.1");
  CHECK(schema.fields[0].required);
  CHECK(schema.fields[2].default_json == "[64,10]");
  CHECK(schema.fields[3].default_json == R"("a\n\"b\"")");
  CHECK(schema.fields[4].default_json == R"("Infinity")");
}

TEST_CASE("the fields of a named tuple have a default where it says so") {
  auto const& fields = trainlog::schema_of<Entry>().fields;
  CHECK(fields[0].required);
  CHECK_FALSE(fields[0].default_value.has_value());
  CHECK(fields[0].default_json.empty());
  CHECK_FALSE(fields[1].required);
  CHECK(*fields[1].default_value == 0.5);
}

TEST_CASE("nested records bring their fields with them") {
  auto const& type = trainlog::schema_of<Outer>().fields[0].type;
  CHECK(type.kind == trainlog::type_kind::record);
  CHECK(type.name == "Entry");
  REQUIRE(type.fields.size() == 2);
  CHECK(type.fields[1].name == "lr");
}

TEST_CASE("the schema of a type is made once") {
  CHECK(&trainlog::schema_of<Metrics>() == &trainlog::schema_of<Metrics>());
}

TEST_CASE("a const record type has the schema of the type") {
  CHECK(&trainlog::schema_of<Metrics const>() == &trainlog::schema_of<Metrics>());
  CHECK(trainlog::json_schema<Metrics const>() == trainlog::json_schema<Metrics>());
}

TEST_CASE("a renamed member's own name is known to the program, and is no aka in files") {
  auto const& fields = trainlog::schema_of<Holder>().fields[0].type.fields;
  CHECK(fields[0].name == "pos/x");
  CHECK(fields[0].former_name == "x");
  CHECK(fields[0].aka.empty());
  CHECK(trainlog::schema_of<Metrics>().fields[1].former_name.empty());  // an aka already
}
