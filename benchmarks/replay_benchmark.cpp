// SPDX-License-Identifier: Apache-2.0
// Process time of whole replays. Bounds on a machine without other load: LeNet 50 ms, AlexNet 500 ms on
// nv_full and 5 s on nv_small, which takes one beat a burst; a compiled LeNet with its values, from file to
// answer, 100 ms. A slower mean is reported as an error. NVDLA_LENET names another compiled network for
// nv_full, such as NN_L0_0 of nvdla/sw's regression. Instructions, which no load changes, are counted by
// benchmarks/instructions.sh.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <ctime>
#include <string>
#include <systemc>

#include "host/network/network_runner.h"
#include "host/runner.h"
#include "platform/dma_replay.h"

namespace {

using nvdla::amaix::Level;

void replay(benchmark::State& state, const char* trace, const char* configuration, Level level,
            double bound_seconds) {
  const nvdla::host::Program program(NVDLA_SOURCE_DIR "/firmware_traces/" + std::string(trace) +
                                     "/input.txn.gz");
  nvdla::host::ReplayOptions options;
  options.hardware = nvdla::preset(configuration);
  options.dbb.bytes_per_cycle = options.hardware.dbb_width_bytes;
  options.level = level;
  std::uint64_t bursts = 0;
  const std::clock_t begin = std::clock();
  for (auto _ : state) bursts += nvdla::host::run(program, options).bursts;
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  state.counters["bursts"] = benchmark::Counter(static_cast<double>(bursts), benchmark::Counter::kIsRate);
  if (seconds / static_cast<double>(state.iterations()) > bound_seconds)
    state.SkipWithError("slower than its bound");
}

void replay_dma(benchmark::State& state, const char* recording) {
  nvdla::host::DmaReplayOptions options;
  options.trace = NVDLA_SOURCE_DIR "/validation/recordings/" + std::string(recording) + ".dma_trace.csv.gz";
  options.hardware = nvdla::preset("nv_full");
  std::uint64_t bursts = 0;
  for (auto _ : state) bursts += nvdla::platform::replay_dma(options).total.bursts;
  state.counters["bursts"] = benchmark::Counter(static_cast<double>(bursts), benchmark::Counter::kIsRate);
}

void run_network(benchmark::State& state, const std::string& file, const char* configuration) {
  constexpr double kBound = 0.100;
  nvdla::host::ReplayOptions options;
  options.hardware = nvdla::preset(configuration);
  options.dbb.bytes_per_cycle = options.hardware.dbb_width_bytes;
  options.tensors = true;
  const std::clock_t begin = std::clock();
  for (auto _ : state)
    benchmark::DoNotOptimize(nvdla::host::run_network(nvdla::host::read_loadable(file), options));
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  if (seconds / static_cast<double>(state.iterations()) > kBound)
    state.SkipWithError("slower than its bound");
}

std::string compiled_lenet(const char* configuration) {
  return NVDLA_SOURCE_DIR "/examples/lenet/lenet_" + std::string(configuration) + ".nvdla";
}

void run_named_network(benchmark::State& state) {
  const char* const file = std::getenv("NVDLA_LENET");
  run_network(state, file != nullptr ? file : compiled_lenet("nv_full"), "nv_full");
}

constexpr double kLenet = 0.050;
constexpr double kAlexnet = 0.500;
constexpr double kAlexnetSmall = 5.0;

BENCHMARK_CAPTURE(replay, lenet_nv_full_fp16, "lenet_nv_full_fp16", "nv_full", Level::kDynamic, kLenet)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(replay, lenet_nv_small_int8, "lenet_nv_small_int8", "nv_small", Level::kDynamic, kLenet)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(replay, alexnet_nv_full_int8, "alexnet_nv_full_int8", "nv_full", Level::kDynamic, kAlexnet)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(replay, alexnet_img_nv_full_fp16, "alexnet_img_nv_full_fp16", "nv_full", Level::kDynamic,
                  kAlexnet)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(replay, alexnet_img_nv_small_int8, "alexnet_img_nv_small_int8", "nv_small", Level::kDynamic,
                  kAlexnetSmall)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(replay, alexnet_refined, "alexnet_nv_full_int8", "nv_full", Level::kRefined, kAlexnet)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run_network, lenet_nv_full, compiled_lenet("nv_full"), "nv_full")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run_network, lenet_nv_small, compiled_lenet("nv_small"), "nv_small")
    ->Unit(benchmark::kMillisecond);
BENCHMARK(run_named_network)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(replay_dma, lenet, "lenet_nv_full_fp16__L50_B64")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(replay_dma, alexnet, "alexnet_img_nv_full_int8__L50_B64")->Unit(benchmark::kMillisecond);

}  // namespace

// SystemC's library asks for it; this program has a main() of its own.
int sc_main(int /*argc*/, char* /*argv*/[]) { return 0; }

BENCHMARK_MAIN();
