// SPDX-License-Identifier: Apache-2.0
// A CRC-32 (zlib) of what every operation leaves in memory: its lines in order of batch, surface and line,
// whole atoms. Several tensors of one operation (BDMA) follow each other.
#pragma once

#include <cstdint>
#include <map>

#include "engine/events.h"
#include "host/tensor_files.h"

namespace nvdla::host {

class OutputChecksums final : public engine::Listener {
 public:
  explicit OutputChecksums(ReadMemory read) : read_(std::move(read)) {}
  void on_output(OperationId id, const OutputTensor& output) override;
  // By operation; those that leave nothing in memory are missing.
  [[nodiscard]] const std::map<OperationId, std::uint32_t>& values() const { return values_; }

 private:
  ReadMemory read_;
  std::map<OperationId, std::uint32_t> values_;
};

}  // namespace nvdla::host
