// SPDX-License-Identifier: Apache-2.0
// Which interrupts have come that a program has not waited for yet.
//
// A program that was recorded on a platform without time sees interrupts one by one; where time passes
// several are set at once, in another order, or a write that clears takes along one that the program waits
// for later. A wait for bits of S_INTR_STATUS is therefore understood as "these must have come": each raise
// of a bit counts once, for the wait that is first to name it. The count is taken back when the program
// clears the bit after it has waited for it.
//
// `wait`, which names no bit, takes the line; only when nothing can raise it any more, an interrupt that was
// cleared before. Which one that was, the program says when it reads or clears the status.
//
// Limits: a program that never waits for an interrupt leaves it for a later wait that names the same bit.
#pragma once

#include <array>
#include <cstdint>

namespace nvdla::host {

class SeenInterrupts {
 public:
  // Bits of S_INTR_STATUS, as everywhere here.
  void raised(std::uint32_t bits);
  // Those of `bits` of which none is left that came: they must still come.
  [[nodiscard]] std::uint32_t missing(std::uint32_t bits) const;
  // One of `bits` came and is left.
  [[nodiscard]] bool any(std::uint32_t bits) const { return missing(bits) != bits; }
  // The program has waited for `bits`.
  void waited(std::uint32_t bits) { waited_ |= bits; }
  // `wait` has seen the line, or any().
  void waited_for_line() { line_ = true; }
  // The program clears `bits` of the status.
  void cleared(std::uint32_t bits);

 private:
  void use_up_one(std::uint32_t bits);

  std::array<std::uint32_t, 32> left_{};  // raises by bit that no wait has used up
  std::uint32_t waited_ = 0;              // since they were cleared last
  bool line_ = false;                     // waited for the line, and nothing cleared since
};

}  // namespace nvdla::host
