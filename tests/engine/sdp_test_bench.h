// SPDX-License-Identifier: Apache-2.0
// A bench around SdpEngine alone: the recordings' memory, a stand-in for CACC and a log of what the owner is
// told. Cycles are those of the recordings: SDP_RDMA and SDP start when the recording says they did.
#pragma once

#include <string>
#include <vector>

#include "engine/units/sdp/sdp_engine.h"
#include "tests/amaix/sdp_test_operations.h"
#include "tests/engine/bench_memory.h"
#include "tests/engine/engine_bench.h"

namespace nvdla::engine::sdp_test {

class Bench : public EngineBench, public SdpOwner, public DeliverySource {
 public:
  Bench(const HardwareParameters& parameters, const MemorySettings& settings)
      : EngineBench(Engine::kSdp),
        hardware(parameters),
        interface(scheduler, hardware, MemorySpace::kDbb),
        memory(scheduler, interface, hardware.dbb_width_bytes, settings),
        engine(scheduler, hardware, interface, nullptr, log, *this) {
    engine.connect_source(*this);
  }

  void fetch_start(const SdpFetch& fetch, Cycle at) { engine.fetch_start(next_fetch(), fetch, at); }
  void start(const SdpOperation& operation, Cycle at) {
    engine.start(next_operation(at), operation, operation.has_fetch, at);
  }

  void on_sdp_fetch_done(Cycle at) override { fetch_done.push_back(at); }
  void on_sdp_released(Cycle at) override { released.push_back(at); }
  void on_sdp_done(OperationId id, Cycle at) override { log.done(id, Resource::kWritePath, at); }
  void on_sdp_warning(const std::string& text, Cycle) override { warnings.push_back(text); }
  void on_taken(std::uint32_t transfers, Cycle at) override {
    taken += transfers;
    last_taken = at;
  }

  const HardwareParameters hardware;
  Scheduler scheduler;
  MemoryInterface interface;
  BenchMemory memory;
  SdpEngine engine;
  std::vector<Cycle> fetch_done, released;
  std::vector<std::string> warnings;
  std::uint64_t taken = 0;
  Cycle last_taken = 0;
};

using namespace amaix::sdp_test;  // configurations and operations

}  // namespace nvdla::engine::sdp_test
