// SPDX-License-Identifier: Apache-2.0
// Writes what every operation leaves in memory as a NumPy array (.npy, format 1.0), when it is done:
//   FOLDER/0007_sdp_3.npy   the seventh tensor from 0, of the fourth operation of SDP
// Shape (C, H, W), several batches (N, C, H, W); int8, int16 or float16, little endian. BDMA's transfers have
// no shape but surfaces, lines and bytes.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "engine/events.h"
#include "host/files/run_files.h"

namespace nvdla::host {

// The bytes of a .npy file that holds the tensor. `read`: contents of memory; false: not there.
using ReadMemory = std::function<bool(std::uint64_t address, unsigned char* data, std::size_t length)>;
[[nodiscard]] std::string npy_of(const OutputTensor& tensor, const ReadMemory& read);

class TensorFiles final : public engine::Listener {
 public:
  // Makes the folder if it does not exist. `files`, those of the run, outlive this. Throws InputError.
  TensorFiles(std::string folder, ReadMemory read, RunFiles& files);

  // Throws InputError when the run reads or writes the file already, OutputError when it cannot be written.
  void on_output(OperationId id, const OutputTensor& output) override;

 private:
  std::string folder_;
  ReadMemory read_;
  RunFiles& files_;
  std::size_t written_ = 0;
};

}  // namespace nvdla::host
