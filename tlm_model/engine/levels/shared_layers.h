// SPDX-License-Identifier: Apache-2.0
// Layers that run at the same time, walked together (amaix/shared_walk.h): from the first of them on that
// found the port free, until the port is free again. What a layer is late by is the difference to a walk of
// it alone; a newcomer lets all be walked anew.
// Of PDP and CDP two layers in both groups: the second reads when the first has read all, among its output.
// Of the convolution CDMA and SDP's reader fetch the second under the first: they are walked with what its
// parts have taken so far, and when it is complete with the whole layer. Its end is that of the walk: there
// its own operands share the port with its data, which the estimate does not know. When a third comes, the
// layers that are over are forgotten; what a running one is late by counts as if it had begun later.
// Layers of BDMA alone, or of Rubik, are walked as a row instead (amaix/linked_walk.h), on all of their
// ports, no more than kMostInRow, since each newcomer lets all be walked anew. Limits: layers of PDP, of CDP
// and of the convolution pipeline without PDP behind it, of this one only, on one port, none of them with
// more than SharedUnit::kMostSteps requests (PDP and CDP: StreamWalker's). Others share the port as fluids
// (amaix/port_share.h). A second layer's core does not wait for that of the first, whose data come before.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "amaix/shared_walk.h"
#include "engine/levels/lump.h"

namespace nvdla::engine {

class SharedLayers {
 public:
  SharedLayers(const memory::MemorySystem& memory, const HardwareParameters& hardware,
               const std::vector<std::unique_ptr<EngineUnit>>& units)
      : memory_(memory), hardware_(hardware), units_(units) {}

  // `lumps` run. Sets by how much all of them are late; false: they cannot be walked.
  bool add(Lump& newcomer, std::vector<Lump>& lumps);
  // CDMA, or SDP's reader, fetches for a layer under `lumps`: they are walked with what it asks for, and when
  // the layer is complete (add()) with all of it.
  bool fetch(const TakenParts& parts, const ClosedFetch& fetch, std::vector<Lump>& lumps);
  // Another part has taken that layer.
  void fetch_on(const TakenParts& parts, std::vector<Lump>& lumps);
  [[nodiscard]] bool fetching() const { return fetching_ > 0; }
  // One that is not walked has come: until clear() nothing is.
  void give_up(std::vector<Lump>& lumps);
  [[nodiscard]] bool possible() const { return possible_; }
  // Nothing runs.
  void clear();

 private:
  static constexpr std::size_t kMostInRow = 16;
  struct Layer {
    Cycle begin = 0;
    Cycle late = 0;        // by those that are over, until then
    bool fetched = false;  // before it was complete
    std::array<bool, kEngines> used{};
    std::unique_ptr<amaix::SharedUnit> unit{};
    std::unique_ptr<amaix::LinkedLayer> linked{};
    std::vector<Cycle> alone{}, marks{};  // when its steps are done, alone and with the others
  };
  void take(Lump& lump);
  void complete(Lump& lump);
  bool add_fetches(const TakenParts& parts, std::vector<Lump>& lumps);
  void drop_fetches();
  void forget_past(std::vector<Lump>& lumps);
  bool prepare(const Lump& lump);
  void walk();
  bool walk_row();
  void walk_alone(Layer& layer);
  [[nodiscard]] Cycle walk_begin() const;
  void end_as_walked(Layer& layer) const;
  void set_delay(Lump& lump);
  bool one_port(const Lump& lump);
  void use(MemorySpace space);

  const memory::MemorySystem& memory_;
  const HardwareParameters& hardware_;
  const std::vector<std::unique_ptr<EngineUnit>>& units_;
  std::vector<Layer> layers_;
  std::size_t port_ = amaix::kPorts;  // that all use; kPorts: none yet
  bool possible_ = true;              // together or as a row
  bool together_ = true;
  std::size_t fetching_ = 0;  // the last of them are what CDMA and SDP's reader fetch for a layer to come
};

}  // namespace nvdla::engine
