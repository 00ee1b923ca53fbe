// SPDX-License-Identifier: Apache-2.0
#include "host/reset_state.h"

#include "registers/register_map.h"

namespace nvdla::host {

bool begins_at_reset(const Program& program, Generation generation) {
  const std::uint32_t flush =
      registers::RegisterMap::of(generation).offset(Unit::kCdma, "S_CBUF_FLUSH_STATUS");
  for (const Program::Command& command : program.commands()) {
    if (command.offset != flush) continue;
    if (command.kind == CommandKind::kUntil) return false;
    if (command.kind != CommandKind::kReadReg && command.kind != CommandKind::kReadCheck) continue;
    return (command.mask & 1U) != 0 && (command.value & 1U) == 0;
  }
  return false;
}

}  // namespace nvdla::host
