// SPDX-License-Identifier: MIT
#include <trainlog/log/merge.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "log/log_parts.hpp"

using log_test::journal_of;
using log_test::log_of;
using log_test::some_rows;
using log_test::Step;
using log_test::step_columns;
using log_test::step_rows;
using log_test::step_schema;
using log_test::temporary;
using trainlog::merge_logs;

TEST_CASE("merge: rows of all logs in the order of the key, equal ones in that of the logs") {
  temporary const a(log_of({step_schema(), step_columns(0, 5), step_columns(5, 5)}));
  temporary const b(log_of({step_schema(), step_rows(0, 3)}));
  b.write(journal_of(some_rows(3, 4), {7, 3}), "-journal");
  temporary const nothing(log_of({step_schema()}));
  std::vector<std::string> const paths{a.path(), nothing.path(), b.path()};
  std::vector<std::pair<std::int64_t, std::size_t>> expected;
  for (std::int64_t i = 0; i < 10; ++i) {
    expected.emplace_back(10 * i, 0);
    if (i < 7) expected.emplace_back(10 * i, 2);
  }
  auto merged = merge_logs<Step>(paths, &Step::step);
  for (int twice = 0; twice < 2; ++twice) {
    std::vector<std::pair<std::int64_t, std::size_t>> found;
    for (auto it = merged.begin(); it != merged.end(); ++it) found.emplace_back(it->step, it.log());
    CHECK(found == expected);
  }
  CHECK(merged.reader(2).report().recovered == 4);
  std::size_t count = 0;
  for (Step const& row : merge_logs<Step>(paths, [](Step const& of) { return of.step / 30; })) {
    count += row.step >= 0 ? 1 : 0;
  }
  CHECK(count == 17);
}

TEST_CASE("merge: no logs, and one that is not there") {
  auto none = merge_logs<Step>({}, &Step::step);
  CHECK(none.begin() == none.end());
  CHECK_THROWS_AS(merge_logs<Step>({"/nowhere/a.tlog"}, &Step::step), trainlog::io_error);
}
