#ifndef PGSIFT_CLI_COMMAND_LINE_H_
#define PGSIFT_CLI_COMMAND_LINE_H_

namespace pgsift {

// Reads the command line, runs the command and returns the exit status. Never throws.
int RunCommandLine(int argc, char** argv);

}  // namespace pgsift

#endif  // PGSIFT_CLI_COMMAND_LINE_H_
