// SPDX-License-Identifier: Apache-2.0
#include "device/nvdla.h"

#include <algorithm>
#include <cstring>
#include <sstream>
#include <stdexcept>

#include "device/csb_extension.h"

namespace nvdla {

using registers::AccessStatus;
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
  return parameters;
}

tlm::tlm_response_status response_of(AccessStatus status) {
  switch (status) {
    case AccessStatus::kOk:
    case AccessStatus::kIgnored:
      return tlm::TLM_OK_RESPONSE;
    case AccessStatus::kUnmapped:
      return tlm::TLM_ADDRESS_ERROR_RESPONSE;
    case AccessStatus::kMisaligned:
    case AccessStatus::kReadOnly:
    case AccessStatus::kWriteOnly:
      return tlm::TLM_COMMAND_ERROR_RESPONSE;
  }
  return tlm::TLM_GENERIC_ERROR_RESPONSE;
}

device::DmaOptions dma_options(const NvdlaParameters& parameters) {
  return {parameters.hardware.dbb_width_bytes, parameters.dma_mode, parameters.mask_writes,
          parameters.use_dmi};
}

bool in_thread() {
  const sc_core::sc_curr_proc_kind kind = sc_core::sc_get_current_process_handle().proc_kind();
  return kind == sc_core::SC_THREAD_PROC_ || kind == sc_core::SC_CTHREAD_PROC_;
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
      accelerator_(std::make_unique<engine::Accelerator>(parameters.hardware, parameters.options)),
      access_rules_(std::make_unique<registers::RegisterFile>(parameters.hardware)),
      csb_timing_(parameters.hardware.generation) {
  accelerator_->add_listener(*this);
  csb.register_b_transport(this, &Nvdla::b_transport);
  csb.register_transport_dbg(this, &Nvdla::transport_dbg);
  csb64.register_b_transport(this, &Nvdla::b_transport);
  csb64.register_transport_dbg(this, &Nvdla::transport_dbg);
  SC_METHOD(run_method);
  sensitive << run_event_;
  SC_METHOD(drive_interrupt);
  sensitive << interrupt_event_;
  dont_initialize();
}

Nvdla::~Nvdla() = default;

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
  if (dbb_port_.connected()) accelerator_->bind_dbb(dbb_port_);
  if (cvsram_port_.connected()) accelerator_->bind_cvsram(cvsram_port_);
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
  if (dma_errors_ > 0) {
    SC_REPORT_WARNING(kMessage, (std::string(name()) + ": " + std::to_string(dma_errors_) +
                                 " DMA accesses were answered with an error")
                                    .c_str());
  }
}

void Nvdla::add_listener(engine::Listener& listener) {
  accelerator_->add_listener(listener);
  listeners_.push_back(&listener);
}

void Nvdla::on_warning(const std::string& text, Cycle at) {
  SC_REPORT_WARNING(kMessage, ("cycle " + std::to_string(at) + ": " + text).c_str());
}

void Nvdla::on_fault(const std::string& text, Cycle at) {
  on_warning("illegal operation, not started: " + text, at);
}

sc_time Nvdla::time_of(Cycle cycle) const { return clock_.time_of(cycle); }

Cycle Nvdla::cycle() const { return clock_.cycle_of(sc_time_stamp()); }

bool Nvdla::quiescent() {
  return accelerator_->next_event() == kNever && writes_.empty() && completions_.empty() &&
         dbb_port_.open() == 0 && cvsram_port_.open() == 0;
}

std::vector<std::string> Nvdla::unfinished() const { return accelerator_->unfinished(); }

// -- CSB ---------------------------------------------------------------------------------------------

