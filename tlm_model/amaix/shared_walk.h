// SPDX-License-Identifier: Apache-2.0
// Units that use one memory port at the same time, request by request. Each says when it may ask for its next
// chunk and when its next chunk of output is ready, as far as what has come to it tells; between them stand
//   - an arbiter for each direction (hardware/arbitration_order.h): by turns, a chunk at a time; a read chunk
//     takes a cycle for each of its bursts, a written one for each of its beats; the writes of a client go in
//     the order of its layers
//   - behind the arbiters the registers of MCIF, of reads amaix/read_pipe.h: nothing is granted while memory
//     has not taken what they hold
//   - the memory itself (memory/memory_timing.h); what it returns waits on the bus while CDMA's data do
// What a layer that shares a port loses is the difference of two such walks: with the others and alone
// (SharedDelay). So what a unit leaves out of its own time counts in neither, but of short convolutions,
// which take the time of their walk (amaix/convolution_alone.h). Limits: one port; weights of the arbiter
// are 1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "hardware/clients.h"
#include "hardware/parameters.h"
#include "hardware/types.h"
#include "memory/description.h"

namespace nvdla::amaix {

class SharedUnit {
 public:
  // Steps up to which a unit is walked; who has more is not (whole()). It sets no time: more of them cost
  // more instructions.
  static constexpr std::size_t kMostSteps = 16384;

  virtual ~SharedUnit() = default;
  // Its read clients, and whose its output is.
  [[nodiscard]] virtual const std::vector<Client>& readers() const = 0;
  [[nodiscard]] virtual Client writer() const = 0;
  [[nodiscard]] virtual bool whole() const = 0;

  // So many cycles before its layer's begin it asks for something.
  [[nodiscard]] virtual Cycle ahead() const { return 0; }
  // Anew; its layer begins in cycle `begin`. `before`: the layer before it in the same engine, if that is
  // walked too.
  virtual void restart(Cycle begin, const SharedUnit* before) = 0;
  // From when on the next chunk of a reader may be granted; kNever: nothing more is asked for, or something
  // has to come first.
  [[nodiscard]] virtual Cycle asks(std::size_t reader) = 0;
  [[nodiscard]] virtual std::uint32_t beats(std::size_t reader) const = 0;
  virtual void granted(std::size_t reader, Cycle at) = 0;
  // A chunk of a reader has come, in the order of requests.
  virtual void came(std::size_t reader, Cycle first, Cycle last, std::uint32_t beats) = 0;
  // Behind came(): the first cycle in which another read beat may come, whoever it is for, as this one takes
  // its own slower than the bus brings them (engine/memory_client.h); 0: it takes all.
  [[nodiscard]] virtual Cycle bus_free() const { return 0; }
  // From when on the next chunk of output may be granted; kNever: none is there.
  [[nodiscard]] virtual Cycle writes() const = 0;
  [[nodiscard]] virtual std::uint32_t write_beats() const = 0;
  virtual void write_granted(Cycle at) = 0;
  // Its last chunk of output has been taken and acknowledged, as far as there is one.
  virtual void acknowledged(Cycle at) = 0;
  // When it wants to look at its own work again; kNever: when something comes.
  [[nodiscard]] virtual Cycle due() const = 0;
  virtual void run(Cycle now) = 0;

  // When the steps of its work have been done, always the same ones in the same order; kNever: not yet.
  [[nodiscard]] virtual const std::vector<Cycle>& marks() const = 0;
  // When the layer's own time has them, in cycles from its begin; below 0, or missing: when it does alone.
  [[nodiscard]] virtual const std::vector<double>& dates() const {
    static const std::vector<double> kNone;
    return kNone;
  }
  // How many of the last marks its own work brings, and the cycles from the last to the layer's end.
  [[nodiscard]] virtual std::size_t ends() const { return 0; }
  [[nodiscard]] virtual double tail() const { return 0; }
};

// Walks all of them to their ends. They have been restarted.
void walk_together(const std::vector<SharedUnit*>& units, const memory::MemoryDescription& memory,
                   const HardwareParameters& hardware);

// By how much a layer is late at a time of its own, in cycles from its begin: between two marks in
// proportion, behind the last one as much as there.
class SharedDelay {
 public:
  SharedDelay() = default;
  // The marks of a unit whose layer begins in cycle 0, alone, and in cycle `begin`, with others; its dates.
  SharedDelay(const std::vector<Cycle>& alone, const std::vector<Cycle>& shared, Cycle begin,
              const std::vector<double>& dates = {});
  // Cycles that have passed at a time of its own, and the other way round.
  [[nodiscard]] double passed(double own) const;
  [[nodiscard]] double own(double passed) const;

 private:
  struct Point {
    double own, passed;
  };
  std::vector<Point> points_;  // in order of both
};

}  // namespace nvdla::amaix
