// SPDX-License-Identifier: MIT
// Reads any bytes as an event file, in every way there is, and takes the run up again: as they are,
// with their checksums made right, and as one event. The corpus is files of trainlog, TensorFlow
// and PyTorch, and mutants of them.
#include <trainlog/summary/event_reader.hpp>
#include <trainlog/summary/read_scalars.hpp>
#include <trainlog/summary/read_tags.hpp>
#include <trainlog/summary/resume.hpp>

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <string_view>

#include "../log/temporary_directory.hpp"
#include "../summary/event_lines.hpp"
#include "../summary/tfrecords.hpp"

namespace {

namespace summary = trainlog::summary;

void require(bool condition) {
  if (!condition) std::abort();
}

/// The records of a file with the checksums that their lengths and data have.
std::string sealed(std::string bytes) {
  constexpr std::size_t overhead = trainlog::detail::tfrecord_overhead;
  for (std::size_t at = 0; bytes.size() - at >= overhead;) {
    std::uint64_t const most = bytes.size() - at - overhead;
    auto const* const header = reinterpret_cast<std::byte const*>(bytes.data() + at);
    auto size = trainlog::detail::load_le<std::uint64_t>(header);
    if (size > most) size %= most + 1;
    std::string record;
    summary_test::append_tfrecord(record, bytes.substr(at + 12, size));
    bytes.replace(at, record.size(), record);
    at += record.size();
  }
  return bytes;
}

/// How often each step below `end` is there, of each tag.
std::map<std::string, std::map<std::int64_t, int>> points_before(std::string const& path,
                                                                 std::int64_t end) {
  std::map<std::string, std::map<std::int64_t, int>> points;
  for (auto const& [tag, curve] : summary::read_scalars(path)) {
    for (auto const step : curve.steps) {
      if (step < end && tag != "_hparams_/session_end_info") ++points[tag][step];
    }
  }
  return points;
}

void look_into(summary::event_reader& reader) {
  std::uint64_t events = 0;
  for (auto const& event : reader) {
    ++events;
    event.session();
    for (auto const& value : event.values()) {
      value.scalar(), value.texts(), value.histogram(), value.images(), value.sounds();
      if (auto const tensor = value.tensor())
        require(tensor->numbers().size() + tensor->strings().size() == tensor->count());
    }
  }
  require(events == reader.report().events);
  require(reader.report().damages != 0 || reader.report().whole());
}

void read_all(std::string const& path) {
  summary::event_reader reader(path);
  look_into(reader);
  summary_test::event_lines(reader);
  auto const all = summary::read_scalars(path);
  for (auto const rule : {summary::restart_rule::session_start, summary::restart_rule::step_back}) {
    for (auto const& [tag, curve] : summary::read_scalars(path, {.restarts = rule}))
      require(curve.size() <= all.at(tag).size());
  }
  for (auto const& tag : summary::read_tags(path)) require(tag.count != 0);
}

/// A file without a record is left as it is when a run is resumed.
bool has_record(std::string const& path) {
  summary::event_report report;
  std::string_view data;
  return trainlog::detail::event_scan(path, report).next(data);
}

void read_bytes(writer_test::temporary_directory const& directory, std::string_view bytes) {
  std::string const path = directory / "tfevents";
  std::ofstream(path, std::ios::binary) << bytes;
  read_all(path);
  constexpr std::int64_t step = 3;
  auto const before = points_before(path, step);
  trainlog::detail::drop_events_from(directory.path(), step);
  require(points_before(path, step) == before);
  summary::event_reader reader(path);
  look_into(reader);
  require(!has_record(path) || (reader.report().whole() && reader.report().unfinished == 0));
  std::string const cut = trainlog::detail::read_file(path);
  trainlog::detail::drop_events_from(directory.path(), step);
  require(trainlog::detail::read_file(path) == cut);  // nothing is left to be dropped
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  static writer_test::temporary_directory const directory;
  std::string const bytes(reinterpret_cast<char const*>(data), size);
  read_bytes(directory, bytes);
  read_bytes(directory, sealed(bytes));
  std::string record;
  summary_test::append_tfrecord(record, bytes);
  read_bytes(directory, record);
  return 0;
}
