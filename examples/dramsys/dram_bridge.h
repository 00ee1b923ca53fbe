// SPDX-License-Identifier: Apache-2.0
// From NVDLA's DMA transactions to the accesses that a DRAM controller takes: whole bursts of the DRAM, one
// request behind the other, as AT has it. With a cache (cache.h) lines that it holds do not get that far.
//
//   NVDLA (any length, byte enables) -> lines of a DRAM burst -> [cache] -> DRAM
// A transaction is answered when its last line is. Time only: no contents are moved.
#pragma once

#include <tlm_utils/peq_with_cb_and_phase.h>
#include <tlm_utils/peq_with_get.h>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <systemc>
#include <tlm>
#include <vector>

#include "cache.h"

namespace example {

class DramBridge : public sc_core::sc_module, private tlm::tlm_mm_interface {
 public:
  tlm_utils::simple_target_socket<DramBridge, 64> from_nvdla{"from_nvdla"};
  tlm_utils::simple_initiator_socket<DramBridge> to_dram{"to_dram"};

  struct Parameters {
    std::uint32_t line_bytes = 64;
    std::uint64_t dram_bytes = 0;   // addresses wrap at it
    std::uint64_t cache_bytes = 0;  // 0: none
    sc_core::sc_time hit_latency{20, sc_core::SC_NS};
    sc_core::sc_time line_time{1, sc_core::SC_NS};  // between two hits
  };
  DramBridge(sc_core::sc_module_name name, const Parameters& parameters);
  ~DramBridge() override;

  [[nodiscard]] std::uint64_t dram_reads() const { return reads_; }  // lines
  [[nodiscard]] std::uint64_t dram_writes() const { return writes_; }
  [[nodiscard]] const CacheTags* cache() const { return cache_ ? &*cache_ : nullptr; }

 private:
  SC_HAS_PROCESS(DramBridge);
  tlm::tlm_sync_enum from_nvdla_fw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                   sc_core::sc_time& delay);
  tlm::tlm_sync_enum from_dram_bw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                  sc_core::sc_time& delay);
  void free(tlm::tlm_generic_payload* payload) override;

  void accept();
  void answer_hits();
  void from_dram(tlm::tlm_generic_payload& payload, const tlm::tlm_phase& phase);
  void request(std::uint64_t address, bool write, tlm::tlm_generic_payload* parent);
  void send();
  void line_done(tlm::tlm_generic_payload* parent);
  void respond();

  Parameters parameters_;
  std::optional<CacheTags> cache_;
  tlm_utils::peq_with_get<tlm::tlm_generic_payload> arrived_{"arrived"};
  std::map<tlm::tlm_generic_payload*, std::uint32_t> open_;  // parents: lines not answered yet
  std::deque<std::pair<sc_core::sc_time, tlm::tlm_generic_payload*>> hits_;
  sc_core::sc_time last_hit_;
  sc_core::sc_event hit_;
  tlm_utils::peq_with_cb_and_phase<DramBridge> phases_{this, &DramBridge::from_dram};
  std::deque<tlm::tlm_generic_payload*> waiting_;  // for the DRAM's END_REQ of the one before
  std::map<tlm::tlm_generic_payload*, tlm::tlm_generic_payload*> parent_of_;
  bool requesting_ = false;
  std::deque<tlm::tlm_generic_payload*> done_;  // parents to be answered
  tlm::tlm_generic_payload* responding_ = nullptr;
  std::vector<std::unique_ptr<tlm::tlm_generic_payload>> all_;
  std::vector<tlm::tlm_generic_payload*> free_;
  std::vector<unsigned char> nothing_;
  std::uint64_t reads_ = 0, writes_ = 0;
};

}  // namespace example
