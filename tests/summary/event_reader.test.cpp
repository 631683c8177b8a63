// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <trainlog/summary.hpp>
#include <trainlog/summary/event_reader.hpp>

#include "catch.hpp"
#include "log/temporary_directory.hpp"
#include "summary/written_events.hpp"

using namespace trainlog;
using namespace summary_test;
using summary::event_kind;
using summary::event_reader;
using summary::value_kind;
using writer_test::temporary_directory;

namespace {

std::vector<std::int64_t> steps_of(event_reader& reader) {
  std::vector<std::int64_t> steps;
  for (auto const& event : reader) steps.push_back(event.step);
  return steps;
}

using steps = std::vector<std::int64_t>;

/// A file in a directory of its own.
struct one_file {
  temporary_directory directory;
  std::string path = directory / "events.out.tfevents.1";
  explicit one_file(std::string_view bytes) { write_file(path, bytes); }
};

/// A run with what most ops write.
void write_all_ops(std::string const& directory) {
  auto const writer = summary::create_file_writer(directory);
  auto const scope = writer.as_default();
  summary::scalar("simple", 0.5, -1);
  summary::scalar("tensor", 2, 1, {.description = "d", .style = summary::scalar_style::tensor});
  summary::text("text", std::vector<std::string>{"a", "b"}, 2);
  std::uint8_t const pixels[2][3] = {};
  summary::image("image", summary::image_view(pixels), 3);
  std::vector<float> const tone(8, 0.5F);
  summary::audio("audio", summary::audio_view(tone, {8}), 8000, 4);
  std::vector<double> const numbers{1, 2, 3, 4, 5, 6};
  summary::tensor("numbers", summary::tensor_view(numbers, {2, 3}), 5);
  summary::hparams({{"rate", 0.1}});
}

}  // namespace

TEST_CASE("a reader sees what the ops have written") {
  temporary_directory directory;
  write_all_ops(directory.path());
  event_reader reader(directory.path());
  auto it = reader.begin();
  CHECK(it->kind == event_kind::file_version);
  CHECK(it->content == "brain.Event:2");
  CHECK(it->writer == "trainlog");
  CHECK(it->wall_time > 1e9);
  CHECK((it->values().begin() == it->values().end()));

  ++it;
  CHECK(it->step == -1);
  CHECK(it->kind == event_kind::summary);
  auto value = *it->values().begin();
  CHECK(value.tag == "simple");
  CHECK(value.kind == value_kind::simple_value);
  CHECK(value.scalar() == 0.5);
  CHECK(!value.has_metadata);

  ++it;
  value = *it->values().begin();
  CHECK(value.kind == value_kind::tensor);
  CHECK(value.scalar() == 2.0);
  CHECK(value.has_metadata);
  CHECK(value.metadata.plugin_name == "scalars");
  CHECK(value.metadata.description == "d");

  ++it;
  CHECK(it->values().begin()->texts() == std::vector<std::string_view>{"a", "b"});
  CHECK(!it->values().begin()->scalar());

  ++it;
  auto const images = it->values().begin()->images();
  REQUIRE(images.size() == 1);
  CHECK(images[0].width == 3);
  CHECK(images[0].height == 2);
  CHECK(images[0].file.substr(1, 3) == "PNG");

  ++it;
  auto const sounds = it->values().begin()->sounds();
  REQUIRE(sounds.size() == 1);
  CHECK(sounds[0].file.substr(0, 4) == "RIFF");

  ++it;
  auto const histogram = it->values().begin()->histogram().value();
  REQUIRE(histogram.buckets.size() == 2);
  CHECK(histogram.buckets[1].left == 4);
  CHECK(histogram.buckets[1].count == 6);
  CHECK(it->values().begin()->tensor()->shape()[1] == 3);

  ++it;
  CHECK(it->values().begin()->metadata.plugin_name == "hparams");
  ++it;
  CHECK((it == reader.end()));
  CHECK(reader.report().events == 8);
  CHECK(reader.report().files == 1);
  CHECK(reader.report().whole());
  CHECK(reader.report().unfinished == 0);
}

