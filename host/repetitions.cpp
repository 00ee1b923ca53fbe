// SPDX-License-Identifier: Apache-2.0
#include "host/repetitions.h"

#include "registers/register_map.h"

namespace nvdla::host {

std::vector<std::string> units_at_group_1(const engine::Accelerator& accelerator) {
  const auto& map = registers::RegisterMap::of(accelerator.hardware().generation);
  std::vector<std::string> units;
  for (std::size_t i = 0; i < map.size(); ++i) {
    if (map[i].name != "S_POINTER") continue;
    std::uint32_t value = 0;
    const registers::FieldInfo* const consumer = map[i].find("CONSUMER");
    if (consumer == nullptr || accelerator.peek(map[i].offset, value) != registers::AccessStatus::kOk) {
      continue;
    }
    if (consumer->extract(value) == 1) units.emplace_back(unit_name(map[i].unit));
  }
  return units;
}

}  // namespace nvdla::host
