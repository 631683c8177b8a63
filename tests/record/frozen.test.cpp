// SPDX-License-Identifier: MIT
#include "trainlog/record/frozen.hpp"

#include <string>
#include <thread>
#include <type_traits>
#include <unordered_set>
#include <vector>

#include "catch.hpp"
#include "trainlog/record/asdict.hpp"
#include "trainlog/record/namedtuple.hpp"

namespace frozen_test {

struct Log {
  int epoch = 0;
  double loss = 0.5;
  std::string note = "none";
  TRAINLOG_RECORD(Log, epoch, loss, note)
};
TRAINLOG_META(Log, loss, ge(0), unit("nats"))

struct Derived : Log {
  double accuracy = 0;
  TRAINLOG_RECORD_DERIVED(Derived, Log, accuracy)
};

class Counted {
 public:
  explicit Counted(int n) : n_(n) {}
  Counted() = default;

 private:
  int n_ = 1;
  int square_ = 0;
  void post_init() { square_ = n_ * n_; }
  void validate() const {
    if (n_ == 0) throw trainlog::validation_error("n is 0");
  }
  TRAINLOG_RECORD(Counted, n_, square_)
};

using trainlog::frozen;

static_assert(trainlog::record<frozen<Log>> && trainlog::immutable_record<frozen<Log>>);
static_assert(sizeof(frozen<Log>) == sizeof(Log));
static_assert(std::is_copy_assignable_v<frozen<Log>>);
static_assert(std::is_convertible_v<Log, frozen<Log>>);

// Nothing writes.
template <class Frozen>
constexpr bool arrow_writes = requires(Frozen f) { f->epoch = 1; };
template <class Frozen>
constexpr bool star_writes = requires(Frozen f) { (*f).epoch = 1; };
template <class Frozen>
constexpr bool get_writes = requires(Frozen f) { trainlog::get<0>(f) = 1; };
template <class Frozen>
constexpr bool member_get_writes = requires(Frozen f) { f.template get<0>() = 1; };
static_assert(!arrow_writes<frozen<Log>&> && !star_writes<frozen<Log>&>);
static_assert(!get_writes<frozen<Log>&> && !member_get_writes<frozen<Log>&>);
static_assert(get_writes<Log&>, "the question is asked correctly");

// A frozen record has the hooks of its record.
using trainlog::detail::access;
static_assert(!access::has_hooks<frozen<Log>>());
static_assert(access::has_post_init<frozen<Counted>>());
static_assert(access::has_validate<frozen<Counted>>());

struct Run {
  Log log;
  TRAINLOG_RECORD(Run, log)
};

}  // namespace frozen_test

namespace {

using namespace frozen_test;

TEST_CASE("a frozen record has the fields, names and printed form of the record") {
  frozen<Log> const shared{Log{.epoch = 3, .loss = 0.25, .note = "x"}};
  CHECK(shared->epoch == 3);
  CHECK((*shared).loss == 0.25);
  CHECK(trainlog::repr(shared) == "Log(epoch=3, loss=0.25, note='x')");
  CHECK(trainlog::field_names<frozen<Log>>() == trainlog::field_names<Log>());
  CHECK(trainlog::fields<frozen<Log>>()[1].meta->unit == "nats");
  CHECK(trainlog::get<"note">(shared) == "x");
  CHECK(trainlog::replace(shared, trainlog::literals::operator""_field < "epoch">() = 4)->epoch ==
        4);
}

TEST_CASE("thaw gives a mutable copy") {
  frozen<Log> const shared;
  Log copy = shared.thaw();
  copy.epoch = 9;
  CHECK(shared->epoch == 0);
}

TEST_CASE("frozen records are compared, hashed and unpacked") {
  frozen<Log> const a{Log{.epoch = 1, .loss = 0.0, .note = "n"}};
  frozen<Log> const b{Log{.epoch = 1, .loss = -0.0, .note = "n"}};
  CHECK(a == b);
  CHECK(a < frozen<Log>{Log{.epoch = 2, .loss = 0, .note = ""}});
  CHECK(std::unordered_set<frozen<Log>>{a, b, frozen<Log>{}}.size() == 2);
  auto const& [epoch, loss, note] = a;
  CHECK(epoch == 1);
  CHECK(loss == 0);
  CHECK(note == "n");
}

TEST_CASE("freezing runs post_init and validation") {
  CHECK(trainlog::repr(frozen<Counted>{Counted{3}}) == "Counted(n_=3, square_=9)");
  CHECK_THROWS_AS(frozen<Counted>{Counted{0}}, trainlog::validation_error);
  CHECK_THROWS_AS((frozen<Log>{Log{.epoch = 0, .loss = -1, .note = ""}}),
                  trainlog::validation_error);
}

TEST_CASE("threads share a frozen record without a lock") {
  frozen<Log> const shared{Log{.epoch = 3, .loss = 0.25, .note = "shared by all"}};
  std::vector<int> found(4);
  std::vector<std::thread> threads;
  for (auto& count : found) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) count += frozen<Log>{shared} == shared && shared->epoch == 3;
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(found == std::vector<int>(4, 1000));
}

TEST_CASE("the records in a record are validated as well") {
  CHECK_THROWS_WITH(frozen<Run>{Run{Log{.loss = -1}}},
                    "trainlog: invalid Run: log.loss = -1.0 is less than 0.0");
}

TEST_CASE("a derived record is frozen with its base's fields") {
  Derived const plain{{.epoch = 3, .loss = 0.25, .note = "x"}, 0.5};
  frozen<Derived> const shared{plain};
  CHECK(trainlog::repr(shared) == "Derived(epoch=3, loss=0.25, note='x', accuracy=0.5)");
  CHECK(trainlog::get<"epoch">(shared) == 3);
  CHECK(trainlog::asdict(shared) == trainlog::asdict(plain));
  CHECK(shared == frozen<Derived>{plain});
  CHECK(trainlog::hash(shared) == trainlog::hash(frozen<Derived>{plain}));
  auto const [epoch, loss, note, accuracy] = shared;
  CHECK(accuracy == 0.5);
  CHECK(trainlog::fields<frozen<Derived>>()[1].meta->unit == "nats");
  CHECK_THROWS_AS((frozen<Derived>{Derived{{.epoch = 0, .loss = -1, .note = ""}, 0}}),
                  trainlog::validation_error);
}

TEST_CASE("a default frozen record is made without hooks, unless make makes it") {
  CHECK(trainlog::repr(frozen<Counted>{}) == "Counted(n_=1, square_=0)");
  CHECK(trainlog::repr(trainlog::make<frozen<Counted>>()) == "Counted(n_=1, square_=1)");
}

}  // namespace
