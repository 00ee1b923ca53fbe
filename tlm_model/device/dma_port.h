// SPDX-License-Identifier: Apache-2.0
// One memory port of the accelerator as a TLM-2.0 initiator.
//
// What it models: every chunk that the memory interface issues becomes one transaction of the base protocol.
// Two modes:
//   kNonBlocking (approximately timed): four phases. The request channel carries one request at a time: a
//     target that withholds END_REQ stalls it and later chunks queue. Any number of transactions may be open;
//     responses may come in any order. Early completion (TLM_COMPLETED), early END_REQ or BEGIN_RESP
//     (TLM_UPDATED) and annotated delays are taken as the standard says. A target that implements only
//     b_transport works through the conversion of tlm_utils::simple_target_socket, but that ends a request
//     only with its response: one at a time. This is warned about; such targets want kBlocking.
//     Where the target says that it takes them (run_latency of DmaExtension), the reads of a lone stream
//     leave up to 256 cycles ahead of their time, with that time annotated, while a CPU polls (PollExtension)
//     and so starts nothing else.
//   kBlocking (loosely timed): b_transport, from processes of this port: as many are open as the target lets
//     wait. A chunk is complete at the annotated time of its return.
// DMI (`use_dmi`, both modes): where the target grants it, later chunks complete after the latency that it
// named, without a call and hence without contention, until it invalidates the region. Their bytes move when
// they complete; of those under way, when the region is invalidated.
//
// Data, where values are computed (`moves_bytes`): reads bring what the payload holds when its response
// comes, also that of a failed access; writes carry what the operation has computed, with byte enables for a
// chunk that does not fill its beats. Where they are not: reads fetch and discard data, and writes carry byte
// enables that are all disabled, so that no byte of memory changes. A target that takes no byte enables needs
// `mask_writes = false`: bytes that are not to change are written back as transport_dbg finds them; as zeros,
// where it finds none.
//
// Limits: reset abandons open transactions; their protocol is completed, their responses are ignored, and no
// request of before the reset is begun after it.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <systemc>
#include <tlm>
#include <vector>

#include "device/clock.h"
#include "device/dma_extension.h"
#include "engine/bus_port.h"

namespace nvdla::device {

enum class DmaMode : std::uint8_t { kNonBlocking, kBlocking };

struct DmaOptions {
  std::uint32_t bus_bytes = 8;  // one beat
  DmaMode mode = DmaMode::kNonBlocking;
  bool mask_writes = true;
  bool use_dmi = false;
  bool moves_bytes = false;
};

// Who is told when a chunk is complete.
class DmaOwner {
 public:
  virtual ~DmaOwner() = default;
  // `at` is the time of the response; it may lie in the future (annotated delay). Called at any point of the
  // evaluate phase, also from inside DmaPort::issue().
  virtual void on_dma_complete(const engine::Burst& burst, const sc_core::sc_time& at) = 0;
  // The same by DMI, where bytes move: those of the chunk, at `memory`, move at that time, what a write
  // brings in `burst.data`, or what a read finds there.
  virtual void on_direct_complete(const engine::Burst& /*burst*/, const sc_core::sc_time& /*at*/,
                                  unsigned char* /*memory*/) {}
  // Pointers of direct chunks are no longer valid after this call.
  virtual void on_direct_revoked() {}
  virtual void on_dma_error(const engine::Burst& burst, tlm::tlm_response_status status) = 0;
};

class DmaPort : public sc_core::sc_module, public engine::BusPort, private tlm::tlm_mm_interface {
 public:
  static constexpr unsigned kSocketBits = 64;  // template parameter of the socket; beats may be wider
  using Socket = tlm_utils::simple_initiator_socket_optional<DmaPort, kSocketBits>;

  DmaPort(sc_core::sc_module_name name, DmaOwner& owner, const Clock& clock, const DmaOptions& options);
  ~DmaPort() override;

  Socket socket;