void Nvdla::b_transport(tlm::tlm_generic_payload& payload, sc_time& delay) {
  payload.set_dmi_allowed(false);
  const unsigned length = payload.get_data_length();
  if (!payload.is_read() && !payload.is_write()) {
    payload.set_response_status(tlm::TLM_COMMAND_ERROR_RESPONSE);
    return;
  }
  if (payload.get_byte_enable_ptr() != nullptr) {
    payload.set_response_status(tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
    return;
  }
  if ((length != 4 && length != 8) || payload.get_address() % length != 0) {
    payload.set_response_status(tlm::TLM_COMMAND_ERROR_RESPONSE);
    return;
  }
  if (payload.get_streaming_width() < length) {
    payload.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
    return;
  }
  if (payload.is_read()) synchronise(delay);
  if (in_reset_) {
    payload.set_response_status(tlm::TLM_GENERIC_ERROR_RESPONSE);
    return;
  }
  const auto* extension = payload.get_extension<CsbExtension>();
  const Cycle entered = extension != nullptr ? extension->entered : 0;
  for (unsigned first = 0; first < length; first += 4) {
    const std::uint64_t address = payload.get_address() + first;
    std::uint32_t value = 0;
    if (payload.is_write()) std::memcpy(&value, payload.get_data_ptr() + first, 4);
    const AccessStatus status =
        address > UINT32_MAX
            ? AccessStatus::kUnmapped
            : access(payload.is_write(), static_cast<std::uint32_t>(address), value, delay, entered);
    payload.set_response_status(response_of(status));
    if (payload.is_response_error()) return;
    if (payload.is_read()) std::memcpy(payload.get_data_ptr() + first, &value, 4);
  }
}

AccessStatus Nvdla::access(bool write, std::uint32_t offset, std::uint32_t& value, sc_time& delay,
                           Cycle entered) {
  const Cycle now = cycle();
  const Cycle offered = clock_.cycle_of(sc_time_stamp() + delay);
  Cycle effective = offered;
  if (parameters_.csb_timing) {
    const engine::CsbTiming::Access times =
        write ? csb_timing_.write(offset, offered) : csb_timing_.read(offset, offered);
    if (write) {
      effective = times.accepted;
      entered = times.entered;
    } else {
      // The unit samples the register on the way: wait for that where it can make a difference.
      const sc_time sampled = time_of(times.effective);
      const sc_time wanted = sampled > sc_time_stamp() ? sampled - sc_time_stamp() : SC_ZERO_TIME;
      sc_time ahead = wanted;
      synchronise(ahead);
      if (ahead == SC_ZERO_TIME) {  // it has waited
        delay = delay > wanted ? delay - wanted : SC_ZERO_TIME;
        effective = cycle();
      }
    }
    const sc_time finished = time_of(times.finished);
    delay = std::max(delay, finished > sc_time_stamp() ? finished - sc_time_stamp() : SC_ZERO_TIME);
  }
  if (write && (effective > now || !writes_.empty())) {
    const AccessStatus status = check_write(offset);
    if (status == AccessStatus::kOk) {
      writes_.push_back({effective, entered, offset, value});
      arm();
    }
    return status;
  }
  apply_writes(effective);
  const Cycle at = std::max(effective, accelerator_->now());
  advance_to(at);
  running_ = true;
  const AccessStatus status =
      write ? accelerator_->write(offset, value, at, entered) : accelerator_->read(offset, value, at);
  running_ = false;
  run(at);
  return status;
}

// What the write would be answered with, before its time has come. Writing zero enables nothing.
AccessStatus Nvdla::check_write(std::uint32_t offset) { return access_rules_->write(offset, 0); }

void Nvdla::apply_first_write() {
  const PendingWrite write = writes_.front();
  writes_.pop_front();
  const Cycle at = std::max(write.at, accelerator_->now());
  advance_to(at);
  running_ = true;
  accelerator_->write(write.offset, write.value, at, write.entered);
  running_ = false;
  note_interrupt();
}

void Nvdla::apply_writes(Cycle until) {
  while (!writes_.empty() && writes_.front().at <= until) apply_first_write();
}

// No event inside and no response of memory can change anything up to and including `at`.
bool Nvdla::nothing_happens_until(Cycle at) {
  return dbb_port_.open() == 0 && cvsram_port_.open() == 0 && completions_.empty() &&
         accelerator_->next_event() > at;
}

void Nvdla::synchronise(sc_time& delay) {
  if (!parameters_.synchronise_reads || delay == SC_ZERO_TIME || !in_thread()) return;
  const Cycle at = clock_.cycle_of(sc_time_stamp() + delay);
  while (nothing_happens_until(at)) {
    if (writes_.empty() || writes_.front().at > at) {
      arm();
      return;
    }
    apply_first_write();
  }
  arm();
  wait(delay);
  delay = SC_ZERO_TIME;
}

unsigned Nvdla::transport_dbg(tlm::tlm_generic_payload& payload) {
  if (!payload.is_read() || payload.get_address() % 4 != 0) return 0;
  unsigned done = 0;
  for (; done + 4 <= payload.get_data_length(); done += 4) {
    const std::uint64_t address = payload.get_address() + done;
    std::uint32_t value = 0;
    if (address > UINT32_MAX ||
        accelerator_->peek(static_cast<std::uint32_t>(address), value) != AccessStatus::kOk) {
      break;
    }
    std::memcpy(payload.get_data_ptr() + done, &value, 4);
  }
  if (done > 0) payload.set_response_status(tlm::TLM_OK_RESPONSE);
  return done;
}

// -- DMA ---------------------------------------------------------------------------------------------

void Nvdla::on_dma_complete(const engine::Burst& burst, const sc_time& at) {
  const Cycle done = clock_.cycle_of(at);
  if (running_ || done > cycle()) {
    completions_.push({done, completion_order_++, burst.space, burst.id, burst.span});
    if (!running_) arm();
    return;
  }
  running_ = true;
  accelerator_->complete(burst.space, {burst.id, std::max(done, accelerator_->now()), burst.span, 0});
  running_ = false;
  run(cycle());
}

void Nvdla::on_dma_error(const engine::Burst& burst, tlm::tlm_response_status status) {
  ++dma_errors_;
  if (!first_dma_error_) first_dma_error_ = burst;
  if (++client_errors_[static_cast<std::size_t>(burst.client)] > 1 && !parameters_.stop_on_dma_error) return;
  tlm::tlm_generic_payload text;
  text.set_response_status(status);
  std::ostringstream message;
  message << "DMA " << (burst.write ? "write" : "read") << " of client " << client_name(burst.client)
          << " at 0x" << std::hex << burst.address << ": " << text.get_response_string();
  if (parameters_.stop_on_dma_error) SC_REPORT_ERROR(kMessage, message.str().c_str());
  message << " (further errors of this client are only counted)";
  on_warning(message.str(), cycle());
  for (engine::Listener* listener : listeners_) listener->on_warning(message.str(), cycle());
}

// -- time --------------------------------------------------------------------------------------------

void Nvdla::run_method() {
  armed_ = kNever;
  run(cycle());
}

// Event by event, so that the interrupt's changes keep their times.
void Nvdla::advance_to(Cycle at) {
  running_ = true;
  for (Cycle next = accelerator_->next_event(); next <= at; next = accelerator_->next_event()) {
    accelerator_->advance(next);
    note_interrupt();
  }
  if (accelerator_->now() < at) accelerator_->advance(at);
  running_ = false;
}

void Nvdla::run(Cycle now) {
  // A completion can enable work of the same cycle and work can complete at once: until both are done.
  do {
    apply_writes(now);
    running_ = true;
    while (!completions_.empty() && completions_.top().at <= now) {
      const Completion completion = completions_.top();
      completions_.pop();
      accelerator_->complete(completion.space, {completion.id, std::max(completion.at, accelerator_->now()),
                                                completion.span, 0});
    }
    running_ = false;
    if (accelerator_->now() <= now) advance_to(now);
  } while (!completions_.empty() && completions_.top().at <= now);
  note_interrupt();
  arm();
}

void Nvdla::arm() {
  Cycle next = accelerator_->next_event();
  if (!writes_.empty()) next = std::min(next, writes_.front().at);
  if (!completions_.empty()) next = std::min(next, completions_.top().at);
  if (next == kNever || next >= armed_) return;
  armed_ = next;
  const sc_time at = time_of(next);
  // A later notification that is pending already is replaced by this earlier one.
  run_event_.notify(at > sc_time_stamp() ? at - sc_time_stamp() : SC_ZERO_TIME);
}

void Nvdla::note_interrupt() {
  if (accelerator_->interrupt() == interrupt_level_) return;
  interrupt_level_ = !interrupt_level_;
  edges_.push_back({accelerator_->now(), interrupt_level_});
  notify_interrupt();
}

void Nvdla::notify_interrupt() {
  if (edges_.empty()) return;
  const sc_time at = time_of(edges_.front().at);
  interrupt_event_.notify(at > sc_time_stamp() ? at - sc_time_stamp() : SC_ZERO_TIME);
}

void Nvdla::drive_interrupt() {
  if (edges_.empty()) return;
  std::optional<bool> level;
  while (!edges_.empty() && time_of(edges_.front().at) <= sc_time_stamp()) {
    level = edges_.front().level;
    edges_.pop_front();
  }
  if (level && interrupt.size() > 0) interrupt->write(*level);
  notify_interrupt();
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
  // What is to come keeps its cycle and gets a new time.
  run_event_.cancel();
  armed_ = kNever;
  arm();
  interrupt_event_.cancel();
  notify_interrupt();
}

void Nvdla::reset() {
  dbb_port_.abandon();
  cvsram_port_.abandon();
  writes_.clear();
  completions_ = {};
  csb_timing_.reset();
  if (accelerator_->now() < cycle()) accelerator_->advance(cycle());
  accelerator_->reset();
  edges_.assign(1, {0, false});  // at once
  interrupt_level_ = false;
  interrupt_event_.notify(SC_ZERO_TIME);
  run(cycle());
}

void Nvdla::follow_reset() {
  const bool low = !reset_n->read();
  if (low && !in_reset_) reset();
  in_reset_ = low;
}

}  // namespace nvdla
