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
