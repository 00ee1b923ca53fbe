// SPDX-License-Identifier: Apache-2.0
// Computes the tasks of a loadable that are the CPU's, in memory, as the runtime of nvdla/sw does: power
// (shift + scale * x) ^ power, element by element; softmax over the channels of a cube of one pixel, in fp32,
// stored as fp16 or scaled to int8.
#pragma once

#include <vector>

#include "host/driver/device_access.h"
#include "host/driver/unit_program.h"
#include "host/loadable/cpu_task.h"

namespace nvdla::host {

// `addresses`: of the task's address list. Throws DriverError for a format that the runtime does not compute
// and for a buffer that exceeds its memory.
void execute_cpu_task(const CpuTask& task, const std::vector<DeviceAddress>& addresses, DeviceAccess& device);

}  // namespace nvdla::host
