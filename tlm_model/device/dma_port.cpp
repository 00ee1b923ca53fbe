// SPDX-License-Identifier: Apache-2.0
#ifndef SC_INCLUDE_DYNAMIC_PROCESSES
#define SC_INCLUDE_DYNAMIC_PROCESSES  // sc_spawn
#endif
#include "device/dma_port.h"

#include <algorithm>

namespace nvdla::device {

using sc_core::sc_time;
using sc_core::sc_time_stamp;
using sc_core::SC_ZERO_TIME;

DmaPort::DmaPort(sc_core::sc_module_name name, DmaOwner& owner, const Clock& clock, const DmaOptions& options)
    : sc_module(name),
      socket("socket"),
      owner_(owner),
      clock_(clock),
      options_(options),
      byte_enable_(TLM_BYTE_DISABLED) {
  socket.register_nb_transport_bw(this, &DmaPort::nb_transport_bw);
  socket.register_invalidate_direct_mem_ptr(this, &DmaPort::invalidate_direct_mem_ptr);
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
  const unsigned length = burst.beats * options_.bus_bytes;
  if (transaction.data.size() < length) transaction.data.resize(length);
  transaction.burst = burst;
  transaction.generation = generation_;
  transaction.extension.client = burst.client;
  transaction.extension.beats = burst.beats;
  transaction.extension.span = transaction.extension.held = 0;

  tlm::tlm_generic_payload& payload = transaction;
  payload.acquire();
  payload.set_command(burst.write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
  payload.set_address(burst.address);
  payload.set_data_ptr(transaction.data.data());
  payload.set_data_length(length);
  payload.set_streaming_width(length);
  payload.set_byte_enable_ptr(nullptr);
  payload.set_byte_enable_length(0);
  if (burst.write) {
    set_write_data(transaction);
  } else if (options_.moves_bytes) {
    std::fill_n(transaction.data.begin(), length, static_cast<unsigned char>(0));
  }
  transaction.burst.data = nullptr;
  payload.set_dmi_allowed(false);
  payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
  return transaction;
}

// Bytes that are not to change are masked, or later preserved.
void DmaPort::set_write_data(Transaction& transaction) {
  const engine::Burst& burst = transaction.burst;
  const unsigned length = transaction.get_data_length();
  if (!options_.moves_bytes || burst.data == nullptr) {
    transaction.burst.bytes = 0;
    if (!options_.mask_writes) return;
    transaction.set_byte_enable_ptr(&byte_enable_);
    transaction.set_byte_enable_length(1);
    return;
  }
  std::copy_n(burst.data, length, transaction.data.begin());
  if (burst.bytes == length || !options_.mask_writes) return;
  transaction.enables.assign(length, TLM_BYTE_DISABLED);
  std::fill_n(transaction.enables.begin() + burst.offset, burst.bytes,
              static_cast<unsigned char>(TLM_BYTE_ENABLED));
  transaction.set_byte_enable_ptr(transaction.enables.data());
  transaction.set_byte_enable_length(length);
}

// What an unmasked write writes where it is not to change memory: the bytes that are there.
void DmaPort::preserve(Transaction& transaction) {
  const engine::Burst& burst = transaction.burst;
  if (burst.bytes == transaction.get_data_length()) return;
  const std::vector<unsigned char> computed(transaction.data.begin() + burst.offset,
                                            transaction.data.begin() + burst.offset + burst.bytes);
  std::fill(transaction.data.begin(), transaction.data.end(), static_cast<unsigned char>(0));
  tlm::tlm_generic_payload look;
  look.set_read();
  look.set_address(transaction.burst.address);
  look.set_data_ptr(transaction.data.data());
  look.set_data_length(transaction.get_data_length());
  look.set_streaming_width(transaction.get_data_length());
  socket->transport_dbg(look);
  std::copy(computed.begin(), computed.end(), transaction.data.begin() + burst.offset);
}

void DmaPort::free(tlm::tlm_generic_payload* payload) { free_.push_back(static_cast<Transaction*>(payload)); }

sc_time DmaPort::lead(const engine::Burst& burst, const sc_time& present) const {
  const sc_time wanted = clock_.time_of(burst.issued);
  return wanted > present ? wanted - present : SC_ZERO_TIME;
}

void DmaPort::issue(const engine::Burst& burst) {
  if (!burst.beat_by_beat) {
    issue_one(burst);
    return;
  }
  // As many transactions as chunks.
  engine::Burst beat = burst;
  beat.beats = 1;
  const std::uint32_t end = burst.offset + burst.bytes;
  for (std::uint32_t begin = 0; begin < end; begin += options_.bus_bytes) {
    beat.bytes = std::min(end - begin, options_.bus_bytes) - beat.offset;
    issue_one(beat);
    beat.address += options_.bus_bytes;
    beat.offset = 0;
    ++beat.issued;
  }
}

void DmaPort::issue_one(const engine::Burst& burst) {
  if (!regions_.empty() && complete_by_dmi(burst)) return;
  ++open_;
  if (options_.mode == DmaMode::kBlocking) {
    waiting_.push_back(&allocate(burst));
    if (idle_workers_ == 0) {
      spawn_worker();
    } else {
      work_event_.notify(SC_ZERO_TIME);
    }
    return;
  }
  const sc_time& present = sc_time_stamp();
  const sc_time begin = std::max(clock_.time_of(burst.issued), present);
  const bool free = channel_free_ <= begin;
  if (requesting_ != nullptr || !waiting_.empty() || !free) {
    waiting_.push_back(&allocate(burst));
    if (requesting_ == nullptr && !free) channel_event_.notify(channel_free_ - present);
    return;
  }
  start(allocate(burst), begin - present, present);
}

void DmaPort::start(Transaction& transaction, sc_time delay, const sc_time& present) {
  tlm::tlm_phase phase = tlm::BEGIN_REQ;
  if (transaction.burst.write && !options_.mask_writes) preserve(transaction);
  requesting_ = &transaction;
  transaction.extension.channels = nullptr;  // of the target before
  transaction.extension.run_latency = 0;
  const tlm::tlm_sync_enum result = socket->nb_transport_fw(transaction, phase, delay);
  if (transaction.extension.channels != nullptr) channels_ = transaction.extension.channels;
  run_latency_ = transaction.extension.run_latency;
  const sc_time at = saturated_sum(present, delay);
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
    const sc_time& present = sc_time_stamp();
    if (channel_free_ > present) {
      channel_event_.notify(channel_free_ - present);
      return;
    }
    Transaction& next = *waiting_.front();
    waiting_.pop_front();
    start(next, lead(next.burst, present), present);
  }
}

void DmaPort::request_done(const sc_time& at) {
  requesting_ = nullptr;
  channel_free_ = at;
  if (!waiting_.empty()) channel_event_.notify(at > sc_time_stamp() ? at - sc_time_stamp() : SC_ZERO_TIME);
}

void DmaPort::end_response(Transaction& transaction, sc_time delay) {
  const sc_time at = after(delay);
  tlm::tlm_phase phase = tlm::END_RESP;
  socket->nb_transport_fw(transaction, phase, delay);
  finish(transaction, at);
}

void DmaPort::spawn_worker() {
  ++idle_workers_;
  sc_core::sc_spawn([this] { work(); }, sc_core::sc_gen_unique_name("worker"));
}

// A target may wait in b_transport: another worker stands by for the chunks that follow.
void DmaPort::work() {
  for (;;) {
    while (waiting_.empty()) wait(work_event_);
    Transaction& transaction = *waiting_.front();
    waiting_.pop_front();
    --idle_workers_;
    if (!waiting_.empty() && idle_workers_ == 0) spawn_worker();
    if (!waiting_.empty()) work_event_.notify(SC_ZERO_TIME);
    sc_time delay = lead(transaction.burst, sc_time_stamp());
    if (transaction.burst.write && !options_.mask_writes) preserve(transaction);
    socket->b_transport(transaction, delay);
    ++idle_workers_;
    finish(transaction, after(delay));
  }
}

void DmaPort::finish(Transaction& transaction, const sc_time& at) {
  if (options_.use_dmi && transaction.is_dmi_allowed()) request_dmi(transaction);
  engine::Burst& burst = transaction.burst;
  burst.span = transaction.extension.span;
  burst.held = transaction.extension.held;
  const bool abandoned = transaction.generation != generation_;
  const tlm::tlm_response_status status = transaction.get_response_status();
  if (!abandoned) {
    --open_;
    if (status != tlm::TLM_OK_RESPONSE) owner_.on_dma_error(burst, status);
    if (options_.moves_bytes && !burst.write) burst.data = transaction.data.data();
    owner_.on_dma_complete(burst, at);
  }
  transaction.release();
}

tlm::tlm_sync_enum DmaPort::nb_transport_bw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                            sc_time& delay) {
  auto& transaction = static_cast<Transaction&>(payload);  // only this pool's come back
  const sc_time at = after(delay);
  if (requesting_ == &transaction && phase == tlm::BEGIN_RESP && !waiting_.empty() && !serialised_told_) {
    serialised_told_ = true;
    SC_REPORT_WARNING("nvdla", (std::string(name()) +
                                ": the target ends a request only with its response, requests are served one "
                                "at a time; if it has b_transport only, use DmaMode::kBlocking")
                                   .c_str());
  }
  if (requesting_ == &transaction && (phase == tlm::END_REQ || phase == tlm::BEGIN_RESP)) request_done(at);
  if (phase != tlm::BEGIN_RESP) return tlm::TLM_ACCEPTED;
  // Completing here is END_RESP as well: the accelerator takes read data when they come.
  finish(transaction, at);
  return tlm::TLM_COMPLETED;
}

