// SPDX-License-Identifier: Apache-2.0
#include "device/dma_port.h"

namespace nvdla::device {

using sc_core::sc_time;
using sc_core::sc_time_stamp;
using sc_core::SC_ZERO_TIME;

DmaPort::DmaPort(sc_core::sc_module_name name, DmaOwner& owner, std::uint32_t bus_bytes, sc_time clock_period,
                 bool mask_writes)
    : sc_module(name),
      socket("socket"),
      owner_(owner),
      bus_bytes_(bus_bytes),
      clock_period_(clock_period),
      mask_writes_(mask_writes),
      byte_enable_(TLM_BYTE_DISABLED) {
  socket.register_nb_transport_bw(this, &DmaPort::nb_transport_bw);
  SC_METHOD(send_next);
  sensitive << channel_event_;
  dont_initialize();
}

DmaPort::~DmaPort() {
  // The extension is a member of the transaction: the payload must not delete it.
  for (auto& transaction : pool_) transaction->clear_extension(&transaction->extension);
}

DmaPort::Transaction& DmaPort::allocate(const engine::Burst& burst) {
  if (free_.empty()) {
    pool_.push_back(std::make_unique<Transaction>());
    Transaction& created = *pool_.back();
    created.set_mm(this);
    created.set_extension(&created.extension);
    free_.push_back(&created);
  }
  Transaction& transaction = *free_.back();
  free_.pop_back();
  const unsigned length = burst.beats * bus_bytes_;
  if (transaction.data.size() < length) transaction.data.resize(length);
  transaction.burst = burst;
  transaction.generation = generation_;
  transaction.extension.client = burst.client;
  transaction.extension.beats = burst.beats;

  tlm::tlm_generic_payload& payload = transaction;
  payload.acquire();
  payload.set_command(burst.write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
  payload.set_address(burst.address);
  payload.set_data_ptr(transaction.data.data());
  payload.set_data_length(length);
  payload.set_streaming_width(length);
  const bool mask = burst.write && mask_writes_;
  payload.set_byte_enable_ptr(mask ? &byte_enable_ : nullptr);
  payload.set_byte_enable_length(mask ? 1 : 0);
  payload.set_dmi_allowed(false);
  payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
  return transaction;
}

void DmaPort::free(tlm::tlm_generic_payload* payload) { free_.push_back(static_cast<Transaction*>(payload)); }

void DmaPort::issue(const engine::Burst& burst) {
  ++open_;
  if (requesting_ != nullptr || !waiting_.empty() || channel_free_ > sc_time_stamp()) {
    waiting_.push_back(burst);
    if (requesting_ == nullptr && channel_free_ > sc_time_stamp()) {
      channel_event_.notify(channel_free_ - sc_time_stamp());
    }
    return;
  }
  start(allocate(burst));
}

void DmaPort::start(Transaction& transaction) {
  tlm::tlm_phase phase = tlm::BEGIN_REQ;
  const sc_time wanted = static_cast<double>(transaction.burst.issued) * clock_period_;
  sc_time delay = wanted > sc_time_stamp() ? wanted - sc_time_stamp() : SC_ZERO_TIME;
  requesting_ = &transaction;
  const tlm::tlm_sync_enum result = socket->nb_transport_fw(transaction, phase, delay);
  const sc_time at = sc_time_stamp() + delay;
  switch (result) {
    case tlm::TLM_ACCEPTED:
      break;
    case tlm::TLM_COMPLETED:
      request_done(at);
      finish(transaction, at);
      break;
    case tlm::TLM_UPDATED:
      request_done(at);
      if (phase == tlm::BEGIN_RESP) end_response(transaction, delay);
      break;
  }
}

void DmaPort::send_next() {
  while (requesting_ == nullptr && !waiting_.empty()) {
    if (channel_free_ > sc_time_stamp()) {
      channel_event_.notify(channel_free_ - sc_time_stamp());
      return;
    }
    const engine::Burst burst = waiting_.front();
    waiting_.pop_front();
    start(allocate(burst));
  }
}

void DmaPort::request_done(const sc_time& at) {
  requesting_ = nullptr;
  channel_free_ = at;
  if (!waiting_.empty()) channel_event_.notify(at > sc_time_stamp() ? at - sc_time_stamp() : SC_ZERO_TIME);
}

void DmaPort::end_response(Transaction& transaction, sc_time delay) {
  const sc_time at = sc_time_stamp() + delay;
  tlm::tlm_phase phase = tlm::END_RESP;
  socket->nb_transport_fw(transaction, phase, delay);
  finish(transaction, at);
}

void DmaPort::finish(Transaction& transaction, const sc_time& at) {
  const engine::Burst burst = transaction.burst;
  const bool abandoned = transaction.generation != generation_;
  const tlm::tlm_response_status status = transaction.get_response_status();
  transaction.release();
  if (abandoned) return;
  --open_;
  if (status != tlm::TLM_OK_RESPONSE) owner_.on_dma_error(burst, status);
  owner_.on_dma_complete(burst, at);
}

tlm::tlm_sync_enum DmaPort::nb_transport_bw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                            sc_time& delay) {
  auto& transaction = static_cast<Transaction&>(payload);  // only this pool's come back
  const sc_time at = sc_time_stamp() + delay;
  if (requesting_ == &transaction && (phase == tlm::END_REQ || phase == tlm::BEGIN_RESP)) request_done(at);
  if (phase != tlm::BEGIN_RESP) return tlm::TLM_ACCEPTED;
  // Completing here is END_RESP as well: the accelerator takes read data when they come.
  finish(transaction, at);
  return tlm::TLM_COMPLETED;
}

void DmaPort::abandon() {
  ++generation_;
  waiting_.clear();
  open_ = 0;
}

}  // namespace nvdla::device
