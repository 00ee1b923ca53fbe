// SPDX-License-Identifier: Apache-2.0
// What one run looks at in memory when operations are done: checksums always, files of tensors and who wrote
// an address where the options ask for them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "host/last_writer.h"
#include "host/output_checksums.h"
#include "host/register_bus.h"
#include "host/replay.h"
#include "host/tensor_files.h"

namespace nvdla::host {

class ValueListeners {
 public:
  // `bus` and `files`, those of the run, outlive this. Throws InputError when the folder of --save-tensors
  // cannot be made.
  ValueListeners(const ReplayOptions& options, RegisterBus& bus, RunFiles& files)
      : golden_(!options.golden.empty()), checksums_(reader(bus)) {
    if (!options.save_tensors.empty()) tensor_files_.emplace(options.save_tensors, reader(bus), files);
  }
  ValueListeners(const ValueListeners&) = delete;
  ValueListeners& operator=(const ValueListeners&) = delete;

  // `device`: the accelerator, or the component around it.
  template <typename Device>
  void listen(Device& device) {
    if (tensor_files_) device.add_listener(*tensor_files_);
    if (golden_) device.add_listener(writers_);
    device.add_listener(checksums_, false);
  }

  // "SDP 3"; nothing if no operation that is done wrote there, or no contents are compared.
  [[nodiscard]] std::optional<std::string> writer_of(std::uint64_t address) const {
    return writers_.of(address);
  }
  [[nodiscard]] const std::map<OperationId, std::uint32_t>& checksums() const { return checksums_.values(); }

 private:
  static ReadMemory reader(RegisterBus& bus) {
    return [&bus](std::uint64_t address, unsigned char* data, std::size_t length) {
      return bus.store_memory(address, data, length);
    };
  }

  bool golden_;
  OutputChecksums checksums_;
  LastWriter writers_;
  std::optional<TensorFiles> tensor_files_;
};

}  // namespace nvdla::host
