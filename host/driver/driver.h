// SPDX-License-Identifier: Apache-2.0
// Runs a loadable: what runtime, kernel driver and firmware of nvdla/sw do together. Places the memory, fills
// it, takes inputs, executes the submits in their order - tasks of the accelerator by the scheduler, tasks of
// the CPU at once - and gives outputs back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "host/driver/device_access.h"
#include "host/driver/memory_layout.h"
#include "host/driver/operation_listener.h"
#include "host/driver/scheduler.h"
#include "host/loadable/cpu_task.h"
#include "host/loadable/dla_task.h"
#include "host/loadable/loadable.h"

namespace nvdla::host {

struct DriverOptions {
  MemoryBases bases;
  bool statistics = false;                // counters on, read at each completion
  OperationListener* listener = nullptr;  // not owned
};

class Driver {
 public:
  // Reads the tasks, places the memory and fills it. `loadable`, `hardware` and `device` must outlive the
  // driver; the device's memory is expected to be zero where nothing was written. Throws InputError,
  // DriverError.
  Driver(const Loadable& loadable, const HardwareParameters& hardware, DeviceAccess& device,
         const DriverOptions& options);

  // Tensors at the borders, in the order of their bind ids.
  [[nodiscard]] std::vector<const LoadableTensor*> inputs() const;
  [[nodiscard]] std::vector<const LoadableTensor*> outputs() const;

  // Bytes as they lie in memory (host/driver/tensor_codec.h makes them). Throws DriverError when there is no
  // such input or the size is not that of the tensor.
  void set_input(std::size_t index, const std::vector<unsigned char>& bytes);
  void run();
  [[nodiscard]] std::vector<unsigned char> output(std::size_t index) const;

  // Where each entry of the loadable's memory list is.
  [[nodiscard]] const std::vector<DeviceAddress>& memories() const { return memories_; }
  // What task i of the loadable holds; empty for tasks of the other kind.
  [[nodiscard]] const std::vector<DlaTask>& dla_tasks() const { return dla_tasks_; }
  [[nodiscard]] const std::vector<CpuTask>& cpu_tasks() const { return cpu_tasks_; }

 private:
  void fill_memory();
  [[nodiscard]] DeviceAddress bound(const std::vector<std::size_t>& memories, std::size_t index,
                                    const char* what) const;

  const Loadable& loadable_;
  DeviceAccess& device_;
  DriverOptions options_;
  std::vector<DeviceAddress> memories_;
  std::vector<DlaTask> dla_tasks_;
  std::vector<CpuTask> cpu_tasks_;
  Scheduler scheduler_;
};

}  // namespace nvdla::host
