#include "cli/version.h"

namespace pgsift {

std::string ToolVersion() { return PGSIFT_VERSION; }

}  // namespace pgsift
