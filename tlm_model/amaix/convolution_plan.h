// SPDX-License-Identifier: Apache-2.0
// The sub-model of the convolution pipeline: what CDMA, CSC, CMAC and CACC do for one operation.
//
// Terms of NVDLA: an atomic operation multiplies Atomic-C channels of one position with Atomic-K kernels in
// one cycle. A stripe is a run of positions against one set of weights; a block is the R x S stripes of one
// channel slice; a channel operation is ceil(C / Atomic-C) blocks and gives finished results for the
// positions of its stripe; a group operation covers the plane for one kernel group.
//
// Equations (CSC_sg):
//   kernel groups   G = ceil(K / Atomic-K)
//   blocks          B = R' * S' * ceil(C / Atomic-C)
//                   R' = ceil(R / post-extension); S' = 1 for images (the kernel's width is in their
//                   channels); Winograd: R' = S' = 1, slices of 4 channels
//   stripe lengths  V1, direct: `lower` until at most `upper` positions remain, which form the last stripe;
//                   scalable, direct: 2 Atomic-K while two such stripes remain, then Atomic-K until at most
//                   2 Atomic-K remain; image: fixed, never across a line
//   issue interval  I(L, K) = max(minimum stripe, L * batches, weight load of K kernels); the load is that of
//                   the package that follows
//   MAC cycles      sum over groups, stripes: B * I
// Limits: reads of CBUF that collide (bank conflicts) do not exist in this hardware; none is modelled.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "hardware/clients.h"
#include "hardware/convolution_timing.h"
#include "hardware/parameters.h"
#include "hardware/types.h"
#include "operation/atomic_k.h"
#include "operation/convolution.h"

namespace nvdla::amaix {

struct StripeRule {
  std::uint32_t lower = 16;
  std::uint32_t upper = 32;
};
[[nodiscard]] StripeRule stripe_rule(const HardwareParameters& hardware, const ConvolutionSequence& sequence);
// Length of the next stripe when `left` positions remain.
[[nodiscard]] std::uint32_t stripe_length(const HardwareParameters& hardware, StripeRule rule,
                                          std::uint32_t left);

// CSC's work on one operation.
struct SequencePlan {
  std::uint32_t group_kernels = 1;  // kernels of a full group
  std::uint32_t groups = 1;
  std::uint32_t last_group_kernels = 1;
  std::uint32_t blocks = 1;  // B
  // The stripes of one line (image) or of the whole plane, and how often that is repeated (lines, or 1).
  std::vector<std::uint32_t> stripes;
  std::uint32_t repeats = 1;
  std::uint32_t batches = 1;
  std::uint32_t post_y_extension = 1;
  std::uint32_t transfers_per_position = 1;  // CACC to SDP

  [[nodiscard]] std::uint32_t kernels(std::uint32_t group) const {
    return group + 1 == groups ? last_group_kernels : group_kernels;
  }
  [[nodiscard]] std::uint64_t positions() const;
  // Cycles to load the weights of one package into the MAC cells.
  [[nodiscard]] std::uint32_t weight_cycles(std::uint32_t group) const;
  // I(L, K)
  [[nodiscard]] std::uint32_t interval(std::uint32_t length, std::uint32_t group) const;
  // Cycles of the MAC array without any wait.
  [[nodiscard]] std::uint64_t mac_cycles() const;

  std::uint32_t minimum_stripe = 10;
  std::uint32_t kernels_per_cycle = 2;
};
[[nodiscard]] SequencePlan plan_sequence(const ConvolutionSequence& sequence,
                                         const HardwareParameters& hardware);

// CBUF as the convolution pipeline divides it.
struct CbufShape {
  std::uint32_t entry_bytes = 128;
  std::uint32_t entries_per_bank = 256;
};
[[nodiscard]] CbufShape cbuf_shape(const HardwareParameters& hardware);

// CDMA's weight stream of one operation. Compressed weights (CDMA_wt): first the sizes of the kernel groups;
// then mask bits and weights take turns, `mask_turns` and `weight_turns` requests in a row, the mask first. A
// group can be used when its weights and its mask bits are in CBUF in whole lines; the last group when all
// WEIGHT_BYTES and WMB_BYTES are, and WEIGHT_BYTES is the size without compression. Groups whose sizes are
// not known are taken as equal.
struct WeightPlan {
  std::uint64_t address = 0;
  std::uint64_t bytes = 0;        // on the stream, whole CBUF lines
  std::uint64_t group_bytes = 0;  // of a full kernel group
  std::uint32_t groups = 1;
  std::uint32_t group_kernels = 1;
  std::uint32_t last_group_kernels = 1;
  std::uint64_t capacity = 0;  // bytes of the weight banks
  std::uint32_t request_bytes = 256;
  bool fetched = true;            // false: the weights of the previous operation are used again
  std::uint64_t mask_bytes = 0;   // compression: weight mask bits
  std::uint64_t sizes_bytes = 0;  // compression: weight group sizes
  std::uint32_t weight_turns = 1, mask_turns = 1;  // requests in a row
  std::vector<std::uint64_t> group_ends;           // compression: sum of the sizes, if known
  std::uint64_t mask_group_bits = 0;               // of a full kernel group
  std::uint64_t line_bytes = 128;                  // of CBUF

