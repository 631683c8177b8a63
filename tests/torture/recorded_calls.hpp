// SPDX-License-Identifier: MIT
// The C library's functions that change files, in front of those of the C library: they tell a
// recorded_disk. To be included once in a program.
#ifndef TRAINLOG_TESTS_TORTURE_RECORDED_CALLS_HPP
#define TRAINLOG_TESTS_TORTURE_RECORDED_CALLS_HPP

#include "recorded_disk.hpp"

#include <sys/file.h>
#include <sys/uio.h>

#include <cstdarg>

namespace power_loss {

template <class Call>
auto change(int file, std::uint64_t begin, std::uint64_t end, Call call) {
  return disk != nullptr ? disk->change(file, begin, end, call) : call();
}

inline int synchronise(int file) {
  if (disk != nullptr) disk->synchronise(file);
  return 0;
}

}  // namespace power_loss

extern "C" {

int open(char const* path, int flags, ...) {
  std::va_list arguments;
  va_start(arguments, flags);
  auto const mode = (flags & O_CREAT) != 0 ? va_arg(arguments, ::mode_t) : 0;
  va_end(arguments);
  auto const call = [&] {
    return static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path, flags, mode));
  };
  return power_loss::disk != nullptr ? power_loss::disk->open(path, call) : call();
}
::ssize_t pwrite(int file, void const* bytes, std::size_t size, ::off_t offset) {
  auto const begin = static_cast<std::uint64_t>(offset);
  return power_loss::change(file, begin, begin + size, [&]() -> ::ssize_t {
    return ::syscall(SYS_pwrite64, file, bytes, size, offset);
  });
}
::ssize_t pwritev(int file, ::iovec const* parts, int count, ::off_t offset) {
  return power_loss::change(
      file, static_cast<std::uint64_t>(offset), UINT64_MAX,
      [&]() -> ::ssize_t { return ::syscall(SYS_pwritev, file, parts, count, offset, 0); });
}
int fallocate(int file, int mode, ::off_t offset, ::off_t size) {
  return power_loss::change(file, 0, UINT64_MAX, [&] {
    return static_cast<int>(::syscall(SYS_fallocate, file, mode, offset, size));
  });
}
int ftruncate(int file, ::off_t size) noexcept {
  return power_loss::change(file, 0, UINT64_MAX,
                            [&] { return static_cast<int>(::syscall(SYS_ftruncate, file, size)); });
}
int fdatasync(int file) { return power_loss::synchronise(file); }
int fsync(int file) { return power_loss::synchronise(file); }
int rename(char const* from, char const* to) noexcept {
  auto const call = [&] { return static_cast<int>(::syscall(SYS_rename, from, to)); };
  return power_loss::disk != nullptr ? power_loss::disk->rename(from, to, call) : call();
}
int unlink(char const* path) noexcept {
  auto const call = [&] { return static_cast<int>(::syscall(SYS_unlink, path)); };
  return power_loss::disk != nullptr ? power_loss::disk->rename(path, nullptr, call) : call();
}
/// Writers that were killed hold no locks.
int flock(int, int) noexcept { return 0; }
}

#endif
