// SPDX-License-Identifier: Apache-2.0
#include "analysis/network.h"

namespace nvdla::analysis {

Network::Network(const std::string& trace, const HardwareParameters& hardware)
    : Network(host::Program(trace), hardware) {}

Network::Network(const host::Program& program, const HardwareParameters& hardware)
    : program_(std::make_shared<const host::Program>(program)),
      hardware_(hardware),
      known_(std::make_shared<amaix::KnownWork>()) {
  check(hardware_);
  operations_ = std::make_shared<const ReadOperations>(read_operations(*program_, hardware_));
}

std::string Network::name_of(OperationId operation) const {
  const auto found = names_.find(operation);
  if (found != names_.end() && !found->second.empty()) return found->second;
  return std::string(engine_name(operation.engine)) + " " + std::to_string(operation.sequence);
}

}  // namespace nvdla::analysis
