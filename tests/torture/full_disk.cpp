// SPDX-License-Identifier: MIT
// Logs on a small disk that is full: the program goes on, what is lost is counted, and logging
// resumes when there is room again (docs/durability.md).
//
//   full_disk [--most KIB] [--writers N] [--directory D]
//
// Mounts a tmpfs on a new directory in D, which only root may; without leave to it says so and
// returns 77. For every size from 0 to `most` KiB, 1024, in steps of 16, a writer logs while
// another file takes all the room there is, and gives it back; with `writers`, 1, of the five kinds
// of writer at each size. Prints, and fails if one of the last two is not 0,
//
//   <sizes> sizes, <rows> rows logged, <lost> lost and counted, <uncounted> uncounted, <failures>
//   failures

#include "rows.hpp"

#include "trainlog/log.hpp"

#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace full_disk {

constexpr int skipped = 77;

/// A tmpfs of so many bytes.
class small_disk {
 public:
  small_disk(std::string directory, std::uint64_t bytes) : directory_(std::move(directory)) {
    ::mkdir(directory_.c_str(), 0700);
    std::string const size = "size=" + std::to_string(bytes);
    is_mounted_ = ::mount("full_disk", directory_.c_str(), "tmpfs", 0, size.c_str()) == 0;
    error_ = is_mounted_ ? 0 : errno;
  }
  small_disk(small_disk const&) = delete;
  small_disk& operator=(small_disk const&) = delete;
  ~small_disk() {
    if (is_mounted_ && ::umount2(directory_.c_str(), MNT_DETACH) != 0) std::perror("umount");
    ::rmdir(directory_.c_str());
  }

  bool is_mounted() const noexcept { return is_mounted_; }
  int error() const noexcept { return error_; }
  std::string path(char const* name) const { return directory_ + "/" + name; }

  /// Another file takes all the room.
  void fill() const {
    std::FILE* const file = std::fopen(path("other").c_str(), "ab");
    if (file == nullptr) return;
    std::setvbuf(file, nullptr, _IONBF, 0);
    static constexpr char page[4096] = {1};
    while (std::fwrite(page, 1, sizeof page, file) == sizeof page) {
    }
    std::fclose(file);
  }
  void give_back() const { ::unlink(path("other").c_str()); }

 private:
  std::string directory_;
  bool is_mounted_ = false;
  int error_ = 0;
};

struct tally {
  std::uint64_t sizes = 0;
  std::uint64_t rows = 0;
  std::uint64_t lost = 0;
  std::uint64_t uncounted = 0;
  std::uint64_t failures = 0;
};

/// Logs on one disk.
class program {
 public:
  program(small_disk const& disk, tally& total, trainlog::log_options options)
      : disk_(disk), total_(total), options_(std::move(options)) {}

