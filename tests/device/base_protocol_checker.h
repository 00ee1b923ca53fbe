// SPDX-License-Identifier: Apache-2.0
// Stands between an initiator and a target and checks what IEEE 1666 asks of both in the TLM-2.0 base
// protocol. A broken rule is a failed expectation of the running test.
//
// Rules: phases of a transaction come in order; one request and one response at a time over the socket;
// nobody changes address, command, data pointer, length, streaming width or byte enables while a transaction
// is open; the response status is INCOMPLETE when it begins and set when the response begins; the payload of
// a non-blocking transaction has a memory manager and a reference; attributes are legal for NVDLA: beats
// aligned to the bus, streaming width equal to the length.
#pragma once

#include <gtest/gtest.h>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <systemc>
#include <tlm>

namespace nvdla::device {

class BaseProtocolChecker : public sc_core::sc_module {
 public:
  tlm_utils::simple_target_socket<BaseProtocolChecker, 64> target;        // bind the initiator here
  tlm_utils::simple_initiator_socket<BaseProtocolChecker, 64> initiator;  // and this to the target

  BaseProtocolChecker(sc_core::sc_module_name name, std::uint32_t bus_bytes)
      : sc_module(name), target("target"), initiator("initiator"), bus_bytes_(bus_bytes) {
    target.register_nb_transport_fw(this, &BaseProtocolChecker::nb_transport_fw);
    target.register_b_transport(this, &BaseProtocolChecker::b_transport);
    target.register_get_direct_mem_ptr(this, &BaseProtocolChecker::get_direct_mem_ptr);
    target.register_transport_dbg(this, &BaseProtocolChecker::transport_dbg);
    initiator.register_nb_transport_bw(this, &BaseProtocolChecker::nb_transport_bw);
    initiator.register_invalidate_direct_mem_ptr(this, &BaseProtocolChecker::invalidate);
  }

  std::uint64_t begun = 0, ended = 0;
  std::size_t most_open = 0;
  [[nodiscard]] std::size_t open() const { return transactions_.size() + blocking_; }

 private:
  enum class State { kRequest, kWaiting, kResponse };
  struct Attributes {
    std::uint64_t address;
    tlm::tlm_command command;
    unsigned char* data;
    unsigned length, width;
    unsigned char* enables;
    unsigned enable_length;
    bool operator==(const Attributes& o) const {
      return address == o.address && command == o.command && data == o.data && length == o.length &&
             width == o.width && enables == o.enables && enable_length == o.enable_length;
    }
  };
  struct Open {
    State state = State::kRequest;
    Attributes attributes;
  };
  using Payload = tlm::tlm_generic_payload;

  static Attributes attributes(const Payload& p) {
    return {p.get_address(),         p.get_command(),         p.get_data_ptr(),          p.get_data_length(),
            p.get_streaming_width(), p.get_byte_enable_ptr(), p.get_byte_enable_length()};
  }

  void begin(const Payload& p) {
    ++begun;
    EXPECT_EQ(p.get_response_status(), tlm::TLM_INCOMPLETE_RESPONSE);
    EXPECT_FALSE(p.is_dmi_allowed()) << "the hint is the target's to set";
    EXPECT_NE(p.get_data_ptr(), nullptr);
    EXPECT_GT(p.get_data_length(), 0U);
    EXPECT_EQ(p.get_data_length() % bus_bytes_, 0U);
    EXPECT_EQ(p.get_address() % bus_bytes_, 0U);
    EXPECT_EQ(p.get_streaming_width(), p.get_data_length());
  }

