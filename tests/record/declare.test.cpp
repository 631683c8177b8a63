// SPDX-License-Identifier: MIT
// TRAINLOG_RECORD, TRAINLOG_RECORD_DERIVED and TRAINLOG_DESCRIBE: what becomes of a struct.
#include "trainlog/record/declare.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <sstream>
#include <string>
#include <type_traits>
#include <vector>

#include "catch.hpp"
#include "record/wide.hpp"
#include "trainlog/record/field_access.hpp"
#include "trainlog/record/frozen.hpp"
#include "trainlog/record/make.hpp"

namespace declare_test {

struct Plain {
  std::int64_t epoch = 0;
  double loss = 0.0;
  double learning_rate = 0.001;
};

struct TrainingLog {
  std::int64_t epoch = 0;
  double loss = 0.0;
  double learning_rate = 0.001;
  static constexpr int version = 2;  // no field
  TRAINLOG_RECORD(TrainingLog, epoch, loss, learning_rate)
};

static_assert(std::is_aggregate_v<TrainingLog>);
static_assert(std::is_trivially_copyable_v<TrainingLog>);
static_assert(std::is_standard_layout_v<TrainingLog>);
static_assert(sizeof(TrainingLog) == sizeof(Plain));
static_assert(offsetof(TrainingLog, learning_rate) == offsetof(Plain, learning_rate));
static_assert(trainlog::record<TrainingLog> && trainlog::record<TrainingLog const>);
static_assert(!trainlog::immutable_record<TrainingLog>);
static_assert(!trainlog::record<Plain> && !trainlog::record<int> && !trainlog::record<Plain*>);
static_assert(TrainingLog{.epoch = 3} == TrainingLog{3, 0.0, 0.001});
static_assert(TrainingLog{.epoch = 3} < TrainingLog{.epoch = 3, .loss = 0.5});
static_assert(noexcept(trainlog::field_names<TrainingLog>()));

template <class Scalar>
struct Vector {
  Scalar x{};
  Scalar y{};
  TRAINLOG_RECORD(Vector, x, y)
};

template <std::size_t N, class... Unused>
struct Block {
  std::array<float, N> data{};
  TRAINLOG_RECORD(Block, data)
};

class Account {
  int balance_ = 1;
  std::string owner_ = "me";

 public:
  int balance() const { return balance_; }

 private:
  TRAINLOG_RECORD(Account, balance_, owner_)
};

struct Outer {
  struct Inner {
    double x = 1.5;
    TRAINLOG_RECORD(Inner, x)
  };
  Inner inner;
  std::vector<Inner> more;
  TRAINLOG_RECORD(Outer, inner, more)
};

struct Empty {
  TRAINLOG_RECORD(Empty)
};
static_assert(std::is_empty_v<Empty> && std::is_aggregate_v<Empty>);
static_assert(Empty{} == Empty{} && !(Empty{} < Empty{}));

struct Single {
  int only = 7;
  TRAINLOG_RECORD(Single, only)
};

struct Timed : TrainingLog {
  double seconds = 1.0;
  TRAINLOG_RECORD_DERIVED(Timed, TrainingLog, seconds)
};
struct TimedOnGpu : Timed {
  int device = 4;
  TRAINLOG_RECORD_DERIVED(TimedOnGpu, Timed, device)
};

struct Foreign {
  float u = 1;
  int w = 2;
};
TRAINLOG_DESCRIBE(Foreign, u, w)

struct ForeignElsewhere {
  bool flag = true;
};

template <class T>
struct Wide {
  T WIDE_600(WIDE_ZERO);
  WIDE_RECORD(Wide, WIDE_600(WIDE_NAME))
};

struct WideForeign {
  double WIDE_512(WIDE_ZERO);
};
WIDE_DESCRIBE(WideForeign, WIDE_512(WIDE_NAME))

// Two records of the same name in two namespaces.
namespace train {
struct Step {
  int n = 1;
  TRAINLOG_RECORD(Step, n)
};
}  // namespace train
namespace eval {
struct Step {
  double score = 2;
  TRAINLOG_RECORD(Step, score)
};
}  // namespace eval

}  // namespace declare_test

TRAINLOG_DESCRIBE(declare_test::ForeignElsewhere, flag)

struct declare_test_global {
  int x = 1;
  TRAINLOG_RECORD(declare_test_global, x)
};
struct declare_test_global_foreign {
  int y = 1;
};
TRAINLOG_DESCRIBE(declare_test_global_foreign, y)

