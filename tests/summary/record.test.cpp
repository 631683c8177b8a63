// SPDX-License-Identifier: MIT
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <trainlog/log/any_log.hpp>
#include <trainlog/log/log_writer.hpp>
#include <trainlog/record.hpp>
#include <trainlog/summary.hpp>

#include "catch.hpp"
#include "log/temporary_directory.hpp"
#include "summary/event_files.hpp"

using namespace trainlog;
using namespace summary_test;
using writer_test::temporary_directory;

namespace {

enum class Phase : std::uint8_t { train, eval };
TRAINLOG_ENUM(Phase, train, eval)

struct Part {
  double loss = 0.5;
  float accuracy = 0.25F;
  TRAINLOG_RECORD(Part, loss, accuracy)
  TRAINLOG_META(Part, accuracy, rename("acc"))
};

struct Whole {
  std::int64_t epoch = 3;
  Part train;
  bool best = true;
  std::chrono::milliseconds took{1500};
  std::optional<int> none;
  std::optional<int> some = 7;
  std::array<double, 2> rates{0.1, 0.2};
  std::map<std::string, double> metrics{{"f1", 0.75}};
  std::string note = "text";
  Phase phase = Phase::train;
  std::vector<double> list{1.0};
  double hidden = 1.0;
  std::int64_t kept = 2;
  Part kept_part;
  TRAINLOG_RECORD(Whole, epoch, train, best, took, none, some, rates, metrics, note, phase, list,
                  hidden, kept, kept_part)
  TRAINLOG_META(Whole, hidden, serialize(false))
  TRAINLOG_META(Whole, kept, summary(false))
  TRAINLOG_META(Whole, kept_part, summary(false))
};

struct Words {
  std::string word;
  std::optional<double> number;
  TRAINLOG_RECORD(Words, word, number)
};

struct Described {
  double loss = 0.0;
  double time = 0.0;
  TRAINLOG_RECORD(Described, loss, time)
  TRAINLOG_META(Described, loss, unit("nats"), doc("of the batch"))
  TRAINLOG_META(Described, time, unit("s"))
};

TRAINLOG_NAMEDTUPLE(Entry, (std::int64_t, step), (double, loss))

using values = std::vector<std::pair<std::string, float>>;

values numbers_in(std::string_view event) {
  values read;
  for (auto const& value : values_of(event)) {
    read.emplace_back(tag_of(value), find_field(value, 2).as_float());
  }
  return read;
}

}  // namespace

TEST_CASE("a record is one event, with a value for each number") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  CHECK(summary::record(writer, Whole{}, 3, {.wall_time = 1.5}));
  auto const events = events_in(directory.path());
  REQUIRE(events.size() == 1);
  CHECK(step_of(events[0]) == 3);
  CHECK(find_field(events[0], 1).as_double() == 1.5);
  CHECK(numbers_in(events[0]) == values{{"epoch", 3.0F},
                                        {"train/loss", 0.5F},
                                        {"train/acc", 0.25F},
                                        {"best", 1.0F},
                                        {"took", 1.5F},
                                        {"some", 7.0F},
                                        {"rates/0", 0.1F},
                                        {"rates/1", 0.2F},
                                        {"metrics/f1", 0.75F}});
}

TEST_CASE("a record goes to the default writer, in the scopes, at the default step") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  Entry const entry{1, 2.5};
  CHECK_FALSE(summary::record(entry, 1));
  CHECK_FALSE(summary::record([]() -> Entry { throw 1; }));
  auto const scope = writer.as_default(9);
  summary::name_scope const outer("a");
  summary::name_scope const inner("b");
  CHECK(summary::record([&] { return entry; }));
  auto const events = events_in(directory.path());
  REQUIRE(events.size() == 1);
  CHECK(step_of(events[0]) == 9);
  CHECK(numbers_in(events[0]) == values{{"a/b/step", 1.0F}, {"a/b/loss", 2.5F}});
}

TEST_CASE("a record without a number writes nothing") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  CHECK_FALSE(summary::record(writer, Words{"word", {}}, 1));
  CHECK(events_in(directory.path()).empty());
  CHECK(writer.status().events_written == 0);
  CHECK(summary::record(writer, Words{"word", std::nan("")}, 2));
  CHECK(std::isnan(number_in(events_in(directory.path()).at(0))));
}

