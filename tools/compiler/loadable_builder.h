// SPDX-License-Identifier: Apache-2.0
// Puts small compiled networks together: a list of operations with their descriptors, the graph between them,
// memory, tensors - and the bytes of a .nvdla file that holds them. The inverse of the reader in
// host/loadable.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/loadable/cpu_task.h"
#include "host/loadable/dla_task.h"

namespace nvdla::tools {

class LoadableBuilder {
 public:
  // Minor version of the DLA interface: 10 and 11 have cubes without offset.
  explicit LoadableBuilder(std::uint8_t minor = 12) : minor_(minor) {}

  // Each adds an entry to memory list and address list and returns its index in a task's address list.
  std::int16_t memory(std::uint64_t size);
  // `name`: of the blob; "tb-N" if empty.
  std::int16_t contents(const std::vector<unsigned char>& bytes, const std::string& name = "");
  std::int16_t input(const host::LoadableTensor& tensor);
  std::int16_t output(const host::LoadableTensor& tensor);

  // An operation of the DLA task; the alternative decides the unit. Returns its index.
  std::size_t operation(decltype(host::DlaOperation::work) work);
  // `consumer` waits for an event of `producer`. One consumer for each unit.
  void depend(std::size_t consumer, std::size_t producer, host::DlaEvent event);
  // `child` takes its data on the fly from `parent`, which starts when the child has been enabled.
  void fuse(std::size_t child, std::size_t parent);
  std::int16_t lut(const host::DlaLut& table);
  void statistics(std::int16_t address) { statistics_ = address; }
  // Operations of a CPU task behind the DLA task; `long_layout`: with scale factors and offsets.
  void cpu(const host::CpuOperation& operation, bool long_layout = true);

  [[nodiscard]] std::vector<host::DlaOperation>& operations() { return operations_; }
  // Operations of one unit are a list: each waits until the one before has been programmed, unless it has
  // been made to wait for another event of it.
  [[nodiscard]] std::vector<unsigned char> build() const;

 private:
  struct Memory {
    std::uint64_t size = 0;
    std::uint16_t flags = 1;
    std::vector<unsigned char> contents;
    std::string name;
    std::uint16_t bind_id = 0, tensor = 0;
  };
  std::int16_t add(Memory memory);
  [[nodiscard]] std::vector<host::DlaOperation> linked() const;

  std::uint8_t minor_;
  std::vector<Memory> memories_;
  std::vector<host::LoadableTensor> tensors_;
  std::vector<host::DlaOperation> operations_;
  std::vector<host::DlaLut> luts_;
  std::vector<host::CpuOperation> cpu_;
  bool cpu_long_ = true;
  std::int16_t statistics_ = -1;
  std::uint16_t inputs_ = 0, outputs_ = 0;
};

}  // namespace nvdla::tools