  /// Logs with room, without, and with room again.
  void run() {
    using trainlog::error;
    std::string const path = disk_.path("a.tlog");
    try {
      trainlog::log_writer<torture::fixed_row> log(path, options_);
      opened_ = true;
      keeps_rows_ = log.status().journal_is_mapped;
      write(log, 500);
      disk_.fill();
      write(log, 20'000);
      disk_.give_back();
      resume(log);
      write(log, 100);
      refused_in_status_ = log.status().rows_lost;
      log.close();
      closed_ = true;
    } catch (error const&) {
      // It says so, and a program that ends then may have the disk full again.
    }
    check(path);
  }

 private:
  using writer = trainlog::log_writer<torture::fixed_row>;

  void write(writer& log, std::uint64_t count) {
    for (std::uint64_t const end = next_ + count; next_ < end; ++next_) {
      if (log.write(torture::fixed_row::of(0, next_))) ++taken_;
      else ++refused_;
    }
  }

  /// Until the disk takes rows again, if it does: the background tries five times a second.
  void resume(writer& log) {
    if (options_.drain_by == trainlog::drain_by::caller) return flush(log);
    for (int i = 0; i < 300 && log.status().degraded; ++i) ::usleep(1000);
  }
  static void flush(writer& log) {
    try {
      log.flush();
    } catch (trainlog::io_error const&) {
      // Too small a disk.
    }
  }

  void check(std::string const& path) {
    ++total_.sizes;
    if (!opened_) {
      if (taken_ != 0) fail("rows were taken without a log");
      return;
    }
    std::uint64_t rows = 0;
    try {
      trainlog::log_reader<torture::fixed_row> log(path);
      for (auto const& row : log) check_row(row, rows);
      auto const report = log.report();
      // What neither the journal nor the log had room for was in memory until the program ended.
      if (rows > taken_) fail("more rows than were taken are there");
      if (rows < taken_ && (closed_ || keeps_rows_)) fail("not all rows that were taken are there");
      if (report.lost != refused_) fail("the log does not say what is lost");
      if (refused_in_status_ != refused_ && closed_) fail("the status does not say what is lost");
      if (!report.closed && closed_) fail("the log is not closed");
      if (report.damages != 0) fail("the log is damaged");
      total_.uncounted += report.lost > refused_ ? report.lost - refused_ : refused_ - report.lost;
    } catch (trainlog::error const& problem) {
      fail(problem.what());
    }
    total_.rows += rows;
    total_.lost += refused_;
  }

  void check_row(torture::fixed_row const& row, std::uint64_t& rows) {
    if (!trainlog::identical(row, torture::fixed_row::of(0, row.sequence))) fail("a wrong row");
    if (rows != 0 && row.sequence <= last_) fail("a row is not in its place");
    last_ = row.sequence;
    ++rows;
  }

  void fail(char const* what) {
    if (total_.failures++ < 20) {
      std::printf("%s: %" PRIu64 " taken, %" PRIu64 " refused\n", what, taken_, refused_);
    }
  }

  small_disk const& disk_;
  tally& total_;
  trainlog::log_options options_;
  bool opened_ = false;
  bool closed_ = false;
  bool keeps_rows_ = false;
  std::uint64_t next_ = 0;
  std::uint64_t taken_ = 0;
  std::uint64_t refused_ = 0;
  std::uint64_t refused_in_status_ = 0;
  std::uint64_t last_ = 0;
};

/// What a writer may be told besides.
trainlog::log_options options_of(int variant) {
  trainlog::log_options options;
  options.journal_bytes = 65536;
  if (variant % 2 != 0) options.drain_by = trainlog::drain_by::caller;
  if (variant >= 2) options.journal_kind = trainlog::journal_kind::written;
  if (variant == 4) options.journal_kind = trainlog::journal_kind::automatic;
  if (variant == 4) options.durability = trainlog::durability::interval, options.interval_ms = 1;
  return options;
}

struct arguments {
  std::uint64_t most = 1024;
  int writers = 1;
  std::string directory = ".";
};

int run(arguments const& asked) {
  std::string const directory = asked.directory + "/full_disk." + std::to_string(::getpid());
  tally total;
  int variant = 0;
  for (std::uint64_t kib = 0; kib <= asked.most; kib += 16) {
    for (int i = 0; i < asked.writers; ++i, ++variant) {
      // A tmpfs of 0 bytes has no limit.
      small_disk const disk(directory, std::max<std::uint64_t>(kib * 1024, 4096));
      if (!disk.is_mounted()) {
        std::printf("skipped: a tmpfs cannot be mounted on '%s': %s\n", directory.c_str(),
                    std::strerror(disk.error()));
        return skipped;
      }
      program(disk, total, options_of(variant % 5)).run();
    }
  }
  std::printf("%" PRIu64 " sizes, %" PRIu64 " rows logged, %" PRIu64 " lost and counted, %" PRIu64
              " uncounted, %" PRIu64 " failures\n",
              total.sizes, total.rows, total.lost, total.uncounted, total.failures);
  return total.uncounted + total.failures == 0 ? 0 : 1;
}

}  // namespace full_disk

int main(int argc, char** argv) {
  full_disk::arguments asked;
  for (int i = 1; i + 1 < argc; i += 2) {
    std::string const option = argv[i];
    if (option == "--most") asked.most = std::strtoull(argv[i + 1], nullptr, 10);
    else if (option == "--writers") asked.writers = std::atoi(argv[i + 1]);
    else if (option == "--directory") asked.directory = argv[i + 1];
    else return std::fprintf(stderr, "full_disk: no option '%s'\n", argv[i]), 2;
  }
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  return full_disk::run(asked);
}
