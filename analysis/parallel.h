// SPDX-License-Identifier: Apache-2.0
// Independent pieces of work on all cores.
#pragma once

#include <cstddef>
#include <functional>

namespace nvdla::analysis {

// Calls work(i) for every i below `count`, in any order, in `threads` threads (0: one a core). The first
// exception that a call throws ends the rest early and is thrown here.
void parallel_for(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& work);

}  // namespace nvdla::analysis
