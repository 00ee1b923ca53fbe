// SPDX-License-Identifier: Apache-2.0
// Parts of the program that most runs do without, and that take longer to start than LeNet to simulate:
// shared libraries, installed beside the program, which are loaded when a run comes to them
// (command/modules). Programs that simulate with SystemC by themselves link nvdla_platform instead.
#pragma once

#include <string>
#include <vector>

#include "host/dma_statistics.h"
#include "host/dma_trace.h"
#include "host/loadable/loadable.h"
#include "host/network/network_session.h"
#include "host/program.h"
#include "host/replay.h"
#include "host/together/together.h"
#include "mapper/layers.h"

namespace nvdla::command {

// What platform/ has for the commands; they throw as its functions do.
struct SystemCModule {
  const char* version;  // of the build; first in every module
  host::ReplayResult (*replay)(const host::Program&, const host::ReplayOptions&);
  host::ReplayResult (*run_network)(const host::Loadable&, const host::ReplayOptions&,
                                    const host::NetworkHooks&);
  std::vector<host::ReplayResult> (*run_together)(const std::vector<host::TogetherRun>&);
  host::DmaReplayResult (*replay_dma)(const host::DmaReplayOptions&, host::DmaSource&);
  host::DmaReplayResult (*replay_dma_trace)(const host::DmaReplayOptions&);
};

// mapper/onnx.
struct OnnxModule {
  const char* version;
  mapper::LayerNetwork (*read_network)(const std::string& path);
};

// Loaded at the first call, until the program ends. Throw host::ReplayError that names the file when it is
// not there or is not of this build.
[[nodiscard]] const SystemCModule& systemc_module();
[[nodiscard]] const OnnxModule& onnx_module();

}  // namespace nvdla::command

// What the libraries export.
extern "C" {
extern const nvdla::command::SystemCModule nvdla_systemc_module;
extern const nvdla::command::OnnxModule nvdla_onnx_module;
}
