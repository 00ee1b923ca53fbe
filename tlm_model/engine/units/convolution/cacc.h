// SPDX-License-Identifier: Apache-2.0
// CACC: accumulates and hands finished results to SDP.
//
//   transfers leave in order, at most one a cycle, when SDP takes them; each gives CSC one credit back
//   with a delivery gap (scalable generation) the results of a position are offered `gap` cycles after the
//   last transfer of the position before group released = last atomic operation + pipeline; interrupt = last
//   transfer + pipeline
//   with several batches a line's columns pass in pairs, all batches of one column before they do: what the
//   first column of a pair brings is held until the second comes (CACC_delivery_ctrl: is_push_skip)
// Results of the next operation may be offered, and its group released, before this one's interrupt: ends of
// operations are kept in the order in which they come.
#pragma once

#include <cstdint>
#include <functional>

#include "engine/flow.h"
#include "hardware/convolution_timing.h"
#include "hardware/parameters.h"
#include "memory/ring_buffer.h"

namespace nvdla::engine {

class Cacc : public Process, public DeliverySource {
 public:
  Cacc(Scheduler& scheduler, const HardwareParameters& hardware);

  void bind(DeliverySink& sink) { sink_ = &sink; }
  void on_credits(std::function<void(std::uint32_t, Cycle)> callback) { credits_ = std::move(callback); }
  void on_done(std::function<void(Cycle)> callback) { done_ = std::move(callback); }
  void on_interrupt(std::function<void(Cycle)> callback) { interrupt_ = std::move(callback); }

  // The operation of the deliveries that follow.
  void start(std::uint32_t batches, std::uint32_t width) {
    batches_ = batches;
    width_ = width;
  }
  // From CSC: the results of a stripe, position i of them is there in delivery.ready + i.
  void deliver(const Delivery& delivery);
  // The group is released in cycle `at`.
  void release(Cycle at);
  void on_taken(std::uint32_t transfers, Cycle at) override;
  void reset();

 protected:
  void run(Cycle now) override;

 private:
  void offer_position();
  void deliver_pairs(const Delivery& stripe);

  ConvolutionTiming timing_;
  DeliverySink* sink_ = nullptr;
  std::function<void(std::uint32_t, Cycle)> credits_;
  std::function<void(Cycle)> done_;
  std::function<void(Cycle)> interrupt_;
  std::uint64_t offered_ = 0, taken_ = 0;  // since the last reset
  memory::RingBuffer<std::uint64_t>
      ends_;  // offered_ after the last transfer of each operation not taken yet
  memory::RingBuffer<Cycle> releases_, interrupts_;  // to come
  std::uint32_t batches_ = 1, width_ = 1;
  std::uint32_t held_ = 0;  // transfers of a pair's first column
  // With a gap: stripes that wait, how much of the first one has been offered, and the offered position's
  // rest.
  memory::RingBuffer<Delivery> waiting_;
  std::uint32_t position_ = 0;
  std::uint32_t untaken_ = 0;
  Cycle free_at_ = 0;
};

}  // namespace nvdla::engine
