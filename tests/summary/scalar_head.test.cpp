// SPDX-License-Identifier: MIT
#include <string>

#include <trainlog/summary/scalar_head.hpp>

#include "catch.hpp"

using trainlog::detail::append_scalar_value;
using trainlog::detail::scalar_head;

TEST_CASE("a scalar's head and its number are what the whole is") {
  for (unsigned const length : {0U, 1U, 8U, 54U, 55U}) {
    std::string const tag(length, 'x');
    scalar_head const head(tag);
    REQUIRE(head.is_made());
    std::string whole = "before";
    std::string pieced = whole;
    append_scalar_value(whole, {{}, tag}, -1.5F);
    head.append(pieced, -1.5F);
    CHECK(pieced == whole);
  }
}

TEST_CASE("no head is made for a tag that is long or not ASCII") {
  CHECK_FALSE(scalar_head(std::string(56, 'x')).is_made());
  CHECK_FALSE(scalar_head("verl\xC3\xBCst").is_made());
  CHECK_FALSE(scalar_head("\xFF").is_made());
  CHECK_FALSE(scalar_head().is_made());
}
