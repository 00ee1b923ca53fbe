// SPDX-License-Identifier: Apache-2.0
#include "dram_bridge.h"

#include <algorithm>

namespace example {

using sc_core::sc_time;
using sc_core::sc_time_stamp;
using sc_core::SC_ZERO_TIME;
using tlm::tlm_generic_payload;

DramBridge::DramBridge(sc_core::sc_module_name name, const Parameters& parameters)
    : sc_module(name), parameters_(parameters), nothing_(parameters.line_bytes) {
  if (parameters.cache_bytes > 0) cache_.emplace(parameters.cache_bytes, parameters.line_bytes);
  from_nvdla.register_nb_transport_fw(this, &DramBridge::from_nvdla_fw);
  to_dram.register_nb_transport_bw(this, &DramBridge::from_dram_bw);
  SC_METHOD(accept);
  sensitive << arrived_.get_event();
  dont_initialize();
  SC_METHOD(answer_hits);
  sensitive << hit_;
  dont_initialize();
}

DramBridge::~DramBridge() = default;

// Payloads of the DRAM's side go back to the pool.
void DramBridge::free(tlm_generic_payload* payload) {
  payload->free_all_extensions();  // the DRAM's notes, of one access
  free_.push_back(payload);
}

tlm::tlm_sync_enum DramBridge::from_nvdla_fw(tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                             sc_time& delay) {
  if (phase == tlm::END_RESP) {
    responding_ = nullptr;
    payload.release();
    respond();
    return tlm::TLM_COMPLETED;
  }
  payload.acquire();
  arrived_.notify(payload, delay);
  phase = tlm::END_REQ;
  return tlm::TLM_UPDATED;
}

void DramBridge::accept() {
  while (tlm_generic_payload* const payload = arrived_.get_next_transaction()) {
    const std::uint64_t line = parameters_.line_bytes;
    const std::uint64_t first = payload->get_address() / line,
                        last = (payload->get_address() + payload->get_data_length() - 1) / line;
    open_[payload] = static_cast<std::uint32_t>(last - first + 1);
    for (std::uint64_t number = first; number <= last; ++number) {
      const std::uint64_t address = number * line % parameters_.dram_bytes;
      if (!cache_) {
        request(address, payload->is_write(), payload);
        continue;
      }
      const CacheTags::Outcome outcome = cache_->access(address, payload->is_write());
      if (outcome.writes_back) request(outcome.victim, true, nullptr);
      // A write of a whole line needs nothing of the memory.
      if (!outcome.hit && payload->is_read()) {
        request(address, false, payload);
        continue;
      }
      last_hit_ = std::max(sc_time_stamp() + parameters_.hit_latency, last_hit_ + parameters_.line_time);
      hits_.emplace_back(last_hit_, payload);
      hit_.notify(hits_.front().first - sc_time_stamp());
    }
  }
}

void DramBridge::answer_hits() {
  while (!hits_.empty() && hits_.front().first <= sc_time_stamp()) {
    tlm_generic_payload* const parent = hits_.front().second;
    hits_.pop_front();
    line_done(parent);
  }
  if (!hits_.empty()) hit_.notify(hits_.front().first - sc_time_stamp());
}

void DramBridge::request(std::uint64_t address, bool write, tlm_generic_payload* parent) {
  if (free_.empty()) {
    all_.emplace_back(new tlm_generic_payload(this));  // the base is private
    free_.push_back(all_.back().get());
  }
  tlm_generic_payload* const payload = free_.back();
  free_.pop_back();
  payload->acquire();
  payload->set_command(write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
  payload->set_address(address);
  payload->set_data_ptr(nothing_.data());
  payload->set_data_length(parameters_.line_bytes);
  payload->set_streaming_width(parameters_.line_bytes);
  payload->set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
  parent_of_[payload] = parent;
  ++(write ? writes_ : reads_);
  waiting_.push_back(payload);
  send();
}

void DramBridge::send() {
  if (requesting_ || waiting_.empty()) return;
  tlm_generic_payload* const payload = waiting_.front();
  waiting_.pop_front();
  requesting_ = true;
  tlm::tlm_phase phase = tlm::BEGIN_REQ;
  sc_time delay = SC_ZERO_TIME;
  (void)to_dram->nb_transport_fw(*payload, phase, delay);  // the controller accepts, and answers later
}

tlm::tlm_sync_enum DramBridge::from_dram_bw(tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                            sc_time& delay) {
  phases_.notify(payload, phase, delay);
  return tlm::TLM_ACCEPTED;
}

void DramBridge::from_dram(tlm_generic_payload& payload, const tlm::tlm_phase& phase) {
  if (phase == tlm::END_REQ) {
    requesting_ = false;
    send();
    return;
  }
  tlm_generic_payload* const parent = parent_of_.at(&payload);
  parent_of_.erase(&payload);
  tlm::tlm_phase end = tlm::END_RESP;
  sc_time delay = SC_ZERO_TIME;
  (void)to_dram->nb_transport_fw(payload, end, delay);
  payload.release();
  if (parent != nullptr) line_done(parent);
}

void DramBridge::line_done(tlm_generic_payload* parent) {
  if (--open_.at(parent) > 0) return;
  open_.erase(parent);
  done_.push_back(parent);
  respond();
}

void DramBridge::respond() {
  while (responding_ == nullptr && !done_.empty()) {
    tlm_generic_payload& payload = *done_.front();
    done_.pop_front();
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
    responding_ = &payload;
    tlm::tlm_phase phase = tlm::BEGIN_RESP;
    sc_time delay = SC_ZERO_TIME;
    const tlm::tlm_sync_enum result = from_nvdla->nb_transport_bw(payload, phase, delay);
    const bool ended = result == tlm::TLM_COMPLETED || (result == tlm::TLM_UPDATED && phase == tlm::END_RESP);
    if (ended && responding_ == &payload) {
      responding_ = nullptr;
      payload.release();
    }
  }
}

}  // namespace example
