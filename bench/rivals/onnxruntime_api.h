// The few entries of ONNX Runtime's C interface the benchmark calls. The npm package brings the
// library without headers; its table of functions only ever grows at the end, so the positions of
// these first ones are part of its stable binary interface.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>

#include <dlfcn.h>

namespace onnxruntime {

enum Entry {
  kGetErrorMessage = 2,
  kCreateEnvironment = 3,
  kCreateSession = 7,
  kRun = 9,
  kCreateSessionOptions = 10,
  kSetGraphOptimizationLevel = 23,
  kSetIntraOpThreads = 24,
  kSetInterOpThreads = 25,
  kCreateTensorWithData = 49,
  kCreateCpuMemoryInfo = 69,
};

constexpr int kLogErrors = 3, kAllOptimizations = 99, kArenaAllocator = 1, kDefaultMemory = 0,
              kFloat = 1;

struct Handle;  // any of the library's opaque objects
using Status = Handle*;

class Api {
 public:
  explicit Api(const std::string& library) {
    void* handle = dlopen(library.c_str(), RTLD_NOW);
    if (!handle) throw std::runtime_error(dlerror());
    auto get_base = reinterpret_cast<const Base* (*)()>(dlsym(handle, "OrtGetApiBase"));
    if (!get_base) throw std::runtime_error(dlerror());
    version_ = get_base()->get_version();
    table_ = get_base()->get_api(1);
  }

  /// Calls an entry that reports failure through a status.
  template <typename... Arguments>
  void call(Entry entry, Arguments... arguments) const {
    auto function = reinterpret_cast<Status (*)(Arguments...)>(table_[entry]);
    Status status = function(arguments...);
    if (!status) return;
    auto message = reinterpret_cast<const char* (*)(Status)>(table_[kGetErrorMessage]);
    throw std::runtime_error(message(status));
  }
  const std::string& version() const { return version_; }

 private:
  struct Base {
    void* const* (*get_api)(uint32_t version);
    const char* (*get_version)();
  };
  void* const* table_;
  std::string version_;
};

}  // namespace onnxruntime
