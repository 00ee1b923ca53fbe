// SPDX-License-Identifier: Apache-2.0
// What an operation of a compiled network is called. The file names no layers, but the tensors at its borders
// and the blobs with weights and operands: "op 3", and behind it the names of those that the operation uses,
// its input first ("op 0 data, conv1"). With several DLA tasks: "task 1 op 3 ...".
#pragma once

#include <cstddef>
#include <string>

#include "host/loadable/dla_task.h"
#include "host/loadable/loadable.h"

namespace nvdla::host {

// `task`: of the loadable's task list, parsed to `parsed`.
[[nodiscard]] std::string layer_name(const Loadable& loadable, std::size_t task, const DlaTask& parsed,
                                     std::size_t operation);

}  // namespace nvdla::host