TEST_CASE("histograms, images and sounds of older writers are read") {
  std::string histo;
  for (std::uint32_t i = 1; i <= 5; ++i) detail::append_proto_double(histo, i, 10.0 * i);
  std::string limits;
  std::string counts;
  for (double const limit : {0.0, 12.0, 15.0, 1e308}) detail::append_le(limits, limit);
  for (double const count : {0.0, 2.0, 3.0, 0.0}) detail::append_le(counts, count);
  detail::append_proto_bytes(histo, 6, limits);
  detail::append_proto_bytes(histo, 7, counts);
  std::string image;
  detail::append_proto_int(image, 1, 20);
  detail::append_proto_int(image, 2, 30);
  detail::append_proto_bytes(image, 4, "picture");
  std::string audio;
  detail::append_proto_float(audio, 1, 8000);
  detail::append_proto_bytes(audio, 4, "sound");
  std::string event;
  detail::append_proto_message(event, 5, [&] {
    std::uint32_t field = 0;
    for (auto const& content : {image, histo, audio}) {
      field = field == 0 ? 4 : field + 1;
      detail::append_summary_value(event, {"", "x"},
                                   [&] { detail::append_proto_bytes(event, field, content); });
    }
  });
  one_file const file(record_of(event));
  event_reader reader(file.path);
  auto const all = reader.begin()->values();
  auto value = all.begin();
  auto const images = value->images();
  REQUIRE(images.size() == 1);
  CHECK(images[0].width == 30);
  CHECK(images[0].height == 20);
  CHECK(images[0].file == "picture");
  CHECK(!value->histogram());

  ++value;
  auto const histogram = value->histogram().value();
  CHECK(histogram.count == 30.0);
  REQUIRE(histogram.buckets.size() == 2);
  CHECK(histogram.buckets[0].left == 10.0);  // the minimum
  CHECK(histogram.buckets[0].right == 12.0);
  CHECK(histogram.buckets[0].count == 2.0);
  CHECK(histogram.buckets[1].left == 12.0);
  CHECK(histogram.buckets[1].right == 20.0);  // the maximum

  ++value;
  auto const sounds = value->sounds();
  REQUIRE(sounds.size() == 1);
  CHECK(sounds[0].file == "sound");
  CHECK(sounds[0].rate == 8000.0);
}

TEST_CASE("sounds have labels where each row of a tensor has two strings") {
  temporary_directory directory;
  auto const writer = summary::create_file_writer(directory.path());
  std::vector<std::string_view> const pairs{"RIFF1234WAVEfirst", "label", "RIFF1234WAVE", ""};
  summary::write(writer, "x",
                 summary::tensor_view(std::span<std::string_view const>(pairs), {2, 2}), 1);
  event_reader reader(directory.path());
  auto it = reader.begin();
  auto const sounds = (++it)->values().begin()->sounds();
  REQUIRE(sounds.size() == 2);
  CHECK(sounds[0].file == "RIFF1234WAVEfirst");
  CHECK(sounds[0].label == "label");
  CHECK(sounds[1].file == "RIFF1234WAVE");
}

TEST_CASE("texts are no sounds, and those of the plugin audio are sounds whatever they are") {
  temporary_directory directory;
  auto const writer = summary::create_file_writer(directory.path());
  std::string_view const one[]{"RIFF1234WAVE"};
  std::string_view const other[]{"RIFF1234WAVE", "RIFF1234AVI "};
  summary::summary_metadata audio;
  audio.plugin_name = "audio";
  summary::text(writer, "text", "RIFF1234WAVE", 1);  // the plugin says what it is
  summary::write(writer, "wav", summary::tensor_view(std::span(one), {1}), 2);
  summary::write(writer, "not all", summary::tensor_view(std::span(other), {2}), 3);
  summary::write(writer, "audio", summary::tensor_view(std::span(other), {2}), 4, audio);
  event_reader reader(directory.path());
  std::vector<std::size_t> counts;
  for (auto const& event : reader) {
    for (auto const& value : event.values()) counts.push_back(value.sounds().size());
  }
  CHECK(counts == std::vector<std::size_t>{0, 1, 0, 2});
}

