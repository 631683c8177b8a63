// SPDX-License-Identifier: MIT
#include <trainlog/json.hpp>

#include <chrono>
#include <string>

#include "catch.hpp"
#include "codec/records.hpp"

using namespace trainlog;
using namespace text_test;

namespace outside {

struct Described {
  int a = 1;
  Point point;
};

}  // namespace outside

TRAINLOG_DESCRIBE(outside::Described, a, point)

namespace outside {

/// A record with conversions of its own.
struct Own {
  int a = 1;
  TRAINLOG_RECORD(Own, a)
};
void to_json(nlohmann::json& json, Own const& own) { json = "own " + std::to_string(own.a); }
void from_json(nlohmann::json const& json, Own& own) {
  own.a = std::stoi(json.get<std::string>().substr(4));
}
struct Holder {
  Own own;
  TRAINLOG_RECORD(Holder, own)
};

}  // namespace outside

template <>
inline constexpr bool trainlog::bridges_to_json<outside::Own> = false;

namespace {

/// The same record without what the DOM rounds: instants and durations in seconds as doubles.
Everything without_rounding(Everything record) {
  record.pause = millis(record.pause.count() % (std::int64_t{1} << 52));
  record.at = milli_time(millis(record.at.time_since_epoch().count() % (std::int64_t{1} << 52)));
  return record;
}

template <class Json, class T>
void check_round_trip(T const& record) {
  Json const json = record;
  CAPTURE(json.dump());
  REQUIRE(identical(json.template get<T>(), record));
  REQUIRE(identical(from_json<T>(json.dump()), record));
}

template <class Time>
struct Timed {
  Time x{};
  TRAINLOG_RECORD(Timed, x)
};

}  // namespace

TEMPLATE_TEST_CASE("json_bridge: random records come back identical, also through dump", "",
                   nlohmann::json, nlohmann::ordered_json) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    check_round_trip<TestType>(without_rounding(filler(seed).make<Everything>()));
  }
}

TEST_CASE("json_bridge: an ordered DOM has what to_json writes") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    auto const numbers = filler(seed).make<Numbers>();
    auto const parsed = nlohmann::ordered_json::parse(to_json(numbers));
    CHECK(parsed.dump() == nlohmann::ordered_json(numbers).dump());
  }
  nlohmann::ordered_json const point = Point{0.1, 0.1F};
  CHECK(point.dump() == R"({"x":0.1,"y":0.1})");
}

TEST_CASE("json_bridge: what is not finite stays in the DOM, and is named for dump") {
  nlohmann::ordered_json const json = Point{-infinity, static_cast<float>(not_a_number)};
  CHECK(json["x"].get<double>() == -infinity);
  CHECK(json.dump() == R"({"x":null,"y":null,"_nonfinite":{"x":"-inf","y":"nan"}})");
}

TEST_CASE("json_bridge: named tuples, frozen and described records, containers") {
  Entry const entry(1, 2);
  nlohmann::json json = entry;
  CHECK(json.get<Entry>() == entry);
  json = std::vector<Entry>{entry, entry};
  CHECK(json.get<std::vector<Entry>>() == std::vector<Entry>{entry, entry});
  json = std::map<std::string, Entry>{{"a", entry}};
  CHECK(json.get<std::map<std::string, Entry>>().at("a") == entry);
  frozen<Point> const shared{Point{1, 2.0F}};
  json = shared;
  CHECK(json.get<frozen<Point>>() == shared);
  outside::Described const described{5, {1, {}}};
  json = described;
  CHECK(equal(json.get<outside::Described>(), described));
  Point target;
  nlohmann::json(Point{3, {}}).get_to(target);
  CHECK(target.x == 3);
  json = {{"point", Point{4, {}}}};
  CHECK(json["point"]["x"] == 4.0);
}

TEST_CASE("json_bridge: binary formats of nlohmann_json carry records") {
  auto const record = without_rounding(filler(3).make<Everything>());
  nlohmann::json const json = record;
  CHECK(identical(nlohmann::json::from_cbor(nlohmann::json::to_cbor(json)).get<Everything>(),
                  record));
  CHECK(identical(nlohmann::json::from_msgpack(nlohmann::json::to_msgpack(json)).get<Everything>(),
                  record));
}

TEST_CASE("json_bridge: reading follows the rules of from_json, without a position") {
  auto const check = [](char const* text, std::string_view message) {
    CAPTURE(text);
    CHECK_THROWS_WITH(nlohmann::json::parse(text).get<Everything>(), std::string(message));
  };
  check(R"({"numbers":{"u8":300}})", "trainlog: expected uint8, found 300 at $.numbers.u8");
  check(R"({"numbers":{"i32":1.9}})", "trainlog: expected int32, found 1.9 at $.numbers.i32");
  check(R"({"numbers":{"f32":1e39}})", "trainlog: expected float32, found 1e+39 at $.numbers.f32");
  check(R"({"points":[{},{"x":"y"}]})", "trainlog: expected float64, found \"y\" at $.points[1].x");
  check("[]", "trainlog: expected Everything, found an array at $");
  CHECK(nlohmann::json::parse(R"({"i32":3.0,"f64":1,"z":[[{}]]})").get<Numbers>().i32 == 3);
  CHECK_THROWS_AS(nlohmann::json::parse("{}").get<Entry>(), decode_error);
  CHECK_THROWS_AS(nlohmann::json(nlohmann::json::binary({1})).get<Entry>(), decode_error);
}

