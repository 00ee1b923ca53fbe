// SPDX-License-Identifier: Apache-2.0
#include "host/map_fit.h"

#include <unordered_set>

#include "registers/register_map.h"

namespace nvdla::host {
namespace {

using registers::RegisterInfo;
using registers::RegisterMap;

constexpr std::size_t kClearly = 4;

bool changed_by_hardware(const RegisterInfo& info) {
  for (const char* name : {"S_STATUS", "S_POINTER", "S_INTR_STATUS", "S_CBUF_FLUSH_STATUS", "D_OP_ENABLE",
                           "S_LUT_ACCESS_DATA", "STATUS"})
    if (info.name == name) return true;
  return info.write_mask == 0 && info.grouped();
}

}  // namespace

std::size_t conflicts(const Program& program, Generation generation) {
  const RegisterMap& map = RegisterMap::of(generation);
  std::unordered_set<std::uint32_t> written;
  std::size_t found = 0;
  for (const Program::Command& command : program.commands()) {
    const bool write = command.kind == CommandKind::kWriteReg;
    const bool read = command.kind == CommandKind::kReadReg || command.kind == CommandKind::kReadCheck;
    if (!write && !read && command.kind != CommandKind::kUntil) continue;
    const std::size_t index = map.at(command.offset);
    if (index == RegisterMap::kNone) {
      ++found;
      continue;
    }
    const RegisterInfo& info = map[index];
    // No sign: all ones, to clear or mask whatever there is, and negative numbers.
    const std::uint32_t lost = command.value & ~info.write_mask;
    if (write && info.write_mask != 0 && lost != 0 && lost != ~info.write_mask) ++found;
    if (read && !changed_by_hardware(info) && written.count(command.offset) == 0 &&
        ((command.value ^ info.reset) & command.mask & info.read_mask) != 0)
      ++found;
    if (write) written.insert(command.offset);
  }
  return found;
}

std::optional<Generation> recognised_map(const Program& program) {
  const std::size_t v1 = conflicts(program, Generation::kV1);
  const std::size_t scalable = conflicts(program, Generation::kScalable);
  if (kClearly * v1 < scalable) return Generation::kV1;
  if (kClearly * scalable < v1) return Generation::kScalable;
  return std::nullopt;
}

}  // namespace nvdla::host
