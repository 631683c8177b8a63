// SPDX-License-Identifier: MIT
// Whole files: read at once, or replaced such that a crash leaves the old one or the new; POSIX.1.
#ifndef TRAINLOG_DETAIL_FILE_HPP
#define TRAINLOG_DETAIL_FILE_HPP

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "trainlog/detail/descriptor.hpp"
#include "trainlog/detail/error.hpp"
#include "trainlog/detail/utf8.hpp"

namespace trainlog::detail {

/// Does things with one file; every failure is an io_error with the name the caller used.
class file_operation {
 public:
  /// Throws io_error if `path` is empty, or contains a NUL, where the system would cut it off.
  file_operation(std::string const& path, char const* operation)
      : path_(path), operation_(operation) {
    if (path.empty()) fail(ENOENT);
    if (path.find('\0') != std::string::npos) fail(EINVAL);
  }

  [[noreturn]] void fail(int error_number) const {
    throw io_error(path_, operation_, error_number);
  }

  /// Throws if `succeeded` is false, by errno.
  void check(bool succeeded) const {
    if (!succeeded) fail(errno);
  }

  int open(std::string const& name, int flags, ::mode_t mode = 0) const noexcept {
    return retry_interrupted([&] { return ::open(name.c_str(), flags | O_CLOEXEC, mode); });
  }

  /// Reads until `size` bytes are there or the file ends; returns how many were read.
  std::size_t read(int descriptor, char* out, std::size_t size) const {
    std::size_t done = 0;
    while (done != size) {
      const auto count =
          retry_interrupted([&] { return ::read(descriptor, out + done, size - done); });
      if (count == 0) break;
      if (count > 0) {
        done += static_cast<std::size_t>(count);
      } else {
        wait(descriptor, POLLIN);
      }
    }
    return done;
  }

  /// As read, from a place in a regular file.
  std::size_t read_at(int descriptor, char* out, std::size_t size, std::uint64_t offset) const {
    std::size_t const done = detail::read_at(descriptor, out, size, offset);
    check(done == size || errno == 0);
    return done;
  }

  /// Writes all of `content`, in as many calls as it takes.
  void write(int descriptor, std::string_view content) const {
    while (!content.empty()) {
      const auto count =
          retry_interrupted([&] { return ::write(descriptor, content.data(), content.size()); });
      if (count >= 0) {
        content.remove_prefix(static_cast<std::size_t>(count));
      } else {
        wait(descriptor, POLLOUT);
      }
    }
  }

 private:
  /// After a failed call: waits if the descriptor is non-blocking and not ready, else throws.
  void wait(int descriptor, short events) const {
    if (errno != EAGAIN) fail(errno);
    ::pollfd request{descriptor, events, 0};
    check(retry_interrupted([&] { return ::poll(&request, 1, -1); }) >= 0);
  }

