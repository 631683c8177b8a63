// SPDX-License-Identifier: MIT
#include "trainlog/detail/file.hpp"

#include <dirent.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>

#include <cstdlib>
#include <functional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "catch.hpp"

namespace {

/// What was synced, while a test asks: the numbers of the files and directories, in order.
std::vector<::ino_t>* synced = nullptr;

}  // namespace

/// Stands before the C library's function in this program.
extern "C" int fsync(int descriptor) {
  struct ::stat status{};
  if (synced != nullptr && ::fstat(descriptor, &status) == 0) synced->push_back(status.st_ino);
  return static_cast<int>(::syscall(SYS_fsync, descriptor));
}

namespace {

using namespace trainlog::detail;
using trainlog::io_error;

/// A directory for one test, removed with all that is in it (one level deep).
class scratch {
 public:
  scratch() { REQUIRE(::mkdtemp(text_) != nullptr); }
  ~scratch() {
    for (std::string const& name : names()) ::unlink(at(name).c_str());
    ::rmdir(text_);
  }
  std::string at(std::string const& name) const { return std::string(text_) + "/" + name; }
  std::set<std::string> names() const {
    std::set<std::string> found;
    ::DIR* const directory = ::opendir(text_);
    while (::dirent const* const entry = ::readdir(directory)) found.insert(entry->d_name);
    ::closedir(directory);
    found.erase(".");
    found.erase("..");
    return found;
  }

