// SPDX-License-Identifier: Apache-2.0
// BDMA and Rubik compute nothing: the bytes of a write are looked up among those that have been read.
#pragma once

#include <array>
#include <vector>

#include "compute/movers.h"
#include "engine/tensors/line_search.h"
#include "engine/tensors/operation_tensors.h"
#include "operation/bdma.h"
#include "operation/rubik.h"

namespace nvdla::engine {

class BdmaTensors final : public OperationTensors {
 public:
  BdmaTensors(OperationImage& image, std::vector<BdmaTransfer> transfers);

  void produce(MemorySpace space, std::uint64_t address, std::uint32_t bytes) override;
  void finish() override;
  [[nodiscard]] std::vector<OutputTensor> outputs() const override;

 private:
  const std::vector<BdmaTransfer> transfers_;
  std::vector<LineSearch> searches_;  // one a transfer
  struct Cursor {
    std::size_t next = 0;    // transfer behind the one of the last write
    std::uint64_t left = 0;  // bytes that this one still has to write
  };
  std::array<Cursor, 2> cursors_;  // by memory
};

class RubikTensors final : public OperationTensors {
 public:
  RubikTensors(OperationImage& image, const RubikOperation& operation, const HardwareParameters& hardware);

  void produce(MemorySpace space, std::uint64_t address, std::uint32_t bytes) override;
  void finish() override;
  [[nodiscard]] std::vector<OutputTensor> outputs() const override;

 private:
  const RubikOperation operation_;
  const HardwareParameters& hardware_;
  LineSearch search_;
};

}  // namespace nvdla::engine