TEST_CASE("what a record says of a field describes its tag, once") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  for (int step = 0; step < 2; ++step) CHECK(summary::record(writer, Described{}, step));
  auto const events = events_in(directory.path());
  auto const description = [&](std::size_t event, std::size_t value) {
    auto const metadata = find_field(values_of(events.at(event)).at(value), 9).bytes;
    return std::string(find_field(metadata, 3).bytes);
  };
  CHECK(description(0, 0) == "of the batch");
  CHECK(description(0, 1) == "s");
  CHECK(description(1, 0).empty());
}

TEST_CASE("records are replayed at their steps and times") {
  temporary_directory const directory;
  std::vector<Entry> const entries{{10, 1.0}, {20, 2.0}};
  {
    auto const writer = summary::create_file_writer(directory / "a");
    CHECK(summary::replay(entries, writer, &Entry::step,
                          [](Entry const& each) { return 2 * each.step(); }) == 2);
    CHECK(summary::replay(entries, writer, [](Entry const& each) { return each.step() + 1; }) == 2);
    CHECK(summary::replay(entries, writer) == 2);
    CHECK(summary::replay(entries, summary::create_noop_writer()) == 0);
  }
  std::vector<std::int64_t> steps;
  auto const events = events_in(directory / "a");
  for (auto const& event : events) steps.push_back(step_of(event));
  CHECK(steps == std::vector<std::int64_t>{10, 20, 11, 21, 0, 1});
  CHECK(find_field(events[1], 1).as_double() == 40.0);
}

TEST_CASE("rows whose type is not known are replayed, with a step by its name") {
  temporary_directory const directory;
  dict inner;
  inner["loss"] = 0.5;
  dict row;
  row["step"] = 7;
  row["train"] = inner;
  row["best"] = true;
  row["note"] = "text";
  row["none"] = nullptr;
  row["list"] = value_list{1, 2};
  row["time"] = 2.5F;
  {
    auto const writer = summary::create_file_writer(directory / "a");
    CHECK(summary::replay(std::vector{row, row}, writer, "step") == 2);
    CHECK(summary::replay(std::vector{row}, writer, std::string("step"), "time") == 1);
    CHECK(summary::record(writer, row, 8));
    CHECK_THROWS_AS(summary::replay(std::vector{row}, writer, "epoch"), trainlog::error);
    CHECK_THROWS_AS(summary::replay(std::vector{row}, writer, "note"), trainlog::error);
    CHECK_THROWS_AS(summary::replay(std::vector{row}, writer, "time"), trainlog::error);
    CHECK_THROWS_WITH(summary::record(writer, row), Catch::Matchers::Contains("row"));
  }
  auto const events = events_in(directory / "a");
  REQUIRE(events.size() == 4);
  CHECK(step_of(events[0]) == 7);
  std::vector<std::pair<std::string, float>> found;
  for (auto const value : values_of(events[0]))
    found.emplace_back(tag_of(value), find_field(value, 2).as_float());
  CHECK(found == std::vector<std::pair<std::string, float>>{
                     {"step", 7.0F}, {"train/loss", 0.5F}, {"best", 1.0F}, {"time", 2.5F}});
  CHECK(find_field(events[2], 1).as_double() == 2.5);
  CHECK(step_of(events[3]) == 8);
}

TEST_CASE("a log is replayed without its C++ type") {
  temporary_directory const directory;
  log_writer<Whole> log(directory / "whole.tlog");
  for (std::int64_t epoch = 0; epoch < 3; ++epoch) {
    Whole row;
    row.epoch = epoch;
    log.write(row);
  }
  log.close();
  any_log rows(directory / "whole.tlog");
  CHECK(summary::replay(rows, summary::create_file_writer(directory / "a"), "epoch") == 3);
  auto const all = summary::read_scalars(directory / "a");
  CHECK(all.at("train/acc").steps == std::vector<std::int64_t>{0, 1, 2});
  CHECK(all.at("took").values == std::vector<double>{1.5, 1.5, 1.5});
  CHECK(all.at("metrics/f1").values[0] == 0.75);
  CHECK(all.at("best").values[0] == 1.0);
}
