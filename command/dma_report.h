// SPDX-License-Identifier: Apache-2.0
// What `nvdla-vp dma` prints: a table, JSON (schema nvdla-dma/1).
#pragma once

#include <ostream>

#include "host/dma_statistics.h"

namespace nvdla::command {

void write_dma_table(std::ostream& out, const host::DmaReplayOptions& options,
                     const host::DmaReplayResult& result);
void write_dma_json(std::ostream& out, const host::DmaReplayOptions& options,
                    const host::DmaReplayResult& result);

}  // namespace nvdla::command
