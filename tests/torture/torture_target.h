// SPDX-License-Identifier: Apache-2.0
// A TLM memory that answers at random times, in every manner that the base protocol has. Bytes
// are written when the request comes and read when it is answered.
#pragma once

#include <tlm_utils/simple_target_socket.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <systemc>
#include <tlm>

#include "device/dma_extension.h"
#include "memory/sparse_store.h"
#include "tests/torture/answer_times.h"

namespace nvdla::torture {

enum class Manner : std::uint8_t {
  kAnnotated,  // b_transport that returns at once with a delay
  kWaiting,    // b_transport that waits, and annotates the rest
  kFourPhase,  // nb_transport, requests ended at once or later, responses when they are due
};

class Target : public sc_core::sc_module {
 public:
  tlm_utils::simple_target_socket<Target, 64> socket;

  // `dmi`: grants every other page of 4 KiB, each with a latency of its own, and takes a grant back now and
  // then.
  Target(sc_core::sc_module_name name, Manner manner, const Latencies& latencies, bool dmi,
         sc_core::sc_time period, memory::SparseStore& contents)
      : sc_module(name),
        socket("socket"),
        contents_(contents),
        times_(latencies),
        manner_(manner),
        dmi_(dmi),
        hold_requests_(latencies.shortest != latencies.longest),
        period_(period) {
    if (manner == Manner::kFourPhase) {
      socket.register_nb_transport_fw(this, &Target::nb_transport_fw);
    } else {
      socket.register_b_transport(this, &Target::b_transport);
    }
    socket.register_get_direct_mem_ptr(this, &Target::get_direct_mem_ptr);
    SC_METHOD(respond);
    sensitive << due_;
    dont_initialize();
    SC_METHOD(end_request);
    sensitive << request_due_;
    dont_initialize();
  }

  [[nodiscard]] std::uint64_t accesses() const { return accesses_; }
  [[nodiscard]] std::uint64_t grants() const { return grants_; }
  [[nodiscard]] std::uint64_t overtaken() const { return overtaken_; }

 private:
  SC_HAS_PROCESS(Target);

  // From now to the answer of an access that begins `delay` from now.
  sc_core::sc_time answer(const tlm::tlm_generic_payload& payload, sc_core::sc_time delay) {
    device::DmaExtension* chunk = nullptr;
    payload.get_extension(chunk);
    const auto begin = static_cast<Cycle>((sc_core::sc_time_stamp() + delay) / period_ + 0.5);
    const Cycle at = times_.next(begin + chunk->beats - 1);
    return static_cast<double>(at) * period_ - sc_core::sc_time_stamp();
  }
  void accept(tlm::tlm_generic_payload& payload) {
    ++accesses_;
    payload.set_dmi_allowed(dmi_ && granted(payload.get_address()));
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
    if (payload.is_write()) write(payload);
    if (!dmi_ || times_.draw(500) != 0) return;
    const std::uint64_t page = payload.get_address() / kPage * kPage;
    socket->invalidate_direct_mem_ptr(page, page + 2 * kPage - 1);
  }

  void write(const tlm::tlm_generic_payload& payload) {
    const unsigned char* const enable = payload.get_byte_enable_ptr();
    for (unsigned i = 0; i < payload.get_data_length(); ++i) {
      if (enable == nullptr || enable[i % payload.get_byte_enable_length()] == TLM_BYTE_ENABLED)
        contents_.write(payload.get_address() + i, payload.get_data_ptr() + i, 1);
    }
  }
  void read(tlm::tlm_generic_payload& payload) {
    if (payload.is_read())
      contents_.read(payload.get_address(), payload.get_data_ptr(), payload.get_data_length());
  }

  void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    const sc_core::sc_time needed = answer(payload, delay);
    accept(payload);
    delay = needed;
    if (manner_ == Manner::kAnnotated) {
      read(payload);
      return;
    }
    const sc_core::sc_time rest = static_cast<double>(times_.draw(3)) * period_;
    wait(needed);
    read(payload);
    delay = rest;
  }

  tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay) {
    if (phase != tlm::BEGIN_REQ) return tlm::TLM_ACCEPTED;
    payload.acquire();
    accept(payload);
    const sc_core::sc_time at = sc_core::sc_time_stamp() + answer(payload, delay);
    if (!answers_.empty() && at < answers_.rbegin()->first) ++overtaken_;
    // Of the requests that are not answered soon, one in four holds the request channel for a few cycles.
    if (hold_requests_ && at > sc_core::sc_time_stamp() + delay + 10 * period_ && times_.draw(4) == 0) {
      requesting_ = &payload;
      request_due_.notify(delay + static_cast<double>(1 + times_.draw(4)) * period_);
      answers_.emplace(at, &payload);
      arm();
      return tlm::TLM_ACCEPTED;
    }
    answers_.emplace(at, &payload);
    arm();
    phase = tlm::END_REQ;
    return tlm::TLM_UPDATED;
  }
  void end_request() {
    tlm::tlm_phase phase = tlm::END_REQ;
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    tlm::tlm_generic_payload& payload = *requesting_;
    requesting_ = nullptr;
    socket->nb_transport_bw(payload, phase, delay);
  }
  void respond() {
    while (!answers_.empty() && answers_.begin()->first <= sc_core::sc_time_stamp()) {
      tlm::tlm_generic_payload& payload = *answers_.begin()->second;
      answers_.erase(answers_.begin());
      read(payload);
      tlm::tlm_phase phase = tlm::BEGIN_RESP;
      sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
      if (socket->nb_transport_bw(payload, phase, delay) != tlm::TLM_COMPLETED)
        SC_REPORT_ERROR("torture", "the initiator is expected to take responses at once");
      payload.release();
    }
    arm();
  }
  void arm() {
    if (!answers_.empty()) due_.notify(answers_.begin()->first - sc_core::sc_time_stamp());
  }

  [[nodiscard]] static bool granted(std::uint64_t address) { return address / kPage % 2 == 0; }
  bool get_direct_mem_ptr(tlm::tlm_generic_payload& payload, tlm::tlm_dmi& region) {
    if (!dmi_ || !granted(payload.get_address())) return false;
    ++grants_;
    const std::uint64_t page = payload.get_address() / kPage * kPage;
    region.init();
    region.set_start_address(page);
    region.set_end_address(page + kPage - 1);
    region.set_dmi_ptr(contents_.page(page).data());
    region.allow_read_write();
    region.set_read_latency(static_cast<double>(1 + times_.draw(500)) * period_);
    region.set_write_latency(static_cast<double>(1 + times_.draw(500)) * period_);
    return true;
  }

  static constexpr std::uint64_t kPage = 4096;
  memory::SparseStore& contents_;
  AnswerTimes times_;
  Manner manner_;
  bool dmi_;
  bool hold_requests_;
  sc_core::sc_time period_;
  std::multimap<sc_core::sc_time, tlm::tlm_generic_payload*> answers_;
  tlm::tlm_generic_payload* requesting_ = nullptr;
  sc_core::sc_event due_, request_due_;
  std::uint64_t accesses_ = 0, grants_ = 0, overtaken_ = 0;
};

}  // namespace nvdla::torture