  // Beat 0 is requested in cycle burst.issued, now or later.
  void issue(const engine::Burst& burst) override;
  // As the target says (device/dma_extension.h).
  [[nodiscard]] Cycle run_latency() const override { return options_.use_dmi ? 0 : run_latency_; }
  // As the target says (device/target_channels.h).
  [[nodiscard]] Cycle write_room(std::uint32_t ahead, Cycle now) override {
    return channels_ == nullptr ? 0 : channels_->write_room(ahead, now);
  }
  [[nodiscard]] std::uint32_t open_reads() const override {
    return channels_ == nullptr ? kUnlimited : channels_->open_reads();
  }
  [[nodiscard]] Cycle read_room(std::uint32_t ahead, Cycle from) override {
    return channels_ == nullptr ? from : channels_->read_room(ahead, from);
  }
  [[nodiscard]] Cycle read_return(std::uint32_t ahead, Cycle from) override {
    if (channels_ == nullptr || options_.use_dmi) return kNever;  // direct ones do not pass the target
    return waiting_.empty() ? channels_->read_return(ahead, from) : from + 1;  // it may not have been sent
  }
  [[nodiscard]] bool spreads_beats() const override {
    return channels_ != nullptr && channels_->spreads_beats();
  }
  // By DMI where it is granted, else by transport_dbg.
  bool peek(std::uint64_t address, unsigned char* data, std::size_t length) override;
  bool poke(std::uint64_t address, const unsigned char* data, std::size_t length) override;
  // Forgets queued chunks and ignores the responses of open ones.
  void abandon();
  // Transactions that wait for the request channel or for their response, abandoned ones not counted.
  [[nodiscard]] std::size_t open() const { return open_; }
  [[nodiscard]] bool connected() { return socket.size() > 0; }

 private:
  SC_HAS_PROCESS(DmaPort);
  struct Transaction : tlm::tlm_generic_payload {
    DmaExtension extension;
    std::vector<unsigned char> data, enables;
    engine::Burst burst;
    std::uint64_t generation = 0;
  };

  tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay);
  void invalidate_direct_mem_ptr(sc_dt::uint64 first, sc_dt::uint64 last);
  void free(tlm::tlm_generic_payload* payload) override;
  Transaction& allocate(const engine::Burst& burst);
  void set_write_data(Transaction& transaction);
  void issue_one(const engine::Burst& burst);
  // `delay` from the present on.
  void start(Transaction& transaction, sc_core::sc_time delay, const sc_core::sc_time& present);
  void send_next();
  void request_done(const sc_core::sc_time& at);
  void finish(Transaction& transaction, const sc_core::sc_time& at);
  void end_response(Transaction& transaction, sc_core::sc_time delay);

  void preserve(Transaction& transaction);
  void spawn_worker();
  void work();

  // What remains of simulated time until the chunk's first beat.
  [[nodiscard]] sc_core::sc_time lead(const engine::Burst& burst, const sc_core::sc_time& present) const;
  // The granted region that holds the bytes; null if there is none.
  [[nodiscard]] const tlm::tlm_dmi* region_of(std::uint64_t address, std::uint64_t bytes, bool write) const;
  // Completes the chunk by DMI; false when no granted region holds it.
  bool complete_by_dmi(const engine::Burst& burst);
  bool debug_access(std::uint64_t address, unsigned char* data, std::size_t length, bool write);
  void request_dmi(Transaction& transaction);

  DmaOwner& owner_;
  const Clock& clock_;
  DmaOptions options_;
  unsigned char byte_enable_;

  std::deque<Transaction*> waiting_;
  Transaction* requesting_ = nullptr;  // holds the request channel
  sc_core::sc_time channel_free_;      // annotated end of the last request
  sc_core::sc_event channel_event_;
  TargetChannels* channels_ = nullptr;
  Cycle run_latency_ = 0;
  bool serialised_told_ = false;
  std::uint64_t generation_ = 0;
  std::size_t open_ = 0;

  sc_core::sc_event work_event_;  // blocking mode: `waiting_` is no longer empty
  std::size_t idle_workers_ = 0;

  std::vector<tlm::tlm_dmi> regions_;

  std::vector<std::unique_ptr<Transaction>> pool_;
  std::vector<Transaction*> free_;
};

}  // namespace nvdla::device
