// SPDX-License-Identifier: Apache-2.0
// CDMA's weight side: streams the weights of one convolution into the weight banks of the CBUF.
//
//   requests (8 atoms, aligned) go out while bytes in flight, stored and not yet released fit the banks;
//   kernel group g is there with the beat that stores its last byte (CDMA_wt: wt_satisfied, wmb_satisfied);
//   done = last beat + write and status pipeline.
// Compression: the sizes of the kernel groups, the mask bits and the weights are streams of one client; the
// sizes go first, one atom a request, mask bits and weights take turns (amaix::WeightPlan). Mask bits have a
// bank of their own.
#pragma once

#include <cstdint>
#include <functional>

#include "amaix/convolution_plan.h"
#include "engine/fetch_ledger.h"
#include "engine/memory_interface.h"
#include "engine/units/convolution/convolution_state.h"

namespace nvdla::engine {

class CdmaWeight : public Process, public MemoryClient {
 public:
  CdmaWeight(Scheduler& scheduler, const HardwareParameters& hardware, MemoryInterface& dbb,
             MemoryInterface& cvsram, CbufUsage& cbuf);

  void on_done(std::function<void(Cycle)> callback) { done_ = std::move(callback); }
  // `kernels` more can be used; the last of their beats was on the bus in the given cycle.
  void on_kernels(std::function<void(std::uint32_t kernels, Cycle)> callback) {
    kernels_ = std::move(callback);
  }
  // Takes the operation in cycle `at`; the first request reaches the bus in `first_request`.
  void start(OperationId id, const ConvolutionFetch& fetch, Cycle at, Cycle first_request);
  // CSC has used weights up: their bytes, and those of their mask bits, can be requested from `at`.
  void release(std::uint64_t bytes, std::uint64_t mask_bytes, Cycle at);
  [[nodiscard]] bool busy() const { return busy_; }
  [[nodiscard]] FetchLedger& ledger() { return ledger_; }
  void reset();

  void on_read(const ReadReturn& data) override;
  void on_beats(BeatReturns& beats) override;
  void on_write_acknowledged(const WriteReturn& write) override;
  void on_room(Client client, Cycle at) override;
  void on_room_in_run(Client client, Cycle at) override;

 protected:
  void run(Cycle now) override;

 private:
  struct Stream {
    std::uint64_t next = 0, end = 0;
  };
  void request(Cycle now);
  // Weights that end before this address complete no kernel group: they are only counted.
  [[nodiscard]] std::uint64_t counted_below(std::uint64_t tag, std::uint64_t address);
  // Whose turn it is: mask bits, weights or, null, nobody's.
  Stream* next_in_turn();
  [[nodiscard]] bool mask_wants() const;
  [[nodiscard]] bool weights_want() const;
  [[nodiscard]] std::uint64_t request_size(const Stream& stream) const;
  [[nodiscard]] Cycle passed(const ReadReturn& data, std::uint64_t bytes, std::uint64_t before) const;

  const HardwareParameters& hardware_;
  const ConvolutionTiming timing_;
  MemoryInterface& dbb_;
  MemoryInterface& cvsram_;
  CbufUsage& cbuf_;
  std::function<void(Cycle)> done_;
  std::function<void(std::uint32_t, Cycle)> kernels_;
  OperationId id_;
  amaix::WeightPlan plan_;
  FetchLedger ledger_;
  bool wants_room_ = false;  // the next request waits for the release of weights
  MemorySpace space_ = MemorySpace::kDbb;
  Stream weights_, mask_, sizes_;
  Stream* turn_ = nullptr;        // the last one that asked
  std::uint32_t turns_left_ = 0;  // requests that it may have in a row from here
  std::uint64_t stored_ = 0, mask_stored_ = 0;
  std::uint32_t group_ = 0;
  std::uint64_t group_end_ = 0;  // stored bytes that complete it
  struct {                       // the group whose weights are asked for, in bytes of the stream
    std::uint64_t end = 0;
    std::uint64_t seen = 0, before = 0;  // with which it, and the one before, are seen to be there
  } asked_;
  bool busy_ = false;
  Cycle first_request_ = 0;  // of the sizes, or of the weights where there are none
  Cycle first_weights_ = 0;
  Cycle done_at_ = kNever;
  std::uint64_t pending_release_ = 0, pending_mask_release_ = 0;
  Cycle release_at_ = kNever;
};

}  // namespace nvdla::engine
