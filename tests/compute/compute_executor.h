// SPDX-License-Identifier: Apache-2.0
// Executes the post-processors' steps of a golden case with the functions under test.
#pragma once

#include <optional>

#include "compute/cdp.h"
#include "compute/movers.h"
#include "compute/pdp.h"
#include "compute/sdp.h"
#include "compute/sdp_stage.h"
#include "golden_case.h"
#include "registers/decoder.h"

namespace nvdla::test {

class PostExecutor : public StepExecutor {
 public:
  explicit PostExecutor(const HardwareParameters& hardware) : hardware_(hardware) {}

  void execute(const FunctionalStep& step, registers::RegisterFile& file, GoldenMemory& memory) override {
    if (!step.bdma.empty()) compute::compute_bdma(step.bdma, memory, memory);
    if (step.rubik) compute::compute_rubik(*step.rubik, hardware_, memory, memory);
    if (step.cdp) {
      cdp = compute::compute_cdp(*step.cdp, registers::decode_cdp_lut(file, hardware_), hardware_, memory,
                                 memory);
    }
    compute::SdpResult sdp_result;
    if (step.sdp) {
      std::optional<compute::Accumulators> accumulators;
      if (step.convolution) accumulators = convolve(*step.convolution, memory);
      sdp_result = compute::compute_sdp(*step.sdp, registers::decode_sdp_lut(file, hardware_), hardware_,
                                        accumulators ? &*accumulators : nullptr, memory, memory);
      sdp = sdp_result.counters;
      if (compute::sdp_compares(*step.sdp)) {
        file.set_value(Unit::kSdp, "D_STATUS", file.consumer(Unit::kSdp), sdp.unequal ? 1 : 0);
      }
    }
    if (step.pdp) {
      pdp =
          compute::compute_pdp(*step.pdp, hardware_, step.sdp ? &sdp_result.to_pdp : nullptr, memory, memory);
    }
  }

  // What the last operation of each unit counted.
  compute::SdpCounters sdp;
  compute::PdpCounters pdp;
  compute::CdpCounters cdp;

 protected:
  virtual compute::Accumulators convolve(const ConvolutionOperation&, GoldenMemory&) {
    throw std::runtime_error("this test executes no convolutions");
  }

  const HardwareParameters& hardware_;
};

}  // namespace nvdla::test
