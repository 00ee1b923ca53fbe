// SPDX-License-Identifier: Apache-2.0
// What tests of the convolution pipeline's parts share: a layer as the driver would program it, and the
// recordings' memory with more bandwidth than the bus.
#pragma once

#include "amaix/convolution_plan.h"
#include "hardware/parameters.h"
#include "hardware/types.h"
#include "operation/convolution.h"
#include "tests/engine/bench_memory.h"

namespace nvdla::engine::convolution_test {

// A memory that answers after `latency`, a beat a cycle each way: bandwidth is no limit.
class FixedMemory : public BenchMemory {
 public:
  FixedMemory(Scheduler& scheduler, MemoryInterface& interface, const HardwareParameters& hardware,
              Cycle latency)
      : BenchMemory(scheduler, interface, hardware.dbb_width_bytes,
                    {latency, 2.0 * hardware.dbb_width_bytes}) {}
};

// A dense int8 convolution without padding, stride 1.
inline ConvolutionOperation layer(const HardwareParameters& hardware, std::uint32_t width,
                                  std::uint32_t height, std::uint32_t channels, std::uint32_t kernels,
                                  std::uint32_t kernel_size) {
  const std::uint32_t atom = hardware.memory_atom_bytes;
  ConvolutionOperation op;
  ConvolutionFetch& fetch = op.fetch;
  fetch.input = fetch.input_ext = {width, height, channels};
  fetch.data.address = 0x80000000;
  fetch.data.line_stride = width * atom;
  fetch.data.surface_stride = fetch.data.line_stride * height;
  fetch.batch_stride = fetch.data.surface_stride * ((channels + atom - 1) / atom);
  const std::uint32_t entry = amaix::cbuf_shape(hardware).entry_bytes;
  fetch.entries_per_slice = (width * ((channels + atom - 1) / atom) * atom + entry - 1) / entry;
  fetch.kernels = kernels;
  fetch.bytes_per_kernel = kernel_size * kernel_size * channels;
  fetch.weight_address = 0x90000000;
  fetch.weight_bytes = (std::uint64_t{fetch.bytes_per_kernel} * kernels + 127) / 128 * 128;
  fetch.data_banks = 8;
  fetch.weight_banks = 8;
  ConvolutionSequence& sequence = op.sequence;
  sequence.input = fetch.input;
  sequence.entries_per_slice = fetch.entries_per_slice;
  sequence.kernel_width = sequence.kernel_height = kernel_size;
  sequence.kernel_channels = channels;
  sequence.kernels = kernels;
  sequence.weight_bytes = fetch.weight_bytes;
  sequence.output = {width - kernel_size + 1, height - kernel_size + 1, kernels};
  sequence.atomics = sequence.output.width * sequence.output.height;
  sequence.release_slices = height;
  sequence.data_banks = fetch.data_banks;
  sequence.weight_banks = fetch.weight_banks;
  op.accumulate.output = sequence.output;
  return op;
}

}  // namespace nvdla::engine::convolution_test
