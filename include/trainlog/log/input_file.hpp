// SPDX-License-Identifier: MIT
// A file that is read by position, and may grow meanwhile; POSIX.1.
#ifndef TRAINLOG_LOG_INPUT_FILE_HPP
#define TRAINLOG_LOG_INPUT_FILE_HPP

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "trainlog/detail/descriptor.hpp"
#include "trainlog/detail/file.hpp"

namespace trainlog::detail {

/// A regular file, open for reading.
class input_file {
 public:
  /// Throws io_error, also for what is no regular file; does not wait for the writer of a pipe.
  explicit input_file(std::string path)
      : path_(std::move(path)),
        descriptor_(file_operation(path_, "read").open(path_, O_RDONLY | O_NONBLOCK)) {
    file_operation const reading(path_, "read");
    reading.check(static_cast<bool>(descriptor_));
    auto const mode = status().st_mode;
    if (!S_ISREG(mode)) reading.fail(S_ISDIR(mode) ? EISDIR : ESPIPE);
  }

  std::string const& path() const noexcept { return path_; }
  int descriptor() const noexcept { return descriptor_.get(); }

  /// The bytes that the file has now. Throws io_error.
  std::uint64_t size() const { return static_cast<std::uint64_t>(status().st_size); }

  /// Throws io_error.
  struct ::stat status() const {
    struct ::stat result{};
    file_operation(path_, "read").check(::fstat(descriptor_.get(), &result) == 0);
    return result;
  }

  /// Reads until `size` bytes are there or the file ends; returns how many were read.
  /// Throws io_error.
  std::size_t read(std::uint64_t offset, char* out, std::size_t size) const {
    return file_operation(path_, "read").read_at(descriptor_.get(), out, size, offset);
  }

 private:
  std::string path_;
  unique_descriptor descriptor_;
};

/// A part of a file in memory, moved to where something is to be read.
class file_window {
 public:
  static constexpr std::size_t least = 256;
  static constexpr std::size_t most = 65536;

  /// Nothing behind `end` is read.
  file_window(input_file const& file, std::uint64_t end) noexcept : file_(&file), end_(end) {}

  std::uint64_t end() const noexcept { return end_; }

  /// The `size` bytes at the offset, or as many as there are. Valid until the next call.
  std::string_view at(std::uint64_t offset, std::size_t size) {
    if (offset >= end_) return {};
    size = static_cast<std::size_t>(std::min<std::uint64_t>(size, end_ - offset));
    if (offset < begin_ || offset - begin_ + size > bytes_.size()) fill(offset, size);
    return std::string_view(bytes_).substr(static_cast<std::size_t>(offset - begin_), size);
  }

 private:
  /// Reads ahead where that has been of use: where the last request stood close before this one.
  void fill(std::uint64_t offset, std::size_t size) {
    bool const near = offset >= begin_ && offset - begin_ <= 2 * bytes_.size();
    ahead_ = near ? std::min(2 * ahead_, most) : least;
    auto const wanted = std::min<std::uint64_t>(std::max(size, ahead_), end_ - offset);
    bytes_.resize(static_cast<std::size_t>(wanted));
    bytes_.resize(file_->read(offset, bytes_.data(), bytes_.size()));
    begin_ = offset;
  }

  input_file const* file_;
  std::uint64_t end_;
  std::uint64_t begin_ = 0;
  std::size_t ahead_ = least;
  std::string bytes_;
};

}  // namespace trainlog::detail

#endif
