// SPDX-License-Identifier: MIT
#include <string>

#include <trainlog/detail/name_list.hpp>

#include "catch.hpp"

using trainlog::detail::name_list;

TEST_CASE("a list of names has ten of them, and says that there are more") {
  name_list names("; there are ");
  CHECK(names.empty());
  names.add("a");
  names.add("b");
  CHECK_FALSE(names.empty());
  CHECK(names.text() == "; there are 'a', 'b'");
  for (int i = 0; i < 8; ++i) names.add("c");
  CHECK(names.text().ends_with(", 'c'"));
  std::string const ten = names.text();
  for (int i = 0; i < 3; ++i) names.add("d");
  CHECK(names.text() == ten + ", ...");
}
