// SPDX-License-Identifier: MIT
// Takes the power away from programs that log, at random moments, and looks for what sync() said
// is safe.
//
//   power_loss --replays N [--first I] [--seed S] [--directory D]
//
// Writers log into a directory of which all is recorded that reaches its files: writes, changes of
// size and name, what is synchronised when, and each sector of the mapped journal after each row.
// Each replay chooses a moment, makes the files that a disk may have if the power was lost then
// (recorded_disk.hpp), reads the log, goes on with it, and reads it again. Prints, and fails if one
// of the last two is not 0,
//
//   <replays> power losses, <rows> rows synchronised, <lost> lost, <wrong> wrong
//
// D should be in memory, as /dev/shm is, which is taken if it is not said. The same seed has the
// same losses, but for programs that log with a thread in the background; --first I --replays 1 is
// the one of number I.

namespace power_loss {
void pass_kill_point() noexcept;
}
#define TRAINLOG_KILL_POINT(name) ::power_loss::pass_kill_point()

#include "recorded_calls.hpp"
#include "recorded_disk.hpp"
#include "rows.hpp"

#include "trainlog/log.hpp"

#include <sys/statvfs.h>
#include <time.h>

#include <atomic>
#include <cinttypes>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <set>
#include <thread>

namespace power_loss {

/// The same fields in another order: who takes one for the other has wrong rows.
struct turned_row {
  double learning_rate = 0;
  std::uint64_t sequence = 0;
  std::uint64_t thread = 0;
  double accuracy = 0;
  double loss = 0;
  TRAINLOG_RECORD(turned_row, learning_rate, sequence, thread, accuracy, loss)

  static turned_row of(std::uint64_t thread, std::uint64_t sequence) {
    auto const row = torture::fixed_row::of(thread, sequence);
    return {row.learning_rate, row.sequence, row.thread, row.accuracy, row.loss};
  }
};

/// And in another one, in which programs go on.
struct later_row {
  double loss = 0;
  double accuracy = 0;
  std::uint64_t thread = 0;
  std::uint64_t sequence = 0;
  double learning_rate = 0;
  TRAINLOG_RECORD(later_row, loss, accuracy, thread, sequence, learning_rate)

  static later_row of(std::uint64_t thread, std::uint64_t sequence) {
    auto const row = torture::fixed_row::of(thread, sequence);
    return {row.loss, row.accuracy, row.thread, row.sequence, row.learning_rate};
  }
};

/// Stops the thread for good, as SIGKILL does.
class killer {
 public:
  /// The thread is stopped when it comes to the next but `passes` kill point.
  void arm(int passes) { left_ = passes; }

  void pass() noexcept {
    if (left_ < 0 || left_-- != 0) return;
    {
      std::lock_guard const held(mutex_);
      ended_ = true;
    }
    changed_.notify_all();
    for (;;) ::pause();
  }

  /// Runs the function until it ends or is stopped. True if it was stopped.
  template <class Function>
  bool run(Function function) {
    ended_ = false;
    std::atomic<bool> finished = false;
    std::thread thread([&] {
      function();
      std::lock_guard const held(mutex_);
      finished = ended_ = true;
      changed_.notify_all();
    });
    {
      std::unique_lock held(mutex_);
      changed_.wait(held, [&] { return ended_; });
    }
    left_ = -1;
    if (finished) thread.join();
    else thread.detach();
    return !finished;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ended_ = false;
  std::atomic<int> left_{-1};
};
killer kill_switch;

void pass_kill_point() noexcept {
  if (disk == nullptr) return;
  disk->observe();
  kill_switch.pass();
}

/// From that moment on, all rows of lower numbers that were acknowledged are on the disk.
struct promise {
  moment since = 0;
  std::uint64_t rows = 0;
};

/// What programs did to one log.
struct recording {
  explicit recording(std::string directory) : path(directory + "/a.tlog"), files(directory) {}

  std::string path;
  recorded_disk files;
  int kind = 0;                    ///< of rows
  std::vector<bool> acknowledged;  ///< of each row that was written
  std::vector<promise> promises;

  /// The rows before this number are on the disk if the power is lost at that moment.
  std::uint64_t promised_at(moment end) const {
    std::uint64_t rows = 0;
    for (auto const& each : promises) {
      if (each.since <= end) rows = each.rows;
    }
    return rows;
  }
  void promise_all() { promises.push_back({files.now(), acknowledged.size()}); }
};

/// Programs that write one log, one after the other.
class recorder {
 public:
  recorder(recording& to, std::uint32_t seed) : to_(to), random_(seed) {}

