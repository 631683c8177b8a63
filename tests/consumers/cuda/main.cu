// SPDX-License-Identifier: MIT
// Records in files that nvcc compiles, beside a kernel; run on the host alone.
#include "records.cuh"

__global__ void halve(float* values, int size) {
  int const i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < size) values[i] /= 2;
}

int main() {
  using namespace trainlog::literals;
  using trainlog::get;

  TrainingLog log{.epoch = 3, .loss = 0.5F};
  log.phase = Phase::eval;
  if (trainlog::repr(log) != "TrainingLog(epoch=3, loss=0.5, phase=Phase.eval)") return 1;
  if (get<"loss">(log) != 0.5F || get<0>(log) != 3) return 2;

  LogEntry const entry{3, 0.5F};
  LogEntry const next = trainlog::replace(entry, "loss"_field = 0.25F);
  auto const [epoch, loss, rate] = next;
  if (epoch != 3 || loss != 0.25F || rate != 0.001) return 3;
  if (!(next < entry) || next == entry) return 4;
  if (trainlog::make<LogEntry>("loss"_field = 0.5F, "epoch"_field = 3) != entry) return 5;
  if (trainlog::field_names<LogEntry>()[1] != std::string("loss")) return 6;

  if (trainlog::at(log, "loss") != 0.5 || trainlog::asdict(log)["epoch"] != 3) return 7;

  return survives_a_file(log) ? 0 : 8;
}
