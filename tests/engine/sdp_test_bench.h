// SPDX-License-Identifier: Apache-2.0
// A bench around SdpEngine alone: the recordings' memory, a stand-in for CACC and a log of what the owner is
// told. Cycles are those of the recordings: SDP_RDMA and SDP start when the recording says they did.
#pragma once

#include <string>
#include <vector>

#include "engine/units/sdp/sdp_engine.h"
#include "tests/amaix/sdp_test_operations.h"
#include "tests/engine/bench_memory.h"

namespace nvdla::engine::sdp_test {

class Bench : public SdpOwner, public DeliverySource {
 public:
  Bench(const HardwareParameters& parameters, const MemorySettings& settings)
      : hardware(parameters),
        interface(scheduler, hardware, MemorySpace::kDbb),
        memory(scheduler, interface, hardware.dbb_width_bytes, settings),
        engine(scheduler, hardware, interface, nullptr, *this) {
    engine.connect_source(*this);
  }

  void on_sdp_fetch_done(Cycle at) override { fetch_done.push_back(at); }
  void on_sdp_released(Cycle at) override { released.push_back(at); }
  void on_sdp_done(const SdpCompletion& completion) override { completions.push_back(completion); }
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
  std::vector<SdpCompletion> completions;
  std::vector<std::string> warnings;
  std::uint64_t taken = 0;
  Cycle last_taken = 0;
};

using namespace amaix::sdp_test;  // configurations and operations

}  // namespace nvdla::engine::sdp_test
