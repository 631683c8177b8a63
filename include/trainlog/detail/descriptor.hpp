// SPDX-License-Identifier: MIT
// Open files: descriptors that are closed in time, and what is done at a place of a file; POSIX.1.
#ifndef TRAINLOG_DETAIL_DESCRIPTOR_HPP
#define TRAINLOG_DETAIL_DESCRIPTOR_HPP

#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace trainlog::detail {

/// Repeats a system call for as long as a signal interrupts it.
template <class Call>
auto retry_interrupted(Call call) {
  while (true) {
    const auto result = call();
    if (result != -1 || errno != EINTR) return result;
  }
}

/// Closes a descriptor at the end of its scope. Holds -1 if opening failed; errno then says why.
class unique_descriptor {
 public:
  explicit unique_descriptor(int descriptor) noexcept : descriptor_(descriptor) {}
  unique_descriptor(unique_descriptor const&) = delete;
  unique_descriptor& operator=(unique_descriptor const&) = delete;
  unique_descriptor(unique_descriptor&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)) {}
  unique_descriptor& operator=(unique_descriptor&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~unique_descriptor() { reset(); }

  void reset() noexcept {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  }
  int get() const noexcept { return descriptor_; }
  explicit operator bool() const noexcept { return descriptor_ >= 0; }

 private:
  int descriptor_;
};

/// Reads at a place of a regular file, until `size` bytes are there or the file ends. Returns how
/// many were read; if these are fewer, errno says why: 0 at the end of the file.
inline std::size_t read_at(int descriptor, char* out, std::size_t size,
                           std::uint64_t offset) noexcept {
  std::size_t done = 0;
  while (done != size) {
    auto const count = retry_interrupted([&] {
      return ::pread(descriptor, out + done, size - done, static_cast<::off_t>(offset + done));
    });
    if (count == 0) errno = 0;
    if (count <= 0) break;
    done += static_cast<std::size_t>(count);
  }
  return done;
}

/// Writes at a place of a file. Returns 0, or errno; a part of it may then be there.
inline int write_at(int descriptor, char const* bytes, std::size_t size,
                    std::uint64_t offset) noexcept {
  while (size > 0) {
    auto const count = retry_interrupted(
        [&] { return ::pwrite(descriptor, bytes, size, static_cast<::off_t>(offset)); });
    if (count <= 0) return count < 0 ? errno : EIO;
    bytes += count;
    size -= static_cast<std::size_t>(count);
    offset += static_cast<std::uint64_t>(count);
  }
  return 0;
}

/// Returns when the disk has the content of the file: 0, or errno.
inline int sync_data(int descriptor) noexcept {
  return retry_interrupted([&] { return ::fdatasync(descriptor); }) == 0 ? 0 : errno;
}

}  // namespace trainlog::detail

#endif
