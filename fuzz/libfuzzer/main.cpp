// SPDX-License-Identifier: Apache-2.0
// One target of fuzz/targets.h for libFuzzer; NVDLA_FUZZ_TARGET names it.
#include <cstdio>
#include <cstdlib>

#include "fuzz/targets.h"

// SystemC's library, which the validation brings, asks for it.
extern "C" int sc_main(int /*argc*/, char* /*argv*/[]) { return 0; }

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const nvdla::fuzz::Target* const target = [] {
    for (const nvdla::fuzz::Target& one : nvdla::fuzz::targets())
      if (one.name == NVDLA_FUZZ_TARGET) return &one;
    std::fprintf(stderr, "no target %s in fuzz/targets.cpp\n", NVDLA_FUZZ_TARGET);
    std::exit(2);
  }();
  (void)target->parse(data, size);
  return 0;
}
