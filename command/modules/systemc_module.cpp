// SPDX-License-Identifier: Apache-2.0
// The component on its platform, as the commands ask for it with --systemc.
#include <systemc>

#include "command/modules.h"
#include "platform/dma_replay.h"
#include "platform/replay.h"
#include "platform/together.h"

// SystemC's library asks for it; the platform builds a kernel for each simulation.
int sc_main(int /*argc*/, char* /*argv*/[]) { return 0; }

const nvdla::command::SystemCModule nvdla_systemc_module{NVDLA_VERSION,
                                                         nvdla::platform::replay,
                                                         nvdla::platform::run_network,
                                                         nvdla::platform::run_together,
                                                         nvdla::platform::replay_dma,
                                                         nvdla::platform::replay_dma};
