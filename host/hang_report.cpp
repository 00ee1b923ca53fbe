// SPDX-License-Identifier: Apache-2.0
#include "host/hang_report.h"

#include "host/text.h"

namespace nvdla::host {
namespace {

std::string masked(const registers::RegisterFile& file) {
  const std::uint32_t status = file.value(Unit::kGlb, "S_INTR_STATUS", 0);
  const std::uint32_t hidden = status & file.value(Unit::kGlb, "S_INTR_MASK", 0);
  if (hidden == 0) return "";
  std::string text = "GLB.S_INTR_STATUS has " + hex(hidden) + " set, and GLB.S_INTR_MASK masks it: ";
  const registers::RegisterInfo& info = file.map()[file.map().find(Unit::kGlb, "S_INTR_STATUS")];
  bool first = true;
  for (std::uint16_t i = 0; i < info.field_count; ++i) {
    if (info.fields[i].extract(hidden) == 0) continue;
    text += (first ? "" : ", ") + std::string(info.fields[i].name);
    first = false;
  }
  return text;
}

}  // namespace

std::vector<std::string> hang_report(const engine::Accelerator& accelerator) {
  std::vector<std::string> lines;
  for (const std::string& operation : accelerator.unfinished())
    lines.push_back("still running: " + operation);
  const registers::RegisterFile& file = accelerator.register_file();
  for (auto i = static_cast<std::size_t>(Unit::kBdma); i < kUnits; ++i) {
    const auto unit = static_cast<Unit>(i);
    const std::uint32_t other = 1 - file.consumer(unit);
    if (!file.has_unit(unit) || file.running(unit) || !file.enabled(unit, other) ||
        file.enabled(unit, 1 - other)) {
      continue;
    }
    const std::string enabled = std::to_string(other), taken = std::to_string(1 - other);
    lines.push_back(std::string(unit_name(unit)) + " does not start: its group " + enabled +
                    " is enabled, and S_POINTER.CONSUMER stands at group " + taken +
                    ", which is not; groups are taken in turn");
  }
  const std::string hidden = masked(file);
  if (!hidden.empty()) lines.push_back(hidden);
  return lines;
}

}  // namespace nvdla::host
