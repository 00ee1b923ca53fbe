// SPDX-License-Identifier: Apache-2.0
// One engine of the accelerator: what is behind its register units, from OP_ENABLE to interrupt, at every
// level. A new engine is one class with this interface (docs/adding-a-unit.md); the accelerator knows no more
// of it.
//
// Register units take their groups in turn, so an activation has a number: the n-th activation of every part
// of an engine belongs to the engine's n-th operation, whichever part software enables first. Read DMAs that
// not every operation uses are paired by FetchPairing (engine/units/fetch_pairing.h).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "amaix/estimate.h"
#include "amaix/linked_walk.h"
#include "amaix/shared_walk.h"
#include "engine/activation.h"
#include "engine/scheduler.h"
#include "engine/tensors/operation_tensors.h"
#include "hardware/units.h"
#include "memory/description.h"
#include "operation/identity.h"

namespace nvdla::engine {

// Closed form (levels roofline and refined): the parts that have taken a group and wait for the layer to be
// complete.
struct TakenPart {
  Activation activation;
  Cycle at = 0;
};
using TakenParts = std::array<std::optional<TakenPart>, kUnits>;
[[nodiscard]] inline const std::optional<TakenPart>& taken(const TakenParts& parts, Unit unit) {
  return parts[static_cast<std::size_t>(unit)];
}

// One operation of a layer in closed form.
struct ClosedOperation {
  Engine engine = Engine::kConv;
  Activation activation;  // of its main part
  // Where its time goes, from its begin on; what is missing up to the end waits for the partner.
  std::vector<amaix::Phase> phases;
  Traffic dbb, cvsram;
  std::optional<double> done{};  // its interrupt, cycles from the layer's begin; nothing: the layer's end
  bool over = false;
};

// An interrupt that is not an operation's end.
struct ClosedInterrupt {
  Interrupt source = Interrupt::kCdmaData;
  std::uint32_t group = 0;
  std::optional<double> at{};  // cycles from the layer's begin; nothing: the layer's end
  bool raised = false;
};

// A whole layer in closed form: what has no time of its own is done, and its interrupt raised, when the
// layer's time is over.
struct ClosedLayer {
  double cycles = 0;
  // What it adds behind another layer of its engine that still runs when it is taken.
  std::optional<double> steady;
  double first_write = 0;   // nothing is written before
  double write_buffer = 0;  // beats that wait to be written while it goes on
  double taken_before = 0;  // of a convolution: so long before it would be written its output is taken by SDP
  // Of a convolution: beats of SDP's operands, by memory, that are read while it works, and how many of a
  // stream may be on their way.
  std::array<double, 2> late_operands{};
  double operand_places = 0;
  // Of what is no convolution: its reads have come by then; nothing: to its end.
  std::optional<double> fetched{};
  // All it moves is on its way from then on; nothing: to its end.
  std::optional<double> moves_until{};
  Unit first = Unit::kCdma;  // the part whose start counts as the layer's
  std::vector<Unit> parts;
  // Parts that are free before the layer ends, and when: cycles from its begin.
  std::vector<std::pair<Unit, double>> early;
  std::vector<ClosedOperation> operations;  // the head first; in order of their ends
  std::vector<ClosedInterrupt> other_interrupts;
};

// What a part reads that has taken its group before the rest of its layer has.
struct ClosedFetch {
  double request = 0;  // cycles to its first request
  struct Reads {
    MemorySpace space = MemorySpace::kDbb;
    double beats = 0;
    std::uint32_t fifo = 0;  // beats of its latency FIFO; 0: it has none
  };
  std::vector<Reads> reads;
};

class EngineUnit {
 public:
  virtual ~EngineUnit() = default;
  [[nodiscard]] virtual Engine engine() const = 0;
  // The register units with groups that it consists of.
  [[nodiscard]] virtual const std::vector<Unit>& parts() const = 0;

  // Software has set OP_ENABLE of `part`: decodes the group and checks it against the parts that it belongs
  // to. Throws registers::DecodeError; the part is then not started.
  virtual void enabled(Unit part, Activation activation) = 0;
  // How the operation that the engine's main part is enabled for hangs together with others.
  [[nodiscard]] virtual Links links(std::uint32_t operation) const = 0;

  // Only BDMA: a command has been written to its queue. Throws registers::DecodeError.
  virtual void queue() {}

  // `part` has taken the group, at any level.
  virtual void taken(Unit /*part*/, Activation /*activation*/) {}
  // Level dynamic: it begins to work in cycle `at`, the present one.
  virtual void start(Unit part, Activation activation, Cycle at) = 0;
  // Levels roofline and refined: the layer whose head is this engine's next operation, if all its parts have
  // taken their groups.
  [[nodiscard]] virtual std::optional<ClosedLayer> closed_form(const TakenParts& parts,
                                                               const memory::MemorySystem& memory,
                                                               amaix::Level level) = 0;
  // Its operation may be part of another engine's layer, which works on the fly.
  [[nodiscard]] virtual bool flies() const { return false; }
  // Level refined: what `part`, which has taken its group, reads before its layer is complete.
  [[nodiscard]] virtual std::optional<ClosedFetch> fetch_ahead(Unit /*part*/, Activation /*activation*/) {
    return std::nullopt;
  }
  // Level refined: what the layer of this operation, that runs, does to its port among others; null: it is
  // not walked.
  [[nodiscard]] virtual std::unique_ptr<amaix::SharedUnit> shared(std::uint32_t /*operation*/,
                                                                  const memory::MemorySystem& /*memory*/) {
    return nullptr;
  }
  // The same of a unit whose layers follow each other without a pause: for a walk of several in a row.
  [[nodiscard]] virtual std::unique_ptr<amaix::LinkedLayer> linked(std::uint32_t /*operation*/) {
    return nullptr;
  }
  // Level refined: the same of what parts of it have taken before the layer is complete.
  [[nodiscard]] virtual std::unique_ptr<amaix::SharedUnit> shared_fetch(
      const TakenParts& /*parts*/, const memory::MemorySystem& /*memory*/) {
    return nullptr;
  }
  // What computes the values of an operation that is enabled; null: the unit computes nothing, and writes
  // zeros. Throws std::length_error for a descriptor that no hardware could execute.
  [[nodiscard]] virtual std::unique_ptr<OperationTensors> tensors(std::uint32_t /*operation*/,
                                                                  OperationImage& /*image*/) {
    return nullptr;
  }
  // Shows what was counted in the registers of `group` (engine/tensors/value_registers.h).
  virtual void show_values(std::uint32_t /*operation*/, std::uint32_t /*group*/,
                           const ValueCounters& /*values*/) {}
  // The operation is over: what is kept of it can go.
  virtual void forget(std::uint32_t operation) = 0;
  // Drops what is under way.
  virtual void reset() = 0;
};

}  // namespace nvdla::engine
