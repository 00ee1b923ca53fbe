// SPDX-License-Identifier: Apache-2.0
// The values of all operations under way: brings read data to the operation that asked for them, and gives
// writes the bytes that their operation has computed. Knows nothing of time.
//
// An operation is here from its first read, or from when somebody first needs what it computes, until it
// ends; one that gives its output on the fly stays until the operation behind it ends. What is read for an
// operation that has ended (a fetch may bring more than is needed) is dropped.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/tensors/convolution_tensors.h"
#include "engine/tensors/operation_tensors.h"
#include "operation/identity.h"

namespace nvdla::engine {

class Tensors {
 public:
  // Makes what computes an operation whose registers are decoded; null: a unit that computes nothing.
  using Maker = std::function<std::unique_ptr<OperationTensors>(OperationId, OperationImage&)>;

  // `jobs`: threads that a convolution may use.
  Tensors(Maker maker, std::function<void(const std::string&)> warn, unsigned jobs)
      : maker_(std::move(maker)), warn_(std::move(warn)), jobs_(jobs) {}

  // Levels roofline and refined: operations that begin from now on work on memory itself.
  void attach(const memory::ByteSource& source, memory::ByteSink& sink) {
    source_ = &source;
    sink_ = &sink;
  }

  void arrived(OperationId id, MemorySpace space, std::uint64_t address, const unsigned char* data,
               std::size_t length);
  // Bytes [address, address + length) that a write of the operation carries; zeros for what it does not
  // compute.
  void fill(OperationId id, MemorySpace space, std::uint64_t address, std::uint32_t length,
            unsigned char* out);
  // Null: the operation computes nothing, or failed.
  OperationTensors* find(OperationId id);
  // The same, but only what somebody has asked for already.
  [[nodiscard]] OperationTensors* made(OperationId id) { return entry(id).tensors.get(); }
  [[nodiscard]] const OperationImage& image(OperationId id) { return entry(id).image; }
  // `id` takes its input from `source` on the fly.
  void connect(OperationId id, OperationId source) { entry(id).source = source; }
  // The operation ends; `gives`: what it computed is needed by the operation behind it.
  struct Result {
    ValueCounters counters;
    std::vector<OutputTensor> outputs;
  };
  [[nodiscard]] std::optional<Result> finish(OperationId id, bool gives);
  void reset();

  // Operations that are here.
  [[nodiscard]] std::size_t count() const { return entries_.size(); }
  [[nodiscard]] CbufContents& cbuf() { return cbuf_; }
  [[nodiscard]] unsigned jobs() const { return jobs_; }
  // Pieces of finished operations that were needed before their input had come: 0 unless the engine's timing
  // is wrong about what a write needs.
  [[nodiscard]] std::uint64_t early() const { return early_; }

 private:
  struct Entry {
    OperationId id;
    OperationImage image;
    std::unique_ptr<OperationTensors> tensors;
    bool made = false, failed = false;
    std::optional<OperationId> source;
  };
  Entry& entry(OperationId id);
  void erase(OperationId id);
  // Computation of an operation failed, which a legal descriptor cannot cause: said once, the rest of its
  // output is 0. What computed it stays, as the operation behind it may hold it.
  void fail(Entry& entry, const std::string& reason);

  Maker maker_;
  std::function<void(const std::string&)> warn_;
  unsigned jobs_;
  const memory::ByteSource* source_ = nullptr;
  memory::ByteSink* sink_ = nullptr;
  std::vector<std::unique_ptr<Entry>> entries_;
  std::size_t last_ = 0;                         // index of the entry found last
  std::array<std::uint32_t, kEngines> ended_{};  // operations of each engine; they end in order
  CbufContents cbuf_;
  std::uint64_t early_ = 0;
};

}  // namespace nvdla::engine
