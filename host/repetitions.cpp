// SPDX-License-Identifier: Apache-2.0
#include "host/repetitions.h"

#include "registers/register_map.h"

namespace nvdla::host {

std::vector<std::string> pointers_at_group_1(const engine::Accelerator& accelerator) {
  const auto& map = registers::RegisterMap::of(accelerator.hardware().generation);
  std::vector<std::string> pointers;
  for (std::size_t i = 0; i < map.size(); ++i) {
    std::uint32_t value = 0;
    if (map[i].name != "S_POINTER" ||
        accelerator.peek(map[i].offset, value) != registers::AccessStatus::kOk) {
      continue;
    }
    for (const char* const name : {"PRODUCER", "CONSUMER"}) {
      const registers::FieldInfo* const field = map[i].find(name);
      if (field != nullptr && field->extract(value) == 1)
        pointers.push_back(std::string(unit_name(map[i].unit)) + "." + name);
    }
  }
  return pointers;
}

}  // namespace nvdla::host
