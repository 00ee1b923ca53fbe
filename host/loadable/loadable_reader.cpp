// SPDX-License-Identifier: Apache-2.0
// Reader of .nvdla files. First the structure of the container (FlatBuffers' verifier, table by table, so
// that an error names the place), then the meaning: sizes, offsets and every reference from one list to
// another.
#include <type_traits>
#include <unordered_map>

#include "host/files/byte_source.h"
#include "host/loadable/loadable.h"
#include "loadable_generated.h"

namespace nvdla::host {

namespace {

constexpr flatbuffers::uoffset_t kMaxTables = 1'000'000;
constexpr std::size_t kMinBytes = 12, kMaxBytes = 0x7fffffff;
constexpr std::uint64_t kMaxMemoryBytes = std::uint64_t{1} << 40;  // what the widest address reaches

class Reader {
 public:
  Reader(const unsigned char* data, std::size_t size, const std::string& path)
      : data_(data), size_(size), verifier_(data, size, 64, kMaxTables) {
    loadable_.path = path;
  }

  Loadable read() {
    const schema::Loadable& root = verified_root();
    loadable_.version = version(root.version());
    if (loadable_.version.major != 0 || loadable_.version.minor > 12) {
      fail("version",
           "is " + std::to_string(loadable_.version.major) + "." + std::to_string(loadable_.version.minor) +
               ", this reader knows containers up to 0.12: compile the network with a compiler of that time");
    }
    blobs(root);
    memories(root);
    addresses(root);
    events(root);
    tensors(root);
    tasks(root);
    submits(root);
    relocations(root);
    bindings();
    return std::move(loadable_);
  }

 private:
  using Root = schema::Loadable;

  [[noreturn]] void fail(const std::string& place, const std::string& what) const {
    throw InputError(loadable_.path + ": " + place + ": " + what);
  }

  // -- structure
  const Root& verified_root() {
    if (size_ < kMinBytes) fail("start", "only " + std::to_string(size_) + " bytes, not a compiled network");
    if (size_ > kMaxBytes) fail("start", "larger than 2 GiB, not a FlatBuffers container");
    if (verifier_.VerifyOffset(0) == 0) fail("start", "not a compiled network (.nvdla), or cut off");
    const auto* table = flatbuffers::GetRoot<flatbuffers::Table>(data_);
    if (!table->VerifyTableStart(verifier_)) fail("start", "not a compiled network (.nvdla), or cut off");
    if (!table->VerifyFieldRequired<schema::Version>(verifier_, Root::VT_VERSION, 1)) {
      fail("version", "missing, not a compiled network (.nvdla)");
    }
    check_list<schema::Task>(*table, Root::VT_TASKS, "task_list");
    check_list<schema::Memory>(*table, Root::VT_MEMORIES, "memory_list");
    check_list<schema::Address>(*table, Root::VT_ADDRESSES, "address_list");
    check_list<schema::Event>(*table, Root::VT_EVENTS, "event_list");
    check_list<schema::Blob>(*table, Root::VT_BLOBS, "blobs");
    check_list<schema::Tensor>(*table, Root::VT_TENSORS, "tensor_desc_list");
    check_list<schema::Relocation>(*table, Root::VT_RELOCATIONS, "reloc_list");
    check_list<schema::Submit>(*table, Root::VT_SUBMITS, "submit_list");
    return *schema::GetLoadable(data_);
  }

  template <typename T>
  void check_list(const flatbuffers::Table& table, flatbuffers::voffset_t field, const std::string& name) {
    const std::string broken = "damaged: the file is cut off or was changed";
    if (!table.VerifyOffset(verifier_, field)) fail(name, broken);
    const auto* list = table.GetPointer<const flatbuffers::Vector<flatbuffers::Offset<T>>*>(field);
    if (list == nullptr) return;
    if (!verifier_.VerifyVector(list)) fail(name, broken);
    if (list->size() > 65536)
      fail(name, "has " + std::to_string(list->size()) + " entries, more than ids can name");
    for (flatbuffers::uoffset_t i = 0; i < list->size(); ++i) {
      if constexpr (std::is_same_v<T, schema::Memory>) check_contents_size(list->Get(i), at(name, i));
      if (!list->Get(i)->Verify(verifier_)) fail(at(name, i), broken);
    }
  }

