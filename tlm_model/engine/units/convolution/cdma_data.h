// SPDX-License-Identifier: Apache-2.0
// CDMA's data side: fetches the input of one convolution into the CBUF.
//
//   first request  = start + request pipeline (+ bank-change handshake)
//   a grain is requested when its CBUF entries are free; a request a cycle (padding of images and Winograd
//   takes its cycle, too), one idle behind a group of surfaces, one more between grains, lines of an image
//   done           = last read of the shared buffer + write pipeline
//   last read      = shared buffer (direct, Winograd) or line packer (image), fed by the beats as memory
//                    returns them
// CSC starts when all lines of the layer are there (CSC_sg: dat_cbuf_ready), so only the end of the fetch
// counts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include "amaix/convolution_plan.h"
#include "amaix/winograd_buffer.h"
#include "engine/fetch_ledger.h"
#include "engine/memory_interface.h"
#include "engine/units/convolution/cdma_image_packer.h"
#include "engine/units/convolution/cdma_shared_buffer.h"
#include "engine/units/convolution/convolution_state.h"

namespace nvdla::engine {

class CdmaData : public Process, public MemoryClient {
 public:
  CdmaData(Scheduler& scheduler, const HardwareParameters& hardware, MemoryInterface& dbb,
           MemoryInterface& cvsram, CbufUsage& cbuf);

  // Called with the cycle in which all lines are in the CBUF (the done bit).
  void on_done(std::function<void(Cycle)> callback) { done_ = std::move(callback); }
  // Takes the operation in cycle `at`; the first request reaches the bus in `first_request`.
  void start(OperationId id, const ConvolutionFetch& fetch, Cycle at, Cycle first_request);
  // Entries have been released: they can be requested from `at`.
  void release(std::uint64_t entries, Cycle at);
  [[nodiscard]] bool busy() const { return busy_; }
  [[nodiscard]] FetchLedger& ledger() { return ledger_; }
  void reset();

  void on_read(const ReadReturn& data) override;
  [[nodiscard]] Cycle bus_free(std::int32_t left) const override;
  void on_write_acknowledged(const WriteReturn& write) override;
  void on_room(Client client, Cycle at) override;

 protected:
  void run(Cycle now) override;

 private:
  void finish();
  [[nodiscard]] bool may_request(Cycle now);
  const HardwareParameters& hardware_;
  const ConvolutionTiming timing_;
  const std::size_t held_places_;  // paths::HeldBeatsPaths
  const Cycle held_ready_;
  MemoryInterface& dbb_;
  MemoryInterface& cvsram_;
  CbufUsage& cbuf_;
  std::function<void(Cycle)> done_;
  OperationId id_;
  ConvolutionFetch fetch_;
  FetchLedger ledger_;
  amaix::DataRequests requests_;
  SharedBuffer buffer_;
  ImagePacker packer_;
  amaix::WinogradBuffer winograd_buffer_;
  bool image_ = false, winograd_ = false;
  bool busy_ = false;
  bool grain_taken_ = false;
  bool wants_room_ = false;  // the next grain waits for CBUF entries
  bool all_returned_ = false;
  std::uint64_t in_flight_ = 0;
  Cycle first_request_ = 0;
  Cycle next_request_ = 0;  // a request or a dummy a cycle, and pauses
  Cycle apart_ = 1;         // of the next request from the one before
  Cycle done_at_ = kNever;
  std::uint64_t pending_release_ = 0;
  Cycle release_at_ = kNever;
};

}  // namespace nvdla::engine
