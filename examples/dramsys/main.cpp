// SPDX-License-Identifier: Apache-2.0
// A register trace on NVDLA with DRAM behind DBB:
//   nvdla_dramsys TRACE CONFIG DRAMSYS_JSON [CACHE_KIB]
// DRAMSYS_JSON is one of DRAMSys's own configurations (ddr4-example.json, lpddr4-example.json). Prints the
// cycles of NVDLA's clock (1 ns) to the last completion interrupt and what DRAM was asked for.
#include <cstdlib>
#include <iostream>
#include <string>

#include "DRAMSys/config/DRAMSysConfiguration.h"
#include "DRAMSys/simulation/DRAMSys.h"
#include "device/nvdla.h"
#include "dram_bridge.h"
#include "driver.h"
#include "host/replay.h"

namespace {

class LastInterrupt : public nvdla::engine::Listener {
 public:
  void on_done(const nvdla::engine::OperationRecord& record) override { at = std::max(at, record.done); }
  nvdla::Cycle at = 0;
};

int run(int argc, char** argv) {
  const nvdla::host::Program program(argv[1]);
  nvdla::NvdlaParameters parameters;
  parameters.hardware = nvdla::preset(argv[2]);
  parameters.options.tensors = false;
  parameters.options.settled_reset = nvdla::host::kRecordedSettledReset;

  DRAMSys::Config::Configuration config =
      DRAMSys::Config::from_path(std::string(DRAMSYS_CONFIGS) + "/" + argv[3], DRAMSYS_CONFIGS);
  config.simconfig.DatabaseRecording = false;
  config.simconfig.SimulationProgressBar = false;
  DRAMSys::DRAMSys dram("dram", config);

  example::DramBridge::Parameters bridge_parameters;
  bridge_parameters.line_bytes = dram.getMemSpec().maxBytesPerBurst;
  bridge_parameters.dram_bytes = dram.getMemSpec().getSimMemSizeInBytes();
  if (argc > 4) bridge_parameters.cache_bytes = std::strtoull(argv[4], nullptr, 10) * 1024;
  example::DramBridge bridge("bridge", bridge_parameters);
  nvdla::Nvdla device("nvdla", parameters);
  example::Driver driver("driver", program, device);
  sc_core::sc_signal<bool> interrupt("interrupt");
  LastInterrupt last;
  device.add_listener(last);
  driver.csb.bind(device.csb);
  device.interrupt.bind(interrupt);
  driver.interrupt.bind(interrupt);
  device.dbb.bind(bridge.from_nvdla);
  bridge.to_dram.bind(dram.tSocket);
  sc_core::sc_start();
  if (driver.error()) std::rethrow_exception(driver.error());
  const std::uint64_t lines = bridge.dram_reads() + bridge.dram_writes();
  std::cout << argv[3] << (argc > 4 ? " behind a cache of " + std::string(argv[4]) + " KiB" : "") << ": "
            << last.at << " cycles, " << bridge.dram_reads() << " reads and " << bridge.dram_writes()
            << " writes of " << bridge_parameters.line_bytes << " bytes, "
            << static_cast<double>(lines * bridge_parameters.line_bytes) / static_cast<double>(last.at)
            << " bytes a cycle";
  if (bridge.cache() != nullptr)
    std::cout << ", " << bridge.cache()->hits() << " hits, " << bridge.cache()->misses() << " misses";
  std::cout << '\n';
  return 0;
}

}  // namespace

int sc_main(int argc, char** argv) {
  if (argc < 4) {
    std::cerr << "usage: nvdla_dramsys TRACE CONFIG DRAMSYS_JSON [CACHE_KIB]\n";
    return 2;
  }
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "nvdla_dramsys: " << error.what() << '\n';
    return 1;
  }
}
