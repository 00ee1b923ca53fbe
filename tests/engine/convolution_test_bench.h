// SPDX-License-Identifier: Apache-2.0
// What tests of the convolution pipeline's parts share: a layer as the driver would program it, and a memory
// of fixed latency that returns a beat a cycle in order.
#pragma once

#include <algorithm>
#include <deque>
#include <vector>

#include "amaix/convolution_plan.h"
#include "engine/memory_interface.h"
#include "engine/scheduler.h"
#include "hardware/parameters.h"
#include "hardware/types.h"
#include "operation/convolution.h"

namespace nvdla::engine::convolution_test {

class FixedMemory : public Process, public BusPort {
 public:
  FixedMemory(Scheduler& scheduler, MemoryInterface& interface, Cycle latency)
      : Process(scheduler), interface_(interface), latency_(latency) {
    interface.bind(*this);
    interface.reset();
  }
  void issue(const Burst& burst) override {
    bursts.push_back(burst);
    last_beat_ = std::max(burst.issued + latency_, last_beat_ + 1) + burst.beats - 1;
    open_.push_back({last_beat_, burst.id});
    wake(open_.front().at);
  }
  [[nodiscard]] std::vector<Burst> of(Client client) const {
    std::vector<Burst> result;
    for (const Burst& burst : bursts) {
      if (burst.client == client) result.push_back(burst);
    }
    return result;
  }
  [[nodiscard]] Cycle last_beat() const { return last_beat_; }
  std::vector<Burst> bursts;

 protected:
  void run(Cycle now) override {
    while (!open_.empty() && open_.front().at <= now) {
      const std::uint64_t id = open_.front().id;
      open_.pop_front();
      interface_.complete(id, now);
    }
    if (!open_.empty()) wake(open_.front().at);
  }

 private:
  struct Open {
    Cycle at;
    std::uint64_t id;
  };
  MemoryInterface& interface_;
  Cycle latency_;
  Cycle last_beat_ = -1;
  std::deque<Open> open_;
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
