// SPDX-License-Identifier: MIT
// A file with what every op writes, cut off at each byte, and with each bit flipped.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <trainlog/detail/file.hpp>
#include <trainlog/record.hpp>
#include <trainlog/summary.hpp>
#include <trainlog/summary/event_scan.hpp>

#include "catch.hpp"
#include "log/temporary_directory.hpp"
#include "summary/event_lines.hpp"
#include "summary/tfrecords.hpp"
#include "summary/written_events.hpp"

using namespace trainlog;
using namespace summary_test;
using writer_test::temporary_directory;

namespace {

struct Row {
  double loss = 0.5;
  double rate = 0.25;
  TRAINLOG_RECORD(Row, loss, rate)
};

/// The bytes of a file with an event of each kind.
std::string all_ops() {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  {
    auto const scope = writer.as_default();
    std::vector<float> const numbers{0.5F, 1, 0, 0.25F, 1, 0};
    std::uint8_t const pixels[2][3] = {};
    summary::hparams({{"rate", 0.1}});
    summary::custom_scalars({{"Losses", {summary::multiline_chart{"both", {"x"}}}}});
    summary::scalar("simple", 0.5, -1);
    summary::scalar("tensor", 2, 1, {.description = "d", .style = summary::scalar_style::tensor});
    summary::record(Row{}, 1);
    summary::text("text", std::vector<std::string>{"a", "b"}, 2);
    summary::image("image", summary::image_view(pixels), 3);
    summary::audio("audio", summary::audio_view(numbers, {6}), 8000, 4);
    summary::tensor("numbers", summary::tensor_view(numbers, {2, 3}), 5);
    summary::histogram("histogram", numbers, 6, {.buckets = 2});
    summary::mesh("mesh", summary::tensor_view(numbers, {2, 3}), 7);
    summary::graph(summary::graph_builder().add({.name = "a", .op = "Const"}));
    summary::run_metadata("step", "", 8);
    summary::hparams_end(summary::session_status::success);
  }
  return detail::read_file(writer.status().path);
}

/// Where each record ends.
std::vector<std::size_t> ends_in(std::string_view bytes) {
  std::vector<std::size_t> ends;
  tfrecord_reader records(bytes);
  for (std::string_view data; records.next(data) == record_state::record;)
    ends.push_back(records.offset());
  return ends;
}

/// What is read in a file of these bytes.
struct reading {
  std::string lines;
  summary::event_report report;

  reading(temporary_directory const& directory, std::string_view bytes) {
    std::string const path = directory / "tfevents";
    write_file(path, bytes);
    summary::event_reader reader(path);
    lines = event_lines(reader);
    report = reader.report();
  }
};

}  // namespace

TEST_CASE("a file with all ops that is cut short gives the whole events, and no damage") {
  temporary_directory const directory;
  std::string const bytes = all_ops();
  auto const ends = ends_in(bytes);
  REQUIRE(ends.size() == 15);
  std::string expected;
  std::size_t whole = 0;
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    bool const is_end = whole < ends.size() && size == ends[whole];
    if (is_end) {
      ++whole;
      expected = reading(directory, std::string_view(bytes).substr(0, size)).lines;
    }
    reading const found(directory, std::string_view(bytes).substr(0, size));
    REQUIRE(found.lines == expected);
    REQUIRE(found.report.events == whole);
    REQUIRE(found.report.damages == 0);
    REQUIRE(found.report.unfinished == (size == 0 || is_end ? 0U : 1U));
  }
}

TEST_CASE("each flipped bit of a file with all ops costs its event alone") {
  temporary_directory const directory;
  std::string const bytes = all_ops();
  auto const ends = ends_in(bytes);
  std::size_t begin = 0;
  for (std::size_t const end : ends) {
    // Without that event altogether.
    std::string const without =
        reading(directory, std::string(bytes).erase(begin, end - begin)).lines;
    for (std::size_t bit = 8 * begin; bit < 8 * end; ++bit) {
      std::string flipped = bytes;
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
      reading const found(directory, flipped);
      REQUIRE(found.lines == without);
      REQUIRE(found.report.damages == 1);
      REQUIRE(found.report.damage[0].begin == begin);
      REQUIRE(found.report.damage[0].end == end);
      REQUIRE(found.report.unfinished == 0);
    }
    begin = end;
  }
}
