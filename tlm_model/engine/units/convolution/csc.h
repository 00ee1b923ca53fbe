// SPDX-License-Identifier: Apache-2.0
// CSC and CMAC: issue the atomic operations of one convolution.
//
// - A layer starts when all lines of its input are in the CBUF, a kernel group when its kernels are.
// - A channel operation takes B * I(L, K) cycles (amaix/convolution_plan.h). Its last package, whose
//   results go to CACC, is issued only when CACC's delivery buffer has room for them (credits).
// - The first result of a channel operation is offered `accumulate` cycles after the first atomic
//   operation of its last package.
// - Weights are released with the last package of a kernel group, data with that of the layer.
// The unit of simulation is the channel operation.
// Account: an atomic operation is the MAC array's cycle, the rest of an issue interval is the weight load's,
// a wait for room in CACC goes to the credits. A kernel group that has waited for its weights belongs as a
// whole, from the begin of the group before, to what the ledger of the weights says: they have set the pace.
#pragma once

#include <cstdint>
#include <functional>

#include "amaix/convolution_plan.h"
#include "engine/fetch_ledger.h"
#include "engine/flow.h"
#include "engine/operation_log.h"
#include "engine/units/convolution/convolution_state.h"
#include "memory/ring_buffer.h"

namespace nvdla::engine {

// Where CSC's waits are explained and accounted for.
struct SequenceAccounts {
  OperationLog& log;
  FetchLedger& data;
  FetchLedger& weights;
};

class Csc : public Process {
 public:
  Csc(Scheduler& scheduler, const HardwareParameters& hardware, const SequenceAccounts& accounts);

  void on_delivery(std::function<void(const Delivery&)> callback) { delivery_ = std::move(callback); }
  void on_data_release(std::function<void(std::uint64_t entries, Cycle)> callback) {
    data_release_ = std::move(callback);
  }
  void on_weight_release(std::function<void(std::uint32_t kernels, Cycle)> callback) {
    weight_release_ = std::move(callback);
  }
  // The last atomic operation of the layer is issued in the given cycle.
  void on_last_atomic(std::function<void(Cycle)> callback) { last_atomic_ = std::move(callback); }
  void on_done(std::function<void(Cycle)> callback) { done_ = std::move(callback); }

  // `data_lost`, `weights_lost`: the split of the banks changes, what the CBUF held is gone.
  void start(OperationId id, const ConvolutionSequence& sequence, Cycle at, bool data_lost,
             bool weights_lost);
  // From CDMA: lines in the CBUF since `done`; kernels whose last beat was on the bus in `beat`.
  void add_lines(std::uint32_t lines, Cycle done);
  void add_kernels(std::uint32_t kernels, Cycle beat);
  // From CACC: transfers have left the delivery buffer, the last one in `at`.
  void add_credits(std::uint32_t transfers, Cycle at);

  // Pipeline depths for the precision of the current operation.
  [[nodiscard]] const ConvolutionTiming& timing() const { return timing_; }
  [[nodiscard]] bool busy() const { return busy_; }
  void reset();

 protected:
  void run(Cycle now) override;

 private:
  enum class State : std::uint8_t { kIdle, kGroup, kPackage, kTail };
  struct Credit {
    Cycle at;
    std::uint32_t transfers;
  };
  void begin_group(Cycle now);
  void begin_stripe(Cycle first_atomic);
  void finish_stripe(Cycle now);
  [[nodiscard]] std::uint32_t length() const { return plan_.stripes[stripe_]; }

  void settle(Cycle until);

  const HardwareParameters& hardware_;
  SequenceAccounts accounts_;
  ConvolutionTiming timing_;
  std::function<void(const Delivery&)> delivery_;
  std::function<void(std::uint64_t, Cycle)> data_release_;
  std::function<void(std::uint32_t, Cycle)> weight_release_;
  std::function<void(Cycle)> last_atomic_;
  std::function<void(Cycle)> done_;

  OperationId id_;
  ConvolutionSequence sequence_;
  amaix::SequencePlan plan_;
  State state_ = State::kIdle;
  bool busy_ = false;
  std::uint32_t group_ = 0, repeat_ = 0, stripe_ = 0, position_ = 0;
  Cycle earliest_ = 0;      // first weight read allowed by the unit's own pipeline
  Cycle next_atomic_ = 0;   // when the array is free for the next package
  Cycle last_package_ = 0;  // first atomic operation of the current channel operation's last package
  Cycle finished_at_ = 0;
  Cycle group_atomics_ = 0, group_credits_ = 0;  // cycles of the group that are not accounted for yet

  // CBUF contents as CSC_sg counts them.
  std::uint32_t lines_ = 0;
  Cycle lines_since_ = 0;
  std::uint32_t kernels_needed_ = 0;
  struct Arrival {
    std::uint64_t total;  // kernels that have arrived since reset
    Cycle beat;
  };
  memory::RingBuffer<Arrival> arrivals_;
  std::uint64_t kernels_seen_ = 0;  // arrived since reset
  std::uint64_t kernels_gone_ = 0;  // released since reset
  std::uint32_t left_lines_ = 0;    // lines kept by the previous layer
  std::uint32_t left_kernels_ = 0;  // kernels kept by the previous layer
  std::uint32_t left_entries_per_line_ = 0;

  std::uint32_t credits_ = 0;
  memory::RingBuffer<Credit> returning_;
};

}  // namespace nvdla::engine
