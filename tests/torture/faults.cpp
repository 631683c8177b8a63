// SPDX-License-Identifier: MIT
// System calls of a log writer fail, each in its turn: the program goes on, no acknowledged row is
// lost that the writer did not count, and logging resumes when there is room again.

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <trainlog/log/log_writer.hpp>

#include "catch.hpp"
#include "log/temporary_directory.hpp"
#include "log/writer_records.hpp"
#include "log/written_log.hpp"

namespace {

enum class call {
  open,
  read,
  write,
  allocate,
  map,
  sync,
  rename,
  truncate,
  unlink,
  lock,
  mode,
  count
};

/// Which calls fail, and how.
struct fault_plan {
  std::atomic<bool> armed = false;
  std::atomic<int> before = 0;  ///< so many calls succeed first
  std::atomic<int> times = 0;   ///< so many fail then
  call kind = call::write;
  int error = EIO;
  bool is_short = false;  ///< a part is written, once, and then the error
};
fault_plan plan;
std::atomic<int> syncs = 0;  // calls of fdatasync

/// Called once, before the next flock.
std::function<void()> before_lock;

constexpr int always = 1000000000;

/// A failure of some calls, from here to the end of the scope.
class failing {
 public:
  failing(call kind, int error, int times = always, int before = 0, bool is_short = false) {
    plan.kind = kind;
    plan.error = error;
    plan.times = times;
    plan.before = before;
    plan.is_short = is_short;
    plan.armed = true;
  }
  failing(failing const&) = delete;
  failing& operator=(failing const&) = delete;
  ~failing() { end(); }

  void end() { plan.armed = false; }
  /// So many calls did not fail that should have.
  int left() const { return std::max(0, plan.times.load()); }
  /// The call that was to fail first came.
  bool reached() const { return plan.before < 0; }
};

bool fails(call kind) {
  if (!plan.armed || plan.kind != kind) return false;
  if (plan.before.fetch_sub(1) > 0) return false;
  if (plan.times.fetch_sub(1) <= 0) return false;
  errno = plan.error;
  return true;
}

}  // namespace

// The C library's functions, in front of those of the C library.
extern "C" {

int open(char const* path, int flags, ...) {
  std::va_list arguments;
  va_start(arguments, flags);
  auto const mode = (flags & O_CREAT) != 0 ? va_arg(arguments, ::mode_t) : 0;
  va_end(arguments);
  if (fails(call::open)) return -1;
  return static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}
::ssize_t pread(int file, void* bytes, std::size_t size, ::off_t offset) {
  return fails(call::read) ? -1 : ::syscall(SYS_pread64, file, bytes, size, offset);
}
::ssize_t pwrite(int file, void const* bytes, std::size_t size, ::off_t offset) {
  if (fails(call::write)) {
    if (plan.is_short && size > 8) ::syscall(SYS_pwrite64, file, bytes, size / 2, offset);
    return -1;
  }
  return ::syscall(SYS_pwrite64, file, bytes, size, offset);
}
::ssize_t pwritev(int file, ::iovec const* parts, int count, ::off_t offset) {
  if (fails(call::write)) return -1;
  return ::syscall(SYS_pwritev, file, parts, count, offset, 0);
}
int fallocate(int file, int mode, ::off_t offset, ::off_t size) {
  if (fails(call::allocate)) return -1;
  return static_cast<int>(::syscall(SYS_fallocate, file, mode, offset, size));
}
void* mmap(void* at, std::size_t size, int protection, int flags, int file,
           ::off_t offset) noexcept {
  if (fails(call::map)) return MAP_FAILED;
  return reinterpret_cast<void*>(::syscall(SYS_mmap, at, size, protection, flags, file, offset));
}
int madvise(void* at, std::size_t size, int advice) noexcept {
  if (fails(call::map)) return -1;
  return static_cast<int>(::syscall(SYS_madvise, at, size, advice));
}
int fdatasync(int file) {
  ++syncs;
  return fails(call::sync) ? -1 : static_cast<int>(::syscall(SYS_fdatasync, file));
}
int fsync(int file) {
  return fails(call::sync) ? -1 : static_cast<int>(::syscall(SYS_fsync, file));
}
int rename(char const* from, char const* to) noexcept {
  return fails(call::rename) ? -1 : static_cast<int>(::syscall(SYS_rename, from, to));
}
int ftruncate(int file, ::off_t size) noexcept {
  return fails(call::truncate) ? -1 : static_cast<int>(::syscall(SYS_ftruncate, file, size));
}
int unlink(char const* path) noexcept {
  return fails(call::unlink) ? -1 : static_cast<int>(::syscall(SYS_unlink, path));
}
int fchmod(int file, ::mode_t mode) noexcept {
  return fails(call::mode) ? -1 : static_cast<int>(::syscall(SYS_fchmod, file, mode));
}
int flock(int file, int operation) noexcept {
  if (before_lock) std::exchange(before_lock, nullptr)();
  return fails(call::lock) ? -1 : static_cast<int>(::syscall(SYS_flock, file, operation));
}
}

