// SPDX-License-Identifier: Apache-2.0
// A convolution on its port, among others (amaix/shared_walk.h) or alone (amaix/convolution_alone.h): CDMA's
// data and its weights, SDP's operands, and the output of SDP, or of PDP, behind it.
//   data     a request's chunk leaves `gap` cycles behind the one before it, and waits at the arbiter with
//            those behind it; its path takes `path` cycles a beat, and what does not fit in front of it keeps
//            the bus
//   weights  a chunk a cycle, as far as the weight banks have room
//   S(g)   = max(E(g-1), weights of the group come + pipeline), of the first also the data
//   E(g)   = S(g) + time(g); its output is ready with the last packages of its channel operations; while
//            SDP's write path holds more than its buffer of it, the group's last package waits
//   operands a chunk of output waits for its part of them (amaix/shared_operands.h) and leaves when SDP has
//            worked through it
// Groups and their times are those of the estimate without others (amaix/convolution_estimate.h).
// Marks: the data's done, the weights', the begin of each group, the end, when the buffers had room for it;
// CACC has handed over all; SDP's slow stage has taken it, which releases both; the last acknowledge.
// Of a layer that is not complete only what parts of it have taken: CDMA what finds room beside the layer
// before, SDP's reader what its FIFOs take, CSC groups as far as CACC has room for their results.
// Limits: compressed weights are one stream.
#pragma once

#include <array>
#include <vector>

#include "amaix/convolution_estimate.h"
#include "amaix/shared_operands.h"
#include "amaix/shared_walk.h"
#include "amaix/shared_write_path.h"
#include "hardware/paths/memory_interface.h"
#include "memory/ring_buffer.h"

namespace nvdla::amaix {

class SharedConvolution : public SharedUnit {
 public:
  // `estimate`, of the convolution with `sdp` behind it, which does `work`; what `context` says of its
  // fetches. `pooled`: what PDP behind SDP writes (pooled_chunks()).
  SharedConvolution(const ConvolutionFetch& fetch, const ConvolutionContext& context,
                    const ConvolutionSchedule& schedule, const ConvolutionEstimate& estimate,
                    const SdpOnTheFly& sdp, const SdpWork& work, const HardwareParameters& hardware,
                    const std::vector<SdpChunk>* pooled = nullptr);
  // Of a layer that only CDMA has taken: what it fetches until CSC does.
  SharedConvolution(const ConvolutionFetch& fetch, const ConvolutionContext& context,
                    const HardwareParameters& hardware);
  // Of one that only SDP's reader has taken: what its FIFOs take.
  SharedConvolution(const SdpWork& work, const HardwareParameters& hardware);

  // Its own time is that of another estimate.
  void date(const ConvolutionEstimate& estimate);
  // SDP has not taken it, its reader has or not.
  void wait_for_sdp(bool operands) {
    sdp_taken_ = false;
    operands_taken_ = operands;
  }

  [[nodiscard]] const std::vector<Client>& readers() const override { return readers_; }
  [[nodiscard]] Client writer() const override { return Client::kSdp; }
  [[nodiscard]] bool whole() const override { return whole_; }
  [[nodiscard]] Cycle ahead() const override { return operands_.ahead(); }
  void restart(Cycle begin, const SharedUnit* before) override;
  [[nodiscard]] Cycle asks(std::size_t reader) override;
  [[nodiscard]] std::uint32_t beats(std::size_t reader) const override;
  void granted(std::size_t reader, Cycle at) override;
  void came(std::size_t reader, Cycle first, Cycle last, std::uint32_t beats) override;
  [[nodiscard]] Cycle bus_free() const override;
  [[nodiscard]] std::size_t ends() const override { return kEnds; }
  [[nodiscard]] double tail() const override { return tail_; }
  [[nodiscard]] const std::vector<double>& dates() const override { return dates_; }
  [[nodiscard]] Cycle writes() const override { return outputs_.empty() ? kNever : outputs_.front().ready; }
  [[nodiscard]] std::uint32_t write_beats() const override { return outputs_.front().beats; }
  void write_granted(Cycle at) override;
  void acknowledged(Cycle at) override { marks_.back() = at; }
  [[nodiscard]] Cycle due() const override { return due_; }
  void run(Cycle now) override;
  [[nodiscard]] const std::vector<Cycle>& marks() const override { return marks_; }

