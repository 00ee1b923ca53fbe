// SPDX-License-Identifier: Apache-2.0
// CDMA's shared buffer in Winograd mode (CDMA_wg): cubes of four lines and four columns.
//
//   a request's atoms are taken in order, at most one beat of atoms a cycle; padding takes the same cycles
//   without data
//   a block's fourth line completes cubes: all of its columns that four of a channel phase have
//   a cube is read in 8 cycles, from two cycles after it is complete, one cube after the other
//   no atoms are taken while eight cubes wait or are read
// drain() is the cycle of the last read.
// Limits: data that wait for padding to pass stand in the memory interface, whose stall of other clients is
// not modelled.
#pragma once

#include <cstdint>
#include <deque>

#include "amaix/convolution_plan.h"
#include "hardware/parameters.h"
#include "hardware/types.h"

namespace nvdla::amaix {

class WinogradBuffer {
 public:
  static constexpr Cycle kCubeReads = 8;  // 16 atoms, two a cycle
  static constexpr Cycle kToRead = 2;     // CDMA_wg: sbuf_cube_inc_en_d1, sbuf_avl_cube

  void start(const ConvolutionFetch& fetch, const HardwareParameters& hardware);
  // A request has passed the address stages in `at`; in the order of DataRequests, dummies included.
  void expect(const DataRequest& request, Cycle at) { expected_.push_back({request, at}); }
  [[nodiscard]] bool has_room() const { return expected_.size() < kRequests; }
  // A beat with `atoms` atoms of the oldest request that still waits for data is there in `arrival`.
  void accept(Cycle arrival, std::uint32_t atoms);
  // The next atoms can be taken in this cycle.
  [[nodiscard]] Cycle next() const { return at_; }
  // All beats have come: takes what padding is left.
  Cycle drain();

 private:
  static constexpr std::size_t kRequests = 128;  // CDMA_WG_fifo
  static constexpr std::size_t kCubes = 8;       // CDMA_wg: sbuf_blocking
  struct Expected {
    DataRequest request;
    Cycle at = 0;
  };
  struct CubeReads {
    Cycle available = 0, end = 0;
  };
  void step(std::uint32_t atoms, Cycle earliest);
  void take_dummies();

  std::uint32_t per_cycle_ = 1;
  std::uint32_t stride_ = 1;
  std::deque<Expected> expected_;
  std::uint32_t taken_ = 0;    // atoms of the head
  std::uint32_t columns_ = 0;  // that no cube has yet
  std::deque<CubeReads> cubes_;
  Cycle at_ = 0;  // the next atoms can be taken
  Cycle read_free_ = 0;
};

}  // namespace nvdla::amaix