TEST_CASE("events that are no summaries are read") {
  std::string session;
  detail::append_proto_int(session, 1, 1);
  detail::append_proto_bytes(session, 2, "model.ckpt");
  detail::append_proto_bytes(session, 3, "note");
  std::string run_metadata;
  detail::append_proto_bytes(run_metadata, 1, "step1");
  detail::append_proto_bytes(run_metadata, 2, "bytes");
  std::string bytes;
  std::vector<std::pair<std::uint32_t, std::string>> const contents{
      {4, "graph"}, {6, "log"}, {7, session}, {8, run_metadata}, {9, "meta"}, {77, "new"}};
  for (auto const& [field, content] : contents) {
    std::string event;
    detail::append_proto_bytes(event, field, content);
    bytes += record_of(event);
  }
  one_file const file(bytes);
  event_reader reader(file.path);
  auto it = reader.begin();
  CHECK(it->kind == event_kind::graph_def);
  CHECK(it->content == "graph");
  CHECK(it->session().status == summary::session_log_status::unspecified);
  ++it;
  CHECK(it->kind == event_kind::log_message);
  ++it;
  CHECK(it->kind == event_kind::session_log);
  CHECK(it->session().status == summary::session_log_status::start);
  CHECK(it->session().checkpoint_path == "model.ckpt");
  CHECK(it->session().message == "note");
  ++it;
  CHECK(it->kind == event_kind::run_metadata);
  CHECK(it->tag == "step1");
  CHECK(it->content == "bytes");
  ++it;
  CHECK(it->kind == event_kind::meta_graph_def);
  ++it;
  CHECK(it->kind == event_kind::none);
}

TEST_CASE("the files of a directory are read by name, and others are not") {
  temporary_directory directory;
  write_file(directory / "events.out.tfevents.2", record_of(scalar_event(2)));
  write_file(directory / "events.out.tfevents.1", record_of(scalar_event(1)));
  write_file(directory / "a.tfevents", record_of(scalar_event(0)));
  write_file(directory / "events.out.tfevents.3.profile-empty", record_of(scalar_event(9)));
  write_file(directory / "events.out", record_of(scalar_event(9)));
  std::filesystem::create_directory(directory / "tfevents");
  event_reader reader(directory.path() + "/");
  CHECK(reader.path() == directory.path() + "/");
  CHECK(steps_of(reader) == steps{0, 1, 2});
  CHECK(reader.files().size() == 3);
  CHECK(reader.report().files == 3);
  CHECK(reader.path() == directory / "events.out.tfevents.2");
  CHECK(steps_of(reader) == steps{0, 1, 2});  // again
  CHECK(reader.report().files == 3);

  event_reader other(directory / "events.out");  // by name, any file
  CHECK(steps_of(other) == steps{9});
}

TEST_CASE("what is not there, or no file, is an error") {
  temporary_directory directory;
  CHECK_THROWS_AS(event_reader(directory / "none"), io_error);
  CHECK_THROWS_AS(event_reader(""), io_error);
  event_reader empty(directory.path());
  CHECK(steps_of(empty).empty());
  CHECK(empty.path() == directory.path());
  event_reader device("/dev/null");
  CHECK_THROWS_AS(device.begin(), io_error);
}

TEST_CASE("a file that is cut short gives the events before, and no damage") {
  std::string bytes;
  std::vector<std::size_t> ends;
  for (int step = 0; step < 5; ++step) {
    bytes += record_of(scalar_event(step));
    ends.push_back(bytes.size());
  }
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    one_file const file(bytes.substr(0, size));
    event_reader reader(file.path);
    auto const whole =
        static_cast<std::size_t>(std::upper_bound(ends.begin(), ends.end(), size) - ends.begin());
    CHECK(steps_of(reader).size() == whole);
    CHECK(reader.report().whole());
    bool const between = size == 0 || (whole != 0 && ends[whole - 1] == size);
    CHECK(reader.report().unfinished == (between ? 0U : 1U));
  }
}

