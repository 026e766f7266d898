#include "cli/command_line.h"

int main(int argc, char** argv) { return pgsift::RunCommandLine(argc, argv); }
