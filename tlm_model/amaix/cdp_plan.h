// SPDX-License-Identifier: Apache-2.0
// CDP, the cross-channel data processor (local response normalisation): what one operation moves and how fast
// its core runs.
//
// Model: the cube is walked line by line in strips of 8 columns; a request is a strip of one surface, and the
// core takes it word by word: all columns of the strip for one word of channels, then the next word.
//   words = memory_atom_bytes / cdp_throughput        cycles of a request = columns * words
// The channels of a request leave when the window has seen the first words of the next one, of the same strip
// or of the next; the last ones of all without further data (DP_bufferin).
// Three things add idle cycles to requests:
// - The window over neighbouring channels looks ahead 4 channels, ceil(4 / elements a cycle) words. When a
//   strip ends, its last words leave while the first words of the next strip enter, word by word of all
//   columns; a strip that is narrower than the one before is held behind each of them for the difference of
//   the widths, whenever its data come. (DP_bufferin: hold_here) Words of it that are in the registers in
//   front of the window are not held; CDP_RDMA is rid of its last one earlier than the core.
// - The write DMA keeps one strip of 8 atoms (branch master 32 a lane: no wait); it starts to empty it when
// the last word is in. A following
//   request fills the free atoms first and then waits until the first atom is gone. (wdma: dat and cmd FIFOs)
// - When a strip is wider than the one before, the idle output cycles hide that wait; and the waits of the
//   strips before it that come when these idle cycles are already in the datapath, which closes up.
// Sources: NV_NVDLA_CDP_RDMA_ig, RDMA_eg, DP_bufferin (DP_bufferin_tp1), DP_*, wdma.
// - Without the square sum there is no window: a request leaves by itself, and a narrower strip does not
// wait.
// - The fp16 datapath adds the squares of the window pair by pair, each addition longer by its pipes.
// Limits: the LUT does not change the time, in hardware either; nor does the window of integers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "amaix/stream_plan.h"
#include "hardware/parameters.h"
#include "operation/cdp.h"
#include "operation/cube.h"

namespace nvdla::amaix {

// A request: 8 columns of a line of one surface, or what is left of them.
struct CdpStrip {
  std::uint32_t line = 0, strip = 0, surface = 0;
};

struct CdpPlan {
  static constexpr std::uint32_t kStrip = 8;  // columns

  Cube cube;
  std::uint32_t surfaces = 0;
  std::uint32_t strips = 0;  // of a line
  std::uint32_t atom_bytes = 8;
  std::uint32_t words = 1;           // of an atom, one a cycle
  std::uint32_t lookahead = 1;       // words; 0: no window
  std::uint32_t atoms_per_beat = 1;  // of write data
  std::uint32_t refill = 1;          // cycles from a full write buffer to its first free atom
  std::uint32_t restart = 0;         // more of them, when no atom at all is free
  std::uint32_t elastic = 0;         // words in the datapath when a wait reaches its beginning
  std::uint32_t ahead = 0;           // words between CDP_RDMA and the window
  std::uint32_t unit_bytes = 8;      // pieces written
  std::uint32_t packed_bytes = 0;    // see OutputCollector
  bool command_slots = false;        // the command of a piece takes a slot of the write path
  Surface source, destination;
  StreamTiming timing;
  std::vector<std::string> warnings;

