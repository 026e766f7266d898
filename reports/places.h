#ifndef PGSIFT_REPORTS_PLACES_H_
#define PGSIFT_REPORTS_PLACES_H_

#include <map>
#include <memory>
#include <string>

#include "base/source.h"

namespace pgsift {

// Where a span lies, as people say it.
struct Place {
  std::string path;
  bool has_lines = false;  // False: the file's text is not held (a log).
  LineColumn begin, end;
};

// Lines and columns of spans in the run's inputs. Keeps one LineIndex a file, made when first asked
// for. Not thread-safe.
class Places {
 public:
  explicit Places(const SourceSet& sources) : sources_(sources) {}
  Place Of(Span span);
  // Null where the file's text is not held.
  const LineIndex* Lines(FileId file);

 private:
  const SourceSet& sources_;
  std::map<FileId, std::unique_ptr<LineIndex>> indexes_;
};

// Microseconds since the Unix epoch as "2024-05-01T10:00:00.123Z".
std::string IsoTime(int64_t time_us);

}  // namespace pgsift

#endif  // PGSIFT_REPORTS_PLACES_H_