using namespace trainlog;
using namespace writer_test;

namespace {

/// What a program saw of its log.
struct outcome {
  std::vector<std::int64_t> acknowledged;
  std::uint64_t refused = 0;
  bool opened = false;
};

template <class Function>
bool succeeds(Function function) {
  try {
    function();
    return true;
  } catch (io_error const&) {
    return false;
  }
}

/// A program that logs rows from `first` on, and takes no notice of errors.
void log_some(std::string const& path, log_options const& options, std::int64_t first,
              outcome& seen) {
  seen.opened = succeeds([&] {
    log_writer<Varying> writer(path, options);
    for (std::int64_t i = first; i < first + 400; ++i) {
      if (writer.write(varying(i, i % 100 == 50 ? 5000 : 40))) seen.acknowledged.push_back(i);
      else ++seen.refused;
      if (i % 90 == 89) succeeds([&] { writer.flush(); });
      if (i % 150 == 149) succeeds([&] { writer.sync(); });
    }
    succeeds([&] { writer.close(); });
  });
}

/// The rows of the log are those that were acknowledged, each once and in order, and its gaps are
/// those that were refused.
void check_log(std::string const& path, outcome const& seen, std::size_t large = 40) {
  auto const log = read_log(path);
  std::vector<std::int64_t> steps;
  for (auto const& row : records_of<Varying>(log)) {
    steps.push_back(row.step);
    REQUIRE(row == varying(row.step, row.step % 100 == 50 ? large : 40));
  }
  REQUIRE(steps == seen.acknowledged);
  REQUIRE(log.lost == seen.refused);
}

log_options small(durability level, journal_kind kind) {
  log_options options;
  options.drain_by = drain_by::caller;  // so that the k-th call is the same one every time
  options.durability = level;
  options.journal_kind = kind;
  options.journal_bytes = 4096;
  return options;
}

struct fault {
  call kind;
  int error;
  int times;
  bool is_short;
};

}  // namespace

TEST_CASE("whichever call fails, acknowledged rows are in the log, and it can be continued") {
  auto const failure =
      GENERATE(fault{call::open, EMFILE, 1, false}, fault{call::open, EINTR, 1, false},
               fault{call::write, ENOSPC, 1, false}, fault{call::write, ENOSPC, 3, true},
               fault{call::write, EIO, 2, false}, fault{call::write, EINTR, 1, false},
               fault{call::write, EDQUOT, 1000000, true}, fault{call::allocate, ENOSPC, 1, false},
               fault{call::allocate, EOPNOTSUPP, 9, false}, fault{call::allocate, EINTR, 1, false},
               fault{call::map, ENOMEM, 1, false}, fault{call::sync, EIO, 1, false},
               fault{call::sync, EINTR, 1, false}, fault{call::rename, EACCES, 1, false},
               fault{call::truncate, EIO, 1, false}, fault{call::truncate, EIO, 3, false},
               fault{call::unlink, EACCES, 1, false}, fault{call::lock, ENOLCK, 1, false},
               fault{call::lock, EINTR, 1, false});
  auto const kind = GENERATE(journal_kind::automatic, journal_kind::written);
  CAPTURE(static_cast<int>(failure.kind), failure.error, failure.times, failure.is_short,
          static_cast<int>(kind));
  int k = 0;
  for (bool reached = true; reached && k < 40; ++k) {
    CAPTURE(k);
    temporary_directory const directory;
    std::string const path = directory / "a.tlog";
    auto const options = small(durability::process, kind);
    outcome seen;
    {
      failing const calls(failure.kind, failure.error, failure.times, k, failure.is_short);
      log_some(path, options, 0, seen);
      reached = calls.reached();
    }
    log_some(path, options, 1000, seen);
    REQUIRE(seen.opened);
    REQUIRE(directory.count() == 1);
    // What neither the journal file nor the log took is in the memory of a process that is gone.
    if (failure.times > 100 && kind == journal_kind::written) {
      REQUIRE(read_log(path).rows.size() >= 400);
    } else {
      check_log(path, seen, 5000);
    }
  }
  CHECK((k > 1 || kind == journal_kind::written));
}

