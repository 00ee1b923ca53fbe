// SPDX-License-Identifier: Apache-2.0
// Replays a DMA trace through the platform's memories without the accelerator.
// Every row becomes one transaction, at its recorded cycle or, with `asap`, as fast as the memory allows: in
// the order of the trace, one beat of address a cycle and port, at most max_outstanding transactions open on
// a port.
#pragma once

#include "host/dma_statistics.h"
#include "host/dma_trace.h"

namespace nvdla::platform {

// Throws host::ReplayError (file and line) and std::invalid_argument.
[[nodiscard]] host::DmaReplayResult replay_dma(const host::DmaReplayOptions& options);
// The same of bursts from elsewhere; `options.trace` only names them.
[[nodiscard]] host::DmaReplayResult replay_dma(const host::DmaReplayOptions& options,
                                               host::DmaSource& source);

}  // namespace nvdla::platform
