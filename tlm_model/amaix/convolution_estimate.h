// SPDX-License-Identifier: Apache-2.0
// The convolution pipeline with its SDP on the fly, in closed form.
//
//   roofline = max over resources of work / rate:
//     MAC array        atomic operations / 1
//     weight load      packages * max(weight load, shortest issue interval) / 1
//     CACC delivery    transfers / (1 / cycles per transfer)
//     CDMA data path   cycles of the shared buffer or line packer
//     each port        bytes / bandwidth, and bytes / (bytes in flight / latency)
//   refined = fill + steady + tail
//     fill    request pipeline + latency + time of the data beats, which share the port with the weights that
//             fit the weight banks, + pipeline to the first atomic operation; or the same for the weights of
//             the first kernel group, whichever is later. Chunks of the two take turns, but while memory
//             accepts more, weights leave in all cycles in which CDMA asks for no data; of few open bursts
//             a short one of data takes the place of a long one of weights
//     steady  group by group: S(g) = max(E(g-1), A(g) + pipeline),
//             E(g) = S(g) + max(MAC time, delivery time), with A(g) the arrival of the group's weights, which
//             waits for the release of the group whose place they take, and for the beats of the output of
//             the groups before. Where delivery is the slower one throughout, CSC works ahead of it:
//             E(g) = max(S(g) + MAC time, end of the delivery - what CACC's buffer holds), while the delivery
//             goes on from the first result of each group
//     tail    last channel operation to SDP's interrupt; the last beat is not written before all others are,
//             from the first result on, nor before those of its channel operation are, nor before the port
//             has moved output and remaining weights
// Short layers are walked instead (amaix/convolution_alone.h).
// Counted from CDMA's start to SDP's interrupt. CDMA may start under the layer before: the steady state then
// begins when CSC takes the layer, and what needs new banks is asked for from then on. SDP may take the layer
// later than CACC has its first result, or its operands may come later: CSC goes on until CACC's buffer is
// full. SDP's write path takes beats that the port has not: CACC and CSC are done before they are written.
// Limits: no other unit on the port, nor the layer before (engine/levels/closed_form.h has them share it);
// one memory for reads and writes of a port; PDP that starts late counts as SDP that does; CBUF has room for
// the weights beside those of the layer before.
#pragma once

#include <optional>
#include <vector>

#include "amaix/convolution_plan.h"
#include "amaix/convolution_work.h"
#include "amaix/estimate.h"
#include "amaix/sdp_estimate.h"

namespace nvdla::amaix {

// What the layer asks for and does, group by group, without others; cycles from CDMA's start.
struct ConvolutionSchedule {
  struct Group {
    double required = 0;  // bytes of weights that must have come
    double stream = 0;    // the same of all that the weights' client fetches
    double time = 0;      // of its channel operations
    double released = 0;  // from its begin to the release of its weights
    double first = 0;     // from its begin to its first result
    double load = 0;      // of its weights, after they have come
  };
  std::vector<Group> groups;
  double data_request = 0, weight_request = 0;    // the first on the bus
  double data_pipeline = 0, weight_pipeline = 0;  // the last beat to the first atomic operation; to its load
  double data_tail = 0;                           // of it, from CDMA's done on
  double data_path = 0;                           // cycles a beat
  double start = 0;                               // the first group, not before
  double begin = 0;                               // of the first group
  double capacity = 0;                            // bytes of the weight banks
  double result = 0;                              // a group's last package to its first result
  std::vector<std::uint32_t> stripes;  // positions of the channel operations of a group, which it repeats
  std::vector<double> stripe_times;    // cycles of each
  double repeats = 1, blocks = 1;      // so often; packages of each
  double burst = 0;                    // cycles in which the results of a position come, in a last package
  double unhindered = 0;               // the same, if SDP takes them as they come
  double transfers = 1, transfer = 1;  // of a position; cycles of one
  double position = 0;                 // cycles in which SDP takes the results of a position
  double credits = 0;                  // positions of which CACC, and registers of SDP, hold the results
  double credit_return = 0;            // from the taking of one to the next package
};

struct ConvolutionContext {
  bool fetch_data = true;  // false: the data of the previous layer are used again
  bool fetch_weights = true;
  // Of the layer before: CDMA waits for CSC before it fetches data, or weights, which other data banks hold
  // up as well.
  bool data_banks_change = true, weight_banks_change = true;
  // Of the layer before, in cycles after CDMA takes this one: CSC takes this one; its data are released.
  double sequence_start = 0, data_released = 0;
  double held_entries = 0;                  // of CBUF, until then
  double operands_ahead = 0;                // cycles by which SDP_RDMA's first request is before CDMA's start
  double sdp_start = 0;                     // cycles after CDMA's start in which SDP takes this layer
  ConvolutionSchedule* schedule = nullptr;  // where the estimate is to write it
  // The data work of this fetch on this hardware, where it is known already; null: it is counted.
  const ConvolutionDataWork* data = nullptr;
};

// What CDMA asks for of a layer that nobody behind it has taken: one group, which does not begin.
[[nodiscard]] ConvolutionSchedule fetch_schedule(const ConvolutionFetch& fetch,
                                                 const HardwareParameters& hardware,
                                                 const ConvolutionContext& context);

struct ConvolutionEstimate : Estimate {
  // CACC hands over its first result.
  double first_transfer = 0;
  // Of CDMA: the interrupts of its data and of its weights; `fetch_done` is the later. CSC's done and CACC's
  // interrupt. Cycles from CDMA's start; level refined.
  double data_done = 0, weights_done = 0;
  double sequence_done = 0;
  double accumulate_interrupt = 0;
  double last_transfer = 0;  // the stage of SDP that sets the pace takes it
  // Cycles by which that would be earlier if it only waited for SDP's write path to take the output.
  double taken_before = 0;
  double write_buffer = 0;  // beats that CACC's buffer and SDP's write path hold
};

// `level` is kRoofline or kRefined; throws std::invalid_argument for kDynamic and for a memory without
// bandwidth. Without `sdp` the result is counted to CACC's interrupt.
[[nodiscard]] ConvolutionEstimate estimate_convolution(const ConvolutionFetch& fetch,
                                                       const ConvolutionSequence& sequence,
                                                       const std::optional<SdpOnTheFly>& sdp,
                                                       const HardwareParameters& hardware,
                                                       const memory::MemorySystem& memory,
                                                       const ConvolutionContext& context, Level level);

}  // namespace nvdla::amaix
