// SPDX-License-Identifier: Apache-2.0
#include "command/dma_report.h"

#include <iomanip>
#include <nlohmann/json.hpp>
#include <ostream>
#include <sstream>

namespace nvdla::command {
namespace {

constexpr std::array<const char*, 2> kPorts{"DBB", "CVSRAM"};
constexpr std::array<const char*, 2> kAccesses{"read", "write"};

void row(std::ostream& out, const char* port, const char* access, std::string_view client,
         const host::DmaClientStatistics& statistics) {
  out << std::left << std::setw(8) << port << std::setw(7) << access << std::setw(9) << client << std::right
      << std::setw(10) << statistics.bursts << std::setw(13) << statistics.bytes << std::setw(9)
      << statistics.latency_min << std::setw(10) << std::fixed << std::setprecision(1)
      << statistics.mean_latency() << std::setw(9) << statistics.latency_max << std::setw(14)
      << std::setprecision(3) << statistics.bytes_per_cycle() << '\n';
}

nlohmann::ordered_json to_json(const host::DmaClientStatistics& statistics) {
  return {{"bursts", statistics.bursts},
          {"bytes", statistics.bytes},
          {"latency_min", statistics.latency_min},
          {"latency_mean", statistics.mean_latency()},
          {"latency_max", statistics.latency_max},
          {"bytes_per_cycle", statistics.bytes_per_cycle()},
          {"first_request", statistics.first_request},
          {"last_completion", statistics.last_completion}};
}

template <typename Visit>
void for_each(const host::DmaReplayOptions& options, const host::DmaReplayResult& result, Visit visit) {
  for (std::size_t port = 0; port < 2; ++port) {
    for (std::size_t access = 0; access < 2; ++access) {
      for (std::size_t client = 0; client < kClients; ++client) {
        const host::DmaClientStatistics& statistics = result.clients[port][access][client];
        if (statistics.bursts == 0) continue;
        const std::string_view name =
            options.named_clients ? client_name(static_cast<Client>(client)) : "any";
        visit(kPorts[port], kAccesses[access], name, statistics);
      }
    }
  }
}

}  // namespace

void write_dma_table(std::ostream& out, const host::DmaReplayOptions& options,
                     const host::DmaReplayResult& result) {
  std::ostringstream text;
  text << "port    access client       bursts        bytes  lat.min  lat.mean  lat.max   bytes/cycle\n";
  for_each(options, result,
           [&](const char* port, const char* access, std::string_view client, const auto& statistics) {
             row(text, port, access, client, statistics);
           });
  if (result.total.bursts > 0) row(text, "all", "", "", result.total);
  text << '\n'
       << options.trace << ": " << result.total.last_completion << " cycles to the last completion ("
       << (options.asap ? "as fast as the memory allows" : "recorded issue times") << ")\n";
  if (result.errors > 0) text << result.errors << " bursts were answered with an error\n";
  out << text.str();
}

void write_dma_json(std::ostream& out, const host::DmaReplayOptions& options,
                    const host::DmaReplayResult& result) {
  nlohmann::ordered_json json;
  json["schema"] = "nvdla-dma-replay/1";
  json["trace"] = options.trace;
  json["config"] = options.hardware.name;
  json["asap"] = options.asap;
  json["clients"] = nlohmann::ordered_json::array();
  for_each(
      options, result,
      [&](const char* port, const char* access, std::string_view client, const auto& statistics) {
        nlohmann::ordered_json entry{{"port", port}, {"access", access}, {"client", std::string(client)}};
        entry.update(to_json(statistics));
        json["clients"].push_back(std::move(entry));
      });
  if (result.total.bursts > 0) json["total"] = to_json(result.total);
  json["errors"] = result.errors;
  // A name that is not UTF-8 must not end the report.
  out << json.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << '\n';
}

}  // namespace nvdla::command
