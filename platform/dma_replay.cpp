// SPDX-License-Identifier: Apache-2.0
#include "platform/dma_replay.h"

#include <exception>
#include <memory>
#include <systemc>

#include "device/dma_port.h"
#include "host/dma_trace.h"
#include "platform/memory.h"
#include "platform/simulation_context.h"

namespace nvdla::platform {

using sc_core::sc_time;
using sc_core::sc_time_stamp;
using sc_core::SC_ZERO_TIME;

namespace {

constexpr std::uint64_t kProgressRows = 65536;

// Stands where the accelerator is.
class DmaPlayer : public sc_core::sc_module, private device::DmaOwner {
 public:
  DmaPlayer(sc_core::sc_module_name name, const host::DmaReplayOptions& options, host::DmaSource& trace,
            host::DmaReplayResult& result, const sc_time& clock_period)
      : sc_module(name),
        clock_(clock_period),
        dbb("dbb", *this, clock_, {options.hardware.dbb_width_bytes}),
        cvsram("cvsram", *this, clock_, {options.hardware.dbb_width_bytes}),
        options_(options),
        trace_(trace),
        result_(result) {
    limits_[0] = options.dbb.max_outstanding;
    limits_[1] = options.cvsram ? options.cvsram->max_outstanding : 0;
    SC_METHOD(pump);
    sensitive << event_;
  }

 private:
  const device::Clock clock_;

 public:
  device::DmaPort dbb, cvsram;

  [[nodiscard]] std::exception_ptr error() const { return error_; }

 private:
  SC_HAS_PROCESS(DmaPlayer);

  void pump() {
    try {
      while (have_row_ || read_row()) {
        const std::size_t port = row_.port == MemorySpace::kDbb ? 0 : 1;
        device::DmaPort& target = port == 0 ? dbb : cvsram;
        Cycle at = row_.cycle;
        if (options_.asap) {
          if (target.open() >= limits_[port]) return;  // the next completion calls again
          at = next_free_[port];
        }
        if (at > now()) {
          event_.notify(clock_.time_of(at) - sc_time_stamp());
          return;
        }
        issue(target, port);
      }
    } catch (...) {
      error_ = std::current_exception();
      sc_core::sc_stop();
    }
  }

  bool read_row() {
    have_row_ = trace_.next(row_);
    if (have_row_ && row_.port == MemorySpace::kCvsram && !options_.cvsram) {
      throw host::ReplayError(trace_.at_line("the burst goes to CVSRAM, but no CVSRAM is given (--cvsram)"));
    }
    if (have_row_ && row_.address % options_.hardware.dbb_width_bytes != 0) {
      throw host::ReplayError(
          trace_.at_line("the address is not aligned to the bus of configuration " + options_.hardware.name));
    }
    return have_row_;
  }

  void issue(device::DmaPort& target, std::size_t port) {
    engine::Burst burst;
    burst.space = row_.port;
    burst.write = row_.write;
    burst.client = row_.client;
    burst.address = row_.address;
    burst.beats = row_.beats;
    burst.id = rows_++;
    burst.issued = now();
    next_free_[port] = now() + row_.beats;
    have_row_ = false;
    target.issue(burst);
    if (options_.progress && rows_ % kProgressRows == 0)
      options_.progress({now(), rows_ + 1, trace_.fraction(), 0});
  }

  void on_dma_complete(const engine::Burst& burst, const sc_time& at) override {
    const auto done = clock_.cycle_of(at);
    const std::uint64_t bytes = std::uint64_t{burst.beats} * options_.hardware.dbb_width_bytes;
    result_
        .clients[burst.space == MemorySpace::kDbb ? 0 : 1][burst.write ? 1 : 0]
                [static_cast<std::size_t>(burst.client)]
        .add(burst.issued, done, bytes);
    result_.total.add(burst.issued, done, bytes);
    if (options_.asap) event_.notify(SC_ZERO_TIME);
  }
  void on_dma_error(const engine::Burst& /*burst*/, tlm::tlm_response_status /*status*/) override {
    ++result_.errors;
  }

  [[nodiscard]] Cycle now() const { return clock_.cycle_of(sc_time_stamp()); }

  const host::DmaReplayOptions& options_;
  host::DmaSource& trace_;
  host::DmaReplayResult& result_;
  std::array<std::uint64_t, 2> limits_{};
  std::array<Cycle, 2> next_free_{};
  sc_core::sc_event event_;
  host::DmaBurst row_;
  bool have_row_ = false;
  std::uint64_t rows_ = 0;
  std::exception_ptr error_;
};

void simulate(const host::DmaReplayOptions& options, host::DmaSource& trace, host::DmaReplayResult& result) {
  const SimulationContext context;
  const sc_time period(1, sc_core::SC_NS);
  const std::uint32_t width = options.hardware.dbb_width_bytes;
  DmaPlayer player("player", options, trace, result, period);
  Memory dbb("dbb", options.dbb, width, period);
  player.dbb.socket.bind(dbb.socket);
  std::unique_ptr<Memory> cvsram;
  if (options.cvsram) {
    cvsram = std::make_unique<Memory>("cvsram", *options.cvsram, width, period);
    player.cvsram.socket.bind(cvsram->socket);
  }
  sc_core::sc_start();
  if (player.error()) std::rethrow_exception(player.error());
}

}  // namespace

host::DmaReplayResult replay_dma(const host::DmaReplayOptions& options, host::DmaSource& source) {
  check(options.hardware);
  host::check_memory_options("dbb", options.dbb);
  if (options.cvsram) host::check_memory_options("cvsram", *options.cvsram);
  host::DmaReplayResult result;
  try {
    simulate(options, source, result);
  } catch (const host::InputError& error) {
    throw host::ReplayError(error.what());
  } catch (const sc_core::sc_report& report) {
    throw host::ReplayError(options.trace + ": " + report.get_msg());
  }
  return result;
}

host::DmaReplayResult replay_dma(const host::DmaReplayOptions& options) {
  try {
    host::DmaTraceReader trace(options.trace);
    return replay_dma(options, trace);
  } catch (const host::InputError& error) {
    throw host::ReplayError(error.what());
  }
}

}  // namespace nvdla::platform