TEST_CASE("each flipped bit costs one event at most, and is reported") {
  std::string bytes;
  std::vector<std::size_t> ends;
  for (int step = 0; step < 4; ++step) {
    bytes += record_of(scalar_event(step));
    ends.push_back(bytes.size());
  }
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    std::string flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    one_file const file(flipped);
    event_reader reader(file.path);
    steps expected{0, 1, 2, 3};
    auto const hit = std::upper_bound(ends.begin(), ends.end(), bit / 8) - ends.begin();
    expected.erase(expected.begin() + hit);
    CHECK(steps_of(reader) == expected);
    REQUIRE(reader.report().damages == 1);
    CHECK(reader.report().events == 3);
    auto const& damage = reader.report().damage[0];
    CHECK(damage.begin == (hit == 0 ? 0 : ends[static_cast<std::size_t>(hit) - 1]));
    CHECK(damage.end == ends[static_cast<std::size_t>(hit)]);
    CHECK(damage.path == file.path);
  }
}

TEST_CASE("garbage between events is passed by") {
  std::string const garbage(1000, '\0');
  std::string const text = "no event file at all, but a text with some length to it";
  one_file const file(text + record_of(scalar_event(1)) + garbage + record_of(scalar_event(2)) +
                      record_of("\xff\xff") + record_of(scalar_event(3)) + text);
  event_reader reader(file.path);
  CHECK(steps_of(reader) == steps{1, 2, 3});
  REQUIRE(reader.report().damages == 4);
  auto const& damage = reader.report().damage;
  CHECK(damage[0].end == text.size());
  CHECK(damage[0].reason == "the checksum of the event's length is wrong");
  CHECK(damage[1].end - damage[1].begin == garbage.size());
  CHECK(damage[2].reason == "the event is no message of its kind");
  CHECK(damage[2].end - damage[2].begin == 18);
  CHECK(damage[3].end - damage[3].begin == text.size());
  CHECK(!reader.report().whole());
}

TEST_CASE("events that were appended to a torn one are found") {
  std::string const torn = record_of(scalar_event(1)).substr(0, 20);
  one_file const one(torn + record_of(scalar_event(2)) + record_of(scalar_event(3)));
  event_reader reader(one.path);
  CHECK(steps_of(reader) == steps{2, 3});
  REQUIRE(reader.report().damages == 1);
  CHECK(reader.report().damage[0].reason == "the checksum of the event is wrong");

  std::string const large = record_of(std::string(5000, 'x')).substr(0, 100);
  one_file const two(large + record_of(scalar_event(2)) + torn);
  event_reader other(two.path);
  CHECK(steps_of(other) == steps{2});
  REQUIRE(other.report().damages == 1);
  CHECK(other.report().damage[0].reason == "the event is cut short, and others follow");
  CHECK(other.report().unfinished == 1);
}

TEST_CASE("a damaged value spoils its event alone") {
  std::string bad = scalar_event(1);
  bad[bad.size() - 5] = '\xff';  // the number's field
  std::string metadata;
  detail::append_proto_message(metadata, 5, [&] {
    detail::append_summary_value(metadata, {"", "x"},
                                 [&] { detail::append_proto_bytes(metadata, 9, "\x0a\x05"); });
  });
  one_file const file(record_of(bad) + record_of(scalar_event(2)) + record_of(metadata));
  event_reader reader(file.path);
  CHECK(steps_of(reader) == steps{2});
  CHECK(reader.report().damages == 2);
}

TEST_CASE("an event with two contents is none") {
  std::string two = scalar_event(1);
  detail::append_proto_bytes(two, 5, "");
  one_file const file(record_of(two) + record_of(scalar_event(2)));
  event_reader reader(file.path);
  CHECK(steps_of(reader) == steps{2});
  CHECK(reader.report().damages == 1);
}

