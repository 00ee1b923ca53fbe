// SPDX-License-Identifier: Apache-2.0
// A stage that hands items on by valid and ready: how many it holds, and when its ready follows the one
// behind it (amaix/pipe_stage.h).
#pragma once

#include <cstdint>
#include <string_view>

#include "hardware/types.h"

namespace nvdla::paths {

enum class PipeKind : std::uint8_t {
  kRegister,  // ready is that of the stage behind it
  kSkid,      // a skid register in front: ready falls when that is full (V1: ::pipe -is)
  kLateSkid,  // the same, but ready is that of the register one cycle ago, whether the skid register is full
              // or not (scalable: eperl::pipe -is)
  kFifo,
};

struct Pipe {
  PipeKind kind = PipeKind::kRegister;
  Cycle cycles = 1;  // from an item's coming to its offer behind the stage; FIFO: also from its leaving
                     // to its place's being free
  std::uint32_t places = 1;  // of a FIFO
  std::string_view source{};
};

}  // namespace nvdla::paths