  // Bytes of weights that must have arrived before the kernels of groups 0..group can be used.
  [[nodiscard]] std::uint64_t required(std::uint32_t group) const {
    if (group + 1 >= groups) return bytes;
    return mask_bytes == 0 ? std::min(bytes, group_bytes * (group + 1)) : required_compressed(group);
  }
  // And with which they are seen to be there: CDMA looks when a line is whole (CDMA_wt: wt_satisfied).
  [[nodiscard]] std::uint64_t seen(std::uint32_t group) const { return in_whole_lines(required(group)); }
  [[nodiscard]] std::uint64_t in_whole_lines(std::uint64_t weights) const {
    return std::min(bytes, (weights + line_bytes - 1) / line_bytes * line_bytes);
  }
  // The same of their mask bits; 0 without compression.
  [[nodiscard]] std::uint64_t required_mask(std::uint32_t group) const;
  // The same of everything that the client fetches: sizes, mask bits and weights take turns.
  [[nodiscard]] std::uint64_t required_stream(std::uint32_t group) const;

 private:
  [[nodiscard]] std::uint64_t required_compressed(std::uint32_t group) const;
};
[[nodiscard]] WeightPlan plan_weights(const ConvolutionFetch& fetch, const HardwareParameters& hardware);

// One read request of CDMA's data side. A dummy stands for the padding of an image line: it takes a place in
// CDMA's request FIFO and cycles of its packer, but is not sent to memory.
struct DataRequest {
  std::uint64_t address = 0;
  std::uint32_t atoms = 0;
  std::uint32_t slot = 0;  // surface of the pair (direct) or plane (image)
  bool dummy = false;
  bool grain_start = false;  // first of a grain: CBUF entries for the whole grain must be free
  // Direct: the last of a group of surfaces; image: what has come since the last bundle can be packed;
  // Winograd: the last of the four lines of a block.
  bool bundle_end = false;
  bool line_end = false;  // image
};

// The requests of one operation's input, in order.
class DataRequests {
 public:
  DataRequests() = default;
  DataRequests(const ConvolutionFetch& fetch, const HardwareParameters& hardware);
  [[nodiscard]] bool done() const { return done_; }
  [[nodiscard]] const DataRequest& front() const { return current_; }
  void advance();
  // CBUF entries that the grain of front() takes.
  [[nodiscard]] std::uint32_t grain_entries() const;
  // Image: atoms of a line in a plane, padding included.
  [[nodiscard]] std::uint32_t line_atoms(std::uint32_t plane) const { return planes_[plane].total(); }

 private:
  struct Plane {  // of one image line
    std::uint64_t base = 0;
    std::uint32_t stride = 0;
    std::uint32_t left = 0, real = 0, right = 0;  // atoms: dummies, pixels, dummies
    std::uint32_t position = 0, budget = 0;
    [[nodiscard]] std::uint32_t total() const { return left + real + right; }
  };
  void prepare_image();
  void open_line();
  void next_direct();
  void next_image();
  void next_winograd();
  void advance_winograd();
  void open_group();
  bool image_ = false, winograd_ = false;
  bool done_ = true;
  DataRequest current_;
  ConvolutionFetch fetch_;
  std::uint32_t atom_bytes_ = 32;
  std::uint32_t surfaces_ = 0, mode_ = 2, width_ = 0;
  // Position: line, batch, first surface of the group, atoms asked for by slot.
  std::uint32_t line_ = 0, lines_ = 0, batch_ = 0, surface_ = 0, slots_ = 0, slot_ = 0;
  std::uint32_t asked_[4] = {0, 0, 0, 0};
  bool start_of_grain_ = true;
  bool group_end_ = false;
  Plane planes_[2];
  std::uint32_t plane_count_ = 1, plane_ = 0;
  // Winograd: line group of the extended cube, line phase, section of the line (left padding, pixels, right
  // padding), its column, line of the block.
  std::uint32_t line_group_ = 0, phase_ = 0, section_ = 0, column_ = 0, block_line_ = 0;
};

// Winograd: lines and columns of the cubes that CDMA_wg writes.
inline constexpr std::uint32_t kWinogradCube = 4;

// Entries of CBUF that the whole input takes.
[[nodiscard]] std::uint32_t data_entries(const ConvolutionFetch& fetch);
// Of them, those that are asked for while so many are free: CDMA asks for a grain when all of it has room.
[[nodiscard]] double data_entries_in(const ConvolutionFetch& fetch, double room);
[[nodiscard]] std::uint32_t data_surfaces(const ConvolutionFetch& fetch, const HardwareParameters& hardware);
// Surfaces that CDMA_dc fetches side by side.
[[nodiscard]] std::uint32_t surfaces_together(const HardwareParameters& hardware);

// Bytes on the bus of the whole operation, by client.
[[nodiscard]] Traffic convolution_traffic(const ConvolutionFetch& fetch, const HardwareParameters& hardware,
                                          bool fetch_data, bool fetch_weights);

}  // namespace nvdla::amaix
