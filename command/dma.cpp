// SPDX-License-Identifier: Apache-2.0
#include "command/dma.h"

#include <iostream>
#include <utility>

#include "command/dma_report.h"
#include "command/modules.h"
#include "command/options.h"
#include "command/outputs.h"
#include "command/progress.h"
#include "host/dma_statistics.h"
#include "host/inputs/input_kind.h"
#include "host/inputs/memory_accesses.h"

namespace nvdla::command {

namespace po = boost::program_options;

int run_dma(const std::vector<std::string>& arguments) {
  po::options_description visible = common_options();
  visible.add_options()("asap",
                        "as fast as the memory allows instead of at the recorded cycles; so is a list of "
                        "accesses (r|w ADDRESS, or a log of the virtual platform), which has none");
  const po::variables_map values = parse(arguments, visible, "DMA_TRACE");
  if (values.count("help") != 0) {
    std::cout << "nvdla-vp dma DMA_TRACE [options]\n\n" << visible;
    return kOk;
  }
  host::DmaReplayOptions options;
  options.trace = input_of(values, "DMA_TRACE");
  CommonOptions common = common_of(values);
  options.hardware = std::move(common.hardware);
  options.dbb = common.dbb;
  options.cvsram = common.cvsram;
  const host::InputKind kind = host::input_kind(options.trace);
  const bool listed = kind == host::InputKind::kMemoryList || kind == host::InputKind::kVpLog;
  options.asap = values.count("asap") != 0 || listed;
  options.named_clients = !listed;
  host::RunFiles files;
  files.input(options.trace, "the trace");
  Outputs outputs(files);
  outputs.open(values, {"json"});
  host::DmaReplayResult result;
  {
    ProgressLine progress;
    options.progress = progress.callback();
    if (listed) {
      host::MemoryAccessBursts bursts(options.trace, options.hardware.dbb_width_bytes);
      result = systemc_module().replay_dma(options, bursts);
    } else {
      result = systemc_module().replay_dma_trace(options);
    }
  }
  if (!outputs.on_standard_output()) write_dma_table(std::cout, options, result);
  outputs.write("json", [&](std::ostream& out) { write_dma_json(out, options, result); });
  return result.errors == 0 ? kOk : kFailed;
}

}  // namespace nvdla::command