  // Many tables can share one vector of strings: the time to verify them all must stay that of an honest
  // file.
  void check_contents_size(const schema::Memory* memory, const std::string& place) {
    const auto* table = reinterpret_cast<const flatbuffers::Table*>(memory);
    const std::string broken = "damaged: the file is cut off or was changed";
    if (!table->VerifyTableStart(verifier_)) fail(place, broken);
    if (!table->VerifyOffset(verifier_, schema::Memory::VT_CONTENTS)) fail(place, broken);
    const auto* list =
        table->GetPointer<const flatbuffers::Vector<flatbuffers::Offset<flatbuffers::String>>*>(
            schema::Memory::VT_CONTENTS);
    if (!verifier_.VerifyVector(list)) fail(place, broken);
    if (list != nullptr) spend(std::uint64_t{list->size()} * 4, place);
    verifier_.EndTable();
  }

  // -- helpers
  // Lists can share their data, which nobody's compiler does: a small file must not become a large program.
  void spend(std::uint64_t bytes, const std::string& place) {
    spent_ += bytes;
    if (spent_ > size_) fail(place, "the lists up to here describe more bytes than the file has");
  }
  static std::string at(const std::string& list, std::size_t index) {
    return list + "[" + std::to_string(index) + "]";
  }
  static LoadableVersion version(const schema::Version* v) {
    return v == nullptr ? LoadableVersion{} : LoadableVersion{v->major(), v->minor(), v->sub_minor()};
  }
  std::vector<std::uint16_t> numbers(const flatbuffers::Vector<std::uint16_t>* list,
                                     const std::string& place) {
    if (list == nullptr) return {};
    spend(std::uint64_t{list->size()} * 2, place);
    return {list->begin(), list->end()};
  }
  std::string text(const flatbuffers::String* string, const std::string& place) {
    if (string == nullptr) return {};
    spend(string->size(), place);
    return string->str();
  }

  TaskInterface interface(std::uint32_t value, const std::string& place) const {
    if (value > 2)
      fail(place + ".interface", "is " + std::to_string(value) + ", known are 0 (none), 1 (DLA), 2 (CPU)");
    return static_cast<TaskInterface>(value);
  }
  // The entry that an index selects exists.
  void check_index(std::size_t index, std::size_t size, const std::string& place, const char* list) const {
    if (index >= size) {
      fail(place,
           "is " + std::to_string(index) + ", but " + list + " has " + std::to_string(size) + " entries");
    }
  }
  // [offset, offset + length) lies within `size`.
  void check_range(std::uint64_t offset, std::uint64_t length, std::uint64_t size, const std::string& place,
                   const std::string& of) const {
    if (offset > size || length > size - offset) {
      fail(place, std::to_string(length) + " bytes at offset " + std::to_string(offset) + " exceed the " +
                      std::to_string(size) + " bytes of " + of);
    }
  }

  // -- meaning, list by list
  void blobs(const Root& root) {
    if (root.blobs() == nullptr) return;
    for (const schema::Blob* entry : *root.blobs()) {
      const std::string place = at("blobs", loadable_.blobs.size());
      LoadableBlob blob;
      blob.name = text(entry->name(), place);
      blob.interface = interface(entry->interface(), place);
      blob.sub_interface = entry->sub_interface();
      blob.version = version(entry->version());
      const std::uint64_t bytes = entry->data() == nullptr ? 0 : entry->data()->size();
      check_range(0, entry->size(), bytes, place + ".size", "its data");
      spend(entry->size(), place);
      if (entry->size() > 0) blob.data.assign(entry->data()->begin(), entry->data()->begin() + entry->size());
      blob_by_name_[blob.name] = loadable_.blobs.size();
      loadable_.blobs.push_back(std::move(blob));
    }
  }

  void memories(const Root& root) {
    if (root.memories() == nullptr || root.memories()->size() == 0)
      fail("memory_list", "is empty, nothing to run");
    for (const schema::Memory* entry : *root.memories()) {
      const std::string place = at("memory_list", loadable_.memories.size());
      LoadableMemory memory;
      memory.id = entry->id();
      if (entry->domain() > 1)
        fail(place + ".domain", "is " + std::to_string(entry->domain()) + ", known are 0 and 1");
      memory.sram = entry->domain() == 1;
      memory.flags = entry->flags();
      memory.size = entry->size();
      if (memory.size > kMaxMemoryBytes) {
        fail(place + ".size",
             std::to_string(memory.size) + " bytes exceed every address space of the accelerator");
      }
      memory.alignment = entry->alignment();
      if ((memory.alignment & (memory.alignment - 1)) != 0 || memory.alignment > (1U << 24)) {
        fail(place + ".alignment", std::to_string(memory.alignment) + " is not a power of two up to 16 MiB");
      }
      memory.bind_id = entry->bind_id();
      memory.tensor = entry->tensor_id();
      if ((memory.flags & kMemorySet) != 0) contents(*entry, place, memory);
      loadable_.memories.push_back(std::move(memory));
    }
  }

