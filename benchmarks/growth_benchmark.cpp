// SPDX-License-Identifier: Apache-2.0
// How the time of a replay grows: with the network (bursts and operations), with the memory's latency and
// bandwidth, and with the number of open accesses. Time should follow the bursts, whatever the memory: a
// burst that costs more than kBoundSeconds of process time is reported as an error.
#include <benchmark/benchmark.h>

#include <ctime>
#include <string>

#include "host/runner.h"

namespace {

constexpr double kRunSeconds = 5e-3;
constexpr double kBurstSeconds = 4e-6;

void replay(benchmark::State& state, const std::string& trace, const std::string& configuration,
            const nvdla::memory::MemoryDescription& memory) {
  const nvdla::host::Program program(NVDLA_SOURCE_DIR "/firmware_traces/" + trace + "/input.txn.gz");
  nvdla::host::ReplayOptions options;
  options.hardware = nvdla::preset(configuration);
  static_cast<nvdla::memory::MemoryDescription&>(options.dbb) = memory;
  std::uint64_t bursts = 0, cycles = 0;
  const std::clock_t begin = std::clock();
  for (auto _ : state) {
    const nvdla::host::ReplayResult result = nvdla::host::run(program, options);
    bursts += result.bursts;
    cycles += static_cast<std::uint64_t>(result.total_cycles);
  }
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  state.counters["bursts"] = benchmark::Counter(static_cast<double>(bursts), benchmark::Counter::kIsRate);
  state.counters["cycles"] = benchmark::Counter(static_cast<double>(cycles), benchmark::Counter::kIsRate);
  const double bound =
      kRunSeconds * static_cast<double>(state.iterations()) + kBurstSeconds * static_cast<double>(bursts);
  if (seconds > bound) state.SkipWithError("slower than its bound");
}

// The largest fully connected layer of the small traces: a stream of weights.
constexpr const char* kWeights = "u_fc_1024_1000_nv_small_int8";

void latency(benchmark::State& state) {
  replay(state, kWeights, "nv_small", {static_cast<std::uint32_t>(state.range(0)), 8, 256});
}
void bandwidth(benchmark::State& state) {
  replay(state, kWeights, "nv_small", {50, static_cast<double>(state.range(0)), 256});
}
void outstanding(benchmark::State& state) {
  replay(state, kWeights, "nv_small", {50, 8, static_cast<std::uint32_t>(state.range(0))});
}
void network(benchmark::State& state, const char* trace) { replay(state, trace, "nv_full", {50, 64, 256}); }

BENCHMARK(latency)->Arg(0)->Arg(20)->Arg(50)->Arg(128)->Arg(300)->Unit(benchmark::kMillisecond);
BENCHMARK(bandwidth)->Arg(1)->Arg(4)->Arg(8)->Arg(64)->Unit(benchmark::kMillisecond);
BENCHMARK(outstanding)->Arg(1)->Arg(16)->Arg(64)->Arg(256)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(network, fc_256_64, "u_fc_256_64_nv_full_int8")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(network, conv_64x56x56, "u_conv06_c64_56x56_k64_r1_s1_nv_full_int8")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(network, fc_1024_1000, "u_fc_1024_1000_nv_full_int8")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(network, lenet, "lenet_nv_full_int8")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(network, alexnet, "alexnet_nv_full_int8")->Unit(benchmark::kMillisecond);

}  // namespace
