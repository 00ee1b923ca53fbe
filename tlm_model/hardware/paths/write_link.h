// SPDX-License-Identifier: Apache-2.0
// The way of a unit's write commands and data from its write DMA to the arbiters of writes
// (amaix/write_link.h), stage by stage.
#pragma once

#include <array>
#include <cstdint>

#include "hardware/clients.h"
#include "hardware/paths/memory_interface.h"
#include "hardware/paths/path.h"
#include "hardware/paths/pipe.h"
#include "hardware/types.h"

namespace nvdla::paths {

// With kWriteBus their cycles are `write` of the unit, from the write DMA's output on.
struct WriteLinkStages {
  static constexpr std::size_t kMostPipes = 4;
  std::size_t count = 0;
  std::array<Pipe, kMostPipes> pipes{};  // the write DMA's output to WRITE_IG_bpt, commands and data
  Pipe fifo;                             // in it, data only
  Path arbiter;                          // its output to the arbiter
  Path arbiter_beats;                    // beats in front of the arbiter
  Path arbiter_commands;                 // chunk commands there
  Path command_back;  // a chunk's last beat that is granted to the command that its place lets pass

  // The write DMA's output to the arbiter.
  [[nodiscard]] constexpr Cycle cycles() const {
    Cycle sum = fifo.cycles + arbiter.sum();
    for (std::size_t i = 0; i < count; ++i) sum += pipes[i].cycles;
    return sum;
  }
};

inline constexpr Path kArbiterWay = {
    {"WRITE_IG_ARB_dfifo and its count", 1, "WRITE_IG_arb: a command competes when all its beats are there"}};
inline constexpr Path kArbiterFifoBeats = {{"WRITE_IG_ARB_dfifo", 4, "WRITE_IG_arb"}};
inline constexpr Path kArbiterCommands = {{"command pipe and its skid register", 2, "WRITE_IG_arb: pipe_p1"}};
inline constexpr Path kArbiterCommandBack = {{"ready of the skid register", 1, "WRITE_IG_arb: pipe_p1"}};

inline constexpr Pipe kBptPipe1V1 = {PipeKind::kSkid, 1, 1, "WRITE_IG_bpt: pipe_p1"};
inline constexpr Pipe kBptPipe2V1 = {PipeKind::kSkid, 1, 1, "WRITE_IG_bpt: pipe_p2"};
inline constexpr Pipe kBptFifo = {PipeKind::kFifo, 2, 4,
                                  "WRITE_IG_BPT_dfifo with its input and output registers"};
// BDMA and Rubik.
inline constexpr WriteLinkStages kMoverWriteLink = {
    3,
    {Pipe{PipeKind::kSkid, 1, 1, "BDMA_store: pipe_p3; RUBIK_dma: pipe_p5"}, kBptPipe1V1, kBptPipe2V1},
    kBptFifo,
    kArbiterWay,
    kArbiterFifoBeats,
    kArbiterCommands,
    kArbiterCommandBack};
// SDP, PDP, CDP.
inline constexpr WriteLinkStages kWriteLinkV1 = {
    4,
    {Pipe{PipeKind::kSkid, 1, 1, "SDP_WDMA_dmaif: pipe_p1; PDP_wdma, CDP_wdma: pipe_p2"},
     Pipe{PipeKind::kSkid, 1, 1, "SDP_WDMA_dmaif: pipe_p2; PDP_wdma, CDP_wdma: pipe_p4"}, kBptPipe1V1,
     kBptPipe2V1},
    kBptFifo,
    kArbiterWay,
    kArbiterFifoBeats,
    kArbiterCommands,
    kArbiterCommandBack};
inline constexpr Pipe kDmaifPipe = {PipeKind::kLateSkid, 1, 1, "DMAIF_wr"};
inline constexpr WriteLinkStages kWriteLinkScalable = {
    3,
    {kDmaifPipe, Pipe{PipeKind::kRegister, 1, 1, "WRITE_IG_bpt: pipe_p1"},
     Pipe{PipeKind::kRegister, 1, 1, "WRITE_IG_bpt: pipe_p2"}},
    kBptFifo,
    kArbiterWay,
    kArbiterFifoBeats,
    kArbiterCommands,
    kArbiterCommandBack};
// No WRITE_IG_spt: the arbiter has a place for one command of each client.
inline constexpr WriteLinkStages kWriteLinkMaster = {
    3,
    {kDmaifPipe, Pipe{PipeKind::kLateSkid, 1, 1, "WRITE_IG_bpt: pipe_p1"},
     Pipe{PipeKind::kLateSkid, 1, 1, "WRITE_IG_bpt: pipe_p2"}},
    {PipeKind::kLateSkid, 1, 1, "WRITE_IG_BPT_dfifo"},
    kArbiterWay,
    kArbiterFifoBeats,
    {{"the command pipe", 1, "WRITE_IG_arb: ARB_pipe"}},
    {{"it has no skid register", 0, "WRITE_IG_arb: ARB_pipe"}}};

[[nodiscard]] constexpr const WriteLinkStages& write_link(Client client, Generation generation, bool master) {
  if (client == Client::kBdma || client == Client::kRubik) return kMoverWriteLink;
  if (generation == Generation::kV1) return kWriteLinkV1;
  return master ? kWriteLinkMaster : kWriteLinkScalable;
}

}  // namespace nvdla::paths
