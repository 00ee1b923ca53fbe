// SPDX-License-Identifier: Apache-2.0
// CACC: accumulates and hands finished results to SDP.
//
//   transfers leave in order, at most one a cycle, when SDP takes them; each gives CSC one credit back
//   group released = last atomic operation + pipeline; interrupt = last transfer + pipeline
#pragma once

#include <cstdint>
#include <functional>

#include "amaix/convolution_timing.h"
#include "amaix/hardware.h"
#include "engine/flow.h"

namespace nvdla::engine {

class Cacc : public Process, public DeliverySource {
 public:
  Cacc(Scheduler& scheduler, const amaix::HardwareParameters& hardware)
      : Process(scheduler), timing_(amaix::convolution_timing(hardware)) {}

  void bind(DeliverySink& sink) { sink_ = &sink; }
  void on_credits(std::function<void(std::uint32_t, Cycle)> callback) { credits_ = std::move(callback); }
  void on_done(std::function<void(Cycle)> callback) { done_ = std::move(callback); }
  void on_interrupt(std::function<void(Cycle)> callback) { interrupt_ = std::move(callback); }

  // From CSC.
  void deliver(const Delivery& delivery) {
    offered_ += delivery.transfers;
    last_offered_ = last_offered_ || delivery.last;
    sink_->deliver(delivery);
  }
  // The group is released in cycle `at`.
  void release(Cycle at) {
    done_at_ = at;
    wake(at);
  }

  void on_taken(std::uint32_t transfers, Cycle at) override {
    taken_ += transfers;
    credits_(transfers, at);
    if (last_offered_ && taken_ == offered_) {
      interrupt_at_ = at + timing_.interrupt;
      wake(interrupt_at_);
    }
  }

  void reset() {
    offered_ = taken_ = 0;
    last_offered_ = false;
    done_at_ = interrupt_at_ = kNever;
  }

 protected:
  void run(Cycle now) override {
    if (done_at_ <= now) {
      const Cycle at = done_at_;
      done_at_ = kNever;
      done_(at);
    }
    if (interrupt_at_ <= now) {
      const Cycle at = interrupt_at_;
      interrupt_at_ = kNever;
      offered_ = taken_ = 0;
      last_offered_ = false;
      interrupt_(at);
    }
    wake(done_at_ < interrupt_at_ ? done_at_ : interrupt_at_);
  }

 private:
  amaix::ConvolutionTiming timing_;
  DeliverySink* sink_ = nullptr;
  std::function<void(std::uint32_t, Cycle)> credits_;
  std::function<void(Cycle)> done_;
  std::function<void(Cycle)> interrupt_;
  std::uint64_t offered_ = 0, taken_ = 0;
  bool last_offered_ = false;
  Cycle done_at_ = kNever;
  Cycle interrupt_at_ = kNever;
};

}  // namespace nvdla::engine
