// SPDX-License-Identifier: Apache-2.0
// The convolution pipeline: CDMA (data and weights), CBUF, CSC with CMAC, CACC, each with a register group of
// its own.
//
// CDMA takes the next layer as soon as both fetches of the current one are complete, and fetches while CSC
// still works on the layer before, as far as the CBUF has room. When a layer divides the banks differently
// from the one before, CDMA waits for CSC to reach that layer as well (PEND state): nothing is prefetched
// across such a change.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/units/convolution/cacc.h"
#include "engine/units/convolution/cdma_data.h"
#include "engine/units/convolution/cdma_weight.h"
#include "engine/units/convolution/convolution_state.h"
#include "engine/units/convolution/csc.h"
#include "memory/ring_buffer.h"

namespace nvdla::engine {

class ConvolutionEngine : public Process {
 public:
  ConvolutionEngine(Scheduler& scheduler, const HardwareParameters& hardware, MemoryInterface& dbb,
                    MemoryInterface& cvsram, OperationLog& log, ConvolutionOwner& owner);

  void connect_sink(DeliverySink& sink) { cacc_.bind(sink); }
  [[nodiscard]] DeliverySource& source() { return cacc_; }

  // The units take their groups in cycle `at`.
  void fetch_start(OperationId id, const ConvolutionFetch& fetch, Cycle at);
  void sequence_start(OperationId id, const ConvolutionSequence& sequence, Cycle at);

  [[nodiscard]] bool idle() const { return !fetching_ && !csc_.busy(); }
  void reset();

 protected:
  void run(Cycle now) override;

 private:
  struct Banks {
    std::uint32_t data = 0, weight = 0;  // 0: nothing yet, any split is a change
  };
  struct Pending {
    OperationId id;
    ConvolutionFetch fetch;
    Cycle at;
    bool data_change;
  };
  // `change`: of the banks, which data wait for when theirs change, weights when either do.
  void begin_data(OperationId id, const ConvolutionFetch& fetch, Cycle at, bool change);
  void begin_weights(OperationId id, const ConvolutionFetch& fetch, Cycle at, bool change);
  void part_done();

  const HardwareParameters& hardware_;
  const ConvolutionTiming timing_;
  ConvolutionOwner& owner_;
  CbufUsage cbuf_;
  CdmaData data_;
  CdmaWeight weight_;
  Csc csc_;
  Cacc cacc_;

  Banks fetch_banks_, sequence_banks_;
  bool fetching_ = false;
  bool data_pending_ = false, weight_pending_ = false;  // fetches of the current layer not complete
  Cycle data_skip_at_ = kNever, weight_skip_at_ = kNever;
  std::uint64_t fetches_ = 0, sequences_ = 0;  // started so far
  std::optional<Pending> pending_;             // waits for CSC (PEND)
  ConvolutionFetch current_;
  bool last_skip_data_ = false, last_skip_weight_ = false;
  struct Released {  // bytes of the kernels that CSC still holds, oldest first
    std::uint32_t kernels;
    std::uint64_t bytes;       // of weights
    std::uint64_t mask_bytes;  // of their mask bits
  };
  memory::RingBuffer<Released> held_;
  void hold_weights(const amaix::WeightPlan& plan);
  void release_weights(std::uint32_t kernels, Cycle at);
};

}  // namespace nvdla::engine
