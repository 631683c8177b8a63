// SPDX-License-Identifier: MIT
#include "trainlog/record/dict.hpp"

#include <string>

#include "catch.hpp"

namespace {

using numbers = trainlog::basic_dict<int>;

TEST_CASE("a dict keeps the order of insertion") {
  numbers scores;
  CHECK(scores.empty());
  scores["b"] = 1;
  scores["a"] = 2;
  scores["b"] = 3;
  std::string seen;
  for (auto const& [name, score] : scores) seen += name + std::to_string(score);
  CHECK(seen == "b3a2");
  CHECK(scores.size() == 2);
}

TEST_CASE("a dict finds by name") {
  numbers scores{{"a", 1}, {"b", 2}, {"a", 3}};
  numbers const& fixed = scores;
  CHECK(scores.size() == 2);
  CHECK(fixed["a"] == 3);
  CHECK(fixed.at("b") == 2);
  CHECK(*fixed.find("b") == 2);
  CHECK(fixed.find("c") == nullptr);
  CHECK(fixed.contains("a"));
  CHECK_FALSE(fixed.contains(""));
  CHECK_THROWS_WITH(fixed["c"], "trainlog: no entry named 'c'");
  CHECK_THROWS_AS(fixed.at("c"), trainlog::error);
  CHECK(scores["c"] == 0);
  CHECK(fixed.contains("c"));
  for (auto& [name, score] : scores) score += 1;
  CHECK(fixed["c"] == 1);
}

TEST_CASE("a dict of entries keeps the first place and the last value of a name") {
  CHECK(numbers::from_entries({}).empty());
  auto const one = numbers::from_entries({{"b", 1}, {"a", 2}, {"b", 3}, {"c", 4}, {"b", 5}});
  CHECK(one == numbers{{"b", 5}, {"a", 2}, {"c", 4}});
  CHECK(one.begin()->first == "b");
}

TEST_CASE("what is appended stands at the end") {
  numbers scores{{"b", 1}};
  scores.append("a", 2) += 1;
  CHECK(scores == numbers{{"b", 1}, {"a", 3}});
}

TEST_CASE("dicts are equal if names, values and order are") {
  CHECK(numbers{{"a", 1}, {"b", 2}} == numbers{{"a", 1}, {"b", 2}});
  CHECK(numbers{{"a", 1}, {"b", 2}} != numbers{{"b", 2}, {"a", 1}});
  CHECK(numbers{{"a", 1}} != numbers{{"a", 2}});
  CHECK(numbers{{"a", 1}} != numbers{});
}

TEST_CASE("many entries are put in order, whatever theirs is") {
  for (int const step : {1, 7, 999}) {
    std::vector<numbers::entry> entries;
    for (int i = 0; i < 1000; ++i) entries.emplace_back(std::to_string(i * step % 1000), i);
    for (int i = 0; i < 1000; i += 2) entries.emplace_back(std::to_string(i), -i);
    auto const all = numbers::from_entries(entries);
    REQUIRE(all.size() == 1000);
    int i = 0;
    for (auto const& [name, held] : all) {
      int const number = std::stoi(name);
      CHECK(number == i * step % 1000);
      CHECK(held == (number % 2 == 0 ? -number : i));
      ++i;
    }
  }
}

}  // namespace
