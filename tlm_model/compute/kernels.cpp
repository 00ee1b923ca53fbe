// SPDX-License-Identifier: Apache-2.0
#include "compute/kernels.h"

namespace nvdla::compute {

const std::vector<const Kernels*>& available_kernels() {
  static const std::vector<const Kernels*> kAvailable = [] {
    std::vector<const Kernels*> kernels;
    kernels.reserve(4);
    kernels.push_back(&detail::kPlainKernels);
    kernels.push_back(&detail::kBaselineKernels);
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) {
      kernels.push_back(&detail::kAvx2Kernels);
      if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")) {
        kernels.push_back(&detail::kAvx512Kernels);
      }
    }
#endif
    return kernels;
  }();
  return kAvailable;
}

const Kernels& best_kernels() { return *available_kernels().back(); }

}  // namespace nvdla::compute
