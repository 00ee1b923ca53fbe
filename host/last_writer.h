// SPDX-License-Identifier: Apache-2.0
// Which operation wrote an address last: for errors about contents of memory.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/events.h"

namespace nvdla::host {

class LastWriter final : public engine::Listener {
 public:
  void on_output(OperationId id, const OutputTensor& output) override { outputs_.emplace_back(id, output); }

  // "SDP 3"; nothing if no operation that is done wrote there.
  [[nodiscard]] std::optional<std::string> of(std::uint64_t address) const;

 private:
  std::vector<std::pair<OperationId, OutputTensor>> outputs_;
};

}  // namespace nvdla::host
