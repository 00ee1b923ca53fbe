// SPDX-License-Identifier: Apache-2.0
// Every reader of text and of containers, on valid inputs that are changed at random: bytes flipped, cut,
// repeated, numbers replaced by awkward ones, lines exchanged. A reader takes the input or says what is wrong
// with it, in an error of its own kind; it does not crash, hang or throw anything else. With the sanitizers
// it has no undefined behaviour either (scripts/test.sh, scripts/fuzz.sh).
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "hardware/parameters_file.h"
#include "host/dma_trace.h"
#include "host/driver/configuration.h"
#include "host/loadable/loadable.h"
#include "host/memory_file.h"
#include "host/memory_options.h"
#include "host/program.h"
#include "tests/fuzz/executions.h"
#include "tests/support/random_chain.h"
#include "tests/support/temporary_directory.h"
#include "validation/bounds.h"
#include "validation/csv.h"
#include "validation/layers.h"
#include "validation/notes.h"
#include "validation/recording.h"

namespace nvdla::fuzz {
namespace {

class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {}

  std::string operator()(std::string text) {
    for (std::uint64_t count = 1 + below(4); count > 0; --count) change(text);
    return text;
  }

 private:
  std::size_t below(std::size_t limit) { return limit == 0 ? 0 : random_() % limit; }

  void change(std::string& text) {
    const std::size_t at = below(text.size() + 1),
                      length = below(std::min<std::size_t>(text.size() - at, 40) + 1);
    switch (below(8)) {
      case 0:
        if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
        break;
      case 1:
        text.resize(at);
        break;
      case 2:
        text.erase(at, length);
        break;
      case 3:
        text.insert(at, text.substr(at, length));
        break;
      case 4:
        text.insert(at, std::string(1, static_cast<char>(below(256))));
        break;
      case 5:
        number(text, at);
        break;
      case 6:
        text.insert(at, text.substr(below(text.size() + 1), 1 + below(80)));
        break;
      default:
        text.insert(at, kSpecial[below(std::size(kSpecial))]);
        break;
    }
  }
  // The next number becomes an awkward one.
  void number(std::string& text, std::size_t at) {
    const std::size_t first = text.find_first_of("0123456789", at);
    if (first == std::string::npos) return;
    std::size_t last = text.find_first_not_of("0123456789abcdefx.", first);
    if (last == std::string::npos) last = text.size();
    text.replace(first, last - first, kNumbers[below(std::size(kNumbers))]);
  }

