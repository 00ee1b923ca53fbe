// SPDX-License-Identifier: Apache-2.0
// What an access has to know of each register of a map, found by its index: what it means beside storage,
// whether a group has a copy of its own, which bits software can write, and where a unit's registers stand.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "registers/register_map.h"

namespace nvdla::registers {

// Registers with a meaning of their own; everything else is storage.
enum class Behaviour : std::uint8_t {
  kStorage,
  kStatus,
  kPointer,
  kOpEnable,
  kInterruptMask,
  kInterruptSet,
  kInterruptStatus,
  kLutConfiguration,
  kLutData,
  kBdmaOperation,
  kBdmaLaunch0,
  kBdmaLaunch1,
  kBdmaStatus
};

struct RegisterRule {
  Behaviour behaviour;
  bool grouped;
  bool stores;  // a write does nothing that anybody must hear of at once
  Unit unit;
  std::uint32_t write_mask;
};

class RegisterRules {
 public:
  // Made once for each map; safe to use from many threads at once.
  [[nodiscard]] static const RegisterRules& of(Generation generation);

  [[nodiscard]] const RegisterRule& operator[](std::size_t index) const { return rules_[index]; }

  // The index of the register that this write only stores to, all of its value; RegisterMap::kNone: it does
  // more, or needs an answer. Whether a group takes it is another matter.
  [[nodiscard]] std::size_t storing(std::uint32_t offset, std::uint32_t value) const {
    const std::size_t index = map_.at(offset);
    if (offset % 4 != 0 || index == RegisterMap::kNone) return RegisterMap::kNone;
    const RegisterRule& rule = rules_[index];
    return rule.stores && (value & ~rule.write_mask) == 0 ? index : RegisterMap::kNone;
  }

  // Of each register.
  [[nodiscard]] const std::vector<std::uint32_t>& reset_values() const { return reset_values_; }

  struct Range {
    std::size_t begin = 0, end = 0;
  };
  // Of a unit's registers: those outside of groups, and those in them.
  [[nodiscard]] const std::array<Range, 2>& ranges(Unit unit) const {
    return ranges_[static_cast<std::size_t>(unit)];
  }

 private:
  explicit RegisterRules(const RegisterMap& map);

  const RegisterMap& map_;
  std::vector<RegisterRule> rules_;
  std::vector<std::uint32_t> reset_values_;
  std::array<std::array<Range, 2>, kUnits> ranges_;
};

}  // namespace nvdla::registers