  [[nodiscard]] std::uint32_t strip_width(std::uint32_t strip) const;
  [[nodiscard]] std::uint64_t address(const Surface& of, const CdpStrip& at) const {
    return of.address + std::uint64_t{at.surface} * of.surface_stride +
           std::uint64_t{at.line} * of.line_stride + std::uint64_t{at.strip} * kStrip * atom_bytes;
  }
  // The next in the order line, strip, surface.
  void advance(CdpStrip& at) const;
  // Idle cycles of the core before the request at `at`, which follows one of `previous` columns (0: none).
  // `closed`: of the idle output cycles at the end of the line, those that waits before have used up.
  [[nodiscard]] std::uint32_t gap(std::uint32_t previous, const CdpStrip& at, std::uint32_t& closed) const;
  // Columns that the words which look ahead lack to those of the strip before.
  [[nodiscard]] std::uint32_t narrower(std::uint32_t previous, const CdpStrip& at) const {
    const std::uint32_t width = strip_width(at.strip);
    return at.surface == 0 && previous > width ? previous - width : 0;
  }
  // Cycles of the core for the request at `at`, with those in which it is held.
  [[nodiscard]] std::uint32_t cycles(std::uint32_t previous, const CdpStrip& at) const {
    return strip_width(at.strip) * words + lookahead * narrower(previous, at);
  }
  // The core is this many cycles past the request's first word when it needs its last datum.
  [[nodiscard]] std::uint32_t last_needed(const CdpStrip& at) const {
    return (strip_width(at.strip) - 1) / atoms_per_beat * atoms_per_beat;
  }
  // Before their end its last word has left CDP_RDMA: `ahead` words are not held with the one in the window.
  [[nodiscard]] std::uint32_t early(std::uint32_t previous, const CdpStrip& at) const;
  // From the last word of a strip of `width` columns to its last words' way out, with `next` columns behind
  // it: rows of the window, which are as long as the wider strip's (DP_bufferin).
  [[nodiscard]] std::uint32_t rows_behind(std::uint32_t width, std::uint32_t next) const;
  // Until the first `atoms` of the strip at `at` have passed the write path: a slot each beat and, where a
  // piece is a beat, one for the command of each behind the first (WRITE_IG_bpt).
  [[nodiscard]] std::uint32_t write_cycles(const CdpStrip& at, std::uint32_t atoms) const;
  [[nodiscard]] std::uint64_t input_bytes() const;
  // Cycles from the first word's entry to the last one's, data and room always there.
  [[nodiscard]] std::uint64_t core_cycles() const;

 private:
  // Words from the request at `at` to the first idle output cycle at the end of its line: its last rows leave
  // one by one, each with idle cycles behind it.
  [[nodiscard]] std::uint32_t words_to_idle(const CdpStrip& at) const;
};

[[nodiscard]] CdpPlan plan_cdp(const CdpOperation& operation, const HardwareParameters& hardware);

class CdpReads : public StreamReads {
 public:
  explicit CdpReads(const CdpPlan& plan) : plan_(plan) {}
  bool next(StreamRequest& request) override;
  // Where the strip of the last request lies in `cube`.
  [[nodiscard]] std::uint64_t address(const Surface& cube) const { return plan_.address(cube, last_); }

 private:
  const CdpPlan plan_;
  CdpStrip next_, last_;
};

class CdpCore : public StreamCore {
 public:
  explicit CdpCore(const CdpPlan& plan);
  // A portion is one request.
  void take(std::uint32_t bytes, StreamStep& step) override;
  [[nodiscard]] std::uint64_t remaining() const override { return remaining_; }
  // Where the window looks ahead one word, a strip's last words leave behind the first words of as many
  // columns: of a wider strip the others need not be there.
  [[nodiscard]] std::uint32_t leaves_behind() const override {
    const bool wider = !held_.empty() && previous_ < plan_.strip_width(at_.strip);
    return wider && plan_.lookahead == 1 ? previous_ * plan_.atom_bytes : 0;
  }
  void leave(StreamStep& step) override { step.outputs.swap(held_); }

 private:
  const CdpPlan plan_;
  OutputCollector collector_;
  std::uint64_t remaining_;
  CdpStrip at_;
  std::uint32_t previous_ = 0;  // width of the request before, 0: none
  std::uint32_t closed_ = 0;    // see CdpPlan::gap
  // Output of the request before, which leaves when the first words of this one have passed the window;
  // offsets from the end of that request.
  std::vector<StreamOutput> held_;
};

}  // namespace nvdla::amaix