  std::string const& path_;
  char const* operation_;
};

/// Gives the content of a file another size. Throws io_error if there is not so much memory.
inline void resize_content(std::string& content, std::size_t size, file_operation const& reading) {
  try {
    content.resize(size);
  } catch (std::bad_alloc const&) {
    reading.fail(ENOMEM);
  } catch (std::length_error const&) {
    reading.fail(ENOMEM);
  }
}

/// All bytes of a file: a regular one, a pipe, or one of /proc that claims to be empty.
/// Throws io_error: no such file, a directory, no permission, no memory, a NUL in `path`.
inline std::string read_file(std::string const& path) {
  const file_operation reading(path, "read");
  const unique_descriptor file(reading.open(path, O_RDONLY));
  reading.check(static_cast<bool>(file));
  struct ::stat status{};
  reading.check(::fstat(file.get(), &status) == 0);
  std::string content;
  std::size_t size = 0;
  // One byte more than the file has shows its end without another allocation.
  std::size_t wanted = std::max(static_cast<std::size_t>(status.st_size) + 1, std::size_t{4096});
  while (true) {
    resize_content(content, wanted, reading);
    size += reading.read(file.get(), content.data() + size, wanted - size);
    if (size != wanted) break;
    wanted *= 2;
  }
  content.resize(size);
  return content;
}

/// The directory of a path with its slash, or nothing: "runs/" of "runs/a.json".
inline std::string directory_prefix(std::string const& path) {
  return path.substr(0, path.rfind('/') + 1);
}

/// The path from the root on, so that it stays when the working directory changes; as it is, if
/// that is not known.
inline std::string absolute_path(std::string const& path) {
  char directory[PATH_MAX];
  bool const is_relative = !path.empty() && path[0] != '/';
  if (!is_relative || ::getcwd(directory, sizeof directory) == nullptr) return path;
  return std::string(directory) + "/" + path;
}

/// The number in a name of one of the process's own descriptors, such as /proc/self/fd/1.
inline std::optional<int> named_descriptor(std::string_view path) noexcept {
  constexpr std::string_view prefixes[] = {"/proc/self/fd/", "/dev/fd/"};
  for (const std::string_view prefix : prefixes) {
    if (!path.starts_with(prefix)) continue;
    const std::string_view digits = path.substr(prefix.size());
    if (digits.empty() || digits.size() > 9) return {};
    if (digits.find_first_not_of("0123456789") != digits.npos) return {};
    int number = 0;
    for (const char digit : digits) number = 10 * number + (digit - '0');
    return number;
  }
  return {};
}

/// Where the symbolic link `path` points to, or nothing if it is not one.
inline std::optional<std::string> link_target(std::string const& path) {
  char text[PATH_MAX];
  const auto size = ::readlink(path.c_str(), text, sizeof text);
  if (size < 0) return {};
  const std::string target(text, static_cast<std::size_t>(size));
  return target.starts_with('/') ? target : directory_prefix(path) + target;
}

/// The file that `path` names after following symbolic links, whether it exists or not. Stops at a
/// name of an open descriptor, whose link says where the file was, not what it is.
inline std::string resolve_links(std::string path, file_operation const& operation) {
  constexpr int most = 40;  // as in Linux
  for (int followed = 0; followed != most && !named_descriptor(path); ++followed) {
    auto target = link_target(path);
    if (!target) return path;
    path = *std::move(target);
  }
  if (!named_descriptor(path)) operation.fail(ELOOP);
  return path;
}

/// A new name beside `target`, hidden and short enough for every file system.
inline std::string temporary_name(std::string const& target) {
  static std::atomic<unsigned> counter{0};
  const std::string directory = directory_prefix(target);
  const std::string_view name = std::string_view(target).substr(directory.size(), 64);
  return directory + "." + std::string(name.substr(0, valid_utf8_prefix(name))) + "." +
         std::to_string(::getpid()) + "." + std::to_string(counter++) + ".tmp";
}

/// A new file beside `target`, gone at the end of the scope unless it took the target's place.
class temporary_file {
 public:
  temporary_file(std::string const& target, ::mode_t mode, file_operation const& operation)
      : operation_(operation), descriptor_(create(target, mode)) {
    operation_.check(static_cast<bool>(descriptor_));
  }
  temporary_file(temporary_file const&) = delete;
  temporary_file& operator=(temporary_file const&) = delete;
  ~temporary_file() {
    if (!name_.empty()) ::unlink(name_.c_str());
  }

  int descriptor() const noexcept { return descriptor_.get(); }
  /// Hands the open file over.
  unique_descriptor take_descriptor() noexcept { return std::move(descriptor_); }

  void rename_to(std::string const& target) {
    operation_.check(::rename(name_.c_str(), target.c_str()) == 0);
    name_.clear();
  }

  /// As rename_to(), but fails with EEXIST if there is a file of that name.
  void rename_to_new(std::string const& target) {
    if (::link(name_.c_str(), target.c_str()) == 0) return;  // the other name goes with the scope
    operation_.check(errno == EPERM || errno == ENOTSUP || errno == ENOSYS);  // without hard links
    struct ::stat status{};
    if (::lstat(target.c_str(), &status) == 0) operation_.fail(EEXIST);
    rename_to(target);
  }

