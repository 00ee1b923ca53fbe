// SPDX-License-Identifier: Apache-2.0
// Whether a program was recorded right behind reset.
#pragma once

#include "hardware/types.h"
#include "host/program.h"

namespace nvdla::host {

// Its first look at CDMA.S_CBUF_FLUSH_STATUS expects the flush, which every reset begins, to be under way.
[[nodiscard]] bool begins_at_reset(const Program& program, Generation generation);

}  // namespace nvdla::host
