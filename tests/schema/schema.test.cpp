// SPDX-License-Identifier: MIT
#include <trainlog/schema.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "catch.hpp"
#include "codec/records.hpp"

namespace {

enum class Phase : std::int8_t { train, eval = -5 };
TRAINLOG_ENUM(Phase, train, eval)

enum class Wide : std::uint64_t { none, all = 0xffffffffffffffff };
TRAINLOG_ENUM(Wide, none, all)

struct Inner {
  double x = 0;
  TRAINLOG_RECORD(Inner, x)
};

struct Everything {
  text_test::Numbers numbers;
  std::string text;
  Phase phase = Phase::train;
  Wide wide = Wide::none;
  std::optional<double> maybe;
  std::vector<std::optional<std::int32_t>> list;
  std::array<float, 3> array{};
  std::map<std::string, Inner> map;
  Inner inner;
  std::chrono::milliseconds pause{};
  std::chrono::time_point<std::chrono::system_clock, std::chrono::nanoseconds> at{};
  std::chrono::time_point<std::chrono::steady_clock, std::chrono::seconds> since{};
  TRAINLOG_RECORD(Everything, numbers, text, phase, wide, maybe, list, array, map, inner, pause, at,
                  since)
};

struct Training {
  std::int64_t epoch = 0;
  double loss = 0;
  double accuracy = 0;
  double learning_rate = 0.001;
  TRAINLOG_RECORD(Training, epoch, loss, accuracy, learning_rate)
};

namespace other {
struct Training {
  std::int64_t n = 0;
  double loss = 7;
  double accuracy = 0;
  double learning_rate = 0.5;
  int scratch = 0;
  TRAINLOG_RECORD(Training, n, loss, accuracy, learning_rate, scratch)
};
TRAINLOG_META(Training, n, rename("epoch"), doc("of the run"))
TRAINLOG_META(Training, scratch, serialize(false))
TRAINLOG_META(Training, loss, unit("nats"), aka("cost"))
}  // namespace other

TRAINLOG_NAMEDTUPLE(Tuple, (std::int64_t, epoch), (double, loss), (double, accuracy),
                    (double, learning_rate, 0.001))

}  // namespace

using trainlog::identity;
using trainlog::schema_of;
using trainlog::to_text;

TEST_CASE("the text of a schema has every kind of type as docs/format.md writes it") {
  CHECK(
      to_text(schema_of<Everything>()) ==
      "{numbers:{flag:bool,i8:int8,i16:int16,i32:int32,i64:int64,u8:uint8,u16:uint16,u32:uint32,"
      "u64:uint64,f32:float32,f64:float64},text:string,phase:enum<int8>{train=0,eval=-5},"
      "wide:enum<uint64>{none=0,all=18446744073709551615},maybe:optional<float64>,"
      "list:list<optional<int32>>,array:array<float32,3>,map:map<{x:float64}>,inner:{x:float64},"
      "pause:duration<int64,1,1000>,at:time<utc,int64,1,1000000000>,since:time<clock,int64,1,1>}");
}

TEST_CASE("kinds are numbered as docs/format.md numbers them") {
  auto const& fields = schema_of<Everything>().fields;
  auto const& numbers = fields[0].type.fields;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    CHECK(static_cast<std::size_t>(numbers[i].type.kind) == i + 1);
  }
  std::vector<int> others;
  for (auto const& field : fields) others.push_back(static_cast<int>(field.type.kind));
  CHECK(others == std::vector<int>{18, 12, 13, 13, 14, 15, 16, 17, 18, 19, 20, 20});
}

// Pinned: files on disk have these numbers. A change is a new version of the format.
TEST_CASE("identities never change") {
  CHECK(to_text(schema_of<Training>()) ==
        "{epoch:int64,loss:float64,accuracy:float64,learning_rate:float64}");
  CHECK(identity(schema_of<Training>()) == 0xeaba7b5db75eb898U);
}

TEST_CASE("the identity is of names and types, not of type names, metadata or defaults") {
  auto const wanted = identity(schema_of<Training>());
  CHECK(identity(schema_of<other::Training>()) == wanted);
  CHECK(identity(schema_of<Tuple>()) == wanted);
  CHECK(identity(schema_of<trainlog::frozen<Training>>()) == wanted);

  auto changed = schema_of<Training>();
  changed.fields[1].name = "cost";
  CHECK(identity(changed) != wanted);
  changed = schema_of<Training>();
  changed.fields[1].type.kind = trainlog::type_kind::float32;
  CHECK(identity(changed) != wanted);
  changed = schema_of<Training>();
  std::swap(changed.fields[1], changed.fields[2]);
  CHECK(identity(changed) != wanted);
  changed = schema_of<Training>();
  changed.fields.pop_back();
  CHECK(identity(changed) != wanted);
}

TEST_CASE("find_field finds by the name in files") {
  auto const& fields = schema_of<other::Training>().fields;
  REQUIRE(find_field(fields, "epoch") != nullptr);
  CHECK(find_field(fields, "epoch")->doc == "of the run");
  CHECK(find_field(fields, "n") == nullptr);
  CHECK(find_field(fields, "scratch") == nullptr);
}