TEST_CASE("with the disk full rows are counted, the callback is called once, and logging resumes") {
  auto const by = GENERATE(drain_by::background, drain_by::caller);
  auto const kind = GENERATE(journal_kind::automatic, journal_kind::written);
  temporary_directory const directory;
  std::string const path = directory / "a.tlog";
  auto options = small(durability::process, kind);
  options.drain_by = by;
  std::atomic<int> calls = 0;
  options.on_error = [&](log_status const& status) {
    ++calls;
    CHECK(status.degraded);
    CHECK(status.error_number == ENOSPC);
    CHECK(status.error.find("No space left on device") != std::string::npos);
    throw 1;
  };
  outcome seen;
  log_writer<Varying> writer(path, options);
  auto const write = [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t i = first; i < last; ++i) {
      if (writer.write(varying(i))) seen.acknowledged.push_back(i);
      else ++seen.refused;
    }
  };
  write(0, 500);
  failing disk(call::write, ENOSPC, always, 0, true);
  write(500, 2000);
  CHECK(seen.refused > 0);
  CHECK(writer.status().degraded);
  CHECK(writer.status().rows_lost == seen.refused);
  CHECK_THROWS_AS(writer.flush(), io_error);
  CHECK(calls == 1);
  disk.end();
  for (int i = 0; i < 200 && by == drain_by::background && writer.status().degraded; ++i) {
    ::usleep(10000);
  }
  if (by == drain_by::caller) writer.flush();
  write(2000, 2001);
  writer.flush();
  CHECK_FALSE(writer.status().degraded);
  write(2001, 2500);
  CHECK(writer.status().rows_lost == seen.refused);
  writer.close();
  check_log(path, seen);
  CHECK(directory.count() == 1);
  auto const log = read_log(path);
  CHECK(log.report.closed);
}

TEST_CASE("a log that cannot be finished leaves its rows in the journal and says so") {
  temporary_directory const directory;
  std::string const path = directory / "a.tlog";
  outcome seen;
  {
    log_writer<Varying> writer(path, small(durability::process, journal_kind::automatic));
    for (std::int64_t i = 0; i < 10; ++i) {
      if (writer.write(varying(i))) seen.acknowledged.push_back(i);
    }
    failing const disk(call::write, ENOSPC);
    CHECK_THROWS_AS(writer.close(), io_error);
    CHECK_FALSE(writer.write(varying(10)));
    CHECK_THROWS_AS(writer.flush(), io_error);
    CHECK_THROWS_AS(writer.sync(), io_error);
    CHECK_THROWS_AS(writer.close(), io_error);
  }
  CHECK(directory.count() == 2);
  check_log(path, seen);
}

TEST_CASE("after a failed fdatasync no promise is made any more") {
  temporary_directory const directory;
  std::string const path = directory / "a.tlog";
  log_writer<Varying> writer(path, small(durability::process, journal_kind::automatic));
  writer.write(varying(0));
  failing const once(call::sync, EIO, 1);
  CHECK_THROWS_AS(writer.sync(), io_error);
  CHECK_THROWS_AS(writer.sync(), io_error);
  CHECK(writer.status().degraded);
  CHECK(writer.write(varying(1)));
  writer.close();
  CHECK(read_log(path).rows.size() == 2);
}

TEST_CASE("a file system without modes takes a log") {
  temporary_directory const directory;
  failing const modes(call::mode, ENOTSUP, 9);
  CHECK(succeeds([&] { log_writer<Varying> const writer(directory / "a.tlog"); }));
  CHECK(modes.left() < 9);
}

TEST_CASE("rows that neither journal nor log took are not promised") {
  temporary_directory const directory;
  std::string const path = directory / "a.tlog";
  log_writer<Varying> writer(path, small(durability::process, journal_kind::written));
  REQUIRE(writer.write(varying(0)));
  failing disk(call::write, ENOSPC);
  REQUIRE(writer.write(varying(1)));
  CHECK_THROWS_AS(writer.sync(), io_error);
  CHECK_THROWS_AS(writer.sync(), io_error);
  disk.end();
  writer.sync();
  CHECK(read_log(path).rows.size() == 2);
}

TEST_CASE("a log that cannot be read is not written over") {
  temporary_directory const directory;
  std::string const path = directory / "a.tlog";
  outcome seen;
  log_some(path, small(durability::process, journal_kind::automatic), 0, seen);
  for (int k = 0; k < 20; ++k) {
    failing once(call::read, EIO, 1, k);
    bool const opens = succeeds([&] { log_writer<Varying>(path, log_options{}).close(); });
    once.end();
    CAPTURE(k);
    CHECK((opens || once.reached()));
    CHECK((k != 0 || !opens));
    check_log(path, seen, 5000);
  }
}

