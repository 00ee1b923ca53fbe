// SPDX-License-Identifier: Apache-2.0
// Joins TLM sockets whose BUSWIDTH template parameters differ. The parameter is a matter of types only: in
// the base protocol a payload says itself how long it is, so everything is forwarded as it comes, untimed.
#pragma once

#include <systemc>
#include <tlm>

namespace nvdla::device {

template <unsigned kFrom, unsigned kTo>
class BusWidthAdapter : public sc_core::sc_module,
                        private tlm::tlm_fw_transport_if<>,
                        private tlm::tlm_bw_transport_if<> {
 public:
  tlm::tlm_target_socket<kFrom> target{"target"};         // bind the initiator here
  tlm::tlm_initiator_socket<kTo> initiator{"initiator"};  // and this to the target

  explicit BusWidthAdapter(sc_core::sc_module_name name) : sc_module(name) {
    target.bind(static_cast<tlm::tlm_fw_transport_if<>&>(*this));
    initiator.bind(static_cast<tlm::tlm_bw_transport_if<>&>(*this));
  }

 private:
  using Payload = tlm::tlm_generic_payload;
  void b_transport(Payload& payload, sc_core::sc_time& delay) override {
    initiator->b_transport(payload, delay);
  }
  tlm::tlm_sync_enum nb_transport_fw(Payload& payload, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay) override {
    return initiator->nb_transport_fw(payload, phase, delay);
  }
  bool get_direct_mem_ptr(Payload& payload, tlm::tlm_dmi& dmi) override {
    return initiator->get_direct_mem_ptr(payload, dmi);
  }
  unsigned transport_dbg(Payload& payload) override { return initiator->transport_dbg(payload); }
  tlm::tlm_sync_enum nb_transport_bw(Payload& payload, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay) override {
    return target->nb_transport_bw(payload, phase, delay);
  }
  void invalidate_direct_mem_ptr(sc_dt::uint64 first, sc_dt::uint64 last) override {
    target->invalidate_direct_mem_ptr(first, last);
  }
};

}  // namespace nvdla::device
