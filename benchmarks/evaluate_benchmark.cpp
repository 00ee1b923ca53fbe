// SPDX-License-Identifier: Apache-2.0
// Points of an exploration: AlexNet at level refined, one memory after the other, on designs that follow each
// other. Bound: 1 ms of process time a point; a slower mean is reported as an error.
#include <benchmark/benchmark.h>

#include <ctime>
#include <string>

#include "analysis/exploration.h"

namespace {

using namespace nvdla::analysis;

constexpr double kBoundSeconds = 0.001;

void points(benchmark::State& state, const char* trace, const char* configuration) {
  const nvdla::HardwareParameters& hardware = nvdla::preset(configuration);
  ExplorationSpec spec;
  spec.networks.emplace_back(NVDLA_SOURCE_DIR "/firmware_traces/" + std::string(trace) + "/input.txn.gz",
                             hardware);
  spec.hardware = hardware;
  spec.memory.dbb.bytes_per_cycle = hardware.dbb_width_bytes;
  Axis latency{"dbb.latency", {}};
  for (int i = 0; i < 25; ++i) latency.values.push_back(10 + 10 * i);
  const double k = hardware.atomic_k_int8;
  spec.space = Space({{"atomic_k_int8", {k / 2, k}},
                      {"pdp_throughput", {1, 2, 4, 8}},
                      {"dbb.bandwidth", {2, 4, 6, 8}},
                      latency},
                     Sampling::kGrid, 0, 1);
  std::vector<std::uint64_t> numbers;
  for (std::uint64_t i = 0; i < spec.space.size(); ++i) numbers.push_back(i);
  std::size_t evaluated = 0;
  const std::clock_t begin = std::clock();
  for (auto _ : state)
    explore(spec, numbers, 1, [&](const std::vector<ExplorationPoint>& some) { evaluated += some.size(); });
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  state.counters["points"] = benchmark::Counter(static_cast<double>(evaluated), benchmark::Counter::kIsRate);
  if (seconds / static_cast<double>(evaluated) > kBoundSeconds) state.SkipWithError("slower than its bound");
}

BENCHMARK_CAPTURE(points, alexnet_nv_full_int8, "alexnet_nv_full_int8", "nv_full")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(points, alexnet_nv_small_int8, "alexnet_nv_small_int8", "nv_small")
    ->Unit(benchmark::kMillisecond);

}  // namespace
