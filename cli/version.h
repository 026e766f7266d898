#ifndef PGSIFT_CLI_VERSION_H_
#define PGSIFT_CLI_VERSION_H_

#include <string>

namespace pgsift {

// "0.1.0": the project's version in CMakeLists.txt.
std::string ToolVersion();

}  // namespace pgsift

#endif  // PGSIFT_CLI_VERSION_H_
