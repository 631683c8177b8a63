// SPDX-License-Identifier: MIT
// Memory for a ring, mapped twice in a row, so that nothing in the ring wraps; Linux.
#ifndef TRAINLOG_LOG_RING_MEMORY_HPP
#define TRAINLOG_LOG_RING_MEMORY_HPP

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <utility>

#include "trainlog/detail/file.hpp"

namespace trainlog::detail {

inline std::size_t memory_page() noexcept {
  auto const size = ::sysconf(_SC_PAGESIZE);
  return size < 4096 ? 4096 : static_cast<std::size_t>(size);
}

/// Makes the first `size` bytes of the file zeros that have their place on the disk, so that no
/// store into them can fail later. False, with errno, if there is no room.
inline bool allocate_zeros(int descriptor, std::size_t size) noexcept {
  auto const length = static_cast<::off_t>(size);
  if (retry_interrupted([&] { return ::fallocate(descriptor, 0, 0, length); }) == 0) return true;
  if (errno != EOPNOTSUPP && errno != ENOSYS) return false;
  static constexpr char zeros[4096] = {};
  for (std::size_t at = 0; at < size;) {
    auto const count = retry_interrupted([&] {
      return ::pwrite(descriptor, zeros, std::min(sizeof zeros, size - at),
                      static_cast<::off_t>(at));
    });
    if (count <= 0) return false;
    at += static_cast<std::size_t>(count);
  }
  return true;
}

/// The beginning of a file in memory: some bytes, then a ring, then the same ring once more.
class ring_memory {
 public:
  ring_memory() noexcept = default;
  ring_memory(ring_memory&& other) noexcept { swap(other); }
  ring_memory& operator=(ring_memory&& other) noexcept {
    swap(other);
    return *this;
  }
  ~ring_memory() {
    if (base_ != nullptr) ::munmap(base_, total());
  }

  /// Maps a file that has head + ring bytes, all allocated; both are multiples of the page. False,
  /// with errno, if that cannot be done, or the pages cannot be had now: no store fails later.
  bool map(int descriptor, std::size_t head, std::size_t ring) noexcept {
    head_ = head;
    ring_ = ring;
    void* const all = ::mmap(nullptr, total(), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (all == MAP_FAILED) return false;
    base_ = static_cast<char*>(all);
    return place(descriptor, 0, 0, head + ring) && place(descriptor, head + ring, head, ring) &&
           populate();
  }

  char* head() const noexcept { return base_; }
  char* ring() const noexcept { return base_ + head_; }

 private:
  std::size_t total() const noexcept { return head_ + 2 * ring_; }

  bool place(int descriptor, std::size_t at, std::size_t offset, std::size_t size) noexcept {
    return ::mmap(base_ + at, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, descriptor,
                  static_cast<::off_t>(offset)) != MAP_FAILED;
  }

  /// Faults all pages in for writing.
  bool populate() noexcept {
    constexpr int populate_write = 23;  // MADV_POPULATE_WRITE, which older headers lack
    if (retry_interrupted([&] { return ::madvise(base_, total(), populate_write); }) == 0) {
      return true;
    }
    if (errno != EINVAL) return false;
    for (std::size_t at = 0; at < total(); at += 4096) {
      *const_cast<char volatile*>(base_ + at) = 0;  // Linux before 5.14; the blocks are allocated
    }
    return true;
  }

  void swap(ring_memory& other) noexcept {
    std::swap(base_, other.base_);
    std::swap(head_, other.head_);
    std::swap(ring_, other.ring_);
  }

  char* base_ = nullptr;
  std::size_t head_ = 0;
  std::size_t ring_ = 0;
};

}  // namespace trainlog::detail

#endif