// -- DMI ---------------------------------------------------------------------------------------------

const tlm::tlm_dmi* DmaPort::region_of(std::uint64_t address, std::uint64_t bytes, bool write) const {
  for (const tlm::tlm_dmi& region : regions_) {
    if (address < region.get_start_address() || address + (bytes - 1) > region.get_end_address()) continue;
    if (write ? region.is_write_allowed() : region.is_read_allowed()) return &region;
  }
  return nullptr;
}

bool DmaPort::complete_by_dmi(const engine::Burst& burst) {
  const tlm::tlm_dmi* const region =
      region_of(burst.address, std::uint64_t{burst.beats} * options_.bus_bytes, burst.write);
  if (region == nullptr) return false;
  // Its last beat is requested one clock period a beat later.
  const sc_time beats = static_cast<double>(burst.beats - 1) * clock_.period();
  const sc_time latency = burst.write ? region->get_write_latency() : region->get_read_latency();
  const sc_time at = saturated_sum(after(lead(burst, sc_time_stamp()) + beats), latency);
  if (options_.moves_bytes && (!burst.write || burst.data != nullptr)) {
    owner_.on_direct_complete(burst, at,
                              region->get_dmi_ptr() + (burst.address - region->get_start_address()));
  } else {
    owner_.on_dma_complete(burst, at);
  }
  return true;
}

