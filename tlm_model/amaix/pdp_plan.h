// SPDX-License-Identifier: Apache-2.0
// PDP, the planar data processor (pooling): what one operation moves and how fast its core runs.
//
// Model: the core takes one atom of input (the channels of a surface at one position) every
//   cycles_per_atom = memory_atom_bytes / pdp_throughput        (16-bit elements: half as many a cycle)
// in the order pass, surface, line, column. A pass is a column range of SPLIT_NUM; without a split there is
// one. Output column c completes with input column c * stride + kernel - 1 - pad_left, output line alike;
// those that lie beyond the input are flushed after it, one every atom (column) or line, with the head of the
// next line or surface, as that comes and produces no output yet. What does not fit there stalls the input
// before it (bubbles):
//   bubbles = max(0, flushed - columns (lines) before the first output)      lines of the last surface: all.
// While lines are flushed (cal2d), cal1d takes the next columns up to the one that completes an output. Where
// the columns flushed before them go with the head of the next surface, the lines wait for that; the columns
// that cal1d then has left are taken behind the flushed lines. Behind a line of one output column cal2d takes
// nothing for 3 cycles, which a line of one input column does not hide.
//   core cycles = cycles_per_atom * (atoms read + bubbles) + those pauses
//
// Sources: NV_NVDLA_PDP_RDMA_ig (requests: one a line), RDMA_eg, CORE_preproc, CORE_cal1d, CORE_cal2d (flush,
// bubbles), WDMA_cmd, WDMA_dat.
//
// Limits: the further bubbles of cal2d when flushed lines of one surface and the first of the next meet in
// one line of its buffer (kernels of 4 and more lines with padding of 2 strides and more) are not modelled.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "amaix/stream_plan.h"
#include "hardware/parameters.h"
#include "operation/cube.h"
#include "operation/pdp.h"

namespace nvdla::amaix {

// Output positions along one axis, by the input position that completes them.
struct PoolingAxis {
  std::uint32_t input = 0;
  std::vector<std::uint32_t> complete;  // of each output, strictly rising; >= input: flushed
  std::uint32_t kept = 0;               // of those that the next line or surface could cover: it does not

  [[nodiscard]] std::uint32_t flushed() const;
  [[nodiscard]] std::uint32_t before_first() const { return complete.empty() ? input : complete.front(); }
  [[nodiscard]] std::uint32_t bubbles() const;
};

struct PdpPass {
  std::uint64_t destination_offset = 0;  // bytes from the cube's base
  PoolingAxis columns;
};

// What PDP_RDMA reads: one request a line, in the order pass, surface, line.
struct PdpReadPlan {
  struct Pass {
    std::uint64_t offset = 0;  // bytes from the cube's base
    std::uint32_t columns = 0;
  };
  std::vector<Pass> passes;
  std::uint32_t lines = 0, surfaces = 0;
  std::uint32_t atom_bytes = 8;
  Surface source;
  StreamTiming timing;
};
[[nodiscard]] PdpReadPlan plan_pdp_reads(const PdpFetch& fetch, const HardwareParameters& hardware);

struct PdpPlan {
  std::vector<PdpPass> passes;
  PoolingAxis lines;
  std::uint32_t surfaces = 0;
  std::uint32_t atom_bytes = 8;
  std::uint32_t cycles_per_atom = 1;
  std::uint32_t unit_bytes = 8;    // granularity of write data in the memory interface
  std::uint32_t packed_bytes = 0;  // see OutputCollector
  Surface destination;
  StreamTiming timing;
  std::vector<std::string> warnings;

  [[nodiscard]] std::uint64_t input_bytes() const;  // that the core takes
  [[nodiscard]] std::uint64_t idle_cycles() const;  // of the core between inputs
  // The idle cycles behind a line of a surface of a pass.
  [[nodiscard]] std::uint32_t gap_behind(std::size_t pass, std::uint32_t surface, std::uint32_t line) const;
  // What cal2d does not take behind a line that has one output, before lines are flushed.
  [[nodiscard]] static std::uint32_t flush_pause(const PdpPass& pass);

 private:
  // The same before other lines.
  [[nodiscard]] std::uint32_t line_pause(const PdpPass& pass) const;
  // The stall when `flushed` lines of `pass` are flushed before the columns of `next` come.
  [[nodiscard]] std::uint32_t flush_cycles(const PdpPass& pass, std::uint32_t flushed,
                                           const PdpPass& next) const;
};

[[nodiscard]] PdpPlan plan_pdp(const PdpOperation& operation, const HardwareParameters& hardware);

class PdpReads : public StreamReads {
 public:
  explicit PdpReads(const PdpReadPlan& plan) : plan_(plan) {}
  bool next(StreamRequest& request) override;

 private:
  const PdpReadPlan plan_;
  std::uint32_t pass_ = 0, surface_ = 0, line_ = 0;
};

class PdpCore : public StreamCore {
 public:
  explicit PdpCore(const PdpPlan& plan);
  void take(std::uint32_t bytes, StreamStep& step) override;
  [[nodiscard]] std::uint64_t remaining() const override { return remaining_; }

 private:
  void take_atom(std::uint32_t offset, StreamStep& step);
  void output_atom(std::uint32_t surface, std::uint32_t line, std::uint32_t column, std::uint32_t offset,
                   StreamStep& step);
  void flush_columns(std::uint32_t surface, std::uint32_t line, std::uint32_t offset, StreamStep& step);
  [[nodiscard]] bool next_line_goes_on() const;
  void end_line(std::uint32_t offset, StreamStep& step);
  std::uint32_t flush_lines(std::uint32_t surface, std::uint32_t first, std::uint32_t count,
                            std::uint32_t offset, StreamStep& step);

  const PdpPlan plan_;
  OutputCollector collector_;
  std::uint64_t remaining_;
  std::uint32_t pass_ = 0, surface_ = 0, line_ = 0, column_ = 0;
  std::uint32_t next_column_ = 0;  // output column that the current line produces next
  std::uint32_t next_line_ = 0;    // output line of the current surface
  std::uint32_t overlap_ = 0;      // first flushed line of the surface before that the current one covers
  std::uint32_t overlap_end_ = 0;
  std::uint32_t pending_gap_ = 0;
  // Columns of this line that leave with the next atoms, from `column` to before `end`, so many lines behind
  // them, and the stall of the input for those.
  struct Flush {
    std::uint32_t surface = 0, line = 0, column = 0, end = 0;
    std::uint32_t lines = 0, first_line = 0, gap = 0;
    [[nodiscard]] bool goes_on() const { return column < end; }
  } flush_;
};

}  // namespace nvdla::amaix
