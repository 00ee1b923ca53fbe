// SPDX-License-Identifier: Apache-2.0
// How long does a network take on other designs? Every design in a thread of its own.
//   nvdla_designs TRACE     a trace of nv_full
#include <analysis/evaluate.h>
#include <hardware/parameter_table.h>

#include <cstdio>
#include <exception>
#include <thread>
#include <vector>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  try {
    const nvdla::HardwareParameters& own = nvdla::preset("nv_full");
    const nvdla::analysis::Network network(argv[1], own);
    const std::vector<nvdla::HardwareParameters> designs = {
        own, nvdla::derived(own, {{"atomic_k_int8", 16}}),
        nvdla::derived(own, {{"pdp_throughput", 16}, {"cdp_throughput", 16}})};
    std::vector<nvdla::analysis::Evaluation> results(designs.size());
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < designs.size(); ++i) {
      threads.emplace_back([&, i] {
        nvdla::memory::MemorySystem memory;  // latency 50, as fast as the bus
        memory.dbb.bytes_per_cycle = designs[i].dbb_width_bytes;
        results[i] = evaluate(network, designs[i], memory, nvdla::amaix::Level::kRefined);
      });
    }
    for (std::thread& thread : threads) thread.join();
    for (std::size_t i = 0; i < designs.size(); ++i)
      std::printf("%4u MACs: %lld cycles, %.1f a second\n", designs[i].atomic_c * designs[i].atomic_k_int8,
                  static_cast<long long>(results[i].cycles), results[i].per_second);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
