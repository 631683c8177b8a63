// SPDX-License-Identifier: MIT
// What programs do to the files of one directory, recorded, and what a disk may have of it after a
// loss of power (docs/durability.md).
#ifndef TRAINLOG_TESTS_TORTURE_RECORDED_DISK_HPP
#define TRAINLOG_TESTS_TORTURE_RECORDED_DISK_HPP

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace power_loss {

/// The number of things that have happened.
using moment = std::uint32_t;

/// What something was, from which moment on; in ascending order.
template <class T>
class versions {
 public:
  void add(moment at, T value) { all_.push_back({at, value}); }
  bool empty() const noexcept { return all_.empty(); }
  T const& last() const noexcept { return all_.back().value; }

  /// The versions that a disk may have if the power is lost at `end`, and what was there at
  /// `barrier` is safe: `first` is the safe one. An empty range if there was none.
  struct range {
    std::size_t first = 0;
    std::size_t count = 0;
  };
  range possible(moment barrier, moment end) const noexcept {
    std::size_t const last = number_until(end);
    std::size_t const safe = number_until(barrier);
    std::size_t const first = safe == 0 ? 0 : safe - 1;
    return {first, last - first};
  }
  /// True if there was none at that moment: the disk may have nothing, too.
  bool began_after(moment at) const noexcept { return number_until(at) == 0; }
  T const& operator[](std::size_t i) const noexcept { return all_[i].value; }
  moment at(std::size_t i) const noexcept { return all_[i].at; }

 private:
  struct version {
    moment at;
    T value;
  };
  std::size_t number_until(moment at) const noexcept {
    auto const is_later = [](moment wanted, version const& each) { return wanted < each.at; };
    auto const end = std::upper_bound(all_.begin(), all_.end(), at, is_later);
    return static_cast<std::size_t>(end - all_.begin());
  }

  std::vector<version> all_;
};

/// How a disk chooses between what it was told last, first, and in between.
struct disk_mood {
  unsigned newest = 50;          ///< of 100 parts, those that have everything
  unsigned oldest = 25;          ///< those that have nothing since the barrier
  std::size_t unit_sectors = 1;  ///< how many sectors are written together
};

using random_source = std::minstd_rand;

inline constexpr std::size_t sector_size = 512;
using sector = std::array<char, sector_size>;

/// One of `count` versions, the newest of which is the last.
inline std::size_t choose(std::size_t count, disk_mood const& mood, random_source& random) {
  if (count <= 1) return 0;
  auto const part = random() % 100;
  if (part < mood.newest) return count - 1;
  return part < mood.newest + mood.oldest ? 0 : random() % count;
}

/// A file as the kernel had it, at every moment.
class file_history {
 public:
  /// Takes a descriptor of its own.
  explicit file_history(int file) : file_(::fcntl(file, F_DUPFD_CLOEXEC, 0)) {
    ::fstat(file_, &status_);
    sizes_.add(0, 0);
  }
  file_history(file_history const&) = delete;
  file_history& operator=(file_history const&) = delete;
  ~file_history() { ::close(file_); }

  bool is(struct ::stat const& other) const noexcept {
    return other.st_ino == status_.st_ino && other.st_dev == status_.st_dev;
  }

  /// Looks at what the file has between two places.
  void observe(moment at, std::uint64_t begin = 0, std::uint64_t end = UINT64_MAX) {
    struct ::stat status{};
    ::fstat(file_, &status);
    auto const size = static_cast<std::uint64_t>(status.st_size);
    if (size != sizes_.last()) sizes_.add(at, size);
    begin = begin / sector_size * sector_size;
    end = std::min(end, size);
    if (begin >= end) return;
    std::size_t const count = static_cast<std::size_t>(end - begin + sector_size - 1) / sector_size;
    end = std::min(begin + count * sector_size, size);
    seen_.assign(count * sector_size, '\0');
    if (::pread(file_, seen_.data(), end - begin, static_cast<::off_t>(begin)) < 0) return;
    for (std::size_t i = 0; i < count; ++i) {
      note(at, begin / sector_size + i, seen_.data() + i * sector_size);
    }
  }

  void add_barrier(moment at) { barriers_.add(at, at); }

  /// The bytes that the disk may have if the power is lost at `end`.
  std::string bytes_at(moment end, disk_mood const& mood, random_source& random) const {
    moment const safe = safe_at(end);
    auto const sizes = sizes_.possible(safe, end);
    std::string bytes(sizes_[sizes.first + choose(sizes.count, mood, random)], '\0');
    std::size_t const all = std::min((bytes.size() + sector_size - 1) / sector_size, size());
    for (std::size_t first = 0; first < all; first += mood.unit_sectors) {
      put_unit(bytes, first, std::min(all, first + mood.unit_sectors), {safe, end}, mood, random);
    }
    return bytes;
  }

 private:
  static sector const* no_bytes() noexcept {
    static constexpr sector zeros{};
    return &zeros;
  }

  std::size_t size() const noexcept { return sectors_.size(); }

  moment safe_at(moment end) const noexcept {
    auto const before = barriers_.possible(end, end);
    return before.count == 0 ? 0 : barriers_[before.first];
  }

  void note(moment at, std::size_t number, char const* bytes) {
    while (sectors_.size() <= number) sectors_.emplace_back().add(0, no_bytes());
    auto& of = sectors_[number];
    if (std::memcmp(of.last()->data(), bytes, sector_size) == 0) return;
    if (std::memcmp(no_bytes()->data(), bytes, sector_size) == 0) return of.add(at, no_bytes());
    std::memcpy(stored_.emplace_back().data(), bytes, sector_size);
    of.add(at, &stored_.back());
  }

  /// Sectors that are written together all are of one moment.
  void put_unit(std::string& bytes, std::size_t first, std::size_t last,
                std::pair<moment, moment> time, disk_mood const& mood,
                random_source& random) const {
    moment const chosen = choose_moment(first, last, time, mood, random);
    for (std::size_t i = first; i < last; ++i) {
      auto const& from = *sectors_[i][sectors_[i].possible(chosen, chosen).first];
      std::size_t const at = i * sector_size;
      std::memcpy(bytes.data() + at, from.data(), std::min(sector_size, bytes.size() - at));
    }
  }

  moment choose_moment(std::size_t first, std::size_t last, std::pair<moment, moment> time,
                       disk_mood const& mood, random_source& random) const {
    versions<sector const*>::range most;
    std::size_t busiest = first;
    for (std::size_t i = first; i < last; ++i) {
      auto const possible = sectors_[i].possible(time.first, time.second);
      if (possible.count > most.count) most = possible, busiest = i;
    }
    std::size_t const choice = choose(most.count, mood, random);
    if (choice == 0) return time.first;
    return choice + 1 == most.count ? time.second : sectors_[busiest].at(most.first + choice);
  }

  int file_;
  struct ::stat status_{};
  versions<std::uint64_t> sizes_;
  versions<moment> barriers_;
  std::vector<versions<sector const*>> sectors_;
  std::deque<sector> stored_;
  std::string seen_;
};

/// All files of one directory, which is empty at first.
class recorded_disk {
 public:
  explicit recorded_disk(std::string directory) : directory_(std::move(directory)) {}

  moment now() const noexcept { return now_; }
  /// How often the file that was made last was synchronised.
  std::size_t barriers() const noexcept { return barrier_count_; }

  /// Looks at what has been stored into memory that is a file.
  void observe() {
    std::lock_guard const held(mutex_);
    observe_mapped();
  }

  /// Runs a system call that may make the file `path`, and returns a descriptor.
  template <class Call>
  int open(char const* path, Call call) {
    std::lock_guard const held(mutex_);
    int const file = call();
    if (file < 0 || !is_ours(path) || find(file) != nullptr || is_directory(file)) return file;
    observe_mapped();
    files_.push_back(std::make_unique<file_history>(file));
    names_[path].add(++now_, files_.back().get());
    return file;
  }

  /// Runs a system call that changes a part of a file.
  template <class Call>
  auto change(int file, std::uint64_t begin, std::uint64_t end, Call call) {
    std::lock_guard const held(mutex_);
    file_history* const of = find(file);
    if (of != nullptr) observe_mapped();
    auto const result = call();
    if (of != nullptr) of->observe(++now_, begin, end);
    return result;
  }

  /// A file or the directory is synchronised.
  void synchronise(int file) {
    std::lock_guard const held(mutex_);
    file_history* const of = find(file);
    observe_mapped();
    ++now_;
    if (of != nullptr && of == files_.back().get()) ++barrier_count_;
    if (of != nullptr) of->add_barrier(now_);
    else if (is_directory(file)) names_barriers_.add(now_, now_);
  }

  /// Runs a system call that gives a file another name, or no name.
  template <class Call>
  int rename(char const* from, char const* to, Call call) {
    std::lock_guard const held(mutex_);
    observe_mapped();
    int const result = call();
    auto const found = names_.find(from);
    if (result != 0 || found == names_.end()) return result;
    file_history const* const file = found->second.last();
    found->second.add(++now_, nullptr);
    if (to != nullptr) names_[to].add(now_, file);
    return result;
  }

  /// Writes the file that may have this name after the power was lost at `end`; none if there may
  /// be none.
  void replay(std::string const& name, std::string const& to, moment end, disk_mood const& mood,
              random_source& random) const {
    ::syscall(SYS_unlink, to.c_str());
    file_history const* const file = choose_file(name, end, mood, random);
    if (file == nullptr) return;
    std::string const bytes = file->bytes_at(end, mood, random);
    auto const out = static_cast<int>(
        ::syscall(SYS_openat, AT_FDCWD, to.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644));
    ::syscall(SYS_pwrite64, out, bytes.data(), bytes.size(), 0);
    ::close(out);
  }

 private:
  bool is_ours(char const* path) const {
    return std::string_view(path).starts_with(directory_ + "/");
  }

  static bool is_directory(int file) {
    struct ::stat status{};
    return ::fstat(file, &status) == 0 && S_ISDIR(status.st_mode);
  }

  file_history* find(int file) const {
    struct ::stat status{};
    if (::fstat(file, &status) != 0) return nullptr;
    for (auto const& each : files_) {
      if (each->is(status)) return each.get();
    }
    return nullptr;
  }

  /// The journal that is in use is the file that was made last.
  void observe_mapped() {
    if (!files_.empty()) files_.back()->observe(++now_);
  }

  file_history const* choose_file(std::string const& name, moment end, disk_mood const& mood,
                                  random_source& random) const {
    auto const found = names_.find(name);
    if (found == names_.end()) return nullptr;
    auto const before = names_barriers_.possible(end, end);
    moment const safe = before.count == 0 ? 0 : names_barriers_[before.first];
    auto const possible = found->second.possible(safe, end);
    std::size_t const none = found->second.began_after(safe) ? 1 : 0;
    std::size_t const choice = choose(possible.count + none, mood, random);
    return choice < none ? nullptr : found->second[possible.first + choice - none];
  }

  std::string directory_;
  std::mutex mutex_;
  std::atomic<moment> now_ = 0;
  std::atomic<std::size_t> barrier_count_ = 0;
  std::vector<std::unique_ptr<file_history>> files_;
  std::map<std::string, versions<file_history const*>> names_;
  versions<moment> names_barriers_;
};

/// The disk that is being recorded; null if there is none.
inline recorded_disk* disk = nullptr;

}  // namespace power_loss

#endif
