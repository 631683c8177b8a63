// SPDX-License-Identifier: MIT
#include <trainlog/trainlog.hpp>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <list>
#include <string>

#include "catch.hpp"
#include "codec/records.hpp"

using namespace trainlog;
using namespace text_test;

namespace {

/// A directory of this process alone, for tests run side by side; gone at the end of the test.
class scratch {
 public:
  scratch()
      : directory_(std::filesystem::temp_directory_path() /
                   ("trainlog_save_load_test." + std::to_string(::getpid()))) {
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directory(directory_);
  }
  scratch(scratch const&) = delete;
  scratch& operator=(scratch const&) = delete;
  ~scratch() { std::filesystem::remove_all(directory_); }
  std::filesystem::path operator/(std::string const& name) const { return directory_ / name; }

 private:
  std::filesystem::path directory_;
};

std::string content_of(std::filesystem::path const& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct TextEntry {
  std::string epoch;
  TRAINLOG_RECORD(TextEntry, epoch)
};

struct Epoch {
  std::int64_t epoch = 0;
  TRAINLOG_RECORD(Epoch, epoch)
};

}  // namespace

namespace elsewhere {

/// A range without members: only its begin and end.
struct pair_of_epochs {
  Epoch epochs[2];
};
Epoch const* begin(pair_of_epochs const& both) { return both.epochs; }
Epoch const* end(pair_of_epochs const& both) { return both.epochs + 2; }

}  // namespace elsewhere

namespace {

struct Wider {
  std::int64_t epoch = 0;
  int more = 5;
  TRAINLOG_RECORD(Wider, epoch, more)
};

struct Checked {
  double rate = 1;
  TRAINLOG_RECORD(Checked, rate)
};
TRAINLOG_META(Checked, rate, ge(0))

struct special_error : validation_error {
  using validation_error::validation_error;
};

struct Special {
  int a = 0;
  void validate() const {
    if (a != 0) throw special_error("special");
  }
  TRAINLOG_RECORD(Special, a)
};

}  // namespace

TEST_CASE("save_load: every format keeps a record, a vector and a range") {
  scratch const directory;
  auto const record = filler(7).make<Everything>();
  std::vector<Everything> const rows = {record, {}, filler(8).make<Everything>()};
  for (auto const* extension : {".json", ".jsonl", ".ndjson", ".csv", ".tlog"}) {
    CAPTURE(extension);
    auto const path = directory / ("log" + std::string(extension));
    save(path, record);
    CHECK(identical(load<Everything>(path), record));
    save(path, rows);
    auto const back = load<std::vector<Everything>>(path);
    REQUIRE(back.size() == rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) CHECK(identical(back[i], rows[i]));
    auto const bytes = content_of(path);
    save(path, std::list<Everything>(rows.begin(), rows.end()));
    CHECK(content_of(path) == bytes);
    CHECK_THROWS_AS(load<Everything>(path), decode_error);
    save(path, std::vector<Everything>{});
    CHECK(load<std::vector<Everything>>(path).empty());
    CHECK_THROWS_AS(load<Everything>(path), decode_error);
    save(path, Entry(1, 2));
    CHECK(load<Entry>(path) == Entry(1, 2));
  }
}

TEST_CASE("save_load: a record is one row") {
  scratch const directory;
  save(directory / "a.jsonl", Point{1, {}});
  CHECK(content_of(directory / "a.jsonl") == "{\"x\":1.0,\"y\":null}\n");
  save(directory / "a.csv", Point{1, {}});
  CHECK(content_of(directory / "a.csv") == "x,y\n1.0,\n");
  save(directory / "a.json", Point{1, {}});
  CHECK(content_of(directory / "a.json") == "{\"x\":1.0,\"y\":null}\n");
  CHECK_THROWS_AS(load<std::vector<Point>>(directory / "a.json"), decode_error);
}

TEST_CASE("save_load: errors name the file") {
  scratch const directory;
  auto const path = (directory / "a.jsonl").string();
  std::ofstream(path) << "{\"x\":1}\n{\"x\":";
  CHECK_THROWS_WITH(
      load<std::vector<Point>>(path),
      "trainlog: " + path +
          ": expected a value, found the end of the text at $[1].x (line 2, column 6)");
  std::ofstream(path) << "{\"x\":1}\n{\"x\":2}\n";
  CHECK_THROWS_WITH(load<Point>(path), "trainlog: " + path +
                                           ": expected exactly one row, found 2 at $ "
                                           "(line 1, column 1)");
  std::ofstream(path) << "{\"rate\":-1}\n";
  CHECK_THROWS_WITH(load<Checked>(path),
                    "trainlog: invalid Checked: rate = -1.0 is less than 0.0 at $[0] "
                    "(line 1, column 1) in " +
                        path);
  CHECK_THROWS_AS(load<Point>((directory / "missing.json").string()), io_error);
  auto const snapshot = (directory / "a.tlog").string();
  save(snapshot, Entry(1, 2));
  CHECK_THROWS_WITH(load<TextEntry>(snapshot), Catch::Contains(snapshot));
  CHECK_THROWS_AS(load<TextEntry>(snapshot), schema_error);
}

TEST_CASE("save_load: options for JSON are refused where they would mean nothing") {
  scratch const directory;
  Point const sick{not_a_number, 1.0F};
  std::vector<Point> const rows = {sick};
  auto const as_text = [&](char const* name, auto const& what, json_options options) {
    save(directory / name, what, options);
    return content_of(directory / name);
  };
  CHECK(as_text("a.json", sick, {nonfinite_as::string}) == "{\"x\":\"NaN\",\"y\":1.0}\n");
  CHECK(as_text("a.json", rows, {nonfinite_as::string}) == "[{\"x\":\"NaN\",\"y\":1.0}]\n");
  for (auto const* name : {"a.jsonl", "a.ndjson"}) {
    CHECK(as_text(name, sick, {nonfinite_as::literal}) == "{\"x\":NaN,\"y\":1.0}\n");
    CHECK(as_text(name, rows, {nonfinite_as::literal}) == "{\"x\":NaN,\"y\":1.0}\n");
  }
  CHECK(identical(load<Point>(directory / "a.jsonl"), sick));
  auto const before = content_of(directory / "a.json");
  CHECK_THROWS_AS(save(directory / "a.json", sick, {nonfinite_as::error}), error);
  CHECK(content_of(directory / "a.json") == before);
  for (auto const* name : {"b.csv", "b.tlog"}) {
    auto const path = (directory / name).string();
    save(path, sick, {nonfinite_as::null});
    CHECK(identical(load<Point>(path), sick));
    for (auto const policy : {nonfinite_as::error, nonfinite_as::string, nonfinite_as::literal}) {
      auto const message =
          "trainlog: json_options other than the default mean nothing for '" + path + "'";
      CHECK_THROWS_WITH(save(path, Point{}, {policy}), message);
      CHECK_THROWS_WITH(save(path, std::vector<Point>{}, {policy}), message);
    }
    CHECK(identical(load<Point>(path), sick));
  }
}

TEST_CASE("save_load: options for decoding reach every text and every snapshot") {
  scratch const directory;
  decode_options const no_unknown{.unknown = unknown_fields::error};
  decode_options const no_missing{.missing = missing_fields::error};
  for (auto const* name : {"a.json", "a.jsonl", "a.ndjson", "a.csv"}) {
    CAPTURE(name);
    auto const path = (directory / name).string();
    save(path, Entry(1, 2));
    CHECK(load<Entry>(path, {unknown_fields::error, missing_fields::error}) == Entry(1, 2));
    CHECK(load<Epoch>(path).epoch == 1);
    CHECK_THROWS_AS(load<Epoch>(path, no_unknown), decode_error);
    CHECK(load<Epoch>(path, no_missing).epoch == 1);
    save(path, std::vector{Epoch{1}});
    CHECK(load<std::vector<Wider>>(path).at(0).more == 5);
    CHECK_THROWS_AS(load<std::vector<Wider>>(path, no_missing), decode_error);
    CHECK(load<std::vector<Wider>>(path, no_unknown).at(0).epoch == 1);
  }
  auto const snapshot = (directory / "a.tlog").string();
  save(snapshot, Epoch{1});
  CHECK(load<Epoch>(snapshot, {unknown_fields::error, missing_fields::error}).epoch == 1);
  CHECK(load<Wider>(snapshot, no_unknown).more == 5);
  CHECK_THROWS_WITH(
      load<Wider>(snapshot, no_missing),
      "trainlog: rows of Epoch are not those of Wider: $.more: not in the file in " + snapshot);
  CHECK_THROWS_AS(load<std::vector<Wider>>(snapshot, no_missing), schema_error);
}

TEST_CASE("save_load: a range whose begin and end are found by its type") {
  scratch const directory;
  elsewhere::pair_of_epochs const both{{{1}, {2}}};
  for (auto const* name : {"a.json", "a.jsonl", "a.csv", "a.tlog"}) {
    auto const path = (directory / name).string();
    save(path, both);
    CHECK(load<std::vector<Epoch>>(path) == std::vector{Epoch{1}, Epoch{2}});
  }
}

TEST_CASE("save_load: what a record's own rules throw keeps its type") {
  scratch const directory;
  auto const path = (directory / "a.jsonl").string();
  std::ofstream(path) << "{\"a\":1}\n";
  CHECK_THROWS_AS(load<Special>(path), special_error);
}

TEST_CASE("save_load: other extensions are refused, with a list of the known ones") {
  for (std::string const name : {"log.txt", "log", "a.json/log", "log.", "log.JSON"}) {
    auto const message = "trainlog: the extension of '" + name +
                         "' names no format: expected .json, .jsonl, .ndjson, .csv or .tlog";
    CHECK_THROWS_WITH(save(name, Point{}), message);
    CHECK_THROWS_WITH(load<Point>(name), message);
  }
}
