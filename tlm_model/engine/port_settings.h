// SPDX-License-Identifier: Apache-2.0
// What the registers of MCIF and CVIF set in their memory interface: arbitration weights and outstanding
// limits.
#pragma once

#include "engine/memory_interface.h"
#include "registers/register_file.h"

namespace nvdla::engine {

// `unit` is kMcif or kCvif.
void apply_port_settings(const registers::RegisterFile& file, Unit unit, MemoryInterface& memory);

}  // namespace nvdla::engine
