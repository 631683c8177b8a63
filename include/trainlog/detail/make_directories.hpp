// SPDX-License-Identifier: MIT
// Directories with all that are above them, without <filesystem>, which costs compile time.
#ifndef TRAINLOG_DETAIL_MAKE_DIRECTORIES_HPP
#define TRAINLOG_DETAIL_MAKE_DIRECTORIES_HPP

#include <sys/stat.h>

#include <cerrno>
#include <cstddef>
#include <string>

#include "trainlog/detail/file.hpp"

namespace trainlog::detail {

/// Makes the directory and those above it, as far as they do not exist. Throws io_error.
inline void make_directories(std::string const& path) {
  file_operation const making(path, "make the directory");
  for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
    std::string const part = path.substr(0, end);
    bool const made = ::mkdir(part.c_str(), 0777) == 0;
    int const error = made ? 0 : errno;
    struct ::stat status{};
    // What is there may be a link, or stand where one may not make anything.
    bool const exists = made || (::stat(part.c_str(), &status) == 0 && S_ISDIR(status.st_mode));
    if (!exists) making.fail(error == EEXIST ? ENOTDIR : error);
    if (end == std::string::npos) return;
  }
}

}  // namespace trainlog::detail

#endif
