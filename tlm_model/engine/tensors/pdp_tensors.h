// SPDX-License-Identifier: Apache-2.0
// PDP, one line of one surface and pass at a time, or, while the end of the line's input is still on its way,
// as many columns as a write takes.
#pragma once

#include <vector>

#include "compute/pdp.h"
#include "engine/tensors/line_search.h"
#include "engine/tensors/sdp_tensors.h"
#include "operation/pdp.h"

namespace nvdla::engine {

class PdpTensors final : public OperationTensors {
 public:
  // `sdp`: the operation before, on the fly; null for one from memory.
  PdpTensors(OperationImage& image, const PdpOperation& operation, const HardwareParameters& hardware,
             SdpTensors* sdp);

  void produce(MemorySpace space, std::uint64_t address, std::uint32_t bytes) override;
  void finish() override;
  [[nodiscard]] std::vector<OutputTensor> outputs() const override;

 private:
  // Columns of a line that are not done, up to `end`.
  void compute(std::uint32_t pass, std::uint32_t surface, std::uint32_t line, std::uint32_t end);
  // True: final.
  bool part(const compute::PdpPart& part);
  [[nodiscard]] const compute::FeatureCube* flying() const;

  const PdpOperation operation_;
  const HardwareParameters& hardware_;
  SdpTensors* const sdp_;
  const std::vector<compute::PdpPass> passes_;
  const std::uint32_t surfaces_;
  LineSearch search_;
  // By [pass][surface][line]: see SdpTensors.
  struct Line {
    std::uint32_t done = 0, retry = 0;
  };
  std::vector<Line> lines_;
  const compute::FeatureCube none_;
};

}  // namespace nvdla::engine
