#ifndef PGSIFT_CLI_OUTPUT_H_
#define PGSIFT_CLI_OUTPUT_H_

#include <string>
#include <string_view>
#include <vector>

#include "cli/options.h"
#include "reports/report.h"

namespace pgsift {

// One line on standard error that begins with the program's name.
void Complain(std::string_view message);

// Writes to standard output. A reader that has gone away is no error: the rest is dropped.
void WriteStandardOutput(std::string_view text);

// Writes the report where the options say: each -o FILE in the format of its ending, or standard
// output in --format. Returns false, with a complaint made, if a file cannot be written.
bool WriteReport(const Report& report, const Options& options);

// The report in --format, as standard output is to get it.
std::string RenderForOutput(const Report& report, const Options& options);

// Writes a file so that who reads it meanwhile sees the old text or the new, never a part: under
// another name first (the same with ".new" behind it). What is no regular file is written to
// directly. False, with the reason in errno, if that fails.
bool ReplaceFile(const std::string& path, std::string_view text);

// Checks --format, --color and the endings of -o before anything is read. One line each.
std::vector<std::string> CheckOutputs(const Options& options);

}  // namespace pgsift

#endif  // PGSIFT_CLI_OUTPUT_H_
