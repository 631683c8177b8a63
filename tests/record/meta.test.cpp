// SPDX-License-Identifier: MIT
// TRAINLOG_META inside and outside of a struct, in templates, for every kind of record.
#include "trainlog/record/meta.hpp"

#include <cmath>

#include "catch.hpp"
#include "trainlog/record/frozen.hpp"
#include "trainlog/record/namedtuple.hpp"

namespace meta_test {

struct Log {
  double loss = 0;
  double accuracy = 0;
  int epoch = 0;
  int secret = 0;
  TRAINLOG_RECORD(Log, loss, accuracy, epoch, secret)
  TRAINLOG_META(Log, epoch, doc("inside"), repr(false), compare(false), summary(false))
};
TRAINLOG_META(Log, loss, unit("nats"), doc("cross entropy"), rename("train/loss"), aka("old"),
              aka("older"), goal(minimize), reduce(mean), required(), finite(), ge(-1), le(2.5))
TRAINLOG_META(Log, secret, serialize(false), goal(maximize), reduce(last), required(false))

constexpr auto const& of(auto const& fields, std::size_t i) { return *fields[i].meta; }
constexpr trainlog::field_meta loss = of(trainlog::fields<Log>(), 0);
static_assert(loss.unit == "nats" && loss.doc == "cross entropy" && loss.rename == "train/loss");
static_assert(loss.aka[0] == "old" && loss.aka[1] == "older");
static_assert(loss.aka[2] == "loss" && loss.aka[3].empty(), "the member's own name comes last");
static_assert(loss.goal == trainlog::direction::minimize);
static_assert(loss.reduce == trainlog::reduction::mean);
static_assert(loss.repr && loss.compare && loss.serialize && loss.required && loss.finite);
static_assert(loss.ge == -1 && loss.le == 2.5);

constexpr trainlog::field_meta plain = of(trainlog::fields<Log>(), 1);
static_assert(plain.unit.empty() && plain.doc.empty() && plain.rename.empty());
static_assert(plain.goal == trainlog::direction::none && plain.reduce == trainlog::reduction::none);
static_assert(plain.repr && plain.compare && plain.serialize && !plain.required && !plain.finite);
static_assert(plain.summary && !of(trainlog::fields<Log>(), 2).summary);
static_assert(plain.ge < -1e308 && plain.le > 1e308);

static_assert(of(trainlog::fields<Log>(), 2).doc == "inside");
static_assert(!of(trainlog::fields<Log>(), 3).serialize);
static_assert(of(trainlog::fields<Log>(), 3).reduce == trainlog::reduction::last);
static_assert(of(trainlog::fields<trainlog::frozen<Log>>(), 0).unit == "nats");

template <class Scalar>
struct Vector {
  Scalar x{};
  Scalar y{};
  TRAINLOG_RECORD(Vector, x, y)
  TRAINLOG_META(Vector, x, unit("m"))
};
TRAINLOG_META(Vector<int>, y, unit("s"))
static_assert(of(trainlog::fields<Vector<float>>(), 0).unit == "m");
static_assert(of(trainlog::fields<Vector<float>>(), 1).unit.empty());
static_assert(of(trainlog::fields<Vector<int>>(), 1).unit == "s");

class Private {
  double loss_ = 0;
  TRAINLOG_RECORD(Private, loss_)
  TRAINLOG_META(Private, loss_, unit("bits"))
};
static_assert(of(trainlog::fields<Private>(), 0).unit == "bits");

// A renamed member's own name is no aka where a field is in files by that name, or was.
struct Renamed {
  int a = 0;
  int b = 0;
  int c = 0;
  int d = 0;
  int e = 0;
  TRAINLOG_RECORD(Renamed, a, b, c, d, e)
};
TRAINLOG_META(Renamed, a, rename("b"))
TRAINLOG_META(Renamed, b, rename("x"))
TRAINLOG_META(Renamed, c, rename("y"), aka("1"), aka("2"), aka("3"), aka("4"), aka("5"), aka("6"),
              aka("7"), aka("8"))
TRAINLOG_META(Renamed, d, rename("z"))
TRAINLOG_META(Renamed, e, aka("d"))
static_assert(of(trainlog::fields<Renamed>(), 0).aka[0] == "a");
static_assert(of(trainlog::fields<Renamed>(), 1).aka[0].empty());
static_assert(of(trainlog::fields<Renamed>(), 2).aka[8] == "c");
static_assert(of(trainlog::fields<Renamed>(), 3).aka[0].empty());

TRAINLOG_NAMEDTUPLE(Entry, (int, epoch), (double, loss))
struct Foreign {
  double x = 0;
};
TRAINLOG_DESCRIBE(Foreign, x)

struct Derived : Log {
  int extra = 0;
  TRAINLOG_RECORD_DERIVED(Derived, Log, extra)
};
TRAINLOG_META(Derived, accuracy, unit("%"))
TRAINLOG_META(Derived, secret, unit("hidden"))
static_assert(of(trainlog::fields<Derived>(), 0).unit == "nats", "inherited");
static_assert(of(trainlog::fields<Derived>(), 1).unit == "%", "added");
static_assert(of(trainlog::fields<Derived>(), 3).serialize, "said anew");
static_assert(plain.unit.empty(), "the base is as it was");

}  // namespace meta_test

TRAINLOG_META(meta_test::Entry, loss, unit("nats"))
TRAINLOG_META(meta_test::Foreign, x, doc("of others"))

static_assert(meta_test::of(trainlog::fields<meta_test::Entry>(), 1).unit == "nats");
static_assert(meta_test::of(trainlog::fields<meta_test::Foreign>(), 0).doc == "of others");

TEST_CASE("repr(false) and compare(false) leave a field out") {
  using meta_test::Log;
  Log a{1, 2, 3, 4};
  Log b{1, 2, 30, 4};
  CHECK(trainlog::repr(a) == "Log(loss=1.0, accuracy=2.0, secret=4)");
  CHECK(a == b);
  CHECK((a <=> b) == std::partial_ordering::equivalent);
  CHECK(trainlog::hash(trainlog::frozen{a}) == trainlog::hash(trainlog::frozen{b}));
  CHECK(!trainlog::identical(a, b));
}