  void contents(const schema::Memory& entry, const std::string& place, LoadableMemory& memory) const {
    const std::size_t names = entry.contents() == nullptr ? 0 : entry.contents()->size();
    const std::size_t offsets = entry.offsets() == nullptr ? 0 : entry.offsets()->size();
    if (names != offsets) {
      fail(place, std::to_string(names) + " contents but " + std::to_string(offsets) + " offsets");
    }
    for (std::size_t i = 0; i < names; ++i) {
      const auto index = static_cast<flatbuffers::uoffset_t>(i);
      const std::string name = entry.contents()->Get(index)->str();
      const auto found = blob_by_name_.find(name);
      if (found == blob_by_name_.end()) fail(at(place + ".contents", i), "no blob is named '" + name + "'");
      const std::uint64_t offset = entry.offsets()->Get(index);
      check_range(offset, loadable_.blobs[found->second].data.size(), memory.size, at(place + ".offsets", i),
                  "the memory entry");
      memory.contents.push_back({found->second, offset});
    }
  }

  void addresses(const Root& root) {
    if (root.addresses() == nullptr) return;
    for (const schema::Address* entry : *root.addresses()) {
      const std::string place = at("address_list", loadable_.addresses.size());
      check_index(entry->memory_id(), loadable_.memories.size(), place + ".mem_id", "memory_list");
      check_range(entry->offset(), entry->size(), loadable_.memories[entry->memory_id()].size, place,
                  at("memory_list", entry->memory_id()));
      loadable_.addresses.push_back({entry->memory_id(), entry->offset(), entry->size()});
    }
  }

  void events(const Root& root) {
    if (root.events() == nullptr) return;
    for (const schema::Event* entry : *root.events()) {
      loadable_.events.push_back(
          {entry->id(), entry->type(), entry->target(), entry->value(), entry->operation() == 1});
    }
  }

  void tensors(const Root& root) {
    if (root.tensors() == nullptr) return;
    for (const schema::Tensor* entry : *root.tensors()) {
      const std::string place = at("tensor_desc_list", loadable_.tensors.size());
      LoadableTensor tensor;
      tensor.name = text(entry->name(), place);
      tensor.memory = entry->memory_id();
      check_index(tensor.memory, loadable_.memories.size(), place + ".mem_id", "memory_list");
      tensor.size = entry->size();
      tensor.offset = entry->offset();
      check_range(tensor.offset, tensor.size, loadable_.memories[tensor.memory].size, place,
                  at("memory_list", tensor.memory));
      tensor.data_format = entry->data_format();
      if (entry->data_type() > 4)
        fail(place + ".data_type", "is " + std::to_string(entry->data_type()) + ", unknown");
      tensor.type = static_cast<TensorType>(entry->data_type());
      tensor.category = entry->data_category();
      tensor.pixel_format = entry->pixel_format();
      if (tensor.pixel_format > kPixelFeature8) {
        fail(place + ".pixel_format", "is " + std::to_string(tensor.pixel_format) + ", unknown");
      }
      tensor.pixel_mapping = entry->pixel_mapping();
      tensor.n = entry->n();
      tensor.c = entry->c();
      tensor.h = entry->h();
      tensor.w = entry->w();
      for (const std::int32_t dimension : {tensor.n, tensor.c, tensor.h, tensor.w}) {
        if (dimension < 0 || dimension > 65536) {
          fail(place, "a dimension is " + std::to_string(dimension) + ", at most 65536 are possible");
        }
      }
      tensor.element_stride = entry->stride_0();
      tensor.line_stride = entry->stride_1();
      tensor.surface_stride = entry->stride_2();
      loadable_.tensors.push_back(std::move(tensor));
    }
  }

