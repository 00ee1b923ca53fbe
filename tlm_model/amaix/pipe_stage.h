// SPDX-License-Identifier: Apache-2.0
// When a stage with a handshake (hardware/paths/pipe.h) takes and hands on the items of a row, as far as it
// is known when those before have left.
//
// Model, of item k: offered to the stage in cycle o, taken in t(k), in its output register from the cycle
// behind p(k) on, taken by the stage behind it in n(k)
//   p(k) = max(t(k), n(k-1)), offered behind it in p(k) + 1
//   register    t = max(o, n(k-1)), p = t
//   skid        t = max(o, n(k-2) + 1)
//   late skid   t = the first cycle from o on that is in none of [p(j) + 2, n(j)], j < k
//   FIFO        t = max(o, n(k-places) + cycles), offered behind it in t + cycles
#pragma once

#include <cstdint>
#include <optional>

#include "amaix/dates.h"
#include "hardware/paths/pipe.h"
#include "hardware/types.h"

namespace nvdla::amaix {

class PipeStage {
 public:
  explicit PipeStage(const paths::Pipe& pipe) : pipe_(pipe) {}

  // When it takes the next item, which is offered from cycle `offered` on; none: not known yet.
  [[nodiscard]] std::optional<Cycle> takes(Cycle offered) const;
  void take(Cycle at) { taken_.add(at); }
  [[nodiscard]] std::uint64_t taken() const { return taken_.count(); }
  // When it offers item `number`, which it has taken; none: not known yet. Precondition: it is the next to
  // leave, but for FIFOs.
  [[nodiscard]] std::optional<Cycle> offers(std::uint64_t number) const;
  // The next one has left.
  void leave(Cycle at) { left_.add(at); }
  [[nodiscard]] std::uint64_t left() const { return left_.count(); }

 private:
  // When an item reaches the output register.
  [[nodiscard]] std::optional<Cycle> registered(std::uint64_t number) const;

  paths::Pipe pipe_;
  Dates taken_, left_;
};

}  // namespace nvdla::amaix
