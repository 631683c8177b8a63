// SPDX-License-Identifier: MIT
// A directory for the files of one test.
#ifndef TRAINLOG_TESTS_LOG_TEMPORARY_DIRECTORY_HPP
#define TRAINLOG_TESTS_LOG_TEMPORARY_DIRECTORY_HPP

#include <cstdlib>
#include <filesystem>
#include <string>

namespace writer_test {

/// Gone, with all that is in it, at the end of the scope.
class temporary_directory {
 public:
  temporary_directory() {
    // In memory where there is such a place: tests open thousands of files.
    std::filesystem::path const memory("/dev/shm");
    auto const parent =
        std::filesystem::exists(memory) ? memory : std::filesystem::temp_directory_path();
    std::string name = (parent / "trainlog-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
  }
  temporary_directory(temporary_directory const&) = delete;
  temporary_directory& operator=(temporary_directory const&) = delete;
  ~temporary_directory() { std::filesystem::remove_all(path_); }

  std::string operator/(std::string const& name) const { return path_ + "/" + name; }
  std::string const& path() const { return path_; }
  /// How many files there are.
  std::size_t count() const {
    std::size_t files = 0;
    for ([[maybe_unused]] auto const& each : std::filesystem::directory_iterator(path_)) ++files;
    return files;
  }

 private:
  std::string path_;
};

}  // namespace writer_test

#endif