 private:
  static constexpr std::size_t kData = 0, kWeights = 1, kOperands = 2, kFirstGroup = 2, kEnds = 4;
  // Requests of CDMA's data that wait at the arbiter.
  static constexpr std::size_t kQueue = paths::kReadQueue.cycles() + paths::kReadQueueSecond.cycles();
  struct DataChunk {
    std::uint32_t beats, gap;
  };
  struct Output {
    Cycle ready;
    std::uint32_t beats;
    bool begins;     // a command
    double amount;   // in beats of all output
    double taking;   // cycles in which SDP takes it
    Cycle computed;  // when CACC has it
    std::size_t group;
    double credit;  // beats that SDP has to have taken before its channel operation ends
    double within;  // from the last package of that on
    double from;    // the first result of its group is output, if it is that group's first
  };
  struct Released {
    double amount;  // bytes, in all
    Cycle at;
  };
  void add_data(const ConvolutionFetch& fetch, const ConvolutionContext& context);
  void add_operands(SharedOperands operands);
  void look(Cycle now);
  void resume(std::size_t stream, Cycle now);
  void supply();
  [[nodiscard]] double stalled(const Output& output);
  void compute(Cycle now, const ConvolutionSchedule::Group& group, bool last);
  [[nodiscard]] bool room_for(double computed, double waiting) const;
  void end_where_room(Cycle now);
  [[nodiscard]] std::uint32_t chunk_bytes() const {
    return hardware_.mcif_chunk_beats * hardware_.dbb_width_bytes;
  }

  const HardwareParameters& hardware_;
  std::vector<Client> readers_{Client::kCdmaDat, Client::kCdmaWt};
  bool whole_ = true;
  std::vector<DataChunk> data_;
  // Those that find room beside the data of the layer before; the others are asked for when that has
  // released its own, in cycles after the layer's begin.
  std::size_t data_beside_ = 0;
  double data_released_ = 0;
  double held_beats_ = 0;  // of data that wait before the bus does; 0: it never does
  bool fetches_only_ = false;
  bool sdp_taken_ = true, operands_taken_ = true;
  SharedOperands operands_;
  const ConvolutionSchedule schedule_;
  bool fetches_weights_ = true;
  double output_lag_ = 0;    // from a result to its output
  double output_from_ = 0;   // SDP takes the layer; none before, in cycles after the layer's begin
  double output_beats_ = 0;  // of a group
  double output_all_ = 0;
  std::vector<SdpChunk> output_chunks_;
  double output_byte_ = 0;    // beats that one is taken for: what begins inside a beat is no more work
  double output_buffer_ = 0;  // beats
  double write_buffer_ = 0;   // of them, those of SDP's write path
  double beat_transfers_ = 1;
  SharedWritePath write_path_;
  bool pooled_ = false;  // it is PDP's
  double drain_ = 0;     // SdpOnTheFly::drain
  double front_ = 0;     // of the output, that CACC hands over before the stage that sets the pace
  Cycle front_way_ = 0;  // from SDP's entry to that

  // Of a walk.
  std::size_t data_asked_ = 0, data_come_ = 0;
  Cycle data_next_ = 0, weight_next_ = 0;                           // may be asked for then
  std::array<Cycle, kQueue> data_granted_{};                        // of the last chunks, by number
  double data_taken_ = 0;                                           // by the path
  double weights_asked_ = 0, weights_come_ = 0, weights_room_ = 0;  // bytes
  std::vector<Cycle> arrived_;                                      // the weights of a group
  memory::RingBuffer<Released> released_;
  std::size_t group_ = 0;
  Cycle due_ = kNever, group_end_ = 0;
  Cycle wanted_ = kNever;                // the next group would have begun then, but for room in CACC
  std::size_t output_ = 0;               // chunks that are computed
  double waiting_ = 0;                   // beats of output that are no whole chunk yet
  memory::RingBuffer<Output> computed_;  // it may lack operands
  memory::RingBuffer<Output> outputs_;
  struct Handed {
    double beats, at;  // in all, when
    double each;       // cycles of a beat of the last ones
  };
  memory::RingBuffer<Handed> handed_;  // to SDP
  double handed_until_ = 0;            // the last that was asked about
  double computed_beats_ = 0;          // in all
  std::size_t stalled_group_ = 0;
  double stall_ = 0;  // of its channel operations
  double write_tail_ = 0;
  double supplied_end_ = 0;  // the last is output
  double results_end_ = 0;   // CACC has the last that is computed, if nothing holds it up
  double passed_end_ = 0;    // the stage of SDP that sets the pace has taken the last that is output
  double taken_end_ = 0;     // SDP has taken all, as far as it is known
  double supplied_ = 0;      // beats of output that had their operands
  bool starved_ = false;     // the next has not
  Cycle fed_ = 0;            // it has, as the last operand came
  std::vector<Cycle> marks_;
  std::vector<double> dates_;
  double tail_ = 0, release_tail_ = 0;
  Cycle begin_ = 0;
};

}  // namespace nvdla::amaix
