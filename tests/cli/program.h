#ifndef PGSIFT_TESTS_CLI_PROGRAM_H_
#define PGSIFT_TESTS_CLI_PROGRAM_H_

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

// What a run of the program gave.
struct Result {
  int status = -1;
  std::string out, err;
};

// A test that runs the built program in an empty folder of its own.
class ProgramTest : public ::testing::Test {
 protected:
  ProgramTest()
      : folder_(std::filesystem::temp_directory_path() /
                ("pgsift_cli_" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~ProgramTest() override { std::filesystem::remove_all(folder_); }

  // Writes a file of the folder, and gives its path.
  std::string File(const std::string& name, const std::string& text) {
    const std::filesystem::path path = folder_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path.string();
  }
  std::string Text(const std::filesystem::path& name) {
    std::ostringstream text;
    text << std::ifstream(folder_ / name, std::ios::binary).rdbuf();
    return text.str();
  }
  // Runs a shell's command in the folder.
  Result Shell(const std::string& command) {
    const std::string err = folder_.string() + ".stderr";
    std::FILE* pipe = popen(
        ("cd '" + folder_.string() + "' && { " + command + "; } 2>'" + err + "'").c_str(), "r");
    Result result;
    std::array<char, 65536> buffer;
    for (size_t got = 0; (got = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
      result.out.append(buffer.data(), got);
    }
    result.status = WEXITSTATUS(pclose(pipe));
    result.err = Text(err);
    std::filesystem::remove(err);
    return result;
  }
  // Runs `pgsift ARGUMENTS`, with the assignments and commands of `before` in front of it.
  Result Run(const std::string& arguments, const std::string& before = "") {
    return Shell(before + " '" PGSIFT_BINARY_DIR "/pgsift' " + arguments);
  }

  const std::filesystem::path folder_;
};

#endif  // PGSIFT_TESTS_CLI_PROGRAM_H_