 private:
  /// Names left by a crashed process of the same number, or taken on another host, are passed by.
  int create(std::string const& target, ::mode_t mode) {
    while (true) {
      std::string name = temporary_name(target);
      const int descriptor = operation_.open(name, O_RDWR | O_CREAT | O_EXCL, mode);
      if (descriptor >= 0) name_ = std::move(name);
      if (descriptor >= 0 || errno != EEXIST) return descriptor;
    }
  }

  file_operation const& operation_;
  std::string name_;  // before descriptor_, which is initialised by create()
  unique_descriptor descriptor_;
};

/// Gives a new file the owner, the group and the mode of the one it is to replace, as far as the
/// system lets. A group that had no rights of its own gets those of all others.
inline void copy_ownership(int descriptor, struct ::stat const& old) noexcept {
  constexpr auto as_it_is = static_cast<::uid_t>(-1);
  bool const all = ::fchown(descriptor, old.st_uid, old.st_gid) == 0;  // needs privileges
  bool const group = all || ::fchown(descriptor, as_it_is, old.st_gid) == 0;
  ::mode_t mode = old.st_mode & (all ? 07777U : 0777U);
  if (!group) mode = (mode & 0707U) | (mode & 07U) << 3U;
  if (::fchmod(descriptor, mode) != 0) errno = 0;  // not on FAT
}

/// Makes a rename in the directory of `target` durable. Some file systems cannot sync a directory,
/// and one may write in a directory that one may not open; neither is an error.
inline void sync_directory(std::string const& target, file_operation const& operation) {
  const std::string directory = directory_prefix(target);
  const unique_descriptor opened(
      operation.open(directory.empty() ? "." : directory, O_RDONLY | O_DIRECTORY));
  if (!opened && (errno == EACCES || errno == EPERM)) return;
  operation.check(static_cast<bool>(opened));
  const int result = retry_interrupted([&] { return ::fsync(opened.get()); });
  operation.check(result == 0 || errno == EINVAL || errno == ENOTSUP || errno == EROFS);
}

/// replace_file for a target that is a regular file or does not exist.
inline void replace_regular_file(std::string const& target, std::string_view content,
                                 file_operation const& writing) {
  struct ::stat old{};
  const bool exists = ::stat(target.c_str(), &old) == 0;
  if (exists) writing.check(::faccessat(AT_FDCWD, target.c_str(), W_OK, AT_EACCESS) == 0);
  temporary_file file(target, exists ? 0600 : 0666, writing);
  if (exists) copy_ownership(file.descriptor(), old);
  writing.write(file.descriptor(), content);
  writing.check(retry_interrupted([&] { return ::fsync(file.descriptor()); }) == 0);
  file.rename_to(target);
  sync_directory(target, writing);
}

/// Makes `content` all there is in the file. A crash of the program or the machine, at any moment,
/// leaves the old file or the new one, whole; a crash may also leave a file `.<name>.*.tmp` beside
/// it. Returns when the new content is on the disk.
///
/// A symbolic link is followed; the mode of an existing file, its group if the process is in it,
/// and with privileges its owner are kept, but no ACL and no extended attribute; a file that may
/// not be written is not replaced. Other hard links keep the old content. A pipe, a device or one
/// of the process's descriptors (/dev/stdout) is written in place. Throws io_error, and then the
/// old file is untouched and no temporary is left; only if the directory cannot be synced at the
/// end is the new file there already.
inline void replace_file(std::string const& path, std::string_view content) {
  const file_operation writing(path, "write");
  const std::string target = resolve_links(path, writing);
  if (const auto descriptor = named_descriptor(target)) return writing.write(*descriptor, content);
  struct ::stat status{};
  if (::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
    const unique_descriptor file(writing.open(path, O_WRONLY));
    writing.check(static_cast<bool>(file));
    return writing.write(file.get(), content);
  }
  replace_regular_file(target, content, writing);
}

}  // namespace trainlog::detail

#endif  // TRAINLOG_DETAIL_FILE_HPP