bool DmaPort::debug_access(std::uint64_t address, unsigned char* data, std::size_t length, bool write) {
  tlm::tlm_generic_payload payload;
  payload.set_command(write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
  payload.set_address(address);
  payload.set_data_ptr(data);
  payload.set_data_length(static_cast<unsigned>(length));
  payload.set_streaming_width(static_cast<unsigned>(length));
  return socket->transport_dbg(payload) == length;
}

bool DmaPort::peek(std::uint64_t address, unsigned char* data, std::size_t length) {
  if (const tlm::tlm_dmi* const region = region_of(address, length, false)) {
    std::copy_n(region->get_dmi_ptr() + (address - region->get_start_address()), length, data);
    return true;
  }
  return debug_access(address, data, length, false);
}

bool DmaPort::poke(std::uint64_t address, const unsigned char* data, std::size_t length) {
  if (const tlm::tlm_dmi* const region = region_of(address, length, true)) {
    std::copy_n(data, length, region->get_dmi_ptr() + (address - region->get_start_address()));
    return true;
  }
  std::vector<unsigned char> copy(data, data + length);
  return debug_access(address, copy.data(), length, true);
}

void DmaPort::request_dmi(Transaction& transaction) {
  transaction.set_address(transaction.burst.address);  // an interconnect may have changed it
  tlm::tlm_dmi region;
  if (!socket->get_direct_mem_ptr(transaction, region) || region.is_none_allowed()) return;
  // A grant without memory, which the standard does not know, is of use where no bytes move.
  if (options_.moves_bytes && region.get_dmi_ptr() == nullptr) return;
  regions_.push_back(region);
}

void DmaPort::invalidate_direct_mem_ptr(sc_dt::uint64 first, sc_dt::uint64 last) {
  const auto overlaps = [&](const tlm::tlm_dmi& region) {
    return region.get_start_address() <= last && region.get_end_address() >= first;
  };
  const auto revoked = std::remove_if(regions_.begin(), regions_.end(), overlaps);
  if (revoked == regions_.end()) return;
  regions_.erase(revoked, regions_.end());
  owner_.on_direct_revoked();
}

void DmaPort::abandon() {
  ++generation_;
  for (Transaction* const transaction : waiting_) transaction->release();
  waiting_.clear();
  open_ = 0;
}

}  // namespace nvdla::device