  void record() {
    disk = &to_.files;
    auto const lives = 1 + random_() % 6;
    for (unsigned i = 0; i < lives; ++i) {
      if (to_.kind == 0) live<torture::fixed_row>();
      else if (to_.kind == 1) live<torture::text_row>();
      else if (i % 2 == 0) live<torture::fixed_row>();
      else live<turned_row>();
    }
    disk = nullptr;
  }

 private:
  struct life {
    trainlog::log_options options;
    unsigned writes = 0;
    unsigned syncs = 0;  ///< of 1000 writes
    bool synced = false;
  };

  unsigned below(unsigned end) { return static_cast<unsigned>(random_() % end); }

  life random_life() {
    life made;
    made.options.journal_bytes = random_() % 4 == 0 ? 8192 : 65536;
    made.options.journal_kind =
        random_() % 5 == 0 ? trainlog::journal_kind::written : trainlog::journal_kind::mapped;
    made.options.drain_by = trainlog::drain_by::caller;
    if (random_() % 3 == 0) {
      made.options.drain_by = trainlog::drain_by::background;
      made.options.interval_ms = 1;
      if (random_() % 2 == 0) made.options.durability = trainlog::durability::interval;
      else if (random_() % 4 == 0) made.options.durability = trainlog::durability::none;
    }
    made.writes = random_() % 4 == 0 ? below(20) : below(2000);
    made.syncs = random_() % 3 == 0 ? 0 : 1 + below(20);
    return made;
  }

  template <class Row>
  void live() {
    auto how = random_life();
    bool const by_caller = how.options.drain_by == trainlog::drain_by::caller;
    if (by_caller && random_() % 2 == 0) kill_switch.arm(static_cast<int>(random_() % 24));
    kill_switch.run([this, how]() mutable { run<Row>(how); });
  }

  template <class Row>
  void run(life& how) {
    trainlog::log_writer<Row> log(to_.path, how.options);
    bool const ticks = how.options.durability == trainlog::durability::interval;
    for (unsigned i = 0; i < how.writes; ++i) {
      write(log);
      if (random_() % 1000 < 5) log.flush();
      if (random_() % 1000 < how.syncs) sync(log, how);
      if (ticks && random_() % 200 == 0) wait_for_tick(log);
    }
    if (random_() % 4 != 0) log.close();
    else trainlog::log_writer<Row>(std::move(log));
    if (how.synced || ticks) to_.promise_all();
  }

  template <class Row>
  void write(trainlog::log_writer<Row>& log) {
    std::uint64_t const number = to_.acknowledged.size();
    to_.acknowledged.push_back(false);
    bool const taken = log.write(Row::of(0, number));
    to_.acknowledged.back() = taken;
    disk->observe();
  }

  template <class Row>
  void sync(trainlog::log_writer<Row>& log, life& how) {
    log.sync();
    how.synced = true;
    to_.promise_all();
  }

  /// Until the background has synchronised what was written before. What it does when it has done
  /// so once it began after that.
  template <class Row>
  void wait_for_tick(trainlog::log_writer<Row>& log) {
    std::uint64_t rows = 0;
    for (int i = 0; i < 2; ++i) {
      rows = to_.acknowledged.size();
      std::size_t const before = disk->barriers();
      write(log);
      for (int waits = 0; disk->barriers() == before; ++waits) {
        if (waits == 100'000) give_up("durability::interval does not synchronise what was written");
        ::usleep(100);
      }
      log.status();  // waits until it is through
    }
    to_.promises.push_back({disk->now(), rows});
  }

  [[noreturn]] static void give_up(char const* why) {
    std::puts(why);
    std::_Exit(1);
  }

  recording& to_;
  random_source random_;
};

struct tally {
  std::uint64_t replays = 0;
  std::uint64_t promised = 0;
  std::uint64_t lost = 0;
  std::uint64_t wrong = 0;
  std::uint64_t moved = 0;       ///< rows that were not promised, and stand behind later ones
  std::uint64_t gone = 0;        ///< rows that could be read until the log was continued
  std::uint64_t unreadable = 0;  ///< files that are no logs, of which nothing was promised
  std::uint64_t continued = 0;

  bool good() const { return lost + wrong == 0; }
};

/// What a reader found.
struct found_rows {
  bool readable = false;
  std::vector<std::uint64_t> numbers;
};

class replayer {
 public:
  replayer(std::string directory, std::uint64_t seed)
      : directory_(std::move(directory)), seed_(seed) {
    ::mkdir(directory_.c_str(), 0700);
  }

