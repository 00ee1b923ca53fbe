// SPDX-License-Identifier: Apache-2.0
// PDP, one line of one surface and pass at a time.
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
  // Lines of a surface up to `line`.
  void compute(std::uint32_t pass, std::uint32_t surface, std::uint32_t line);
  bool part(const compute::PdpPart& part);

  const PdpOperation operation_;
  const HardwareParameters& hardware_;
  SdpTensors* const sdp_;
  const std::vector<compute::PdpPass> passes_;
  const std::uint32_t surfaces_;
  LineSearch search_;
  std::vector<std::uint32_t> lines_;  // [pass][surface]: computed
};

}  // namespace nvdla::engine
