// SPDX-License-Identifier: Apache-2.0
// What a DMA transaction of NVDLA carries beside the generic payload: for interconnects, memories and
// monitors that care. Sticky: it stays on the pooled payload.
#pragma once

#include <cstdint>
#include <tlm>

#include "device/target_channels.h"
#include "hardware/clients.h"

namespace nvdla::device {

class DmaExtension : public tlm::tlm_extension<DmaExtension> {
 public:
  Client client = Client::kBdma;
  std::uint32_t beats = 0;  // beat i is requested one clock period after beat i - 1
  // A target that knows sets it with the response to a read: clock periods from the first beat to the last.
  // 0: the beats come one a clock period.
  std::uint32_t span = 0;
  // The same: clock periods that the transaction waited because too many were open.
  std::uint32_t held = 0;
  // A target whose channels hold the accelerator back sets it when a request begins; it outlives the
  // simulation's last transaction.
  TargetChannels* channels = nullptr;

  // A target sets it when a request begins: it takes requests ahead of their time (annotated delay), answers
  // reads in the order of those times, without error, and no beat before so many clock periods have passed
  // since its request. The accelerator may then send the reads of a lone stream ahead (engine/read_run.h).
  std::uint32_t run_latency = 0;

  [[nodiscard]] tlm::tlm_extension_base* clone() const override { return new DmaExtension(*this); }
  void copy_from(const tlm::tlm_extension_base& other) override {
    *this = static_cast<const DmaExtension&>(other);
  }
};

}  // namespace nvdla::device
