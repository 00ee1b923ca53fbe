// SPDX-License-Identifier: Apache-2.0
// A bench around one of the streaming engines (PDP, CDP, BDMA, Rubik): the recordings' memory on both ports
// and a log of what the owner is told. Cycles are those of the recordings.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "engine/units/stream/stream_engine.h"
#include "hardware/parameters.h"
#include "hardware/types.h"
#include "tests/engine/bench_memory.h"
#include "tests/engine/engine_bench.h"

namespace nvdla::engine::stream_test {

template <class UnitEngine>
class Bench : public EngineBench, public StreamOwner, public DeliverySource {
 public:
  Bench(const HardwareParameters& parameters, const MemorySettings& settings)
      : EngineBench(Engine::kPdp),
        hardware(parameters),
        dbb(scheduler, hardware, MemorySpace::kDbb),
        cvsram(scheduler, hardware, MemorySpace::kCvsram),
        memory(scheduler, dbb, hardware.dbb_width_bytes, settings),
        sram(scheduler, cvsram, hardware.dbb_width_bytes, settings),
        engine(scheduler, hardware, dbb, hardware.cvsram ? &cvsram : nullptr, log, *this) {}

  template <class Fetch>
  void fetch_start(const Fetch& fetch, Cycle at) {
    engine.fetch_start(next_fetch(), fetch, at);
  }
  template <class Operation>
  void start(const Operation& operation, Cycle at) {
    engine.start(next_operation(at), operation, at);
  }

  void on_stream_fetch_done(Cycle at) override { fetch_done.push_back(at); }
  void on_stream_released(Cycle at) override { released.push_back(at); }
  void on_stream_done(OperationId id, Cycle at) override { log.done(id, Resource::kWritePath, at); }
  void on_stream_warning(const std::string& text, Cycle) override { warnings.push_back(text); }
  void on_taken(std::uint32_t transfers, Cycle at) override {
    taken += transfers;
    last_taken = at;
  }

  const HardwareParameters hardware;
  Scheduler scheduler;
  MemoryInterface dbb, cvsram;
  BenchMemory memory, sram;
  UnitEngine engine;
  std::vector<Cycle> fetch_done, released;
  std::vector<std::string> warnings;
  std::uint64_t taken = 0;
  Cycle last_taken = 0;
};

// |modelled - recorded| latency within 1 %, or 25 cycles for short operations.
inline bool close(Cycle modelled, Cycle recorded, Cycle start) {
  const double tolerance = std::max(25.0, 0.01 * static_cast<double>(recorded - start));
  return std::abs(static_cast<double>(modelled - recorded)) <= tolerance;
}

}  // namespace nvdla::engine::stream_test
