// SPDX-License-Identifier: Apache-2.0
// SDP, lines of one group of lanes at a time. A narrow bus writes a line atom by atom while the rest of it is
// still on its way: then as many columns as a write takes.
#pragma once

#include <functional>
#include <vector>

#include "compute/sdp.h"
#include "engine/tensors/convolution_tensors.h"
#include "engine/tensors/line_search.h"
#include "operation/lut.h"
#include "operation/sdp.h"

namespace nvdla::engine {

class SdpTensors final : public OperationTensors {
 public:
  // `convolution`: the one before, null for an operation from memory.
  SdpTensors(OperationImage& image, const SdpOperation& operation, const SdpLut& lut,
             const HardwareParameters& hardware, ConvolutionTensors* convolution);

  void produce(MemorySpace space, std::uint64_t address, std::uint32_t bytes) override;
  void finish() override;
  [[nodiscard]] std::vector<OutputTensor> outputs() const override;

  // On the fly to PDP: makes columns [0, columns) of lines [0, lines) of a surface part of cube(). False:
  // their input has not all come.
  bool deliver(std::uint32_t surface, std::uint32_t lines, std::uint32_t columns);
  [[nodiscard]] const compute::FeatureCube& cube() const { return cube_; }

 private:
  // Columns of one line of a group that are not done, up to `end`. True: final.
  bool compute(std::uint32_t group, std::uint32_t line, std::uint32_t end);
  bool part(const compute::SdpPart& part);

  const SdpOperation operation_;
  const SdpLut lut_;
  const HardwareParameters& hardware_;
  ConvolutionTensors* const convolution_;
  const std::uint32_t lanes_, groups_, surfaces_per_group_;
  compute::SdpComputation sdp_;
  LineSearch search_;
  // By [group][line]: columns done from 0 on, and the column from which on the rest of the line is worth
  // a try.
  struct Line {
    std::uint32_t done = 0, retry = 0;
  };
  std::vector<Line> lines_;
  compute::FeatureCube cube_;
};

}  // namespace nvdla::engine
