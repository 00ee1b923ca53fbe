// SPDX-License-Identifier: Apache-2.0
// Process time that values take: whole replays with and without them, on memory of known contents, and the
// inner loops of a convolution for each instruction set. Bounds of the difference, on one core of a machine
// without other load: LeNet 20 ms, AlexNet 0.3 s in int8 and 3 s in fp16; more is reported as an error.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <ctime>
#include <string>

#include "compute/convolution.h"
#include "host/runner.h"

namespace {

double process_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

// Shows the least of all iterations, in milliseconds.
void values(benchmark::State& state, const char* trace, double bound_seconds) {
  const std::string name = trace;
  const bool fp16 = name.find("fp16") != std::string::npos;
  const nvdla::host::Program program(NVDLA_SOURCE_DIR "/firmware_traces/" + name + "/input.txn.gz");
  nvdla::host::ReplayOptions options;
  options.hardware = nvdla::preset(name.find("nv_small") != std::string::npos ? "nv_small" : "nv_full");
  options.dbb.bytes_per_cycle = options.hardware.dbb_width_bytes;
  options.pattern = {fp16 ? nvdla::memory::Pattern::Kind::kFp16 : nvdla::memory::Pattern::Kind::kBytes, 1};
  options.stop_on_mismatch = false;
  double least[2] = {1e9, 1e9};
  for (auto _ : state) {
    for (const bool tensors : {false, true}) {
      options.tensors = tensors;
      const double begin = process_seconds();
      benchmark::DoNotOptimize(nvdla::host::run(program, options).bursts);
      double& best = least[tensors ? 1 : 0];
      best = std::min(best, process_seconds() - begin);
    }
  }
  const double more = least[1] - least[0];
  state.counters["without_ms"] = 1e3 * least[0];
  state.counters["with_ms"] = 1e3 * least[1];
  state.counters["more_ms"] = 1e3 * more;
  state.counters["bound_ms"] = 1e3 * bound_seconds;
  if (more > bound_seconds) state.SkipWithError("values take longer than their bound");
}

constexpr double kLenet = 0.020, kAlexnetInt8 = 0.3, kAlexnetFp16 = 3.0;

BENCHMARK_CAPTURE(values, lenet_nv_full_int8, "lenet_nv_full_int8", kLenet)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(values, lenet_nv_full_fp16, "lenet_nv_full_fp16", kLenet)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(values, lenet_nv_small_int8, "lenet_nv_small_int8", kLenet)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(values, alexnet_nv_full_int8, "alexnet_nv_full_int8", kAlexnetInt8)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(values, alexnet_nv_full_fp16, "alexnet_nv_full_fp16", kAlexnetFp16)
    ->Unit(benchmark::kMillisecond);

// 32 kernels of 3x3x256 on 13x13 outputs, as in AlexNet's third layer.
void convolution(benchmark::State& state, nvdla::Precision precision,
                 const nvdla::compute::Kernels* kernels) {
  using namespace nvdla;
  ConvolutionSequence sequence;
  sequence.input_precision = sequence.processing_precision = precision;
  sequence.input = {15, 15, 256};
  sequence.output = {13, 13, 32};
  sequence.kernel_width = sequence.kernel_height = 3;
  sequence.kernel_channels = 256;
  sequence.kernels = 32;
  const std::size_t size = bytes_per_element(precision);
  compute::InputCube input;
  input.precision = precision;
  input.lines = input.width = 15;
  input.channels = 256;
  input.elements.resize(std::size_t{15} * 15 * 256);
  compute::WeightSet weights;
  weights.precision = precision;
  weights.bytes.resize(std::size_t{32} * 9 * 256 * size);
  const memory::Pattern pattern = {
      precision == Precision::kFp16 ? memory::Pattern::Kind::kFp16 : memory::Pattern::Kind::kBytes, 1};
  pattern.fill(0, weights.bytes.data(), weights.bytes.size());
  std::vector<unsigned char> bytes(input.elements.size() * size);
  pattern.fill(1U << 30U, bytes.data(), bytes.size());
  for (std::size_t i = 0; i < input.elements.size(); ++i) {
    input.elements[i] = size == 1 ? static_cast<std::int8_t>(bytes[i])
                                  : static_cast<std::int16_t>(bytes[2 * i] | bytes[2 * i + 1] << 8U);
  }
  compute::ConvolveOptions options;
  options.kernels = kernels;
  const HardwareParameters& hardware = preset("nv_full");
  for (auto _ : state)
    benchmark::DoNotOptimize(
        compute::convolve(sequence, {}, input, weights, hardware, options).values.data());
  state.counters["MAC/s"] = benchmark::Counter(
      static_cast<double>(state.iterations()) * 13 * 13 * 32 * 9 * 256, benchmark::Counter::kIsRate);
}

const bool kRegistered = [] {
  for (const nvdla::compute::Kernels* kernels : nvdla::compute::available_kernels()) {
    for (const nvdla::Precision precision :
         {nvdla::Precision::kInt8, nvdla::Precision::kInt16, nvdla::Precision::kFp16}) {
      const char* const name = precision == nvdla::Precision::kInt8
                                   ? "int8"
                                   : (precision == nvdla::Precision::kInt16 ? "int16" : "fp16");
      benchmark::RegisterBenchmark(("convolution/" + std::string(name) + "/" + kernels->name).c_str(),
                                   [=](benchmark::State& state) { convolution(state, precision, kernels); })
          ->Unit(benchmark::kMillisecond);
    }
  }
  return true;
}();

}  // namespace
