// SPDX-License-Identifier: MIT
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <trainlog/record.hpp>
#include <trainlog/summary.hpp>

#include "catch.hpp"
#include "log/temporary_directory.hpp"
#include "summary/event_files.hpp"

using namespace trainlog;
using namespace summary_test;
using writer_test::temporary_directory;

namespace {

enum class Kind : std::uint8_t { sgd, adam };
TRAINLOG_ENUM(Kind, sgd, adam)

struct Optimizer {
  Kind kind = Kind::adam;
  double rate = 0.5;
  TRAINLOG_RECORD(Optimizer, kind, rate)
};
TRAINLOG_META(Optimizer, rate, rename("lr"))

struct Config {
  Optimizer optimizer;
  std::string model = "mlp";
  bool dropout = true;
  std::int64_t batch = 64;
  std::optional<int> seed;
  std::array<int, 2> layers{32, 10};
  std::map<std::string, double> more{{"x", 1.5}};
  std::chrono::seconds budget{60};
  double secret = 1.0;
  std::string directory = "runs/a";
  TRAINLOG_RECORD(Config, optimizer, model, dropout, batch, seed, layers, more, budget, secret,
                  directory)
};
TRAINLOG_META(Config, secret, serialize(false))
TRAINLOG_META(Config, directory, summary(false))

/// Of the only event in a directory: tag, time, and what the plugin has in its metadata.
struct plugin_data {
  std::string tag;
  std::string plugin;
  std::string content;
  double wall_time;
};

plugin_data data_in(std::string_view event) {
  auto const value = values_of(event).at(0);
  auto const plugin = find_field(find_field(value, 9).bytes, 1).bytes;
  return {tag_of(value), std::string(find_field(plugin, 1).bytes),
          std::string(find_field(plugin, 2).bytes),
          detail::load_le<double>(reinterpret_cast<std::byte const*>(event.data() + 1))};
}

/// Written by the function into a directory of its own, in a name scope that must not matter.
template <class Write>
plugin_data written(Write write) {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  summary::name_scope const scope("train");
  REQUIRE(write(writer));
  return data_in(events_in(directory.path()).at(0));
}

std::string group_of(summary::hparam_map const& hparams) {
  auto const content = written([&](auto& to) { return summary::hparams(to, hparams); }).content;
  return std::string(find_field(find_field(content, 3).bytes, 4).bytes);
}

bool is_nothing(summary::hparam_value const& value) {
  return std::holds_alternative<std::monostate>(value.get());
}

}  // namespace

// The bytes are those of TensorBoard's own messages.
TEST_CASE("hyperparameters are a SessionStartInfo, to the byte") {
  auto const data = written([](auto& to) {
    return summary::hparams(to, {{"c", "x"}, {"a", 0.5}, {"b", false}, {"d", nullptr}},
                            {.group_name = "g", .start_time = 1.5});
  });
  CHECK(data.tag == "_hparams_/session_start_info");
  CHECK(data.plugin == "hparams");
  CHECK(data.wall_time == 1.5);
  CHECK(data.content ==
        unhex("1a 38 0a 0e 0a 01 61 12 09 11 00 00 00 00 00 00 e0 3f 0a 07 0a 01 62 12 02 20 00 0a "
              "08 0a 01 63 12 03 1a 01 78 0a 07 0a 01 64 12 02 08 00 22 01 67 29 00 00 00 00 00 00 "
              "f8 3f"));
}

TEST_CASE("the end of a run is a SessionEndInfo, to the byte") {
  auto const data = written([](auto& to) {
    return summary::hparams_end(to, summary::session_status::failure, {.end_time = 1.5});
  });
  CHECK(data.tag == "_hparams_/session_end_info");
  CHECK(data.wall_time == 1.5);
  CHECK(data.content == unhex("22 0b 08 02 11 00 00 00 00 00 00 f8 3f"));
}

