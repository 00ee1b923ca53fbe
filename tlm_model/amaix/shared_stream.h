// SPDX-License-Identifier: Apache-2.0
// PDP or CDP among others on its port (amaix/shared_walk.h): its reads as amaix/stream_walk.h has them. What
// a portion writes is ready `depth` + `write` cycles behind its end, chunk by chunk; while its output fills
// the places up to the arbiter (amaix/write_chain.h) and the datapath, the core takes no portion, nor before
// the unit is done with the layer before. Marks: the ends of the portions, and the last acknowledge.
#pragma once

#include <optional>
#include <vector>

#include "amaix/shared_walk.h"
#include "amaix/stream_walk.h"
#include "amaix/write_chain.h"
#include "memory/ring_buffer.h"

namespace nvdla::amaix {

class SharedStream : public SharedUnit {
 public:
  // `release`: StreamSummary::release.
  SharedStream(StreamChunks chunks, const StreamTiming& timing, Client client,
               const HardwareParameters& hardware, std::uint32_t release)
      : chunks_(std::move(chunks)),
        timing_(timing),
        release_(release),
        clients_({client}),
        hardware_(hardware),
        chain_(client == Client::kCdp ? paths::cdp_write_chain(hardware.generation, hardware.master_rtl)
                                      : paths::pdp_write_chain(hardware.generation, hardware.master_rtl)) {}

  [[nodiscard]] const std::vector<Client>& readers() const override { return clients_; }
  [[nodiscard]] Client writer() const override { return clients_.front(); }
  [[nodiscard]] bool whole() const override { return !chunks_.full(); }
  void restart(Cycle begin, const SharedUnit* before) override;
  [[nodiscard]] Cycle asks(std::size_t reader) override;
  [[nodiscard]] std::uint32_t beats(std::size_t /*reader*/) const override { return walker_->beats(); }
  void granted(std::size_t /*reader*/, Cycle at) override { walker_->grant(static_cast<double>(at)); }
  void came(std::size_t reader, Cycle first, Cycle last, std::uint32_t beats) override;
  [[nodiscard]] Cycle writes() const override { return outputs_.empty() ? kNever : outputs_.front().ready; }
  [[nodiscard]] std::uint32_t write_beats() const override { return outputs_.front().chunk.beats; }
  void write_granted(Cycle at) override;
  void acknowledged(Cycle at) override { marks_.back() = at; }
  [[nodiscard]] Cycle due() const override { return waits_ && before_->walker_->over() ? due_ : kNever; }
  void run(Cycle now) override { take(now); }
  [[nodiscard]] const std::vector<Cycle>& marks() const override { return marks_; }

 private:
  struct Output {
    Cycle ready;
    WaitingChunk chunk;
  };
  // Of the unit: its last output has left the datapath. Precondition: it has taken all.
  [[nodiscard]] double done() const;
  void take(Cycle not_before);
  [[nodiscard]] bool has_room(std::uint32_t cycles);
  void leave(WaitingChunk output, double at, std::uint32_t command);
  void leave_strip(double at);

  const StreamChunks chunks_;
  const StreamTiming timing_;
  const std::uint32_t release_;
  const std::vector<Client> clients_;
  const HardwareParameters& hardware_;
  const WriteChain chain_;
  std::optional<StreamWalker> walker_;
  memory::RingBuffer<Output> outputs_;
  memory::RingBuffer<WaitingChunk> waiting_;  // their chunks, when they are looked at
  std::vector<Cycle> marks_;
  std::size_t portions_ = 0;
  const StreamPortion* held_ = nullptr;  // the last one, whose output has not left
  const SharedStream* before_ = nullptr;
  bool waits_ = false;  // its first portion has come, and the core has not taken all of that layer
  Cycle due_ = 0;       // when it came
};

}  // namespace nvdla::amaix
