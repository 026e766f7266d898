// Any bytes may be a wrapped log, a translated one or a partial: every byte of a wrapped log is
// counted once, however it is handed over, and what comes out does not depend on that.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/log/language.h"
#include "ingest/log/log_syntax.h"
#include "ingest/log/partial.h"
#include "ingest/log/unwrapper.h"

namespace {

pgsift::Unwrapped Unwrap(std::string_view log, size_t step,
                         const std::vector<pgsift::Wrapper>& wrappers) {
  pgsift::Unwrapped out;
  pgsift::Unwrapper unwrapper(wrappers, {.headers = true, .now_us = 1'790'000'000'000'000});
  for (size_t at = 0; at < log.size(); at += step) unwrapper.Add(log.substr(at, step), &out);
  unwrapper.Finish(&out);
  uint64_t bytes = 0;
  for (const pgsift::Unit& unit : out.units) bytes += unit.bytes;
  if (bytes != log.size()) std::abort();
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const std::string_view log(reinterpret_cast<const char*>(data) + 2, size - 2);
  using pgsift::Wrapper;
  constexpr Wrapper kAll[] = {Wrapper::kJson,    Wrapper::kSyslog,        Wrapper::kCri,
                              Wrapper::kStamped, Wrapper::kJournalExport, Wrapper::kPgbouncer};
  std::vector<Wrapper> wrappers = {kAll[data[0] % 6]};
  if (data[0] >= 128) wrappers.push_back(kAll[data[1] % 6]);
  // A second wrapper is within lines: it cannot frame the file itself.
  const pgsift::Unwrapped whole = Unwrap(log, size, wrappers);
  const pgsift::Unwrapped pieces = Unwrap(log, data[1] % 64 + 1, wrappers);
  if (whole.text != pieces.text) std::abort();

  pgsift::LogSyntax syntax;
  std::string error;
  pgsift::DetectSyntax(log, {}, &syntax, &error);
  std::string english;
  const auto& languages = pgsift::Language::All();
  languages[data[1] % languages.size()]->ToEnglish(log.substr(0, 500), &english);
  if (const auto partial = pgsift::ReadPartial(log, &error)) {
    if (pgsift::WritePartial(*partial).empty()) std::abort();
  }
  return 0;
}