  static constexpr const char* kNumbers[] = {"0",
                                             "1",
                                             "-1",
                                             "+1",
                                             "010",
                                             "0x",
                                             "0x0",
                                             "4294967295",
                                             "4294967296",
                                             "9223372036854775807",
                                             "9223372036854775808",
                                             "18446744073709551615",
                                             "18446744073709551616",
                                             "0xffffffffffffffff",
                                             "1e999",
                                             "-1e999",
                                             "1e15",
                                             "1e-400",
                                             "nan",
                                             "inf",
                                             "0.0",
                                             "1.5",
                                             "00",
                                             "99999999999999999999999"};
  static constexpr const char* kSpecial[] = {"\n", "\r\n", ",",        ",,",   "#",   "{", "}",
                                             "[",  "]",    "\"",       "\\",   "=",   " ", "\t",
                                             "'",  "../",  "\xff\xfe", "null", "true"};
  std::mt19937_64 random_;
};

class ReadersFuzz : public test::TemporaryDirectory {
 protected:
  // `read` either returns or throws one of the errors that inputs may have.
  void run(const char* name, const std::vector<std::string>& seeds, double share,
           const std::function<void(const std::string&)>& read) {
    const std::uint64_t count = executions(3000, share);
    std::uint64_t taken = 0;
    for (std::uint64_t i = 0; i < count && !HasFailure(); ++i) {
      const std::uint64_t seed = first_seed() + i;
      const std::string text = Mutator(seed)(seeds[seed % seeds.size()]);
      try {
        read(text);
        ++taken;
      } catch (const host::InputError&) {
      } catch (const std::invalid_argument&) {
      } catch (const std::exception& error) {
        // The reader of configurations has plain runtime errors, that begin with the file.
        if (std::string(error.what()).find(path("")) == std::string::npos)
          ADD_FAILURE() << name << ", NVDLA_FUZZ_SEED=" << seed << ": " << error.what();
      }
    }
    // Both ends of what a reader can say: else the mutations are too weak or too strong.
    EXPECT_GT(taken, 0U) << name;
    EXPECT_LT(taken, count) << name;
    std::cout << name << ": " << count << " inputs, " << taken << " taken\n";
  }
  [[nodiscard]] std::string written(const std::string& text, const char* name = "input") const {
    return file(name, text);
  }
  static std::string source(const std::string& name) {
    return host::read_file(NVDLA_SOURCE_DIR "/" + name, 1 << 26, host::Unpack::kGzip);
  }
  static std::string head(const std::string& text, std::size_t lines) {
    std::size_t at = 0;
    for (; lines > 0 && at != std::string::npos; --lines) at = text.find('\n', at + 1);
    return at == std::string::npos ? text : text.substr(0, at + 1);
  }
};

TEST_F(ReadersFuzz, RegisterTraces) {
  const std::string trace = head(source("firmware_traces/u_pool_max2_nv_small_int8/input.txn.gz"), 40);
  run("register traces",
      {trace, trace + "load_mem 0x80000000 0x20 a.dat\ndump_mem 0x0 16 b\nwait # x\nwrite_mem 0 1\n"}, 0.2,
      [&](const std::string& text) { (void)host::Program(written(text)); });
}

TEST_F(ReadersFuzz, DmaTraces) {
  const std::string trace =
      head(source("validation/recordings/lenet_nv_full_fp16__L50_B64.dma_trace.csv.gz"), 30);
  run("DMA traces", {trace}, 0.15, [&](const std::string& text) {
    host::DmaTraceReader reader(written(text));
    host::DmaBurst burst;
    for (Cycle last = 0; reader.next(burst); last = burst.cycle) EXPECT_LE(last, burst.cycle);
  });
}

TEST_F(ReadersFuzz, MemoryFiles) {
  const std::string offsets =
      "# x\n{offset:0x20, size:4, payload:0x01 0x02 0x03 0x04}\n{'offset':0x4, 'size':2, 'value':0xff 0x0}\n";
  run("memory files", {offsets, "a = b\n00 01 02 03\nff\n"}, 0.1,
      [&](const std::string& text) { (void)host::read_memory_file(written(text, "input.dat"), 64); });
}

TEST_F(ReadersFuzz, MemoryOptions) {
  run("memory options",
      {"latency=50,bandwidth=64,max_outstanding=256,base=0x80000000,size=0x40000000", "latency=1"}, 0.2,
      [&](const std::string& text) {
        const host::MemoryOptions options = host::parse_memory_options("--dbb", text, {});
        EXPECT_TRUE(options.bytes_per_cycle > 0 && options.bytes_per_cycle <= 1048576 && options.size > 0)
            << text;
      });
}

TEST_F(ReadersFuzz, Tables) {
  run("tables", {head(source("validation/recordings/lenet_nv_full_fp16__L50_B64.ops.csv"), 20)}, 0.1,
      [&](const std::string& text) {
        validation::CsvReader csv(written(text));
        const std::size_t column = csv.column("enable");
        while (csv.next()) (void)csv.number(column);
      });
}

TEST_F(ReadersFuzz, Recordings) {
  const std::string stem = "validation/recordings/u_elt_64x28_nv_full_int8__L50_B64";
  const std::vector<std::string> parts{source(stem + ".json"), source(stem + ".ops.csv"),
                                       source(stem + ".dma.csv")};
  const std::vector<const char*> names{"r.json", "r.ops.csv", "r.dma.csv"};
  for (std::size_t changed = 0; changed < parts.size(); ++changed) {
    for (std::size_t i = 0; i < parts.size(); ++i) (void)file(names[i], parts[i]);
    run(names[changed], {parts[changed]}, 0.02, [&](const std::string& text) {
      (void)file(names[changed], text);
      (void)validation::recorded_operations(validation::load_recording(path("r.json")));
    });
  }
}

TEST_F(ReadersFuzz, BoundsNotesAndLayers) {
  run("bounds", {head(source("validation/bounds.json"), 12) + "]}", source("validation/bounds.json")}, 0.02,
      [&](const std::string& text) { (void)validation::load_bounds(written(text)); });
  run("notes", {source("validation/notes.json")}, 0.02,
      [&](const std::string& text) { (void)validation::load_notes(written(text)); });
  run("layers", {source("firmware_traces/u_elt_64x28_nv_full_int8/layers.json")}, 0.05,
      [&](const std::string& text) { (void)validation::LayerNames(written(text)); });
}

TEST_F(ReadersFuzz, Configurations) {
  run("configurations",
      {R"({"base": "nv_small", "name": "mine", "atomic_c": 16, "cbuf_entry_bytes": 16, "sdp_lut": false,
 "read_latency_fifo_beats": {"pdp": 32}})"},
      0.1, [&](const std::string& text) { check(load_hardware(written(text, "input.json"))); });
}

TEST_F(ReadersFuzz, Loadables) {
  std::vector<std::string> seeds;
  for (std::uint32_t seed = 1; seed <= 6; ++seed) {
    const auto bytes = test::random_chain(preset(seed % 2 == 0 ? "nv_full" : "nv_small"), 12, seed);
    seeds.emplace_back(bytes.begin(), bytes.end());
  }
  run("loadables", seeds, 0.1, [&](const std::string& text) {
    const host::Loadable loadable =
        host::parse_loadable(reinterpret_cast<const unsigned char*>(text.data()), text.size(), path("input"));
    (void)host::possible_configurations(loadable);
  });
}

}  // namespace
}  // namespace nvdla::fuzz
