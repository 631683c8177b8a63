// SPDX-License-Identifier: MIT
// A renamed field is found in the files that were written before its rename.
#include <trainlog/trainlog.hpp>

#include <string>
#include <vector>

#include "catch.hpp"

namespace {

struct Inner {
  double x = 0;
  TRAINLOG_RECORD(Inner, x)
};
struct Before {
  double loss = 0.5;
  Inner inner;
  std::vector<int> list;
  TRAINLOG_RECORD(Before, loss, inner, list)
};

struct Later {
  double x = 7;
  TRAINLOG_RECORD(Later, x)
};
TRAINLOG_META(Later, x, rename("position"))
struct After {
  double loss = 7;
  Later inner;
  std::vector<int> list;
  TRAINLOG_RECORD(After, loss, inner, list)
};
TRAINLOG_META(After, loss, rename("train/loss"))
TRAINLOG_META(After, inner, rename("place"))
TRAINLOG_META(After, list, rename("numbers"))

Before const before{0.25, {1.5}, {1, 2}};
After const after{0.25, {1.5}, {1, 2}};

TEST_CASE("a field that is renamed is still read by its member's name") {
  using trainlog::from_json;
  CHECK(from_json<After>(trainlog::to_json(before)) == after);
  CHECK(nlohmann::json(before).get<After>() == after);
  CHECK(trainlog::from_csv<After>(trainlog::to_csv(std::vector{before})) == std::vector{after});
  CHECK(trainlog::from_binary<After>(trainlog::to_binary(before)) == after);
  trainlog::decode_options const strict{.unknown = trainlog::unknown_fields::error,
                                        .missing = trainlog::missing_fields::error};
  CHECK(from_json<After>(trainlog::to_json(before), strict) == after);
  CHECK(from_json<After>(trainlog::to_json(after), strict) == after);
}

TEST_CASE("the name in files goes before the member's own") {
  CHECK(trainlog::from_json<After>(R"({"loss":1.0,"train/loss":2.0})").loss == 2);
  CHECK(trainlog::from_json<After>(R"({"train/loss":2.0,"loss":1.0})").loss == 2);
}

TEST_CASE("files do not carry the member's own name") {
  CHECK(trainlog::to_binary(after).find("aka") == std::string::npos);
}

}  // namespace
