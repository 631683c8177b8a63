// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <string>

#include <trainlog/summary/event_buffer.hpp>

#include "catch.hpp"
#include "log/temporary_directory.hpp"
#include "summary/event_files.hpp"
#include "summary/tfrecords.hpp"

using namespace trainlog::detail;
using namespace summary_test;

namespace {

/// A file that takes only so much: a pipe that does not block.
class small_disk {
 public:
  small_disk() {
    int ends[2];
    REQUIRE(::pipe2(ends, O_NONBLOCK | O_CLOEXEC) == 0);
    out_ = unique_descriptor(ends[0]);
    in_ = unique_descriptor(ends[1]);
    capacity = static_cast<std::size_t>(::fcntl(in_.get(), F_SETPIPE_SZ, 4096));
  }
  int descriptor() const { return in_.get(); }
  /// Makes room; what had been written is appended to `to`.
  void empty(std::string& to) const {
    std::string bytes(capacity, '\0');
    auto const count = ::read(out_.get(), bytes.data(), bytes.size());
    if (count > 0) to.append(bytes, 0, static_cast<std::size_t>(count));
  }
  std::size_t capacity = 0;

 private:
  unique_descriptor out_{-1};
  unique_descriptor in_{-1};
};

}  // namespace

TEST_CASE("an event that is torn by a full disk is completed when there is room") {
  small_disk const disk;
  event_buffer buffer;
  std::string expected;
  for (std::size_t size : {1000U, 2000U, 3000U, 10U}) {
    buffer.append([&](std::string& out) { out.append(size, 'a'); });
    append_tfrecord(expected, std::string(size, 'a'));
  }
  CHECK(buffer.waiting_events() == 4);
  CHECK(buffer.write_to(disk.descriptor()) == EAGAIN);
  CHECK(buffer.waiting_events() == 2);
  CHECK(buffer.torn_bytes() == disk.capacity - 3032);
  CHECK(buffer.waiting_bytes() == expected.size() - disk.capacity);
  std::string got;
  disk.empty(got);
  CHECK(buffer.write_to(disk.descriptor()) == 0);
  CHECK(buffer.waiting_events() == 0);
  CHECK(buffer.waiting_bytes() == 0);
  disk.empty(got);
  CHECK((got == expected));
}

TEST_CASE("a torn event is written whole into another file") {
  small_disk const disk;
  event_buffer buffer;
  buffer.append([](std::string& out) { out.append(5000, 'a'); });
  CHECK(buffer.write_to(disk.descriptor()) == EAGAIN);
  buffer.restart();
  CHECK(buffer.torn_bytes() == 0);
  CHECK(buffer.waiting_bytes() == 5016);
}

TEST_CASE("only an event of which nothing is in the file can be taken back") {
  small_disk const disk;
  event_buffer buffer;
  auto const torn = buffer.append([](std::string& out) { out.append(5000, 'a'); });
  CHECK(buffer.write_to(disk.descriptor()) == EAGAIN);
  CHECK_FALSE(buffer.remove_last(torn));
  auto const whole = buffer.append([](std::string& out) { out += "b"; });
  CHECK(buffer.waiting_events() == 2);
  CHECK(buffer.remove_last(whole));
  CHECK(buffer.waiting_events() == 1);
  CHECK_FALSE(buffer.remove_last(torn));
  auto const last = buffer.append([](std::string& out) { out += "c"; });
  buffer.remove_first();
  CHECK(buffer.waiting_events() == 1);
  CHECK(buffer.waiting_bytes() == last);
  CHECK(buffer.torn_bytes() == 0);
  CHECK(buffer.clear() == 1);
  CHECK(buffer.waiting_bytes() == 0);
}

TEST_CASE("an event that is larger than readers take is an error, and leaves nothing") {
  event_buffer buffer;
  auto const append = [&](std::size_t size) {
    return buffer.append([&](std::string& out) { out.append(size, 'a'); }, 10);
  };
  CHECK(append(10) == 26);
  CHECK_THROWS_WITH(append(11), Catch::Contains("11 bytes") && Catch::Contains("at most 10"));
  CHECK(buffer.waiting_bytes() == 26);
  CHECK(buffer.waiting_events() == 1);
}

TEST_CASE("what throws while it appends leaves nothing") {
  event_buffer buffer;
  buffer.append([](std::string& out) { out += "first"; });
  auto const size = buffer.waiting_bytes();
  auto const fail = [](std::string& out) {
    out += "half";
    throw std::runtime_error("no");
  };
  CHECK_THROWS_AS(buffer.append(fail), std::runtime_error);
  CHECK(buffer.waiting_bytes() == size);
  CHECK(buffer.waiting_events() == 1);
}
