// SPDX-License-Identifier: Apache-2.0
#include "amaix/pipe_stage.h"

#include <algorithm>

namespace nvdla::amaix {

std::optional<Cycle> PipeStage::takes(Cycle offered) const {
  const std::uint64_t next = taken_.count();
  const auto behind = [&](std::uint64_t places, Cycle distance) -> std::optional<Cycle> {
    const std::optional<Cycle> room = left_.room(next, places, distance);
    if (!room) return std::nullopt;
    return std::max(offered, *room);
  };
  switch (pipe_.kind) {
    case paths::PipeKind::kRegister:
      return behind(1, 0);
    case paths::PipeKind::kSkid:
      return behind(2, 1);
    case paths::PipeKind::kFifo:
      return behind(pipe_.places, pipe_.cycles);
    case paths::PipeKind::kLateSkid:
      break;
  }
  for (std::uint64_t item = next - std::min<std::uint64_t>(next, 2); item < next; ++item) {
    const std::optional<Cycle> begin = registered(item);
    if (!begin) return std::nullopt;
    if (offered < *begin + 2) continue;
    const std::optional<Cycle> end = left_.of(item);
    if (!end) return std::nullopt;
    if (offered <= *end) offered = *end + 1;
  }
  return offered;
}

std::optional<Cycle> PipeStage::registered(std::uint64_t number) const {
  const std::optional<Cycle> taken = taken_.of(number);
  if (!taken || pipe_.kind == paths::PipeKind::kRegister || number == 0) return taken;
  const std::optional<Cycle> before = left_.of(number - 1);
  if (!before) return std::nullopt;
  return std::max(*taken, *before);
}

std::optional<Cycle> PipeStage::offers(std::uint64_t number) const {
  const std::optional<Cycle> at =
      pipe_.kind == paths::PipeKind::kFifo ? taken_.of(number) : registered(number);
  if (!at) return std::nullopt;
  return *at + pipe_.cycles;
}

}  // namespace nvdla::amaix
