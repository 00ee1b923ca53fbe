// SPDX-License-Identifier: Apache-2.0
#include "host/waveform/pin_map.h"

#include <algorithm>

#include "host/text_source.h"

namespace nvdla::host {
namespace {

constexpr std::uint32_t kWidestPin = 64;  // of which the value is used
constexpr std::size_t kListed = 8;        // names in one message

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::string leaf_of(const std::string& path) {
  const std::size_t dot = path.rfind('.');
  return dot == std::string::npos ? path : path.substr(dot + 1);
}

std::string path_of(const WaveSignal& signal) {
  return signal.scope.empty() ? signal.name : signal.scope + "." + signal.name;
}

using Scopes = std::map<std::string, std::vector<bool>>;  // pins found in each

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kListed); ++i) text += (i > 0 ? ", " : "") + names[i];
  if (names.size() > kListed) text += " and " + std::to_string(names.size() - kListed) + " more";
  return text;
}

std::vector<std::string> missing_names(const std::vector<bool>& present, const PinMap& map) {
  std::vector<std::string> missing;
  for (Pin pin = 0; pin < kPins; ++pin)
    if (pin_required(pin) && !present[pin] && map.named().count(pin) == 0) missing.push_back(pin_name(pin));
  return missing;
}

std::size_t count(const std::vector<bool>& present) {
  return static_cast<std::size_t>(std::count(present.begin(), present.end(), true));
}

bool within(const std::string& inner, const std::string& outer) {
  return inner.size() > outer.size() && inner.compare(0, outer.size(), outer) == 0 &&
         (outer.empty() || inner[outer.size()] == '.');
}

// The scope that has the pins which no line of the map names.
std::string choose_scope(const Scopes& scopes, const PinMap& map, const std::string& waveform) {
  const std::string advice =
      "; name them in a map file (--map FILE, lines PIN = PATH.OF.SIGNAL; docs/formats.md)";
  if (!map.scope().empty()) {
    if (scopes.count(map.scope()) == 0)
      throw InputError(map.file() + ": scope " + map.scope() + " of " + waveform +
                       " has no signal with a name of NVDLA's pins");
    return map.scope();
  }
  std::vector<std::string> complete;
  for (const auto& [scope, present] : scopes)
    if (missing_names(present, map).empty()) complete.push_back(scope);
  if (complete.empty()) {
    const auto best = std::max_element(scopes.begin(), scopes.end(), [](const auto& a, const auto& b) {
      return count(a.second) < count(b.second);
    });
    const bool none = best == scopes.end();
    throw InputError(
        waveform + ": signals of NVDLA are missing" + (none ? "" : " in scope " + best->first) + ": " +
        listed(missing_names(none ? std::vector<bool>(kPins, false) : best->second, map)) + advice);
  }
  // A bench may have wires of the same names around NVDLA: the inner scope is NVDLA.
  std::string chosen = complete.front();
  for (const std::string& scope : complete)
    if (within(scope, chosen)) chosen = scope;
  for (const std::string& scope : complete) {
    if (scope == chosen || within(chosen, scope)) continue;
    throw InputError(waveform + ": several scopes have all signals of NVDLA: " + listed(complete) +
                     "; choose one with a line `scope = " + complete.front() + "` in a map file (--map)");
  }
  return chosen;
}

void bind(PinBinding& binding, Pin pin, const WaveSignal& signal, bool alone, bool inverted,
          const std::string& waveform) {
  PinPart part{pin, signal.net, alone ? 0 : signal.lsb, signal.width, inverted};
  const std::uint32_t end = part.lsb + part.width;
  const bool value_used = pin != axi_pin(MemorySpace::kDbb, AxiPin::kRData) &&
                          pin != axi_pin(MemorySpace::kCvsram, AxiPin::kRData);
  if (value_used && (end > kWidestPin || end < part.width))
    throw InputError(waveform + ": " + path_of(signal) + " is wider than 64 bits, which " + pin_name(pin) +
                     " cannot be");
  binding.present[pin] = true;
  binding.width[pin] = std::max(binding.width[pin], end);
  if (value_used) binding.parts.push_back(part);
}

// All signals of one pin; a single one counts from its lowest bit, whatever its range says.
void bind_all(PinBinding& binding, Pin pin, const std::vector<const WaveSignal*>& signals, bool inverted,
              const std::string& waveform) {
  for (const WaveSignal* signal : signals)
    bind(binding, pin, *signal, signals.size() == 1, inverted, waveform);
}

}  // namespace

PinMap::PinMap(const std::string& path) : file_(path) {
  TextSource source(path);
  std::string line;
  while (source.next(line)) {
    line = trimmed(line.substr(0, line.find('#')));
    if (line.empty()) continue;
    const std::size_t equal = line.find('=');
    if (equal == std::string::npos) throw InputError(source.at_line("expected PIN = PATH: " + line));
    const std::string name = trimmed(line.substr(0, equal));
    std::string target = trimmed(line.substr(equal + 1));
    std::replace(target.begin(), target.end(), '/', '.');
    const bool inverted = !target.empty() && target.front() == '!';
    if (inverted) target = trimmed(target.substr(1));
    if (target.empty()) throw InputError(source.at_line("no signal: " + line));
    if (name == "scope") {
      scope_ = target;
      continue;
    }
    const auto pin = pin_from_name(name);
    if (!pin) throw InputError(source.at_line("not a pin of NVDLA (docs/formats.md lists them): " + name));
    if (!named_.emplace(*pin, Named{target, inverted}).second)
      throw InputError(source.at_line("named twice: " + name));
    leaves_.insert(leaf_of(target));
  }
}

bool PinMap::wants(std::string_view name) const {
  return leaves_.find(name) != leaves_.end() || pin_from_name(name).has_value();
}

PinBinding bind_pins(const std::vector<WaveSignal>& signals, const PinMap& map, const std::string& waveform) {
  PinBinding binding;
  for (const auto& [pin, named] : map.named()) {
    std::vector<const WaveSignal*> found;
    for (const WaveSignal& signal : signals)
      if (path_of(signal) == named.path) found.push_back(&signal);
    if (found.empty())
      throw InputError(map.file() + ": " + pin_name(pin) + ": " + waveform + " has no signal " + named.path);
    bind_all(binding, pin, found, named.inverted, waveform);
  }
  Scopes scopes;
  for (const WaveSignal& signal : signals) {
    const auto pin = pin_from_name(signal.name);
    if (!pin) continue;
    auto& present = scopes.emplace(signal.scope, std::vector<bool>(kPins, false)).first->second;
    present[*pin] = true;
  }
  if (missing_names(std::vector<bool>(kPins, false), map).empty() && map.scope().empty()) return binding;
  binding.scope = choose_scope(scopes, map, waveform);
  std::map<Pin, std::vector<const WaveSignal*>> found;
  for (const WaveSignal& signal : signals) {
    const auto pin = pin_from_name(signal.name);
    if (pin && signal.scope == binding.scope && map.named().count(*pin) == 0) found[*pin].push_back(&signal);
  }
  for (const auto& [pin, list] : found) bind_all(binding, pin, list, false, waveform);
  std::vector<std::string> missing;
  for (Pin pin = 0; pin < kPins; ++pin)
    if (pin_required(pin) && !binding.present[pin]) missing.push_back(pin_name(pin));
  if (!missing.empty())
    throw InputError(waveform + ": signals of NVDLA are missing in scope " + binding.scope + ": " +
                     listed(missing) +
                     "; name them in a map file (--map FILE, lines PIN = PATH.OF.SIGNAL; docs/formats.md)");
  return binding;
}

}  // namespace nvdla::host
