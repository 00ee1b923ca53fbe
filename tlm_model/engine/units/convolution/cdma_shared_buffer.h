// SPDX-License-Identifier: Apache-2.0
// CDMA's shared buffer in direct convolution: how fast beats are taken from the bus and handed to the CBUF.
//
// A beat brings one or two atoms of one surface. The read side takes, each cycle, one atom of each surface of
// a pair, or two atoms of a surface that is alone (one, when only one is left of the line, or when the lone
// surface is the upper half of an entry). After a read that takes a single atom of the first surface, the
// buffer does not accept a beat for one cycle. (CDMA_dc: rsp_rd_en, is_blocking.) So 8 beats of a pair need
// 12 cycles, of a lone surface 8. A blocked beat waits in the pipes in front, whose ready is a cycle behind,
// and behind as many others as fit between those and the bus on the bus itself.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "engine/scheduler.h"
#include "hardware/paths/convolution.h"
#include "hardware/types.h"

namespace nvdla::engine {

class SharedBuffer {
 public:
  // `mode` is the number of surfaces fetched together, `surfaces` their total, `width` the atoms of a line.
  void start(std::uint32_t surfaces, std::uint32_t width, std::uint32_t height, std::uint32_t grain,
             std::uint32_t batches, std::uint32_t bus_atoms, std::uint32_t together);
  // One beat with `atoms` atoms of the pair's surface `slot` is at the buffer's input in `arrival`.
  void accept(Cycle arrival, std::uint32_t slot, std::uint32_t atoms);
  // All atoms are accepted: runs the rest of the reads. Returns the cycle of the last read.
  Cycle drain();
  [[nodiscard]] Cycle last_read() const { return last_read_; }
  // When the beat that `beats` others have followed has entered the pipes in front; beats < kKept.
  [[nodiscard]] Cycle entered(std::size_t beats) const { return entered_[(beat_ - beats) % kKept]; }
  static constexpr std::size_t kKept = 32;
  // All atoms of the operation have been read.
  [[nodiscard]] bool finished() const { return finished_; }

 private:
  struct Read {
    bool enabled = false;
    bool single = false;
    std::uint32_t first = 0, second = 0;
  };
  [[nodiscard]] Read read_now() const;
  void commit(const Read& read);
  void open_group();
  // When the beat of accept() is at the output of the pipes in front of the buffer; and that it is taken
  // there.
  [[nodiscard]] Cycle pass(Cycle arrival);
  void leave(Cycle taken);

  // A pipe with a skid register: nothing enters it in the cycle after one in which a beat has waited at its
  // output.
  struct Pipe {
    struct Beat {
      Cycle from = 0, taken = 0;  // at the output
    };
    Beat last, before;
    Cycle entered = -1;  // the last
    [[nodiscard]] bool waited(Cycle at) const {
      return (last.from <= at && at < last.taken) || (before.from <= at && at < before.taken);
    }
  };
  static constexpr std::size_t kPipes = paths::kSharedBufferPipes.cycles();
  std::array<Pipe, kPipes> pipes_;
  std::array<Cycle, kPipes> from_{};  // of the beat that passes
  std::array<Cycle, kKept> entered_{};
  std::size_t beat_ = 0;  // the last, counted from 1

  std::uint32_t surfaces_ = 0, width_ = 0, height_ = 0, grain_ = 1, batches_ = 1, bus_atoms_ = 2,
                together_ = 2;
  std::uint32_t line_ = 0, lines_ = 0, batch_ = 0, surface_ = 0, slots_ = 0;
  std::uint32_t row_ = 0, column_ = 0;
  std::uint32_t stored_[2] = {0, 0};
  bool blocking_ = false;
  bool finished_ = true;
  Cycle at_ = 0;  // the next cycle to evaluate
  Cycle last_read_ = 0;
};

}  // namespace nvdla::engine
