// SPDX-License-Identifier: MIT
#include <cstddef>
#include <string>
#include <string_view>

#include <trainlog/summary/tfrecord.hpp>

#include "catch.hpp"
#include "summary/event_files.hpp"
#include "summary/tfrecords.hpp"

using namespace trainlog::detail;
using namespace summary_test;

// The values are those of other writers of the format.
TEST_CASE("masked checksums are those of TensorFlow") {
  CHECK(masked_crc32c(unhex("1a 11") + "CRC test, one two") == 0x5794d08aU);
  CHECK(masked_crc32c(unhex("18 00 00 00 00 00 00 00")) == 0x224b7fa3U);
  CHECK(masked_crc32c(unhex("09 00 00 80 38 99 d6 d7 41 1a 0d") + "brain.Event:2") == 0xab364b12U);
}

TEST_CASE("the record of a version event is that of TensorFlow") {
  std::string out;
  append_tfrecord(out, unhex("09 00 00 80 38 99 d6 d7 41 1a 0d") + "brain.Event:2");
  CHECK(out == unhex("18 00 00 00 00 00 00 00 a3 7f 4b 22 09 00 00 80 38 99 d6 d7 41 1a 0d") +
                   "brain.Event:2" + unhex("12 4b 36 ab"));
}

TEST_CASE("records are read as they were written, and a file that is cut short as torn") {
  std::string bytes;
  append_tfrecord(bytes, "first");
  std::size_t const second = bytes.size();
  append_tfrecord(bytes, "");
  std::size_t const third = bytes.size();
  append_tfrecord(bytes, "third");
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    tfrecord_reader reader(std::string_view(bytes).substr(0, size));
    std::string_view data;
    std::string read;
    auto state = reader.next(data);
    for (; state == record_state::record; state = reader.next(data)) {
      read.append(data).append(",");
    }
    std::size_t const whole = size < second         ? 0
                              : size < third        ? second
                              : size < bytes.size() ? third
                                                    : bytes.size();
    std::string_view const all = "first,,third,";
    CHECK(reader.offset() == whole);
    CHECK(read == all.substr(0, whole == 0 ? 0 : whole == second ? 6 : whole == third ? 7 : 13));
    CHECK(state == (size == whole ? record_state::end : record_state::torn));
  }
}

TEST_CASE("each flipped byte of a record is found") {
  std::string bytes;
  append_tfrecord(bytes, "some data");
  append_tfrecord(bytes, "next");
  for (std::size_t at = 0; at < tfrecord_overhead + 9; ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    tfrecord_reader reader(damaged);
    std::string_view data;
    bool const in_header = at < tfrecord_header_size;
    CHECK(reader.next(data) == (in_header ? record_state::damaged : record_state::bad_data));
    if (in_header) continue;
    CHECK(reader.next(data) == record_state::record);
    CHECK(data == "next");
  }
}

TEST_CASE("a length that no file has is torn, not read") {
  std::string bytes = unhex("ff ff ff ff ff ff ff ff");
  append_le(bytes, masked_crc32c(bytes));
  bytes.append(100, 'x');
  tfrecord_reader reader(bytes);
  std::string_view data;
  CHECK(reader.next(data) == record_state::torn);
}