 private:
  char text_[32] = "/tmp/trainlog-file-XXXXXX";
};

using names = std::set<std::string>;

/// Starts a child process whose exit status is what `body` returns, or 255 after an exception.
/// Call only while the process has one thread.
::pid_t start_child(std::function<int()> const& body) {
  const ::pid_t child = ::fork();
  if (child != 0) return child;
  try {
    ::_exit(body());
  } catch (...) {
    ::_exit(255);
  }
}

int exit_status(::pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 254;
}

int in_child(std::function<int()> const& body) { return exit_status(start_child(body)); }

int error_of(std::function<void()> const& action) {
  try {
    action();
  } catch (io_error const& failure) {
    return failure.error_number();
  }
  return 0;
}

int replacing(std::string const& path, std::string const& content = "new") {
  return error_of([&] { replace_file(path, content); });
}

int reading(std::string const& path) {
  return error_of([&] { read_file(path); });
}

::mode_t mode_of(std::string const& path) {
  struct ::stat status{};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777U;
}

TEST_CASE("io_error says what could not be done, to which file, and why") {
  const io_error failure("runs/a.json", "write", ENOSPC);
  CHECK(failure.what() == std::string("trainlog: cannot write 'runs/a.json': "
                                      "No space left on device (errno 28)"));
  CHECK(failure.path() == "runs/a.json");
  CHECK(failure.operation() == "write");
  CHECK(failure.error_number() == ENOSPC);
  const io_error nul(std::string("a\0b", 3), "read", EINVAL);
  CHECK(std::string(nul.what()).find("'a\\0b': Invalid") != std::string::npos);
}

TEST_CASE("a file reads back as it was written") {
  const scratch dir;
  const std::string path = dir.at("a");
  for (const std::size_t size : {0U, 1U, 4095U, 4096U, 4097U, 100000U}) {
    std::string content(size, 'x');
    if (size != 0) content[size / 2] = '\0';
    replace_file(path, content);
    REQUIRE((read_file(path) == content));
  }
  CHECK(dir.names() == names{"a"});
}

TEST_CASE("a new file and the directory it is in are on the disk before replace_file returns") {
  const scratch dir;
  const auto number = [](std::string const& path) {
    struct ::stat status{};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_ino;
  };
  for (int i = 0; i < 2; ++i) {
    std::vector<::ino_t> numbers;
    synced = &numbers;
    replace_file(dir.at("a"), "new");
    synced = nullptr;
    CHECK(numbers == std::vector{number(dir.at("a")), number(dir.at("."))});
  }
}

TEST_CASE("files without a size are read to their end") {
  CHECK(read_file("/proc/self/status").find("VmSize") != std::string::npos);
  CHECK(read_file("/dev/null").empty());
  const scratch dir;
  const std::string pipe = dir.at("pipe");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const std::string content(300000, 'p');
  std::thread writer([&] { replace_file(pipe, content); });
  const bool same = read_file(pipe) == content;
  writer.join();
  CHECK(same);
  CHECK(dir.names() == names{"pipe"});
}

TEST_CASE("what cannot be read is an io_error") {
  const scratch dir;
  CHECK(reading(dir.at("missing")) == ENOENT);
  CHECK(reading(dir.at("")) == EISDIR);
  CHECK(reading("") == ENOENT);
  CHECK(reading(std::string("/dev/null\0x", 11)) == EINVAL);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // these abort
TEST_CASE("a file that is larger than the memory is an io_error") {
  const scratch dir;
  replace_file(dir.at("huge"), "");
  if (::truncate(dir.at("huge").c_str(), ::off_t{1} << 43U) != 0) return;  // no sparse files here
  CHECK(reading(dir.at("huge")) == ENOMEM);
}
#endif

TEST_CASE("what cannot be replaced is an io_error and leaves nothing behind") {
  const scratch dir;
  replace_file(dir.at("a"), "old");
  CHECK(replacing("") == ENOENT);
  CHECK(replacing(dir.at("")) == EISDIR);
  CHECK(replacing(dir.at("missing/a")) == ENOENT);
  CHECK(replacing(dir.at("a/b")) == ENOTDIR);
  CHECK(replacing(dir.at("a") + std::string("\0b", 2)) == EINVAL);
  CHECK(replacing(dir.at(std::string(256, 'n'))) == ENAMETOOLONG);
  CHECK(read_file(dir.at("a")) == "old");
  CHECK(dir.names() == names{"a"});
}

// Broken code run by root could replace what is in /dev, so the device stands in the scratch
// directory; others cannot write there.
TEST_CASE("a device is written in place, and its errors are reported") {
  const scratch dir;
  const bool made = ::mknod(dir.at("full").c_str(), S_IFCHR | 0600, makedev(1, 7)) == 0;
  if (!made && ::getuid() == 0) return;
  const std::string path = made ? dir.at("full") : "/dev/full";
  const int failure = replacing(path);
  if (made && failure == EACCES) return;  // the file system allows no devices
  CHECK(failure == ENOSPC);
  CHECK(dir.names() == (made ? names{"full"} : names{}));
}

TEST_CASE("a full disk leaves the old file and no temporary") {
  const scratch dir;
  const std::string path = dir.at("a");
  replace_file(path, "old");
  const int status = in_child([&] {
    const ::rlimit limit{10000, 10000};
    ::signal(SIGXFSZ, SIG_IGN);
    ::setrlimit(RLIMIT_FSIZE, &limit);
    return replacing(path, std::string(20000, 'x'));  // a short write, then EFBIG
  });
  CHECK(status == EFBIG);
  CHECK(read_file(path) == "old");
  CHECK(dir.names() == names{"a"});
}

TEST_CASE("a full file system leaves the old file and no temporary") {
  const scratch dir;
  constexpr int no_mount = 200;
  const int status = in_child([&] {
    if (::unshare(CLONE_NEWNS) != 0) return no_mount;  // needs privileges
    ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
    if (::mount("none", dir.at("").c_str(), "tmpfs", 0, "size=64k") != 0) return no_mount;
    replace_file(dir.at("a"), "old");
    const int failure = replacing(dir.at("a"), std::string(100000, 'x'));
    return read_file(dir.at("a")) == "old" && dir.names() == names{"a"} ? failure : 201;
  });
  if (status == no_mount) return;
  CHECK(status == ENOSPC);
}

TEST_CASE("the mode of an existing file is kept, a new one gets what the umask leaves") {
  const scratch dir;
  const ::mode_t old = ::umask(027);
  replace_file(dir.at("a"), "1");
  ::umask(old);
  CHECK(mode_of(dir.at("a")) == 0640);
  REQUIRE(::chmod(dir.at("a").c_str(), 0604) == 0);
  replace_file(dir.at("a"), "2");
  CHECK(mode_of(dir.at("a")) == 0604);
}

TEST_CASE("neither a read-only file nor a read-only directory is written") {
  constexpr ::uid_t nobody = 65534;
  const scratch dir;
  REQUIRE(::chmod(dir.at("").c_str(), 0777) == 0);
  const auto as_nobody = [&](std::string const& name) {
    return in_child([&] {
      if (::getuid() == 0 && ::setuid(nobody) != 0) return 253;
      return replacing(dir.at(name));
    });
  };
  CHECK(as_nobody("theirs") == 0);
  replace_file(dir.at("a"), "old");
  REQUIRE(::chmod(dir.at("a").c_str(), 0444) == 0);
  CHECK(as_nobody("a") == EACCES);
  REQUIRE(::chmod(dir.at("").c_str(), 0555) == 0);
  CHECK(as_nobody("b") == EACCES);
  REQUIRE(::chmod(dir.at("").c_str(), 0755) == 0);
  CHECK(read_file(dir.at("a")) == "old");
  CHECK(dir.names() == names{"a", "theirs"});
}

TEST_CASE("the owner is kept where one may give files away") {
  if (::getuid() != 0) return;
  const scratch dir;
  replace_file(dir.at("a"), "old");
  REQUIRE(::chown(dir.at("a").c_str(), 65534, 65534) == 0);
  replace_file(dir.at("a"), "new");
  struct ::stat status{};
  REQUIRE(::stat(dir.at("a").c_str(), &status) == 0);
  CHECK(status.st_uid == 65534);
  CHECK(status.st_gid == 65534);
}

TEST_CASE(
    "a new group has no more rights than all others, that of the file is kept by its members") {
  constexpr ::uid_t nobody = 65534;
  constexpr ::gid_t theirs = 54321;
  if (::getuid() != 0) return;
  const scratch dir;
  REQUIRE(::chmod(dir.at("").c_str(), 0777) == 0);
  struct expectation {
    ::mode_t old;
    bool member;
    ::mode_t kept;
  };
  for (auto const& [old, member, kept] : {expectation{0660, false, 0600},
                                          {0674, false, 0644},
                                          {0660, true, 0660},
                                          {0674, true, 0674}}) {
    replace_file(dir.at("a"), "old");
    REQUIRE(::chown(dir.at("a").c_str(), nobody, theirs) == 0);
    REQUIRE(::chmod(dir.at("a").c_str(), old) == 0);
    CHECK(in_child([&] {
            if (::setgroups(member ? 1 : 0, &theirs) != 0 || ::setgid(nobody) != 0) return 253;
            return ::setuid(nobody) != 0 ? 253 : replacing(dir.at("a"));
          }) == 0);
    struct ::stat status{};
    REQUIRE(::stat(dir.at("a").c_str(), &status) == 0);
    CHECK(status.st_gid == (member ? theirs : nobody));
    CHECK(mode_of(dir.at("a")) == kept);
  }
}

TEST_CASE("symbolic links are followed, dangling ones too, and stay links") {
  const scratch dir;
  REQUIRE(::symlink("b", dir.at("a").c_str()) == 0);
  REQUIRE(::symlink(dir.at("c").c_str(), dir.at("b").c_str()) == 0);
  for (const char* const content : {"first", "second"}) {
    replace_file(dir.at("a"), content);
    CHECK(read_file(dir.at("c")) == content);
  }
  CHECK(link_target(dir.at("a")) == dir.at("b"));
  CHECK_FALSE(link_target(dir.at("c")));
  REQUIRE(::symlink("loop", dir.at("loop").c_str()) == 0);
  CHECK(replacing(dir.at("loop")) == ELOOP);
  CHECK(dir.names() == names{"a", "b", "c", "loop"});
}

TEST_CASE("the process's own descriptors are written where they stand") {
  const scratch dir;
  REQUIRE(::symlink("/proc/self/fd/1", dir.at("stdout").c_str()) == 0);  // as /dev/stdout is
  const int status = in_child([&] {
    const unique_descriptor out(::open(dir.at("a").c_str(), O_WRONLY | O_CREAT, 0600));
    ::dup2(out.get(), 1);
    const bool before = ::write(1, "before ", 7) == 7;
    replace_file(dir.at("stdout"), "it ");
    replace_file("/proc/self/fd/1", "and ");
    return before && ::write(1, "after", 5) == 5 ? 0 : 1;
  });
  CHECK(status == 0);
  CHECK(read_file(dir.at("a")) == "before it and after");
  CHECK(named_descriptor("/dev/fd/12") == 12);
  CHECK_FALSE(named_descriptor("/dev/fd/"));
  CHECK_FALSE(named_descriptor("/dev/fd/1x"));
  CHECK_FALSE(named_descriptor("/dev/fd/99999999999"));
}

TEST_CASE("a pipe that is full and non-blocking is waited for") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  REQUIRE(::fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0);
  const std::string content(500000, 'n');
  std::thread writer([&] {
    replace_file("/proc/self/fd/" + std::to_string(ends[1]), content);
    ::close(ends[1]);
  });
  const std::string got = read_file("/proc/self/fd/" + std::to_string(ends[0]));
  writer.join();
  ::close(ends[0]);
  CHECK((got == content));
}

TEST_CASE("signals do not disturb reading and writing") {
  struct ::sigaction action{};
  struct ::sigaction old{};
  action.sa_handler = [](int) {};  // without SA_RESTART: blocking calls return EINTR
  REQUIRE(::sigaction(SIGUSR1, &action, &old) == 0);
  const scratch dir;
  REQUIRE(::mkfifo(dir.at("pipe").c_str(), 0600) == 0);
  const std::string content(200000, 's');
  std::atomic<bool> done{false};
  std::string got;
  std::thread reader([&] {
    got = read_file(dir.at("pipe"));
    done = true;
  });
  for (int i = 0; i != 20; ++i) {
    ::pthread_kill(reader.native_handle(), SIGUSR1);
    ::usleep(500);
  }
  std::thread writer([&] { replace_file(dir.at("pipe"), content); });
  while (!done) {
    ::pthread_kill(reader.native_handle(), SIGUSR1);
    ::pthread_kill(writer.native_handle(), SIGUSR1);
    ::usleep(100);
  }
  reader.join();
  writer.join();
  ::sigaction(SIGUSR1, &old, nullptr);
  CHECK((got == content));
}

TEST_CASE("the longest names work, and so do names without a directory") {
  const scratch dir;
  std::string umlauts;
  for (int i = 0; i != 127; ++i) umlauts += "\xC3\xBC";
  for (std::string const& name : {std::string(255, 'n'), "x" + umlauts, umlauts}) {
    replace_file(dir.at(name), "content");
    CHECK(read_file(dir.at(name)) == "content");
  }
  CHECK(is_valid_utf8(temporary_name("x" + umlauts)));
  CHECK(temporary_name("a") != temporary_name("a"));
  CHECK(temporary_name("runs/a.json").starts_with("runs/.a.json." + std::to_string(::getpid())));
  const int status = in_child([&] { return ::chdir(dir.at("").c_str()) + replacing("plain"); });
  CHECK(status == 0);
  CHECK(read_file(dir.at("plain")) == "new");
  CHECK(dir.names().size() == 4);
}

TEST_CASE("temporaries left by others are passed by") {
  const scratch dir;
  const std::string last = temporary_name(dir.at("a"));
  const std::size_t dot = last.rfind('.', last.size() - 5);
  const auto number = std::stoul(last.substr(dot + 1));
  names expected{"a"};
  for (unsigned long next = number + 1; next != number + 4; ++next) {
    const std::string left = last.substr(0, dot + 1) + std::to_string(next) + ".tmp";
    expected.insert(left.substr(directory_prefix(left).size()));
    ::close(::open(left.c_str(), O_WRONLY | O_CREAT, 0600));
  }
  replace_file(dir.at("a"), "ours");
  CHECK(read_file(dir.at("a")) == "ours");
  CHECK(dir.names() == expected);
}

TEST_CASE("a writer killed at any moment leaves the old file or the new one, whole") {
  const scratch dir;
  const std::string path = dir.at("a");
  const std::string contents[] = {std::string(30000, 'a'), std::string(60000, 'b')};
  replace_file(path, contents[0]);
  for (unsigned round = 0; round != 100; ++round) {
    const ::pid_t child = start_child([&]() -> int {
      for (unsigned i = 0;; ++i) replace_file(path, contents[i % 2]);
    });
    ::usleep(200 + round * 7919 % 5000);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    const std::string found = read_file(path);
    REQUIRE((found == contents[0] || found == contents[1]));
  }
}

TEST_CASE("threads and processes may replace one file at once") {
  const scratch dir;
  const std::string path = dir.at("a");
  const auto replace_often = [&](char letter) {
    for (int i = 0; i != 20; ++i) replace_file(path, std::string(20000, letter));
  };
  replace_often('0');
  std::vector<::pid_t> children;
  for (const char letter : {'a', 'b', 'c'}) {
    children.push_back(start_child([&] { return replace_often(letter), 0; }));
  }
  std::vector<std::thread> threads;
  for (const char letter : {'x', 'y', 'z'}) threads.emplace_back(replace_often, letter);
  for (int i = 0; i != 200; ++i) {
    const std::string found = read_file(path);
    CHECK((found == std::string(20000, found.empty() ? '?' : found[0])));
  }
  for (std::thread& thread : threads) thread.join();
  for (const ::pid_t child : children) CHECK(exit_status(child) == 0);
  CHECK(dir.names() == names{"a"});
}

}  // namespace

TEST_CASE("temporary_file: a new name is given, and none is taken") {
  scratch const dir;
  std::string const target = dir.at("a");
  file_operation const writing(target, "write");
  {
    temporary_file first(target, 0600, writing);
    first.rename_to_new(target);
    writing.write(first.descriptor(), "first");
    temporary_file second(target, 0600, writing);
    CHECK_THROWS_AS(second.rename_to_new(target), io_error);
  }
  CHECK(read_file(target) == "first");
  CHECK(dir.names() == std::set<std::string>{"a"});
}
