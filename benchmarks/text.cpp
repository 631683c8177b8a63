// SPDX-License-Identifier: MIT
// Records as CSV and in print, and a record with many fields.
#include <benchmark/benchmark.h>

#include <array>
#include <cinttypes>
#include <cstdio>
#include <string>
#include <vector>

#include "rows.hpp"
#include "trainlog/trainlog.hpp"

namespace {

using row = training_row<double>;

struct wide_row {
  double f00 = 0, f01 = 0, f02 = 0, f03 = 0, f04 = 0, f05 = 0, f06 = 0, f07 = 0;
  double f08 = 0, f09 = 0, f10 = 0, f11 = 0, f12 = 0, f13 = 0, f14 = 0, f15 = 0;
  double f16 = 0, f17 = 0, f18 = 0, f19 = 0, f20 = 0, f21 = 0, f22 = 0, f23 = 0;
  double f24 = 0, f25 = 0, f26 = 0, f27 = 0, f28 = 0, f29 = 0, f30 = 0, f31 = 0;
  double f32 = 0, f33 = 0, f34 = 0, f35 = 0, f36 = 0, f37 = 0, f38 = 0, f39 = 0;
  double f40 = 0, f41 = 0, f42 = 0, f43 = 0, f44 = 0, f45 = 0, f46 = 0, f47 = 0;
  double f48 = 0, f49 = 0, f50 = 0, f51 = 0, f52 = 0, f53 = 0, f54 = 0, f55 = 0;
  double f56 = 0, f57 = 0, f58 = 0, f59 = 0, f60 = 0, f61 = 0, f62 = 0, f63 = 0;
  TRAINLOG_RECORD(wide_row, f00, f01, f02, f03, f04, f05, f06, f07, f08, f09, f10, f11, f12, f13,
                  f14, f15, f16, f17, f18, f19, f20, f21, f22, f23, f24, f25, f26, f27, f28, f29,
                  f30, f31, f32, f33, f34, f35, f36, f37, f38, f39, f40, f41, f42, f43, f44, f45,
                  f46, f47, f48, f49, f50, f51, f52, f53, f54, f55, f56, f57, f58, f59, f60, f61,
                  f62, f63)
};

/// Rows of 64 losses.
std::vector<wide_row> wide_rows() {
  training_run run(64 * pool_size);
  std::vector<wide_row> rows(pool_size);
  for (auto& each : rows) {
    trainlog::for_each_field(each, [&](auto, double& value) { value = (run.next(), run.loss()); });
  }
  return rows;
}

/// Times work(row) for one row of the pool after the other.
template <class Row, class Work>
void each_in_turn(benchmark::State& state, std::vector<Row> const& rows, Work work) {
  std::size_t next = 0;
  for (auto _ : state) {
    auto const result = work(rows[next++ % pool_size]);
    benchmark::DoNotOptimize(result.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}

void count_rows(benchmark::State& state) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(pool_size));
}

void repr(benchmark::State& state) {
  each_in_turn(state, training_rows<row>(pool_size), [](auto& r) { return trainlog::repr(r); });
}
/// Six digits, as most programs print; not what reads back.
void repr_printf(benchmark::State& state) {
  each_in_turn(state, training_rows<row>(pool_size), [](auto& r) {
    std::array<char, 256> text;
    std::snprintf(text.data(), text.size(),
                  "TrainingRow(step=%" PRId64 ", epoch=%" PRId64 ", loss=%g, accuracy=%g, lr=%g)",
                  r.step, r.epoch, r.loss, r.accuracy, r.learning_rate);
    return text;
  });
}
BENCHMARK(repr)->Name("repr/trainlog");
BENCHMARK(repr_printf)->Name("repr/printf");

void csv_write(benchmark::State& state) {
  auto const rows = training_rows<row>(pool_size);
  for (auto _ : state) benchmark::DoNotOptimize(trainlog::to_csv(rows).data());
  count_rows(state);
}
/// All digits, so that numbers read back the same.
void csv_write_printf(benchmark::State& state) {
  auto const rows = training_rows<row>(pool_size);
  for (auto _ : state) {
    std::string out = "step,epoch,loss,accuracy,learning_rate\n";
    char line[256];
    for (auto const& r : rows) {
      auto const size =
          std::snprintf(line, sizeof line, "%" PRId64 ",%" PRId64 ",%.17g,%.17g,%.17g\n", r.step,
                        r.epoch, r.loss, r.accuracy, r.learning_rate);
      out.append(line, static_cast<std::size_t>(size));
    }
    benchmark::DoNotOptimize(out.data());
  }
  count_rows(state);
}
BENCHMARK(csv_write)->Name("csv_write/trainlog");
BENCHMARK(csv_write_printf)->Name("csv_write/printf");

void csv_read(benchmark::State& state) {
  auto const text = trainlog::to_csv(training_rows<row>(pool_size));
  for (auto _ : state) benchmark::DoNotOptimize(trainlog::from_csv<row>(text).data());
  count_rows(state);
}
BENCHMARK(csv_read)->Name("csv_read/trainlog");

void json_write_64_fields(benchmark::State& state) {
  each_in_turn(state, wide_rows(), [](auto& r) { return trainlog::to_json(r); });
}
void json_read_64_fields(benchmark::State& state) {
  auto const text = trainlog::to_json(wide_rows().back());
  for (auto _ : state) {
    auto back = trainlog::from_json<wide_row>(text);
    benchmark::DoNotOptimize(back);
  }
}
void binary_write_64_fields(benchmark::State& state) {
  each_in_turn(state, wide_rows(), [](auto& r) { return trainlog::to_binary(r); });
}
BENCHMARK(json_write_64_fields)->Name("json_write_64_fields/trainlog");
BENCHMARK(json_read_64_fields)->Name("json_read_64_fields/trainlog");
BENCHMARK(binary_write_64_fields)->Name("binary_write_64_fields/trainlog");

}  // namespace