TEST_CASE("lengths that no file has are passed by, without memory for them") {
  for (unsigned shift : {31U, 32U, 40U, 62U, 63U}) {
    std::string header;
    detail::append_le(header, std::uint64_t{1} << shift);
    detail::append_le(header, detail::masked_crc32c(header));
    one_file const file(header + record_of(scalar_event(1)));
    event_reader reader(file.path);
    CHECK(steps_of(reader) == steps{1});
    CHECK(reader.report().damages == 1);
    one_file const end(record_of(scalar_event(1)) + header);
    event_reader other(end.path);
    CHECK(steps_of(other) == steps{1});
    CHECK(other.report().whole());
    CHECK(other.report().unfinished == 1);
  }
  // A file with holes that really is so large.
  std::string header;
  detail::append_le(header, std::uint64_t{1} << 33U);
  detail::append_le(header, detail::masked_crc32c(header));
  one_file const sparse(header);
  std::filesystem::resize_file(sparse.path, (std::uint64_t{1} << 33U) + 16);
  std::ofstream(sparse.path, std::ios::binary | std::ios::app) << record_of(scalar_event(1));
  event_reader reader(sparse.path);
  CHECK(steps_of(reader) == steps{1});
  CHECK(reader.report().damages == 1);
}

TEST_CASE("a file that is made of false beginnings takes no more than a moment") {
  std::string bytes(std::size_t{4} << 20U, '\0');
  for (std::size_t at = 0; at + 12 <= bytes.size(); at += 12) {
    detail::put_le(bytes.data() + at, std::uint64_t{bytes.size() - at - 16});
    detail::put_le(bytes.data() + at + 8, detail::masked_crc32c({bytes.data() + at, 8}));
  }
  one_file const file(bytes);
  event_reader reader(file.path);
  CHECK(steps_of(reader).empty());
  CHECK(reader.report().damages == 1);
}

TEST_CASE("events are found behind any number of zeros, and at once") {
  // Of 256 bytes, so that the header begins with a zero, too.
  std::string tag;
  std::string event;
  while (event.size() < 256) event = scalar_event(2, tag += 'x', 2);
  REQUIRE(event.size() == 256);
  std::string const first = record_of(scalar_event(1));
  std::vector<std::size_t> counts{4084, 4085, 4095, 4096, 4097, 262143, 262144, 300000};
  for (std::size_t count = 1; count < 40; ++count) counts.push_back(count);
  for (std::size_t const count : counts) {
    CAPTURE(count);
    one_file const file(first + std::string(count, '\0') + record_of(event));
    event_reader reader(file.path);
    REQUIRE(steps_of(reader) == steps{1, 2});
    REQUIRE(reader.report().damage.at(0).end == first.size() + count);
  }
  one_file const file(first);
  std::filesystem::resize_file(file.path, std::uintmax_t{1} << 30U);
  event_reader reader(file.path);
  CHECK(steps_of(reader) == steps{1});
  CHECK(reader.report().damages == 1);
}

TEST_CASE("events larger than what is read at once are read") {
  std::string bytes;
  for (int i = 0; i < 5; ++i) {
    std::string event;
    detail::append_proto_int(event, 2, i);
    detail::append_proto_bytes(event, 4, std::string(300000 * static_cast<std::size_t>(i), 'g'));
    bytes += record_of(event) + record_of(scalar_event(i));
  }
  one_file const file(bytes);
  event_reader reader(file.path);
  std::size_t size = 0;
  for (auto const& event : reader) {
    if (event.kind == event_kind::graph_def) size += event.content.size();
  }
  CHECK(size == 3000000);
  CHECK(reader.report().events == 10);
}

TEST_CASE("a reader sees what has been written since, when it begins again") {
  temporary_directory directory;
  auto const writer = summary::create_file_writer(directory.path());
  event_reader reader(directory.path());
  CHECK(steps_of(reader) == steps{0});
  summary::scalar(writer, "x", 1, 7);
  CHECK(steps_of(reader) == steps{0, 7});
}

TEST_CASE("only the first damaged parts are kept, and all are counted") {
  std::string bytes;
  for (int i = 0; i < 150; ++i) bytes += record_of("\xff");
  one_file const file(bytes);
  event_reader reader(file.path);
  CHECK(steps_of(reader).empty());
  CHECK(reader.report().damages == 150);
  CHECK(reader.report().damage.size() == summary::event_report::max_damage);
}