TEMPLATE_TEST_CASE("json_bridge: the ends of all durations come back, rounded", "",
                   std::chrono::nanoseconds, std::chrono::microseconds, std::chrono::milliseconds,
                   std::chrono::seconds, std::chrono::steady_clock::time_point) {
  using traits = std::numeric_limits<std::int64_t>;
  for (std::int64_t const end : {traits::max(), traits::max() - 1, traits::min()}) {
    Timed<TestType> one;
    using duration = decltype(one.x - one.x);
    one.x = TestType(duration(end));
    nlohmann::json const dom = one;
    auto const back = dom.get<Timed<TestType>>();
    auto const off = std::chrono::duration<double>(end > 0 ? one.x - back.x : back.x - one.x);
    CHECK(off.count() >= 0);
    CHECK(off.count() <= 3e-16 * std::abs(std::chrono::duration<double>(duration(end)).count()));
  }
}

TEST_CASE("json_bridge: text that is not UTF-8 never makes dump throw") {
  Everything record;
  record.text = "\xff";
  record.scores = {{"\xfe", not_a_number}};
  nlohmann::json const json = record;
  CHECK(json["text"] == "\uFFFD");
  CHECK_NOTHROW(json.dump());
}

TEST_CASE("json_bridge: a deep DOM is refused or passed over without recursion into it") {
  nlohmann::json deep;
  for (int i = 0; i < 100'000; ++i) deep = nlohmann::json::array({std::move(deep)});
  CHECK_THROWS_AS(deep.get<Point>(), decode_error);
  nlohmann::json object = {{"x", 1.0}};
  object["unknown"] = std::move(deep);
  CHECK(object.get<Point>().x == 1);
}

TEST_CASE("json_bridge: untyped values and dictionaries") {
  Everything record;
  record.curve = {1, infinity};
  nlohmann::ordered_json const json = asdict(record);
  CHECK(json["numbers"]["u8"] == 0);
  CHECK(json["name"].is_null());
  CHECK(json["curve"][0] == 1.0);
  CHECK(json["phase"] == "train");
  CHECK(json.begin().key() == "numbers");
  dict const back = json.get<dict>();
  CHECK(back == asdict(record));
  value const list = value_list{1, 2.5, "x", true, {}};
  CHECK(nlohmann::json(list).dump() == R"([1,2.5,"x",true,null])");
  CHECK(nlohmann::json(list).get<value>() == list);
  CHECK_THROWS_AS(nlohmann::json(1).get<dict>(), error);
}

TEST_CASE("json_bridge: an object of many keys is read in no more than their time") {
  nlohmann::json json;
  for (int i = 0; i < 50'000; ++i) json["key number " + std::to_string(i)] = i;
  auto const begin = std::chrono::steady_clock::now();
  auto const read = json.get<dict>();
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(2));
  CHECK(read.size() == 50'000);
  CHECK(nlohmann::json(read) == json);
}

TEST_CASE("json_bridge: untyped values are at most 256 deep") {
  auto const nested = [](std::size_t depth) {
    return nlohmann::json::parse(std::string(depth, '[') + std::string(depth, ']'));
  };
  auto const fits = nested(256).get<value>();
  CHECK(nlohmann::json(fits) == nested(256));
  CHECK_THROWS_AS(nested(1'000'000).get<value>(), decode_error);
  value deep = 1;
  dict deep_dict;
  for (int i = 0; i < 5'000; ++i) {
    value_list list;  // a list of initializers would be copied, with all that is in it
    list.push_back(std::move(deep));
    deep = std::move(list);
    dict outer;
    outer["a"] = std::move(deep_dict);
    deep_dict = std::move(outer);
  }
  CHECK_THROWS_AS(nlohmann::json(deep), error);
  CHECK_THROWS_AS(nlohmann::json(deep_dict), error);
}

TEST_CASE("json_bridge: an untyped value is never binary") {
  nlohmann::json const binary = nlohmann::json::binary({1});
  CHECK_THROWS_AS(binary.get<value>(), decode_error);
  CHECK_THROWS_AS(nlohmann::json({{"a", binary}}).get<dict>(), decode_error);
  CHECK(nlohmann::json().get<value>().is_null());
}

TEST_CASE("json_bridge: keys that would be the same text are refused") {
  Everything record;
  record.scores = {{"\xfe", 1}, {"\xff", 2}};
  CHECK_THROWS_AS(nlohmann::json(record), error);
  dict entries;
  entries["\xfe"] = 1;
  CHECK(nlohmann::json(entries).size() == 1);
  entries["\xff"] = 2;
  CHECK_THROWS_AS(nlohmann::json(entries), error);
}

TEST_CASE("json_bridge: an enumeration of bools") {
  nlohmann::json const json = Narrow{l1, Switch::off};
  CHECK(json["power"] == 0);
  CHECK(json.get<Narrow>() == Narrow{l1, Switch::off});
}

TEST_CASE("json_bridge: a record may be left to conversions of its own") {
  nlohmann::json const json = outside::Own{7};
  CHECK(json == "own 7");
  CHECK(json.get<outside::Own>().a == 7);
  CHECK(nlohmann::json(std::vector<outside::Own>(2)).size() == 2);
  CHECK(nlohmann::json(outside::Holder{}).dump() == R"({"own":{"a":1}})");
  CHECK(to_json(outside::Own{7}) == R"({"a":7})");
}