  void tasks(const Root& root) {
    if (root.tasks() == nullptr || root.tasks()->size() == 0) fail("task_list", "is empty, nothing to run");
    for (const schema::Task* entry : *root.tasks()) {
      const std::string place = at("task_list", loadable_.tasks.size());
      LoadableTask task{entry->id(),
                        interface(entry->interface(), place),
                        entry->instance(),
                        numbers(entry->addresses(), place),
                        numbers(entry->pre_actions(), place),
                        numbers(entry->post_actions(), place)};
      if (task.interface == TaskInterface::kNone)
        fail(place + ".interface", "is 0: neither accelerator nor CPU");
      if (task.addresses.empty())
        fail(place + ".address_list", "is empty, so there is no network descriptor");
      for (std::size_t i = 0; i < task.addresses.size(); ++i) {
        check_index(task.addresses[i], loadable_.addresses.size(), at(place + ".address_list", i),
                    "address_list");
      }
      for (const std::uint16_t action : task.pre_actions) {
        check_index(action, loadable_.events.size(), place + ".pre_actions", "event_list");
      }
      for (const std::uint16_t action : task.post_actions) {
        check_index(action, loadable_.events.size(), place + ".post_actions", "event_list");
      }
      loadable_.tasks.push_back(std::move(task));
    }
  }

  void submits(const Root& root) {
    if (root.submits() == nullptr || root.submits()->size() == 0)
      fail("submit_list", "is empty, nothing to run");
    for (const schema::Submit* entry : *root.submits()) {
      const std::string place = at("submit_list", loadable_.submits.size());
      std::vector<std::uint16_t> tasks = numbers(entry->tasks(), place);
      for (const std::uint16_t task : tasks) {
        check_index(task, loadable_.tasks.size(), place + ".task_id", "task_list");
      }
      loadable_.submits.push_back(std::move(tasks));
    }
  }

  void relocations(const Root& root) {
    if (root.relocations() == nullptr) return;
    for (const schema::Relocation* entry : *root.relocations()) {
      const std::string place = at("reloc_list", loadable_.relocations.size());
      check_index(entry->address_id(), loadable_.addresses.size(), place + ".address_id", "address_list");
      check_index(entry->write_id(), loadable_.memories.size(), place + ".write_id", "memory_list");
      loadable_.relocations.push_back({entry->address_id(), entry->write_id(), entry->offset(),
                                       interface(entry->interface(), place), entry->sub_interface(),
                                       entry->type()});
    }
  }

  // Inputs and outputs are numbered from 0 without gaps, and each has a tensor.
  void bindings() const {
    for (const bool input : {true, false}) {
      const std::vector<std::size_t> bound = input ? loadable_.inputs() : loadable_.outputs();
      for (std::size_t i = 0; i < bound.size(); ++i) {
        const LoadableMemory& memory = loadable_.memories[bound[i]];
        const std::string place = at("memory_list", bound[i]);
        if (memory.bind_id != i) {
          fail(place + ".bind_id", "is " + std::to_string(memory.bind_id) + ", expected " +
                                       std::to_string(i) + " for " + (input ? "input" : "output") +
                                       " number " + std::to_string(i));
        }
        check_index(memory.tensor, loadable_.tensors.size(), place + ".tensor_desc_id", "tensor_desc_list");
      }
    }
  }

  const unsigned char* data_;
  std::size_t size_;
  flatbuffers::Verifier verifier_;
  std::unordered_map<std::string, std::size_t> blob_by_name_;
  std::uint64_t spent_ = 0;
  Loadable loadable_;
};

}  // namespace

Loadable parse_loadable(const unsigned char* data, std::size_t size, const std::string& path) {
  const auto attempt = [&](std::size_t pad) {
    // Offsets are relative, so bytes may be put in front: only the root's own offset has to follow.
    std::vector<unsigned char> bytes(pad, 0);
    bytes.insert(bytes.end(), data, data + size);
    if (pad > 0) flatbuffers::WriteScalar(bytes.data(), flatbuffers::ReadScalar<std::uint32_t>(data) + pad);
    return Reader(bytes.data(), bytes.size(), path).read();
  };
  // Numbers of eight bytes are aligned to the end of the file, which the first compilers did not make a
  // multiple of eight.
  const std::size_t pad = (8 - size % 8) % 8;
  if (pad == 0 || size < kMinBytes || size > kMaxBytes - 8) return attempt(0);
  if (flatbuffers::ReadScalar<std::uint32_t>(data) >= size) return attempt(0);
  try {
    return attempt(pad);
  } catch (const InputError&) {
    return attempt(0);
  }
}

Loadable read_loadable(const std::string& path) {
  const std::string bytes = read_file(path, kMaxBytes);  // FlatBuffers' own limit
  return parse_loadable(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), input_name(path));
}

}  // namespace nvdla::host
