// SPDX-License-Identifier: Apache-2.0
#include "registers/register_rules.h"

namespace nvdla::registers {

namespace {

Behaviour behaviour_of(const RegisterInfo& info) {
  if (info.name == "S_STATUS") return Behaviour::kStatus;
  if (info.name == "S_POINTER") return Behaviour::kPointer;
  if (info.name == "D_OP_ENABLE") return Behaviour::kOpEnable;
  if (info.name == "S_LUT_ACCESS_CFG") return Behaviour::kLutConfiguration;
  if (info.name == "S_LUT_ACCESS_DATA") return Behaviour::kLutData;
  if (info.unit == Unit::kGlb) {
    if (info.name == "S_INTR_MASK") return Behaviour::kInterruptMask;
    if (info.name == "S_INTR_SET") return Behaviour::kInterruptSet;
    if (info.name == "S_INTR_STATUS") return Behaviour::kInterruptStatus;
  }
  if (info.unit == Unit::kBdma) {
    if (info.name == "CFG_OP") return Behaviour::kBdmaOperation;
    if (info.name == "CFG_LAUNCH0") return Behaviour::kBdmaLaunch0;
    if (info.name == "CFG_LAUNCH1") return Behaviour::kBdmaLaunch1;
    if (info.name == "STATUS") return Behaviour::kBdmaStatus;
  }
  return Behaviour::kStorage;
}

// Ports and interrupt line follow a write at once, and so does what a write starts.
bool stores(const RegisterInfo& info) {
  if (info.write_mask == 0 || info.unit == Unit::kMcif || info.unit == Unit::kCvif) return false;
  switch (behaviour_of(info)) {
    case Behaviour::kStorage:
    case Behaviour::kPointer:
    case Behaviour::kLutConfiguration:
    case Behaviour::kLutData:
      return true;
    default:
      return false;
  }
}

}  // namespace

RegisterRules::RegisterRules(const RegisterMap& map) : map_(map) {
  rules_.reserve(map.size());
  for (std::size_t i = 0; i < map.size(); ++i) {
    rules_.push_back(
        {behaviour_of(map[i]), map[i].grouped(), stores(map[i]), map[i].unit, map[i].write_mask});
    reset_values_.push_back(map[i].reset);
    Range& range = ranges_[static_cast<std::size_t>(map[i].unit)][map[i].grouped() ? 1 : 0];
    if (range.end == 0) range.begin = i;
    range.end = i + 1;
  }
}

const RegisterRules& RegisterRules::of(Generation generation) {
  if (generation == Generation::kV1) {
    static const RegisterRules full(RegisterMap::of(Generation::kV1));
    return full;
  }
  static const RegisterRules small(RegisterMap::of(Generation::kScalable));
  return small;
}

}  // namespace nvdla::registers
