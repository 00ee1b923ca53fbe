// SPDX-License-Identifier: Apache-2.0
// Between a memory interface and the outside: logs every burst, and answers for a port that nobody has bound.
#pragma once

#include <string>
#include <vector>

#include "engine/memory_interface.h"
#include "engine/operation_log.h"
#include "memory/ring_buffer.h"

namespace nvdla::engine {

class PortTap : public Process, public BusPort {
 public:
  PortTap(Scheduler& scheduler, MemoryInterface& memory, OperationLog& log, std::uint32_t bus_bytes,
          std::string name)
      : Process(scheduler), memory_(memory), log_(log), bus_bytes_(bus_bytes), name_(std::move(name)) {
    memory_.bind(*this);
  }

  void bind(BusPort& port) { port_ = &port; }
  [[nodiscard]] bool bound() const { return port_ != nullptr; }

  void issue(const Burst& burst) override {
    log_.burst(burst, bus_bytes_);
    if (port_ != nullptr) {
      port_->issue(burst);
      return;
    }
    log_.warn("DMA on port " + name_ + ", which is not bound: the first access is by client " +
                  std::string(client_name(burst.client)) + "; such accesses complete at once",
              burst.issued);
    unanswered_.push(burst);
    wake(burst.issued + burst.beats);
  }

  [[nodiscard]] Cycle run_latency() const override { return port_ == nullptr ? 0 : port_->run_latency(); }
  [[nodiscard]] Cycle write_room(std::uint32_t ahead, Cycle now) override {
    return port_ == nullptr ? 0 : port_->write_room(ahead, now);
  }
  [[nodiscard]] std::uint32_t open_reads() const override {
    return port_ == nullptr ? kUnlimited : port_->open_reads();
  }
  [[nodiscard]] Cycle read_room(std::uint32_t ahead, Cycle from) override {
    return port_ == nullptr ? from : port_->read_room(ahead, from);
  }
  [[nodiscard]] Cycle read_return(std::uint32_t ahead, Cycle from) override {
    return port_ == nullptr ? kNever : port_->read_return(ahead, from);
  }
  [[nodiscard]] bool spreads_beats() const override { return port_ != nullptr && port_->spreads_beats(); }
  void end_run() override { port_->end_run(); }
  void tell_all() override { port_->tell_all(); }
  void settle(Cycle until) override {
    if (port_ != nullptr) port_->settle(until);
  }

  bool peek(std::uint64_t address, unsigned char* data, std::size_t length) override {
    return port_ != nullptr && port_->peek(address, data, length);
  }
  bool poke(std::uint64_t address, const unsigned char* data, std::size_t length) override {
    return port_ != nullptr && port_->poke(address, data, length);
  }

  void reset() { unanswered_.clear(); }

 protected:
  void run(Cycle now) override {
    while (!unanswered_.empty() && unanswered_.front().issued + unanswered_.front().beats <= now) {
      const Burst burst = unanswered_.front();
      unanswered_.pop();
      zeros_.assign(std::size_t{burst.beats} * bus_bytes_, 0);  // what such a read brings
      BusCompletion completion;
      completion.id = burst.id;
      completion.at = now;
      completion.data = zeros_.data();
      memory_.complete(completion);
    }
    if (!unanswered_.empty()) wake(unanswered_.front().issued + unanswered_.front().beats);
  }

 private:
  MemoryInterface& memory_;
  OperationLog& log_;
  std::uint32_t bus_bytes_;
  std::string name_;
  BusPort* port_ = nullptr;
  memory::RingBuffer<Burst> unanswered_;
  std::vector<unsigned char> zeros_;
};

}  // namespace nvdla::engine
