// SPDX-License-Identifier: Apache-2.0
// Rubik, the data reshape unit: contract (the last step of a strided deconvolution), split (feature to
// planar) and merge (planar to feature).
//
// Model: the unit reads a group of requests into one half of its register file and writes it out reshaped
// from the other half, one beat a cycle each way. For a group,
//   cycles in  = sum over its requests of ceil(atoms / atoms of a beat)
//   cycles out = data beats + one command for each write request
//   group cycles = max(in, out)
//   contract  group: up to 8 columns of up to 8 of the deconvolution_stride_x cubes of one output line;
//             out ceil(cubes / 2) beats for each column. One write command an output line; with a stride
//             above 8, one for each column of a group.
//   split     group: up to 64 columns of one surface; one write of up to 64 elements for each channel.
//   merge     group: up to 64 columns of each channel of one surface; one write of up to 64 atoms.
// Sources: NV_NVDLA_RUBIK_seq_gen (order, sizes, addresses), rf_ctrl and rf_core (register file), wr_req
// (command and data slots), dma.
// The engine follows the register file and the write side beat by beat (amaix/rubik_file.h,
// amaix/write_link.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "amaix/stream_plan.h"
#include "hardware/parameters.h"
#include "operation/rubik.h"

namespace nvdla::amaix {

// One run of addresses that a group writes: a part of a write command.
struct RubikRun {
  std::uint64_t address = 0;
  std::uint32_t bytes = 0;
  std::uint32_t cycles = 0;         // slots of the write side, command included
  bool ends = true;                 // the write command ends here
  std::uint32_t command_bytes = 0;  // of the whole command
  std::uint32_t row_bytes = 0;      // of a row of the register file
};

struct RubikGroup {
  std::vector<StreamRequest> reads;
  std::vector<RubikRun> writes;
};

struct RubikPlan {
  RubikOperation operation;
  std::uint32_t element_bytes = 1;
  std::uint32_t atom_bytes = 32;
  std::uint32_t atoms_per_beat = 2;
  std::uint32_t surfaces = 0;
  std::uint32_t channels = 0;  // that are walked: output channels when contracting
  std::uint32_t columns = 8;   // of a group
  std::uint32_t unit_bytes = 256;
  StreamTiming timing;
  std::vector<std::string> warnings;

  [[nodiscard]] std::uint32_t group_cycles(const RubikGroup& group) const;
};

[[nodiscard]] RubikPlan plan_rubik(const RubikOperation& operation, const HardwareParameters& hardware);

// Walks the groups of an operation in order.
class RubikWalk {
 public:
  explicit RubikWalk(const RubikPlan& plan) : plan_(plan) {}
  bool next(RubikGroup& group);

 private:
  void contract(RubikGroup& group) const;
  void split(RubikGroup& group) const;
  void merge(RubikGroup& group) const;
  void advance();
  [[nodiscard]] std::uint32_t width() const;     // columns of this group
  [[nodiscard]] std::uint32_t planes() const;    // channels of this surface
  [[nodiscard]] std::uint32_t kernel_x() const;  // cubes of this group

  const RubikPlan plan_;
  bool done_ = false;
  std::uint32_t surface_ = 0, line_ = 0, dy_ = 0, block_ = 0, dx_ = 0;
};

class RubikReads : public StreamReads {
 public:
  explicit RubikReads(const RubikPlan& plan) : walk_(plan) {}
  bool next(StreamRequest& request) override;

 private:
  RubikWalk walk_;
  RubikGroup group_;
  std::size_t read_ = 0;
};

class RubikCore : public StreamCore {
 public:
  explicit RubikCore(const RubikPlan& plan);
  // A portion is one request.
  void take(std::uint32_t bytes, StreamStep& step) override;
  [[nodiscard]] std::uint64_t remaining() const override { return remaining_; }

 private:
  const RubikPlan plan_;
  RubikWalk walk_;
  RubikGroup group_;
  bool open_ = false;  // a write command goes on from the group before
  std::uint64_t remaining_ = 0;
  std::size_t read_ = 0;
  std::uint32_t in_ = 0;  // cycles in of the group so far
  std::uint32_t pending_gap_ = 0;
};

}  // namespace nvdla::amaix
