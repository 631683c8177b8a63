// SPDX-License-Identifier: MIT
// A disk that is full for one file that this process has open.
#ifndef TRAINLOG_TESTS_LOG_FULL_DISK_HPP
#define TRAINLOG_TESTS_LOG_FULL_DISK_HPP

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <system_error>

#include <trainlog/detail/file.hpp>

#include "catch.hpp"

namespace writer_test {

/// The descriptor with which this process has the file open.
inline int descriptor_of(std::string const& path) {
  for (auto const& each : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code error;
    if (std::filesystem::read_symlink(each.path(), error) == path)
      return std::stoi(each.path().filename().string());
  }
  FAIL("not open: " << path);
  return -1;
}

/// While it lives, the disk has no room for a file.
class full_disk {
 public:
  explicit full_disk(std::string const& path) : file_(descriptor_of(path)), saved_(::dup(file_)) {
    trainlog::detail::unique_descriptor const full(::open("/dev/full", O_WRONLY));
    REQUIRE(::dup2(full.get(), file_) == file_);
  }
  full_disk(full_disk const&) = delete;
  full_disk& operator=(full_disk const&) = delete;
  ~full_disk() {
    if (::fcntl(file_, F_GETFD) != -1) ::dup2(saved_, file_);  // it may have been closed
    ::close(saved_);
  }

 private:
  int file_;
  int saved_;
};

}  // namespace writer_test

#endif