  tlm::tlm_sync_enum nb_transport_fw(Payload& p, tlm::tlm_phase& phase, sc_core::sc_time& delay) {
    if (phase == tlm::BEGIN_REQ) {
      begin(p);
      EXPECT_TRUE(p.has_mm());
      EXPECT_GE(p.get_ref_count(), 1);
      EXPECT_EQ(transactions_.count(&p), 0U) << "begun twice";
      for (const auto& [other, open] : transactions_)
        EXPECT_NE(open.state, State::kRequest) << "two requests";
      transactions_[&p] = {State::kRequest, attributes(p)};
      most_open = std::max(most_open, transactions_.size());
    } else {
      EXPECT_EQ(phase, tlm::END_RESP) << "an initiator sends BEGIN_REQ and END_RESP only";
      EXPECT_EQ(state(p), State::kResponse);
    }
    const bool ends = phase == tlm::END_RESP;
    const sc_core::sc_time before = delay;
    const tlm::tlm_sync_enum result = initiator->nb_transport_fw(p, phase, delay);
    EXPECT_GE(delay, before) << "time runs backwards";
    if (ends) {
      end(p);
    } else if (result == tlm::TLM_COMPLETED) {
      EXPECT_NE(p.get_response_status(), tlm::TLM_INCOMPLETE_RESPONSE);
      end(p);
    } else if (result == tlm::TLM_UPDATED) {
      target_phase(p, phase);
    }
    return result;
  }

  tlm::tlm_sync_enum nb_transport_bw(Payload& p, tlm::tlm_phase& phase, sc_core::sc_time& delay) {
    target_phase(p, phase);
    const bool responds = phase == tlm::BEGIN_RESP;
    const tlm::tlm_sync_enum result = target->nb_transport_bw(p, phase, delay);
    if (responds && (result == tlm::TLM_COMPLETED || phase == tlm::END_RESP)) end(p);
    return result;
  }

  // END_REQ or BEGIN_RESP from the target.
  void target_phase(const Payload& p, const tlm::tlm_phase& phase) {
    ASSERT_EQ(transactions_.count(&p), 1U) << "response to nothing";
    Open& open = transactions_[&p];
    EXPECT_TRUE(open.attributes == attributes(p)) << "attributes changed";
    if (phase == tlm::END_REQ) {
      EXPECT_EQ(open.state, State::kRequest);
      open.state = State::kWaiting;
      return;
    }
    EXPECT_EQ(phase, tlm::BEGIN_RESP);
    EXPECT_NE(open.state, State::kResponse);
    EXPECT_NE(p.get_response_status(), tlm::TLM_INCOMPLETE_RESPONSE);
    for (const auto& [other, o] : transactions_) EXPECT_NE(o.state, State::kResponse) << "two responses";
    open.state = State::kResponse;
  }

  void end(const Payload& p) {
    ++ended;
    transactions_.erase(&p);
  }

  [[nodiscard]] State state(const Payload& p) { return transactions_.at(&p).state; }

  void b_transport(Payload& p, sc_core::sc_time& delay) {
    begin(p);
    const Attributes before = attributes(p);
    const sc_core::sc_time at = sc_core::sc_time_stamp() + delay;
    most_open = std::max(most_open, static_cast<std::size_t>(++blocking_));
    initiator->b_transport(p, delay);
    --blocking_;
    ++ended;
    EXPECT_TRUE(before == attributes(p)) << "attributes changed";
    EXPECT_NE(p.get_response_status(), tlm::TLM_INCOMPLETE_RESPONSE);
    EXPECT_GE(sc_core::sc_time_stamp() + delay, at) << "time runs backwards";
  }

  unsigned transport_dbg(Payload& p) { return initiator->transport_dbg(p); }
  bool get_direct_mem_ptr(Payload& p, tlm::tlm_dmi& dmi) { return initiator->get_direct_mem_ptr(p, dmi); }
  void invalidate(sc_dt::uint64 first, sc_dt::uint64 last) { target->invalidate_direct_mem_ptr(first, last); }

  std::uint32_t bus_bytes_;
  std::map<const Payload*, Open> transactions_;
  std::size_t blocking_ = 0;
};

}  // namespace nvdla::device