namespace {

using namespace declare_test;
using trainlog::repr;

TEST_CASE("a record is printed, compared and changed like a plain struct") {
  TrainingLog log{.epoch = 3, .loss = 0.42};
  log.loss = 0.5;
  std::ostringstream out;
  out << log;
  CHECK(out.str() == "TrainingLog(epoch=3, loss=0.5, learning_rate=0.001)");
  CHECK(log == TrainingLog{3, 0.5, 0.001});
  CHECK(log != TrainingLog{});
  CHECK(log > TrainingLog{});
}

TEST_CASE("class templates, nested classes and private members are records") {
  CHECK(repr(Vector<float>{0.1F, 2.0F}) == "Vector(x=0.1, y=2.0)");
  CHECK(repr(Vector<Vector<int>>{}) == "Vector(x=Vector(x=0, y=0), y=Vector(x=0, y=0))");
  CHECK(repr(Block<2, int, char>{}) == "Block(data=[0.0, 0.0])");
  CHECK(repr(Account{}) == "Account(balance_=1, owner_='me')");
  CHECK(Account{} == Account{});
  CHECK(repr(Outer{{}, {{}, {2.0}}}) ==
        "Outer(inner=Inner(x=1.5), more=[Inner(x=1.5), Inner(x=2.0)])");
}

TEST_CASE("a record may have no field, or one") {
  CHECK(repr(Empty{}) == "Empty()");
  CHECK(trainlog::field_names<Empty>().empty());
  CHECK(trainlog::make<Empty>() == Empty{});
  CHECK(repr(Single{}) == "Single(only=7)");
  CHECK(Single{1} < Single{2});
}

TEST_CASE("a derived record has its bases' fields before its own") {
  TimedOnGpu log;
  log.epoch = 9;
  CHECK(repr(log) == "TimedOnGpu(epoch=9, loss=0.0, learning_rate=0.001, seconds=1.0, device=4)");
  CHECK(trainlog::field_names<Timed>()[3] == "seconds");
  CHECK(trainlog::get<4>(log) == 4);
  TimedOnGpu other = log;
  CHECK(log == other);
  other.epoch = 8;
  CHECK(other < log);
  CHECK(repr(static_cast<TrainingLog const&>(log)) ==
        "TrainingLog(epoch=9, loss=0.0, learning_rate=0.001)");
}

TEST_CASE("a type of others is described in its namespace or in the global one") {
  CHECK(repr(Foreign{}) == "Foreign(u=1.0, w=2)");
  CHECK(trainlog::equal(Foreign{}, Foreign{1.0F, 2}));
  CHECK((trainlog::compare(Foreign{}, Foreign{1.0F, 3}) < 0));
  CHECK(repr(ForeignElsewhere{}) == "ForeignElsewhere(flag=True)");
  CHECK(repr(declare_test_global{}) == "declare_test_global(x=1)");
  CHECK(repr(declare_test_global_foreign{}) == "declare_test_global_foreign(y=1)");
}

TEST_CASE("hundreds of fields") {
  STATIC_REQUIRE(std::is_aggregate_v<Wide<double>>);
  STATIC_REQUIRE(sizeof(Wide<float>) == 600 * sizeof(float));
  STATIC_REQUIRE(trainlog::field_names<Wide<double>>().size() == 600);
  Wide<double> a;
  Wide<double> b = a;
  CHECK(a == b);
  trainlog::get<"f599">(b) = 1;
  CHECK(a < b);
  CHECK(trainlog::get<599>(b) == 1);
  double sum = 0;
  trainlog::for_each_field(b, [&](std::string_view, double field) { sum += field; });
  CHECK(sum == 1);
  std::string const text = repr(b);
  CHECK(text.substr(0, 20) == "Wide(f000=0.0, f001=");
  CHECK(text.substr(text.size() - 10) == " f599=1.0)");

  STATIC_REQUIRE(trainlog::field_names<WideForeign>().size() == 512);
  WideForeign foreign;
  foreign.f511 = 5;
  CHECK(trainlog::get<511>(foreign) == 5);
  CHECK(!trainlog::equal(foreign, WideForeign{}));
}

TEST_CASE("records of one name in two namespaces are two types") {
  CHECK(repr(train::Step{}) == "Step(n=1)");
  CHECK(repr(eval::Step{}) == "Step(score=2.0)");
}

}  // namespace