  /// One loss of power. The same number has the same one.
  void replay(recording const& of, std::uint64_t number) {
    random_.seed(static_cast<random_source::result_type>(seed_ * 1'000'003 + number));
    random_.discard(3);
    number_ = number;
    ++total_.replays;
    if (of.kind == 1) replay_rows<torture::text_row>(of);
    else replay_rows<torture::fixed_row>(of);
  }

  int report() const {
    std::printf("%" PRIu64 " continued, %" PRIu64
                " without a log; of the rows that were not promised, going on lost %" PRIu64
                " and put %" PRIu64 " behind later ones\n",
                total_.continued, total_.unreadable, total_.gone, total_.moved);
    std::printf("%" PRIu64 " power losses, %" PRIu64 " rows synchronised, %" PRIu64
                " lost, %" PRIu64 " wrong\n",
                total_.replays, total_.promised, total_.lost, total_.wrong);
    return total_.good() ? 0 : 1;
  }

 private:
  template <class Row>
  void replay_rows(recording const& of) {
    moment const end = choose_moment(of);
    make_files(of, end);
    std::uint64_t const promised = of.promised_at(end);
    auto const first = read<Row>();
    if (!first.readable && promised == 0) ++total_.unreadable;
    check(of, first, promised, "read");
    for (std::uint64_t i = 0; i < promised; ++i) total_.promised += of.acknowledged[i] ? 1U : 0U;
    go_on<Row>(of, first, promised);
    // Also journals of logs that were not there any more, which were set aside.
    for (auto const& each : std::filesystem::directory_iterator(directory_)) {
      std::filesystem::remove(each);
    }
  }

  /// At random, but often when little has happened after something was promised.
  moment choose_moment(recording const& of) {
    moment const any = static_cast<moment>(random_() % (of.files.now() + 1));
    if (of.promises.empty() || random_() % 2 == 0) return any;
    auto const since = of.promises[random_() % of.promises.size()].since;
    return std::min(of.files.now(), static_cast<moment>(since + random_() % 200));
  }

  void make_files(recording const& of, moment end) {
    static constexpr disk_mood moods[] = {{50, 25, 1}, {50, 25, 8}, {90, 5, 1},
                                          {5, 90, 1},  {34, 33, 8}, {100, 0, 1}};
    auto const& mood = moods[random_() % std::size(moods)];
    of.files.replay(of.path, path_, end, mood, random_);
    of.files.replay(of.path + "-journal", path_ + "-journal", end, mood, random_);
  }

  template <class Row>
  found_rows read() {
    found_rows found;
    problem_.clear();
    try {
      trainlog::log_reader<Row> log(path_);
      found.readable = true;
      if (random_() % 2 == 0) log.report();
      for (Row const& row : log) {
        bool const right = trainlog::identical(row, Row::of(0, row.sequence));
        if (!right) complain("a row is not as it was written", row.sequence);
        total_.wrong += right ? 0U : 1U;
        if (right) found.numbers.push_back(row.sequence);
      }
    } catch (trainlog::error const& problem) {
      problem_ = problem.what();
    }
    return found;
  }

  /// All that was promised is there, and nothing twice. What was not promised may be behind later
  /// rows.
  void check(recording const& of, found_rows const& found, std::uint64_t promised,
             char const* when) {
    std::vector<bool> seen(of.acknowledged.size() + 1);
    std::uint64_t next = 0;
    for (std::uint64_t const number : found.numbers) {
      if (number >= seen.size() || seen[number]) {
        complain("a row is there that was not written, or twice", number, when);
        ++total_.wrong;
        continue;
      }
      seen[number] = true;
      total_.moved += number < next ? 1U : 0U;
      next = std::max(next, number + 1);
    }
    for (std::uint64_t i = 0; i < promised; ++i) {
      if (seen[i] || !of.acknowledged[i]) continue;
      ++total_.lost;
      complain("a row is lost", i, when);
    }
  }

  /// Goes on with the log, and compares with what could be read before.
  template <class Row>
  void go_on(recording const& of, found_rows const& before, std::uint64_t promised) {
    std::uint64_t const number = of.acknowledged.size();
    if (!append<Row>(number)) {
      if (promised != 0 || before.readable) ++total_.lost, complain("no way to go on", number);
      return;
    }
    ++total_.continued;
    auto const after = read<Row>();
    check(of, after, promised, "gone on");
    if (after.numbers.empty() || after.numbers.back() != number) {
      ++total_.lost;
      complain("the new row is lost", number);
    }
    std::set<std::uint64_t> const left(after.numbers.begin(), after.numbers.end());
    for (std::uint64_t const row : before.numbers) total_.gone += left.contains(row) ? 0U : 1U;
  }

