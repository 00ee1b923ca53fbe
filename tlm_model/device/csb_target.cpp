// SPDX-License-Identifier: Apache-2.0
#include "device/csb_target.h"

#include <algorithm>
#include <cstring>

#include "device/poll_extension.h"

namespace nvdla::device {

using registers::AccessStatus;
using sc_core::sc_time;
using sc_core::sc_time_stamp;
using sc_core::SC_ZERO_TIME;

namespace {

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

enum class Enabled { kAll, kNone, kSome };

// The bytes [first, first + 4) of the transaction.
Enabled enabled(const tlm::tlm_generic_payload& payload, unsigned first) {
  const unsigned char* const enables = payload.get_byte_enable_ptr();
  if (enables == nullptr) return Enabled::kAll;
  const unsigned length = payload.get_byte_enable_length();
  unsigned on = 0;
  for (unsigned i = first; i < first + 4; ++i)
    if (length != 0 && enables[i % length] == TLM_BYTE_ENABLED) ++on;
  return on == 4 ? Enabled::kAll : on == 0 ? Enabled::kNone : Enabled::kSome;
}

// What is wrong with the transaction whatever its address; TLM_OK_RESPONSE: nothing.
tlm::tlm_response_status objection(const tlm::tlm_generic_payload& payload) {
  const unsigned length = payload.get_data_length();
  if (!payload.is_read() && !payload.is_write()) return tlm::TLM_COMMAND_ERROR_RESPONSE;
  if ((length != 4 && length != 8) || payload.get_address() % length != 0)
    return tlm::TLM_COMMAND_ERROR_RESPONSE;
  if (payload.get_streaming_width() < length) return tlm::TLM_BURST_ERROR_RESPONSE;
  for (unsigned first = 0; first < length; first += 4)
    if (enabled(payload, first) == Enabled::kSome) return tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE;
  return tlm::TLM_OK_RESPONSE;
}

// Cycles. The kernel keeps the end of a wait that was cut short until its time has passed, and sorts it among
// all it has to do.
constexpr Cycle kLongestWait = 8192;

bool in_thread() {
  const sc_core::sc_curr_proc_kind kind = sc_core::sc_get_current_process_handle().proc_kind();
  return kind == sc_core::SC_THREAD_PROC_ || kind == sc_core::SC_CTHREAD_PROC_;
}

}  // namespace

CsbTarget::CsbTarget(TimedAccelerator& accelerator, const Clock& clock, const CsbOptions& options)
    : accelerator_(accelerator),
      clock_(clock),
      options_(options),
      timing_(accelerator.accelerator().hardware().generation) {}

void CsbTarget::reset() {
  timing_.reset();
  ++resets_;
}

sc_time CsbTarget::until(Cycle cycle) const {
  const sc_time at = clock_.time_of(cycle);
  return at > sc_time_stamp() ? at - sc_time_stamp() : SC_ZERO_TIME;
}

void CsbTarget::b_transport(tlm::tlm_generic_payload& payload, sc_time& delay) {
  payload.set_dmi_allowed(false);
  accelerator_.expect_no_access(0);  // somebody polls, and somebody else comes
  if (after(delay) == end_of_time()) {
    SC_REPORT_WARNING("nvdla", "an access is refused: its delay reaches the end of SystemC's time");
    payload.set_response_status(tlm::TLM_GENERIC_ERROR_RESPONSE);
    return;
  }
  const tlm::tlm_response_status refused = objection(payload);
  if (refused != tlm::TLM_OK_RESPONSE) {
    payload.set_response_status(refused);
    return;
  }
  if (payload.is_read() && payload.get_extension<PollExtension>() != nullptr) {
    poll(payload, delay);
    return;
  }
  if (payload.is_read()) synchronise(delay);
  if (in_reset_) {
    payload.set_response_status(tlm::TLM_GENERIC_ERROR_RESPONSE);
    return;
  }
  payload.set_response_status(tlm::TLM_OK_RESPONSE);
  for (unsigned first = 0; first < payload.get_data_length(); first += 4) {
    if (enabled(payload, first) == Enabled::kNone) continue;
    const std::uint64_t address = payload.get_address() + first;
    std::uint32_t value = 0;
    if (payload.is_write()) std::memcpy(&value, payload.get_data_ptr() + first, 4);
    const AccessStatus status =
        address > UINT32_MAX ? AccessStatus::kUnmapped
                             : access(payload.is_write(), static_cast<std::uint32_t>(address), value, delay);
    payload.set_response_status(response_of(status));
    if (payload.is_response_error()) return;
    if (payload.is_read()) std::memcpy(payload.get_data_ptr() + first, &value, 4);
  }
}

AccessStatus CsbTarget::access(bool write, std::uint32_t offset, std::uint32_t& value, sc_time& delay) {
  const Cycle offered = clock_.cycle_of(sc_time_stamp() + delay);
  Cycle effective = offered;
  Cycle entered = 0;
  if (options_.timing) {
    const engine::CsbTiming::Access times =
        write ? timing_.write(offset, offered) : timing_.read(offset, offered);
    if (write) {
      effective = times.accepted;
      entered = times.entered;
    } else {
      // The unit samples the register on the way: wait for that where it can make a difference.
      const sc_time wanted = until(times.effective);
      sc_time ahead = wanted;
      synchronise(ahead);
      if (ahead == SC_ZERO_TIME) {  // it has waited
        delay = delay > wanted ? delay - wanted : SC_ZERO_TIME;
        effective = accelerator_.cycle();
      }
    }
    delay = std::max(delay, until(times.finished));
  }
  return write ? accelerator_.write(offset, value, effective, entered)
               : accelerator_.read(offset, value, effective);
}

void CsbTarget::synchronise(sc_time& delay) {
  if (!options_.synchronise || delay == SC_ZERO_TIME || !in_thread()) return;
  if (accelerator_.settle_until(clock_.cycle_of(sc_time_stamp() + delay))) return;
  sc_core::wait(delay);
  delay = SC_ZERO_TIME;
}

unsigned CsbTarget::transport_dbg(tlm::tlm_generic_payload& payload) {
  if (!payload.is_read() || payload.get_address() % 4 != 0) return 0;
  unsigned done = 0;
  for (; done + 4 <= payload.get_data_length(); done += 4) {
    const std::uint64_t address = payload.get_address() + done;
    std::uint32_t value = 0;
    if (address > UINT32_MAX ||
        accelerator_.peek(static_cast<std::uint32_t>(address), value) != AccessStatus::kOk) {
      break;
    }
    std::memcpy(payload.get_data_ptr() + done, &value, 4);
  }
  if (done > 0) payload.set_response_status(tlm::TLM_OK_RESPONSE);
  return done;
}

// -- polls -------------------------------------------------------------------------------------------

void CsbTarget::poll(tlm::tlm_generic_payload& payload, sc_time& delay) {
  PollExtension& extension = *payload.get_extension<PollExtension>();
  if (payload.get_data_length() != 4 || enabled(payload, 0) != Enabled::kAll || !in_thread()) {
    payload.set_response_status(tlm::TLM_COMMAND_ERROR_RESPONSE);
    return;
  }
  if (payload.get_address() > UINT32_MAX) {
    payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    return;
  }
  resets_at_poll_ = resets_;
  const engine::PollRequest request{static_cast<std::uint32_t>(payload.get_address()), extension.mask,
                                    extension.expected, extension.limit};
  const engine::PollOutcome outcome = engine::poll(timing_, accelerator_.accelerator().hardware().generation,
                                                   *this, request, clock_.cycle_of(sc_time_stamp() + delay));
  extension.reads = outcome.reads;
  extension.end = outcome.end;
  delay = until(outcome.finished);
  payload.set_response_status(outcome.end == engine::PollEnd::kStopped ? tlm::TLM_GENERIC_ERROR_RESPONSE
                                                                       : response_of(outcome.status));
  std::memcpy(payload.get_data_ptr(), &outcome.value, 4);
}

AccessStatus CsbTarget::sample(std::uint32_t offset, std::uint32_t& value, Cycle at) {
  const sc_time left = until(at);
  if (left > SC_ZERO_TIME) sc_core::wait(left);
  return stopped() ? AccessStatus::kOk : accelerator_.read(offset, value, at);
}

Cycle CsbTarget::wait_for_change(Cycle until_cycle) {
  accelerator_.watch();
  accelerator_.expect_no_access(until_cycle);
  do {
    sc_core::wait(until(std::min(until_cycle, accelerator_.cycle() + kLongestWait)), accelerator_.changed());
  } while (accelerator_.watched() && accelerator_.cycle() < until_cycle);
  accelerator_.expect_no_access(0);
  return accelerator_.cycle();
}

}  // namespace nvdla::device
