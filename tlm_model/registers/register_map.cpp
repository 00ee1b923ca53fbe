// SPDX-License-Identifier: Apache-2.0
#include "registers/register_map.h"

#include <algorithm>
#include <stdexcept>

namespace nvdla::registers {

const FieldInfo* RegisterInfo::find(std::string_view field) const {
  const auto* end = fields + field_count;
  const auto* found = std::find_if(fields, end, [&](const FieldInfo& f) { return f.name == field; });
  return found == end ? nullptr : found;
}

std::string RegisterInfo::full_name() const { return std::string(unit_name(unit)) + "." + std::string(name); }

RegisterMap::RegisterMap(const RegisterTable& table) : table_(table) {
  std::uint32_t last = 0;
  for (std::size_t i = 0; i < table.count; ++i) last = std::max(last, table.registers[i].offset);
  by_offset_.assign(last / 4 + 1, 0);
  for (std::size_t i = 0; i < table.count; ++i)
    by_offset_[table.registers[i].offset / 4] = static_cast<std::uint16_t>(i + 1);
}

const RegisterMap& RegisterMap::of(Generation generation) {
  // Each is made when it is asked for: a process seldom needs both.
  if (generation == Generation::kV1) {
    static const RegisterMap full(generated::nv_full());
    return full;
  }
  static const RegisterMap small(generated::nv_small());
  return small;
}

std::size_t RegisterMap::find(Unit unit, std::string_view name) const {
  std::call_once(named_, [this] {
    by_name_.reserve(table_.count);
    for (std::size_t i = 0; i < table_.count; ++i)
      by_name_.emplace(Key{table_.registers[i].unit, table_.registers[i].name}, i);
  });
  const auto found = by_name_.find(Key{unit, name});
  return found == by_name_.end() ? kNone : found->second;
}

std::uint32_t RegisterMap::offset(Unit unit, std::string_view name) const {
  const std::size_t index = find(unit, name);
  if (index == kNone) {
    throw std::out_of_range("register map " + std::string(table_.name) + " has no register " +
                            std::string(unit_name(unit)) + "." + std::string(name));
  }
  return table_.registers[index].offset;
}

}  // namespace nvdla::registers
