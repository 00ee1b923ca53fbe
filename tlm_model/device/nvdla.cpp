// SPDX-License-Identifier: Apache-2.0
#include "device/nvdla.h"

#include <stdexcept>

namespace nvdla {

using sc_core::sc_time;
using sc_core::sc_time_stamp;
using sc_core::SC_ZERO_TIME;

namespace {

constexpr const char* kMessage = "nvdla";

void check_period(const sc_time& period) {
  if (period == SC_ZERO_TIME) throw std::invalid_argument("nvdla: the clock period must not be 0");
}

NvdlaParameters checked(const NvdlaParameters& parameters) {
  check_period(parameters.clock_period);
  check(parameters.hardware);
  if (parameters.dma_mode != device::DmaMode::kNonBlocking &&
      parameters.dma_mode != device::DmaMode::kBlocking)
    throw std::invalid_argument("nvdla: dma_mode " + std::to_string(static_cast<int>(parameters.dma_mode)) +
                                " is neither kNonBlocking nor kBlocking");
  return parameters;
}

device::DmaOptions dma_options(const NvdlaParameters& parameters) {
  return {parameters.hardware.dbb_width_bytes, parameters.dma_mode, parameters.mask_writes,
          parameters.use_dmi, parameters.options.tensors};
}

}  // namespace

Nvdla::Nvdla(sc_core::sc_module_name name, const NvdlaParameters& parameters)
    : sc_module(name),
      clock_(parameters.clock_period),
      dbb_port_("dbb_port", *this, clock_, dma_options(parameters)),
      cvsram_port_("cvsram_port", *this, clock_, dma_options(parameters)),
      csb("csb"),
      csb64("csb64"),
      dbb(dbb_port_.socket),
      cvsram(cvsram_port_.socket),
      interrupt("interrupt"),
      reset_n("reset_n"),
      clock("clock"),
      parameters_(checked(parameters)),
      timed_(parameters.hardware, parameters.options, clock_, *this),
      csb_target_(timed_, clock_, {parameters.csb_timing, parameters.synchronise_reads}),
      interrupt_line_(clock_) {
  timed_.accelerator().add_listener(*this, false);
  csb.register_b_transport(&csb_target_, &device::CsbTarget::b_transport);
  csb.register_transport_dbg(&csb_target_, &device::CsbTarget::transport_dbg);
  csb64.register_b_transport(&csb_target_, &device::CsbTarget::b_transport);
  csb64.register_transport_dbg(&csb_target_, &device::CsbTarget::transport_dbg);
  SC_METHOD(run_method);
  sensitive << timed_.event();
  SC_METHOD(drive_interrupt);
  sensitive << interrupt_line_.event();
  dont_initialize();
}

void Nvdla::end_of_elaboration() {
  if (csb.size() == 0 && csb64.size() == 0) {
    SC_REPORT_ERROR(kMessage, (std::string(name()) + ": neither csb nor csb64 is bound").c_str());
  }
  if (cvsram_port_.connected() && !parameters_.hardware.cvsram) {
    SC_REPORT_ERROR(kMessage, (std::string(name()) + ": cvsram is bound, but configuration " +
                               parameters_.hardware.name + " has no CVSRAM port")
                                  .c_str());
  }
  if (clock.size() > 0) adopt_clock();
  if (dbb_port_.connected()) timed_.accelerator().bind_dbb(dbb_port_);
  if (cvsram_port_.connected()) timed_.accelerator().bind_cvsram(cvsram_port_);
  if (reset_n.size() > 0) {
    sc_core::sc_spawn_options options;
    options.spawn_method();
    options.set_sensitivity(&reset_n->value_changed_event());
    sc_core::sc_spawn([this] { follow_reset(); }, "follow_reset", &options);
  }
}

void Nvdla::end_of_simulation() {
  for (const std::string& line : unfinished()) {
    SC_REPORT_WARNING(kMessage,
                      (std::string(name()) + ": not done when the simulation ends: " + line).c_str());
  }
  if (dma_errors() > 0) {
    SC_REPORT_WARNING(kMessage, (std::string(name()) + ": " + std::to_string(dma_errors()) +
                                 " DMA accesses were answered with an error")
                                    .c_str());
  }
}

void Nvdla::add_listener(engine::Listener& listener, bool bursts) {
  timed_.accelerator().add_listener(listener, bursts);
  listeners_.push_back(&listener);
}

void Nvdla::on_warning(const std::string& text, Cycle at) {
  SC_REPORT_WARNING(kMessage, ("cycle " + std::to_string(at) + ": " + text).c_str());
}

void Nvdla::on_fault(const std::string& text, Cycle at) {
  on_warning("illegal operation, not started: " + text, at);
}

sc_time Nvdla::time_of(Cycle cycle) const { return clock_.time_of(cycle); }

Cycle Nvdla::cycle() const { return timed_.cycle(); }

std::vector<std::string> Nvdla::unfinished() const { return timed_.accelerator().unfinished(); }

// -- DMA ---------------------------------------------------------------------------------------------

void Nvdla::on_dma_complete(const engine::Burst& burst, const sc_time& at) {
  timed_.complete(burst, clock_.cycle_of(at));
}

void Nvdla::on_direct_complete(const engine::Burst& burst, const sc_time& at, unsigned char* memory) {
  timed_.complete(burst, clock_.cycle_of(at), memory);
}

void Nvdla::on_dma_error(const engine::Burst& burst, tlm::tlm_response_status status) {
  const bool first = dma_errors_.add(burst);
  if (!first && !parameters_.stop_on_dma_error) return;
  const std::string text = device::DmaErrors::text(burst, status);
  if (parameters_.stop_on_dma_error) SC_REPORT_ERROR(kMessage, text.c_str());
  const std::string message = text + " (further errors of this client are only counted)";
  on_warning(message, cycle());
  for (engine::Listener* listener : listeners_) listener->on_warning(message, cycle());
}

// -- interrupt, clock, reset -------------------------------------------------------------------------

void Nvdla::drive_interrupt() {
  const std::optional<bool> level = interrupt_line_.due();
  if (level && interrupt.size() > 0) interrupt->write(*level);
}

void Nvdla::adopt_clock() {
  const auto* const source = dynamic_cast<const sc_core::sc_clock*>(clock.get_interface());
  if (source == nullptr) {
    SC_REPORT_ERROR(kMessage,
                    (std::string(name()) + ": clock is bound to a signal that is not an sc_clock, " +
                     "its period is not known: leave it unbound and call set_clock_period()")
                        .c_str());
    return;
  }
  clock_.change_period(source->period(), SC_ZERO_TIME);
  // The first edge is a rising one, or a falling one and the rising one follows the low phase.
  clock_.begin_at(source->start_time() +
                  (source->posedge_first() ? SC_ZERO_TIME : (1.0 - source->duty_cycle()) * source->period()));
}

void Nvdla::set_clock_period(const sc_time& period) {
  check_period(period);
  clock_.change_period(period, sc_time_stamp());
  timed_.follow_clock();
  interrupt_line_.follow_clock();
}

void Nvdla::reset() {
  dbb_port_.abandon();
  cvsram_port_.abandon();
  csb_target_.reset();
  interrupt_line_.reset();
  timed_.reset();
}

void Nvdla::follow_reset() {
  const bool low = !reset_n->read();
  if (low && !in_reset_) reset();
  in_reset_ = low;
  csb_target_.hold_in_reset(low);
}

}  // namespace nvdla
