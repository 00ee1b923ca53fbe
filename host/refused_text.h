// SPDX-License-Identifier: Apache-2.0
// What is said of an access of the accelerator that no memory holds.
#pragma once

#include <string>

#include "engine/memory_interface.h"

namespace nvdla::host {

// "no memory answers the DMA read of client pdp at 0x80000000"
[[nodiscard]] std::string refused_text(const engine::Burst& burst);

}  // namespace nvdla::host
