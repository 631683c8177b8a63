// SPDX-License-Identifier: MIT
#include "trainlog/detail/descriptor.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>

#include "catch.hpp"

using namespace trainlog::detail;

namespace {

unique_descriptor memory_file() { return unique_descriptor(::memfd_create("test", MFD_CLOEXEC)); }

bool is_open(int descriptor) { return ::fcntl(descriptor, F_GETFD) != -1; }

}  // namespace

TEST_CASE("descriptor: it is closed once, by its last owner") {
  int number = -1;
  {
    auto first = memory_file();
    REQUIRE(first);
    number = first.get();
    auto const second = std::move(first);
    CHECK(second.get() == number);
    CHECK(is_open(number));
  }
  CHECK_FALSE(is_open(number));
  CHECK_FALSE(unique_descriptor(-1));
}

TEST_CASE("descriptor: bytes are read where they were written, as far as the file goes") {
  auto const file = memory_file();
  std::string const text = "0123456789";
  CHECK(write_at(file.get(), text.data(), text.size(), 5) == 0);
  CHECK(write_at(file.get(), nullptr, 0, 100) == 0);
  std::string back(20, '#');
  CHECK(read_at(file.get(), back.data(), 4, 7) == 4);
  CHECK(back.substr(0, 5) == "2345#");
  CHECK(read_at(file.get(), back.data(), back.size(), 10) == 5);
  CHECK(errno == 0);
  CHECK(back.substr(0, 5) == "56789");
  CHECK(read_at(file.get(), back.data(), back.size(), 15) == 0);
  CHECK(errno == 0);
  CHECK(sync_data(file.get()) == 0);
}

TEST_CASE("descriptor: a failure is told") {
  char byte = 0;
  CHECK(read_at(-1, &byte, 1, 0) == 0);
  CHECK(errno == EBADF);
  CHECK(write_at(-1, &byte, 1, 0) == EBADF);
  CHECK(sync_data(-1) == EBADF);
}
