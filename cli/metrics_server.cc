#include "cli/metrics_server.h"

#include <dlfcn.h>

#include <filesystem>

namespace pgsift {

std::unique_ptr<MetricsServer> LoadMetricsServer(std::string* error) {
  std::error_code failed;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", failed);
  const std::string path = (program.parent_path() / "pgsift-metrics.so").string();
  // Never closed: the server's code lives in it.
  void* const library = failed ? nullptr : ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  void* const function = library == nullptr ? nullptr : ::dlsym(library, kMetricsServerFunction);
  if (function == nullptr) {
    const char* const why = ::dlerror();
    *error =
        std::string("--listen: pgsift-metrics.so cannot be loaded; it belongs beside the program") +
        (why == nullptr ? "" : std::string(": ") + why);
    return nullptr;
  }
  return std::unique_ptr<MetricsServer>(reinterpret_cast<MakeMetricsServer>(function)());
}

}  // namespace pgsift