TEST_CASE("an experiment is an Experiment, to the byte") {
  summary::experiment const experiment{
      .hparams = {{.name = "rate", .domain = summary::hparam_interval{0.5, 1.5}},
                  {.name = "opt",
                   .domain = std::vector<summary::hparam_value>{"adam", 1.5},
                   .display_name = "O"}},
      .metrics = {{.tag = "loss",
                   .group = "val",
                   .display_name = "L",
                   .dataset = summary::metric_dataset::validation}},
      .description = "d"};
  auto const data = written(
      [&](auto& to) { return summary::hparams_config(to, experiment, {.wall_time = 1.5}); });
  CHECK(data.tag == "_hparams_/experiment");
  CHECK(data.wall_time == 1.5);
  CHECK(data.content == unhex("12 5f 0a 01 64 19 00 00 00 00 00 00 f8 3f "
                              "22 1c 0a 04 72 61 74 65 20 03 32 12 09 00 00 00 00 00 00 e0 3f "
                              "11 00 00 00 00 00 00 f8 3f 22 1f 0a 03 6f 70 74 12 01 4f 20 01 "
                              "2a 13 0a 06 1a 04 61 64 61 6d 0a 09 11 00 00 00 00 00 00 f8 3f "
                              "2a 12 0a 0b 0a 03 76 61 6c 12 04 6c 6f 73 73 1a 01 4c 28 02"));
}

TEST_CASE("what the values of a domain are") {
  using list = std::vector<summary::hparam_value>;
  CHECK(detail::hparam_type(list{}) == 0);
  CHECK(detail::hparam_type(list{"a", "b"}) == 1);
  CHECK(detail::hparam_type(list{true, false}) == 2);
  CHECK(detail::hparam_type(list{1, 2.5}) == 3);
  CHECK(detail::hparam_type(list{1, "a"}) == 1);
}

TEST_CASE("hyperparameters that are not finite are nothing") {
  CHECK(is_nothing(std::nan("")));
  CHECK(is_nothing(std::numeric_limits<float>::infinity()));
  CHECK(is_nothing(nullptr));
  CHECK(std::get<double>(summary::hparam_value(7).get()) == 7.0);
  CHECK(std::get<bool>(summary::hparam_value(true).get()));
  CHECK(std::get<std::string>(summary::hparam_value("true").get()) == "true");
}

TEST_CASE("the same hyperparameters are a group") {
  CHECK(group_of({{"a", 1}, {"b", "x"}}) == group_of({{"b", "x"}, {"a", 1.0}}));
  CHECK(group_of({{"a", 1}}).size() == 16);
  CHECK(group_of({{"a", 1}}) != group_of({{"a", 2}}));
  CHECK(group_of({{"a", 1}}) != group_of({{"a", "1"}}));
  CHECK(group_of({{"a", true}}) != group_of({{"a", 1}}));
}

TEST_CASE("the fields of a record are hyperparameters") {
  Config const config;
  auto const all = summary::hparams_of(config);
  std::vector<std::string> names;
  for (auto const& each : all) names.push_back(each.first);
  CHECK(names == std::vector<std::string>{"batch", "budget", "dropout", "layers", "model", "more/x",
                                          "optimizer/kind", "optimizer/lr", "seed"});
  CHECK(std::get<double>(all.at("batch").get()) == 64.0);
  CHECK(std::get<double>(all.at("budget").get()) == 60.0);
  CHECK(std::get<bool>(all.at("dropout").get()));
  CHECK(std::get<std::string>(all.at("layers").get()) == "[32, 10]");
  CHECK(std::get<std::string>(all.at("optimizer/kind").get()) == "adam");
  CHECK(is_nothing(all.at("seed")));
  auto const content = written([&](auto& to) { return summary::hparams(to, config); }).content;
  CHECK(find_field(find_field(content, 3).bytes, 4).bytes == group_of(all));
}

TEST_CASE("hyperparameters go to the default writer") {
  temporary_directory const directory;
  CHECK_FALSE(summary::hparams({{"a", 1}}));
  CHECK_FALSE(summary::hparams_end());
  CHECK_FALSE(summary::hparams_config({}));
  auto const writer = summary::create_file_writer(directory.path());
  auto const scope = writer.as_default();
  CHECK(summary::hparams(Config{}));
  CHECK(summary::hparams_end());
  CHECK(summary::hparams_config({}));
  CHECK(events_in(directory.path()).size() == 3);
}
