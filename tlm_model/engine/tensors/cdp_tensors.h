// SPDX-License-Identifier: Apache-2.0
// CDP, the atoms of one write at a time: it walks a strip of columns over all surfaces, so that the surface
// behind a write's own, which its windows see, has only just come.
#pragma once

#include <vector>

#include "compute/cdp.h"
#include "engine/tensors/line_search.h"
#include "engine/tensors/operation_tensors.h"
#include "operation/cdp.h"
#include "operation/lut.h"

namespace nvdla::engine {

class CdpTensors final : public OperationTensors {
 public:
  CdpTensors(OperationImage& image, const CdpOperation& operation, const CdpLut& lut,
             const HardwareParameters& hardware);

  void produce(MemorySpace space, std::uint64_t address, std::uint32_t bytes) override;
  void finish() override;
  [[nodiscard]] std::vector<OutputTensor> outputs() const override;

 private:
  // Of one surface and line, those of [first, end) that are not done.
  void compute(std::uint32_t surface, std::uint32_t line, std::uint32_t first, std::uint32_t end);
  bool part(const compute::CdpPart& part);

  const CdpOperation operation_;
  const HardwareParameters& hardware_;
  const std::uint32_t surfaces_;
  compute::CdpComputation cdp_;
  LineSearch search_;
  std::vector<bool> done_;  // [line][surface][column]
};

}  // namespace nvdla::engine
