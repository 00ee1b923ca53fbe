// SPDX-License-Identifier: Apache-2.0
// Names of network layers for reports, from the layers.json beside a trace. The n-th layer of an engine, in
// the order of enabling, is activation n of that unit.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "engine/events.h"

namespace nvdla::validation {

class LayerNames {
 public:
  // No names.
  LayerNames() = default;
  // Throws host::InputError, "file:line:column" or "file: layer n: what".
  explicit LayerNames(const std::string& path);

  // Empty if unknown.
  [[nodiscard]] std::string of(Engine unit, std::uint32_t sequence) const;

 private:
  std::map<std::pair<Engine, std::uint32_t>, std::string> names_;
};

}  // namespace nvdla::validation