TEST_CASE("after a failed fdatasync a full disk that has room again takes rows as before") {
  temporary_directory const directory;
  log_writer<Varying> writer(directory / "a.tlog",
                             small(durability::process, journal_kind::automatic));
  CHECK(writer.write(varying(0)));
  {
    failing const once(call::sync, EIO, 1);
    CHECK_THROWS_AS(writer.sync(), io_error);
  }
  {
    failing const disk(call::write, ENOSPC);
    CHECK_THROWS_AS(writer.flush(), io_error);
  }
  writer.flush();
  for (std::int64_t i = 1; i < 2000; ++i) REQUIRE(writer.write(varying(i)));
  CHECK(writer.status().rows_lost == 0);
  CHECK(writer.status().degraded);
}

TEST_CASE("with the disk full an interval still puts the journal on the disk") {
  temporary_directory const directory;
  log_options options;
  options.durability = durability::interval;
  options.interval_ms = 20;
  log_writer<Varying> writer(directory / "a.tlog", options);
  failing const disk(call::write, ENOSPC);
  CHECK(writer.write(varying(0)));
  CHECK_THROWS_AS(writer.flush(), io_error);
  int const before = syncs;
  for (std::int64_t i = 1; i < 500 && syncs < before + 6; ++i) {
    CHECK(writer.write(varying(i)));
    ::usleep(10000);
  }
  CHECK(syncs >= before + 6);
}

TEST_CASE("a directory that cannot be opened to be synchronised is an error, this once") {
  temporary_directory const directory;
  log_writer<Varying> writer(directory / "a.tlog",
                             small(durability::process, journal_kind::automatic));
  CHECK(writer.write(varying(0)));
  failing const once(call::open, EMFILE, 1);
  CHECK_THROWS_AS(writer.sync(), io_error);
  writer.sync();
  CHECK_FALSE(writer.status().degraded);
}

TEST_CASE("what on_error writes does not stop the log, and its signals are not all blocked") {
  temporary_directory const directory;
  log_options options;
  options.durability = durability::interval;
  options.interval_ms = 20;
  options.journal_bytes = 4096;
  std::atomic<log_writer<Varying>*> self = nullptr;
  std::atomic<int> told = 0;
  std::atomic<bool> sees_faults = false;
  options.on_error = [&](log_status const&) {
    ::sigset_t blocked;
    ::pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
    sees_faults = ::sigismember(&blocked, SIGSEGV) == 0 && ::sigismember(&blocked, SIGTERM) == 1;
    for (std::int64_t i = 1; i < 1000; ++i) self.load()->write(varying(i));
    ++told;
  };
  log_writer<Varying> writer(directory / "a.tlog", options);
  self = &writer;
  failing const once(call::sync, EIO, 1);
  CHECK(writer.write(varying(0)));
  for (int i = 0; i < 1000 && told == 0; ++i) ::usleep(10000);
  REQUIRE(told == 1);
  CHECK(sees_faults);
  CHECK(writer.status().rows_lost == 0);
  writer.close();
  CHECK(read_log(directory / "a.tlog").rows.size() == 1000);
}

TEST_CASE("close() says that it was fdatasync that failed") {
  temporary_directory const directory;
  log_writer<Varying> writer(directory / "a.tlog",
                             small(durability::process, journal_kind::automatic));
  CHECK(writer.write(varying(0)));
  writer.sync();
  failing const second(call::sync, EIO, 1, 1);  // behind the one before what was promised goes
  CHECK_THROWS_WITH(writer.close(), Catch::Matchers::Contains("cannot synchronise"));
}

TEST_CASE("a log that takes the place of one that was opened, and not yet locked, is the one") {
  temporary_directory const directory;
  std::string const path = directory / "a.tlog";
  outcome seen;
  log_some(path, log_options{}, 0, seen);
  auto options = small(durability::process, journal_kind::automatic);
  options.existing = GENERATE(existing::go_on, existing::replace);
  before_lock = [&] {
    std::filesystem::rename(path, directory / "b.tlog");
    outcome other;
    log_some(path, log_options{}, 500, other);
  };
  log_writer<Varying> writer(path, options);
  CHECK(writer.write(varying(1000)));
  writer.close();
  auto const rows = records_of<Varying>(read_log(path));
  CHECK(rows.size() == (options.existing == existing::replace ? 1U : 401U));
  CHECK(rows.back() == varying(1000));
}
