// SPDX-License-Identifier: MIT
// The root of trainlog's exceptions, and the one for files.
#ifndef TRAINLOG_DETAIL_ERROR_HPP
#define TRAINLOG_DETAIL_ERROR_HPP

#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <typeinfo>
#include <utility>

namespace trainlog {

// The exceptions are visible even with -fvisibility=hidden: they are caught in other shared
// libraries than the one that threw them.

/// Base of every exception that trainlog throws.
class [[gnu::visibility("default")]] error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

namespace detail {

/// A path for a message: a NUL, which would end the text of what() early, is shown as "\0".
inline std::string printable_path(std::string_view path) {
  std::string text;
  for (const char character : path) character == '\0' ? text += "\\0" : text += character;
  return text;
}

/// True unless the program derived the error's class from Error: it catches such by its own type,
/// so that they stay as they are. Without RTTI nobody can tell, and all are taken for the
/// library's.
template <class Error>
bool is_exactly([[maybe_unused]] Error const& problem) noexcept {
#if defined(__cpp_rtti)
  return typeid(problem) == typeid(Error);
#else
  return true;
#endif
}

}  // namespace detail

/// The operating system refused to do something with a file.
/// what() is "trainlog: cannot write 'runs/a.json': No space left on device (errno 28)".
class [[gnu::visibility("default")]] io_error : public error {
 public:
  /// `operation` is a verb that takes the path as its object ("read", "write"); `error_number` is
  /// the value of errno.
  io_error(std::string const& path, std::string const& operation, int error_number)
      : io_error(path, operation, error_number,
                 // The C libraries give one text a thread, or texts that never change.
                 // NOLINTNEXTLINE(concurrency-mt-unsafe)
                 std::strerror(error_number) + (" (errno " + std::to_string(error_number) + ")")) {}
  /// The same, for a reason that is known better than the system's text tells.
  io_error(std::string path, std::string operation, int error_number, std::string const& reason)
      : error("trainlog: cannot " + operation + " '" + detail::printable_path(path) +
              "': " + reason),
        path_(std::move(path)),
        operation_(std::move(operation)),
        error_number_(error_number) {}

  /// The file, as the caller named it.
  std::string const& path() const noexcept { return path_; }
  /// What could not be done: "read", "write".
  std::string const& operation() const noexcept { return operation_; }
  /// The value of errno: ENOENT, ENOSPC and so on.
  int error_number() const noexcept { return error_number_; }

 private:
  std::string path_;
  std::string operation_;
  int error_number_;
};

}  // namespace trainlog

#endif  // TRAINLOG_DETAIL_ERROR_HPP
