// SPDX-License-Identifier: MIT
#include <trainlog/log/any_log.hpp>

#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <random>
#include <ratio>
#include <string>
#include <utility>
#include <vector>

#include <trainlog/binary.hpp>
#include <trainlog/log/log_reader.hpp>

#include "catch.hpp"
#include "codec/records.hpp"
#include "log/columns_block.hpp"
#include "log/log_parts.hpp"

using log_test::journal_of;
using log_test::log_of;
using log_test::some_rows;
using log_test::step_columns;
using log_test::step_of;
using log_test::step_schema;
using log_test::temporary;
using trainlog::any_log;
using trainlog::dict;
using trainlog::value;

namespace {

using row = text_test::Everything;

/// Field by field; a NaN is equal to itself.
void check_equal(value const& a, value const& b) {
  auto const* const fields = std::get_if<dict>(&a.data());
  auto const* const list = std::get_if<trainlog::value_list>(&a.data());
  if (fields != nullptr) {
    auto const& others = std::get<dict>(b.data());
    REQUIRE(fields->size() == others.size());
    for (auto const& [name, each] : *fields) check_equal(each, others.at(name));
  } else if (list != nullptr) {
    REQUIRE(list->size() == b.as<trainlog::value_list>().size());
    for (std::size_t i = 0; i < list->size(); ++i) check_equal((*list)[i], b[i]);
  } else if (a != b) {
    CHECK(a != a);
    CHECK(b != b);
  }
}

struct Inner {
  double loss = 0;
  std::string text;
  TRAINLOG_RECORD(Inner, loss, text)
};
struct Outer {
  std::int32_t step = 0;
  Inner train;
  Inner eval;
  TRAINLOG_RECORD(Outer, step, train, eval)
};

struct Times {
  std::chrono::nanoseconds spent{};
  std::chrono::minutes planned{};
  std::chrono::duration<float> ratio{};
  std::chrono::duration<double, std::milli> mean{};
  std::chrono::steady_clock::time_point since{};
  TRAINLOG_RECORD(Times, spent, planned, ratio, mean, since)
};

}  // namespace

TEST_CASE("any log: rows have the values that asdict has") {
  text_test::filler random(7);
  std::vector<row> rows;
  for (int i = 0; i < 100; ++i) rows.push_back(random.make<row>());
  temporary const file(trainlog::to_binary(rows));
  any_log log(file.path());
  REQUIRE(log.schemas().size() == 1);
  CHECK(to_text(log.schemas()[0]) == to_text(trainlog::schema_of<row>()));
  std::size_t i = 0;
  for (dict const& each : log) {
    auto const expected = trainlog::detail::wire_dict(rows[i++]);
    check_equal(each, expected);
  }
  CHECK(i == rows.size());
  CHECK(log.size() == rows.size());
}

TEST_CASE("any log: durations are rounded to seconds as asdict does") {
  std::mt19937_64 random(7);
  std::vector<Times> rows(20'000);
  for (auto& each : rows) {
    auto const ticks = static_cast<std::int64_t>(random());
    each = {.spent = std::chrono::nanoseconds(ticks),
            .planned = std::chrono::minutes(ticks),
            .ratio = std::chrono::duration<float>(static_cast<float>(ticks) * 1e-20F),
            .mean = std::chrono::duration<double, std::milli>(static_cast<double>(ticks) * 1e-17),
            .since = std::chrono::steady_clock::time_point(std::chrono::nanoseconds(ticks))};
  }
  temporary const file(trainlog::to_binary(rows));
  std::size_t i = 0;
  for (dict const& each : any_log(file.path())) REQUIRE(each == trainlog::asdict(rows[i++]));
  CHECK(i == rows.size());
}

TEST_CASE("any log: a row at a time, from anywhere, with the journal's") {
  temporary const file(log_of({step_schema(), step_columns(0, 3), step_columns(3, 4)}));
  file.write(journal_of(some_rows(7, 2), {7, 7, 0}), "-journal");
  any_log log(file.path());
  for (std::int64_t start = 0; start < 12; ++start) {
    log.seek(static_cast<std::uint64_t>(start));
    std::int64_t i = start;
    for (dict const& each : log) {
      CHECK(each["step"] == 10 * i);
      CHECK(each["loss"] == step_of(i).loss);
      ++i;
    }
    CHECK(i == std::max<std::int64_t>(start, 9));
  }
  CHECK(log.report().recovered == 2);
}

TEST_CASE("any log: a column, also of a nested record, or of some rows alone") {
  std::vector<Outer> const rows{{1, {0.5, "a"}, {2.5, "b"}}, {2, {1.5, "c"}, {3.5, "d"}}};
  temporary const file(trainlog::to_binary(rows));
  any_log log(file.path());
  CHECK(log.column("step") == trainlog::value_list{1, 2});
  CHECK(log.column("eval/loss") == trainlog::value_list{2.5, 3.5});
  CHECK(log.column("train/text") == trainlog::value_list{"a", "c"});
  CHECK_THROWS_WITH(log.column("eval"), Catch::EndsWith("; it is a record, with the columns "
                                                        "'eval/loss', 'eval/text'"));
  CHECK_THROWS_WITH(log.column("nothing"),
                    Catch::EndsWith("; there are 'step', 'train/loss', 'train/text', "
                                    "'eval/loss', 'eval/text'"));
  std::vector<std::string> names;
  for (auto const& each : log.columns()) names.push_back(each.name);
  CHECK(names ==
        std::vector<std::string>{"step", "train/loss", "train/text", "eval/loss", "eval/text"});
}

TEST_CASE("any log: seeks by a field, and when the working directory is another") {
  temporary const file(log_of({step_schema(), step_columns(0, 300), step_columns(300, 40)}));
  file.write(journal_of(some_rows(340, 3), {7, 340, 0}), "-journal");
  auto const here = trainlog::detail::absolute_path(".");
  REQUIRE(::chdir(file.path().substr(0, file.path().rfind('/')).c_str()) == 0);
  any_log log("a.tlog");
  trainlog::log_reader<log_test::Step> reader("a.tlog");
  REQUIRE(::chdir(here.c_str()) == 0);
  for (std::int64_t const wanted : {-5, 0, 1, 10, 2995, 3000, 3399, 3420, 9999}) {
    std::int64_t const first = wanted <= 0 ? 0 : (wanted + 9) / 10;
    log.seek_to("step", wanted);
    reader.seek_to("step", wanted);
    auto const row = log.begin();
    auto const same = reader.begin();
    REQUIRE((row == log.end()) == (first > 342));
    REQUIRE((same == reader.end()) == (first > 342));
    if (row == log.end()) continue;
    CHECK((*row)["step"] == 10 * first);
    CHECK(same->step == 10 * first);
  }
  CHECK(log.column("loss").size() == 343);
  CHECK_THROWS_AS(log.seek_to("stop", 3), trainlog::error);
}