  template <class Row>
  bool append(std::uint64_t number) {
    try {
      trainlog::log_options options;
      options.drain_by = trainlog::drain_by::caller;
      options.journal_bytes = 4096;
      if (random_() % 8 == 0) options.durability = trainlog::durability::none;
      bool const changes = std::is_same_v<Row, torture::fixed_row> && random_() % 3 == 0;
      return changes ? append_row<later_row>(number, options) : append_row<Row>(number, options);
    } catch (trainlog::error const& problem) {
      problem_ = problem.what();
      return false;
    }
  }

  template <class Row>
  bool append_row(std::uint64_t number, trainlog::log_options const& options) {
    trainlog::log_writer<Row> log(path_, options);
    return log.write(Row::of(0, number));
  }

  void complain(char const* what, std::uint64_t row, char const* when = "") {
    if (std::exchange(complained_, number_) != number_ && complaints_++ < 20) {
      std::printf("replay %" PRIu64 ": %s: row %" PRIu64 " %s %s\n", number_, what, row, when,
                  problem_.c_str());
    }
  }

  std::string directory_;
  std::string path_ = directory_ + "/b.tlog";
  std::uint64_t seed_;
  std::uint64_t number_ = 0;
  std::string problem_;
  unsigned complaints_ = 0;
  std::uint64_t complained_ = UINT64_MAX;
  random_source random_;
  tally total_;
};

/// A new directory, removed at the end.
class scratch_directory {
 public:
  explicit scratch_directory(std::string const& in) : name_(in + "/power_loss.XXXXXX") {
    if (::mkdtemp(name_.data()) == nullptr) throw trainlog::io_error(in, "write in", errno);
  }
  scratch_directory(scratch_directory const&) = delete;
  scratch_directory& operator=(scratch_directory const&) = delete;
  ~scratch_directory() {
    std::error_code ignored;
    std::filesystem::remove_all(name_, ignored);
  }
  std::string const& name() const noexcept { return name_; }

 private:
  std::string name_;
};

/// Containers often have little.
inline bool has_room_in_memory() {
  struct ::statvfs status{};
  return ::access("/dev/shm", W_OK) == 0 && ::statvfs("/dev/shm", &status) == 0 &&
         status.f_bavail * status.f_frsize >= (std::uint64_t{128} << 20U);
}

struct arguments {
  std::uint64_t replays = 0;
  std::uint64_t first = 0;  ///< the number of the first
  std::uint64_t seed = static_cast<std::uint64_t>(::time(nullptr));
  std::string directory = has_room_in_memory() ? "/dev/shm" : ".";
};

int run(arguments const& asked) {
  constexpr std::uint64_t replays_of_one = 250;
  scratch_directory const scratch(asked.directory);
  replayer replays(scratch.name() + "/replay", asked.seed);
  std::uint64_t const end = asked.first + asked.replays;
  std::uint64_t done = asked.first / replays_of_one * replays_of_one;
  for (; done < end; done += replays_of_one) {
    std::string const directory = scratch.name() + "/" + std::to_string(done);
    ::mkdir(directory.c_str(), 0700);
    recording recorded(directory);
    recorded.kind = static_cast<int>(done / replays_of_one % 3);
    recorder(recorded, static_cast<std::uint32_t>(asked.seed + done)).record();
    std::uint64_t const last = std::min(done + replays_of_one, end);
    for (std::uint64_t i = std::max(done, asked.first); i < last; ++i) replays.replay(recorded, i);
    std::filesystem::remove_all(directory);
  }
  std::printf("seed %" PRIu64 "\n", asked.seed);
  return replays.report();
}

}  // namespace power_loss

int main(int argc, char** argv) {
  power_loss::arguments asked;
  for (int i = 1; i + 1 < argc; i += 2) {
    std::string const option = argv[i];
    if (option == "--replays") asked.replays = std::strtoull(argv[i + 1], nullptr, 10);
    else if (option == "--first") asked.first = std::strtoull(argv[i + 1], nullptr, 10);
    else if (option == "--seed") asked.seed = std::strtoull(argv[i + 1], nullptr, 10);
    else if (option == "--directory") asked.directory = argv[i + 1];
    else return std::fprintf(stderr, "power_loss: no option '%s'\n", argv[i]), 2;
  }
  if (asked.replays == 0) {
    std::fputs("usage: power_loss --replays N [--first I] [--seed S] [--directory D]\n", stderr);
    return 2;
  }
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  // The threads that were stopped for good are not to be waited for.
  int const result = power_loss::run(asked);
  std::fflush(stdout);
  std::_Exit(result);
}
